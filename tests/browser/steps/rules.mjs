// The rules of the walked draft: how long improvement plans may take, who signs, and an exemption, each on its own form. To be walked
// after the steps that change two requirements of the draft, and before those that look at what changes.

import { signedIn } from './people.mjs';

const KEY = 'igt-walked';

/** The rules of the walked draft, from the list of drafts. */
async function openRules(walk) {
  await walk.visit('/standards/drafts');
  await walk.follow(new RegExp(`\\(${KEY}\\)$`));
  await walk.follow('Scoring, exemptions, improvement plans and signatures');
}

export const draftRules = [
  {
    name: 'the standards editor reads the rules of the draft and gives improvement plans nine months, at the second try',
    async run(step) {
      const editor = await signedIn(step, 'editor');
      await openRules(editor);
      await editor.expectText('The usual ones of the scheme');
      await editor.look('rules of a draft');
      await editor.follow(/^Change ?: Improvement plans/);
      await editor.choose('Rules of this edition, as follows');
      await editor.fill(/^Months after the deadline/m, '90');
      await editor.choose('Yes');
      await editor.expecting(422, () => editor.press('Save'));
      await editor.expectFieldError(/^Months after the deadline/m, /from 1 to 36/);
      await editor.look('improvement plans of a draft, refused');
      await editor.fill(/^Months after the deadline/m, '9');
      await editor.press('Save');
      await editor.expectText('Changed the rules of improvement plans.');
    },
  },
  {
    name: 'the standards editor adds an exemption rule and takes it out again',
    async run(step) {
      const editor = await signedIn(step, 'editor');
      await openRules(editor);
      await editor.press('Add an exemption rule');
      await editor.fill('Code', 'walked');
      await editor.fill('Kind of certificate', 'iso_27001');
      await editor.choose('Yes, all of it');
      await editor.fillDate('First day on which the rule is in force', [1, 4, 2027]);
      await editor.fill('Why does the certificate cover them?', 'Its audit asks the same.');
      await editor.choose(/^1-101 /);
      await editor.look('exemption rule of a draft');
      await editor.press('Save');
      await editor.expectText('Added exemption walked.');
      await editor.follow(/^Change ?: Exemption walked/);
      await editor.press('Remove the exemption rule');
      await editor.expectText('Removed exemption walked.');
    },
  },
];
