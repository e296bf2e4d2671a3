// The central team: the queue, decisions with reasons, a second reviewer. What stands between these steps has files of its own:
// the workspace, questions, the second scoring, the trial of a decision.

import { ofReturn, signedIn } from './people.mjs';

// Agrees with every answer that is left, one by one, as claimed.
async function agreeWithRest(reviewer) {
  await reviewer.press('Go to the next undecided answer');
  for (let left = 200; left > 0; left -= 1) {
    await reviewer.choose(/\(as claimed\)/);
    await reviewer.press('Save and go to the next');
    if (!new URL(reviewer.page.url()).pathname.includes('/requirements/')) return;
  }
  throw new Error(`${reviewer.name}: the review has no end`);
}

export const claiming = [
  {
    name: 'the reviewer finds the submission in the queue',
    async run(walk) {
      const { facts } = walk;
      const reviewer = await signedIn(walk, 'reviewer');
      await reviewer.look('home of a reviewer');
      await reviewer.visit('/reviews');
      await reviewer.reloadUntil(facts.trust.name);
      await reviewer.look('queue');
      await reviewer.select('Sort by', 'Organisation');
      await reviewer.select('Sector', 'NHS trust');
      await reviewer.select('Reviewer', 'Nobody yet');
      await reviewer.press('Show');
      const names = await reviewer.page.getByRole('table').getByRole('rowheader').allInnerTexts();
      const sorted = [...names].sort();
      // The former employer's submission is left to colleagues.
      if (names.length < 3 || names.join() !== sorted.join() || names.some((name) => name.includes('ZQ002'))) {
        throw new Error(`the queue is ${names.join(', ')}`);
      }
      await reviewer.look('queue, filtered and sorted');
      await reviewer.select('Sector', 'Pharmacy');
      await reviewer.press('Show');
      await reviewer.expectText('No review');
      await reviewer.look('queue with nothing in it');
    },
  },
  {
    name: 'the reviewer declares an interest and is barred from that organisation',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit('/reviews');
      await reviewer.follow('Declare an interest in an organisation');
      await reviewer.fill('Code of the organisation', 'nowhere');
      await reviewer.fill('What is your interest?', 'My sister works there.');
      await reviewer.expecting(422, () => reviewer.press('Declare'));
      await reviewer.look('interest refused');
      await reviewer.fill('Code of the organisation', 'ZQ002');
      await reviewer.press('Declare');
      await reviewer.expectText('Interest declared');
      await reviewer.look('declared interests');
      await reviewer.visit('/reviews');
      await reviewer.expectText('neither listed nor counted');
      await reviewer.expecting(403, () => reviewer.visit(notes.barred));
      await reviewer.look('not allowed');
    },
  },
  {
    name: 'the reviewer claims it and downgrades one answer, with a reason',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit('/reviews');
      await reviewer.follow(new RegExp(`^${facts.trust.name}`));
      await reviewer.look('review before it is claimed');
      await reviewer.press('Claim this review');
      await reviewer.expectText('Review claimed');
      notes.review = new URL(reviewer.page.url()).pathname;
      await reviewer.look('review, claimed');
      await reviewer.press('Go to the next undecided answer');
      await reviewer.expectHeading(/1-101/);
      await reviewer.expectText('Claimed: Level 3');
      await reviewer.look('answer to review');
      await reviewer.choose('Level 1');
      await reviewer.expecting(422, () => reviewer.press('Save and go to the next'));
      await reviewer.expectFieldError('Reason', /differs|do not agree|why/i);
      await reviewer.look('decision refused');
      await reviewer.fill('Reason', 'The board papers show one report in the year, and no decision that followed from it.');
      await reviewer.press('Save and go to the next');
      await reviewer.expectText('Decision saved');
      await reviewer.expectHeading(/1-102/);
    },
  },
];

export const agreeing = [
  {
    name: 'the reviewer agrees with the rest',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(notes.review);
      await reviewer.expectText('It does since March.');
      await agreeWithRest(reviewer);
      await reviewer.visit(notes.review);
      await reviewer.expectText('Every answer has a decision.');
      await reviewer.look('review, everything decided');
    },
  },
];

export const finishing = [
  {
    name: 'the reviewer finishes',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(notes.review);
      await reviewer.fill('Summary for the organisation (optional)', 'A careful return. The board should hear from its risk owner more often.');
      await reviewer.press('Finish the review');
      await reviewer.expectText('Review finished');
      await reviewer.look('review, waiting for a second reviewer');
    },
  },
  {
    name: 'a second reviewer confirms the change of grade and the organisation is told',
    async run(walk) {
      const { facts, mail, notes, person } = walk;
      const second = await signedIn(walk, 'second');
      await second.visit(notes.review);
      await second.press('Confirm or give back');
      await second.expectText('Not satisfactory');
      await second.look('confirm');
      await second.expecting(422, () => second.press('Save'));
      await second.expectFieldError('What do you say?', 'Choose whether to confirm');
      await second.look('confirm refused');
      await second.choose('Confirm the grade');
      await second.press('Save');
      await second.expectText('Review decided');
      await second.look('review decided');

      await mail(facts.addresses.lead, 'eview');
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.look('task list, reviewed');
      await lead.follow('See the review');
      await lead.expectText('no decision that followed from it');
      await lead.look('outcome of the review');
      await lead.guide('review');
    },
  },
];
