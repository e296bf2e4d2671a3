// The standards editor corrects rules that were wrong, a second person approves, and everybody reads what changed.

import { ofReturn, signedIn } from './people.mjs';

/** The corrections of the edition of the walked year. */
const here = ({ facts }) => `/standards/${facts.edition}/corrections`;

export const correctingRules = [
  {
    name: 'the standards editor drafts a correction, after one that changes nothing',
    async run(walk) {
      const editor = await signedIn(walk, 'editor');
      await editor.visit(here(walk));
      await editor.look('corrections of an edition');
      await editor.follow('Draft a correction');
      await editor.look('draft of a correction');
      await editor.fill('What was wrong', '');
      await editor.expecting(422, () => editor.press('Save the draft'));
      await editor.expectFieldError('What was wrong', /Say what was wrong/);
      await editor.fill('What was wrong', 'The paper asks for level 3 of every requirement.');
      await editor.expecting(422, () => editor.press('Save the draft'));
      await editor.expectText('Change at least one rule');
      await editor.select(/Level that every relevant requirement must reach/, 'Level 3');
      await editor.press('Save the draft');
      await editor.expectText('Correction drafted');
      await editor.look('correction, drafted');
    },
  },
  {
    name: 'the editor sees what it would change, and cannot approve it',
    async run(walk) {
      const editor = await signedIn(walk, 'editor');
      await editor.visit(`${here(walk)}/1`);
      await editor.press('See what it would change');
      await editor.reloadUntil('What it makes of the returns');
      await editor.expectText('It waits for the approval of somebody else');
      await editor.look('correction, previewed');
      await editor.follow('See every return whose result changes');
      await editor.select('Which returns', 'Every return that was scored again');
      await editor.press('Show these');
      await editor.look('results of a correction');
    },
  },
  {
    name: 'the programme manager approves it, and it comes into force',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit(`${here(walk)}/1`);
      await manager.expecting(422, () => manager.press('Send the decision'));
      await manager.expectText('Select whether you approve the correction');
      await manager.look('correction, decision refused');
      await manager.choose('Yes, put it in force');
      await manager.fill(/What you have checked/, 'Held against the paper, requirement by requirement.');
      const meant = manager.page.getByLabel('I have seen this, and it is meant');
      if (await meant.count()) await meant.check();
      await manager.press('Send the decision');
      await manager.expectText('Correction approved');
      await manager.reloadUntil('In force');
      await manager.look('correction, in force');
    },
  },
  {
    name: 'the IG lead reads old and new result',
    async run(walk) {
      const lead = await signedIn(walk, 'lead');
      await lead.visit(ofReturn(walk.facts, '/corrected'));
      await lead.expectHeading(/corrected result/);
      await lead.look('corrected result of a return');
    },
  },
  {
    name: 'everybody reads the notice',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/public/corrections');
      await reader.reloadUntil('Correction 1 of the rules', 30);
      await reader.look('corrections, public');
      await reader.follow(/^Correction 1 of the rules/);
      await reader.expectText('level 3 of every requirement');
      await reader.look('correction notice');
    },
  },
];
