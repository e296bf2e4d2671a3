// Everybody who must signs: the Caldicott Guardian for their own items, a deputy for the risk owner who is away, and the
// lead submits.

import { inDays, ofReturn, signedIn } from './people.mjs';

export const signing = [
  {
    name: 'the guardian is asked by mail, reads what is theirs and signs',
    async run(walk) {
      const { mail, facts } = walk;
      const text = await mail(facts.addresses.guardian, 'sign');
      if (!text.includes('as Caldicott Guardian')) throw new Error(`the mail names no role: ${text}`);
      const guardian = await signedIn(walk, 'guardian');
      await guardian.visit(ofReturn(facts));
      await guardian.expectText('The return waits for 2 signatures');
      await guardian.press('Read and sign the return');
      await guardian.expectText('The rest of the return');
      await guardian.look('read and sign as guardian');
      await guardian.choose('I sign this statement as Caldicott Guardian');
      await guardian.press('Sign the return');
      await guardian.expectText('Your signature is recorded');
      await guardian.look('task list that waits for the risk owner');
    },
  },
  {
    name: 'the risk owner is asked by mail, reads, is refused without the tick, and asks a deputy to sign',
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
      await siro.follow('Who signs for whom');
      await siro.expecting(422, () => siro.press('Let them sign for you'));
      await siro.expectFieldError('Why?', 'Enter the reason');
      await siro.look('delegation refused');
      await siro.select('Who signs for you?', facts.people.deputy);
      await siro.fillDate('Until when?', inDays(10));
      await siro.fill('Why?', 'Leave.');
      await siro.press('Let them sign for you');
      await siro.expectText('They can sign for you');
      await siro.look('who signs for whom');
    },
  },
  {
    name: 'the deputy is told by mail and signs for the risk owner',
    async run(walk) {
      const { mail, facts } = walk;
      await mail(facts.addresses.deputy, 'You can sign for');
      const deputy = await signedIn(walk, 'deputy');
      await deputy.visit(ofReturn(facts, '/sign'));
      await deputy.look('read and sign for somebody');
      await deputy.choose(`I sign this statement as senior information risk owner, for ${facts.people.siro}`);
      await deputy.press('Sign the return');
      await deputy.expectText('Return signed');
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
      await lead.expectText(`${facts.people.deputy} for ${facts.people.siro}, under a delegation of`);
      await lead.look('receipt');
      await lead.guide('receipt');
      notes.hash = /\b[0-9a-f]{64}\b/.exec(await lead.page.locator('main').innerText())[0];
      const text = await mail(facts.addresses.lead, 'Submitted');
      if (!text.includes(notes.hash)) throw new Error(`the mail has another hash: ${text}`);
      await lead.follow('Everything you have submitted');
      await lead.look('everything submitted');
      await lead.follow('Submission 1');
      await lead.look('one submission');
      await lead.visit(ofReturn(facts, '/withdraw'));
      await lead.expecting(422, () => lead.press('Withdraw the submission'));
      await lead.expectFieldError('Why do you withdraw it?', 'Enter the reason');
      await lead.look('withdrawal refused');
      await lead.visit(ofReturn(facts));
      await lead.look('task list, submitted');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.look('question that can no longer be changed');
    },
  },
];
