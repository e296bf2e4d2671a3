// After the decision: the trial and the letter beside the review, the letter as the organisation gets it, a challenge, its answer by
// somebody who had no part in the decision, and a review that is taken up again.

import { ofReturn, signedIn } from './people.mjs';

// While the review is claimed and every answer has a decision: before "the reviewer agrees with the rest and finishes" presses its
// last button, or instead of it.
export const trying = [
  {
    name: 'the reviewer reads the trial decision and previews the letter',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(notes.review);
      await reviewer.follow('Trial: what the decisions so far would give, and the letter');
      await reviewer.expectText('This is a trial');
      await reviewer.expectText('Requirements below what is asked');
      await reviewer.expectText('What would close it');
      await reviewer.look('trial decision');
      await reviewer.fill('A paragraph of your own in the letter (optional)', 'x'.repeat(4001));
      await reviewer.expecting(422, () => reviewer.press('Save and preview the letter'));
      await reviewer.expectFieldError('A paragraph of your own in the letter (optional)', '4,000 characters');
      await reviewer.look('letter refused');
      await reviewer.fill('A paragraph of your own in the letter (optional)', 'Ask us about the pathology supplier.');
      await reviewer.press('Save and preview the letter');
      await reviewer.expectText('This is how the letter would read now');
      await reviewer.expectText('Ask us about the pathology supplier.');
      await reviewer.look('preview of the letter');
    },
  },
];

// After "a second reviewer confirms the change of grade and the organisation is told".
export const deciding = [
  {
    name: 'the organisation reads its letter and takes it away',
    async run({ person, mail, facts }) {
      const text = await mail(facts.addresses.lead, 'is finished');
      if (/satisfactory|Level \d/i.test(text)) throw new Error(`the mail tells the result: ${text}`);
      const lead = await person(facts.people.lead);
      await lead.visit(new URL(/http:\S+\/letters\/\d+/.exec(text)[0]).pathname);
      await lead.expectText('Requirements below what is asked');
      await lead.expectText('If you do not agree');
      await lead.look('letter');
      const file = await lead.download('Download the letter as a PDF file');
      if (file.subarray(0, 5).toString() !== '%PDF-') throw new Error('the letter is no PDF file');
      await lead.visit(ofReturn(facts));
      await lead.expectText('Letter 1 of');
    },
  },
  {
    name: 'the organisation challenges a decision',
    async run({ person, mail, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(`${ofReturn(facts)}/review`);
      await lead.follow('Challenge the decision');
      await lead.look('challenge');
      await lead.expecting(422, () => lead.press('Send the challenge'));
      await lead.expectFieldError('Why are they wrong?', 'Say why the decision is wrong');
      await lead.look('challenge refused');
      await lead.choose('The decision as a whole');
      await lead.fill('Why are they wrong?', 'The report of November stands in the minutes, with the decision that followed.');
      await lead.fill('Which evidence shows it? (optional)', 'Minutes of the board, May.pdf, item 4');
      await lead.press('Send the challenge');
      await lead.expectText('Challenge sent');
      await lead.look('challenge sent');
      await mail(facts.addresses.lead, 'challenge has arrived');
    },
  },
  {
    name: 'somebody who had no part in the decision settles the challenge',
    async run(walk) {
      const { facts, mail, notes, person } = walk;
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(`${notes.review}/challenge`);
      await reviewer.expectText('The report of November');
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews/challenges');
      await manager.expectText('Due by');
      await manager.look('challenges');
      await manager.follow(new RegExp(`^${facts.trust.name}`));
      await manager.look('challenge to settle');
      await manager.expecting(422, () => manager.press('Settle the challenge'));
      await manager.look('settling refused');
      // Every answer that the decision changed is one point of it.
      for (const point of await manager.page.getByRole('radio', { name: 'Rejected', exact: true }).all()) await point.check();
      for (const reason of await manager.page.getByRole('textbox', { name: /^Reason/ }).all()) {
        await reason.fill('Item 4 notes the report and decides nothing.');
      }
      await manager.press('Settle the challenge');
      await manager.expectText('Challenge settled');
      await manager.look('decision after a challenge');
      const text = await mail(facts.addresses.lead, 'answer to your challenge');
      const lead = await person(facts.people.lead);
      await lead.visit(new URL(/http:\S+\/letters\/\d+/.exec(text)[0]).pathname);
      await lead.expectText('Your challenge is rejected.');
      await lead.look('letter about a challenge');
    },
  },
];

// At the end of a walk: the grade is provisional afterwards, and the review is with its reviewer.
export const reopening = [
  {
    name: 'the programme manager takes the review up again and the organisation reads why',
    async run(walk) {
      const { facts, mail, notes, person } = walk;
      const manager = await signedIn(walk, 'manager');
      await manager.visit(`${notes.review}/decision`);
      await manager.press('Reopen the review');
      await manager.look('reopen');
      await manager.expecting(422, () => manager.press('Reopen the review'));
      await manager.expectFieldError('Why is the review taken up again?', 'Enter the reason');
      await manager.fill('Why is the review taken up again?', 'The auditors found the decision of the board in another paper.');
      await manager.press('Reopen the review');
      await manager.expectText('Review reopened');
      await mail(facts.addresses.lead, 'taken up again');
      const lead = await person(facts.people.lead);
      await lead.visit(`${ofReturn(facts)}/review`);
      await lead.expectText('The auditors found the decision');
      await lead.look('outcome of a reopened review');
    },
  },
];
