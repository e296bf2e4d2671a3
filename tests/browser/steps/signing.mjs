// The senior information risk owner signs, and the lead submits.

import { ofReturn, signedIn } from './people.mjs';

export const signing = [
  {
    name: 'the risk owner is asked by mail, reads and signs',
    async run(walk) {
      const { mail, facts } = walk;
      const text = await mail(facts.addresses.siro, 'sign');
      if (!text.includes(ofReturn(facts))) throw new Error(`the mail leads nowhere: ${text}`);
      const siro = await signedIn(walk, 'siro');
      await siro.follow('Annual return 2026/27');
      await siro.look('task list of the risk owner');
      await siro.press('Read and sign the return');
      await siro.expectText('Satisfactory');
      await siro.look('read and sign');
      await siro.guide('read-and-sign');
      await siro.expecting(422, () => siro.press('Sign the return'));
      await siro.expectFieldError('Sign', 'Tick the box to sign');
      await siro.look('sign refused');
      await siro.choose('I sign this statement as senior information risk owner');
      await siro.press('Sign the return');
      await siro.expectText('Return signed');
    },
  },
  {
    name: 'the lead submits and gets a receipt with its hash and place in the ledger',
    async run({ person, mail, facts, notes }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.press('Check and submit the return');
      await lead.look('check and submit');
      await lead.press('Submit the return');
      await lead.expectHeading(/Receipt of your submission/);
      await lead.reloadUntil(/Entry \d/);
      await lead.look('receipt');
      await lead.guide('receipt');
      notes.hash = /\b[0-9a-f]{64}\b/.exec(await lead.page.locator('main').innerText())[0];
      const text = await mail(facts.addresses.lead, 'Submitted');
      if (!text.includes(notes.hash)) throw new Error(`the mail has another hash: ${text}`);
      await lead.visit(ofReturn(facts));
      await lead.look('task list, submitted');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.look('question that can no longer be changed');
    },
  },
];
