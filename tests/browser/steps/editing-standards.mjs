// Next year's edition: a standards editor copies the last one, changes two requirements, sees what changes and how an organisation
// will see it, and says that it is done; a second editor freezes it and finds the mapping; guidance is published ahead.

import { inDays, signedIn } from './people.mjs';
import { draftRules } from './rules.mjs';

const KEY = 'igt-walked';

/** The walked draft's page, from the list. */
async function openDraft(walk) {
  await walk.visit('/standards/drafts');
  await walk.follow(new RegExp(`\\(${KEY}\\)$`));
}

export const editingStandards = [
  {
    name: 'the standards editor begins next year\'s edition with the last one, at the second try',
    async run(step) {
      const editor = await signedIn(step, 'editor');
      await editor.visit('/standards');
      await editor.follow('Drafts of editions');
      await editor.look('drafts of editions');
      await editor.select('Copy which edition?', /\(igt-2026\)$/);
      await editor.fill('Key of the new edition', 'Not A Key');
      await editor.fill('Label of the new edition', '2027/28 walked');
      await editor.expecting(422, () => editor.press('Begin the draft'));
      await editor.fill('Key of the new edition', KEY);
      await editor.press('Begin the draft');
      await editor.expectText('Nothing is wrong with it');
      await editor.look('draft of an edition');
    },
  },
  {
    name: 'the standards editor changes two requirements',
    async run({ person, facts }) {
      const editor = await person(facts.people.editor);
      for (const [code, words] of [['1-101', 'Who answers for data security, by name?'], ['1-102', 'Where is that written down?']]) {
        await openDraft(editor);
        await editor.follow(new RegExp(`^${code} `));
        if (code === '1-101') await editor.look('requirement of a draft');
        await editor.fill('Question', words);
        await editor.press('Save the requirement');
        await editor.expectText(`Changed ${code}.`);
      }
      await editor.follow('Who is asked what');
      await editor.look('who is asked what');
    },
  },
  ...draftRules,
  {
    name: 'the standards editor sees what changes, and what an organisation will see',
    async run({ person, facts }) {
      const editor = await person(facts.people.editor);
      await openDraft(editor);
      await editor.follow(/^What changes/);
      await editor.expectText('Reworded: 2');
      await editor.look('what changes in a draft');
      await openDraft(editor);
      await editor.follow('See it as an organisation will');
      await editor.select('Kind of organisation', 'NHS trust');
      await editor.press('Show');
      await editor.expectText('for such an organisation');
      await editor.look('preview of a draft');
      await editor.follow(/^1-101 /);
      await editor.expectText('Nothing can be entered in the preview');
      await editor.look('preview of a question');
    },
  },
  {
    name: 'the standards editor says that it is done, and a second one freezes it',
    async run(step) {
      const { person, facts } = step;
      const editor = await person(facts.people.editor);
      await openDraft(editor);
      await editor.press('Say that it is done');
      await editor.expectText('another editor has to freeze it');
      const second = await signedIn(step, 'secondEditor');
      await openDraft(second);
      await second.press('Freeze the edition');
      await second.expectText('has become an edition');
      await second.look('frozen draft');
      await second.follow('Mapping from the edition before');
      await second.expectText('Both editions beside each other');
    },
  },
  {
    name: 'the standards editor publishes guidance ahead and announces the end of a requirement',
    async run({ person, facts }) {
      const editor = await person(facts.people.editor);
      await editor.visit('/standards/igt-2026');
      await editor.follow('Guidance notes to this edition');
      await editor.select('What is it about?', /^1-101 /);
      await editor.fill('Guidance', 'Name the person and say since when.');
      await editor.fillDate('From which day does it hold?', inDays(30));
      await editor.press('Publish the guidance');
      await editor.expectText('Scheduled');
      await editor.look('guidance to an edition');
      await editor.visit('/standards');
      await editor.follow(/^Register of requirements/);
      await editor.look('register of requirements');
      await editor.visit('/standards/proposals');
      await editor.look('proposals for change');
    },
  },
];
