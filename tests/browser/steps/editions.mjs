// The edition changed: the standards editor makes a mapping, puts it in force and takes it away as a file; the lead sees what
// changed, what is asked no more, and answers what was carried.

import { ofReturn, signedIn } from './people.mjs';

export const editions = [
  {
    name: 'the standards editor looks at both editions beside each other',
    async run(step) {
      const editor = await signedIn(step, 'editor');
      await editor.visit('/standards');
      await editor.follow(/^Mappings between editions/);
      await editor.look('mappings');
      await editor.select('From the edition', /\(igt-2025\)$/);
      await editor.select('To the edition', /\(igt-2026\)$/);
      await editor.press('Begin the mapping');
      await editor.expectText('Both editions beside each other');
      await editor.look('mapping in draft');
      await editor.follow(/^Undecided/);
      await editor.look('mapping undecided');
    },
  },
  {
    name: 'the standards editor decides about a requirement, at the second try',
    async run({ person, facts }) {
      const editor = await person(facts.people.editor);
      await editor.follow(/^Decide/);
      await editor.choose('Merged');
      await editor.expecting(422, () => editor.press('Save'));
      await editor.look('mapping line refused');
      await editor.choose('New');
      await editor.press('Save');
      await editor.expectText('The draft says what became of');
      await editor.follow('Upload a CSV file in its place');
      await editor.look('mapping upload');
    },
  },
  {
    name: 'the standards editor puts the mapping in force, and what it says cannot be changed any more',
    async run({ person, facts, notes }) {
      const editor = await person(facts.people.editor);
      await editor.visit('/standards/mappings');
      await editor.follow(/, version 1$/);
      notes.mapping = new URL(editor.page.url()).pathname;
      await editor.press('Put in force');
      await editor.expectText('Mapping in force');
      await editor.expectText('In force');
      await editor.look('mapping in force');
      await editor.expecting(409, () => editor.visit(`${notes.mapping}/upload`));
    },
  },
  {
    name: 'the lead narrows the list to what changed, and reads the difference',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.follow('Show only what changed');
      await lead.expectText('Only what changed is listed.');
      await lead.look('list of what changed');
      await lead.follow('What changed, and what is asked no more');
      await lead.expectText('Asked no more');
      await lead.look('what changed');
    },
  },
];
