// The second scoring: a programme manager draws a sample, a second reviewer scores it without sight of the first review,
// and where the two differ somebody else settles it and keeps it for training.

import { signedIn } from './people.mjs';

/** While the first review is in hand: the sample is drawn and scored blind. */
export const secondScoring = [
  {
    name: 'the programme manager plans the sample, at the second try, and draws it',
    async run(walk) {
      const { facts } = walk;
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews');
      await manager.follow('Consistency of reviewing');
      await manager.look('consistency of reviewing');
      await manager.visit(`/reviews/consistency/${facts.year}/sample`);
      await manager.fill('Percent of the submissions', 'some');
      await manager.expecting(422, () => manager.press('Save the plan'));
      await manager.expectFieldError('Percent of the submissions', 'Enter a whole number from 1 to 100');
      await manager.look('plan of a sample refused');
      await manager.fill('Percent of the submissions', '100');
      await manager.press('Save the plan');
      await manager.expectText('Plan saved');
      await manager.press('Draw the sample');
      await manager.expectText('Sample drawn');
      await manager.expectText('Draw 1');
      await manager.look('sample, drawn');
      // The trust came last into the queue, so its case is the last one.
      const given = manager.page.locator('form[action$="/give"]').last();
      await given.getByRole('combobox').selectOption({ label: facts.people.second });
      await manager.press(await given.getByRole('button').innerText());
      await manager.expectText('given');
    },
  },
  {
    name: 'the second reviewer scores a submission without sight of the first review',
    async run(walk) {
      const { facts, notes } = walk;
      const second = await signedIn(walk, 'second');
      await second.visit('/reviews/blind');
      await second.look('submissions to score blind');
      await second.follow(new RegExp(`^${facts.trust.name}`));
      await second.expectHeading(new RegExp(facts.trust.name));
      notes.blind = new URL(second.page.url()).pathname;
      await second.look('submission to score blind');
      await second.press('Go to 1-101');
      await second.expectText('Claimed: Level 3');
      await second.look('answer to score blind');
      await second.expecting(422, () => second.press('Save and go to the next'));
      await second.expectFieldError('What did you find?', 'Choose what you found');
      await second.look('blind score refused');
      await second.choose('Level 2');
      await second.fill('Reason', 'The board decided twice in the year.');
      await second.press('Save and go to the next');
      while ((await second.page.getByRole('button', { name: 'Finish the scoring' }).count()) === 0) {
        await second.choose(/as claimed/);
        await second.press('Save and go to the next');
      }
      await second.look('submission scored blind');
      await second.press('Finish the scoring');
      await second.expectText('Scoring finished');
      await second.look('submissions that were scored');
    },
  },
];

/** When both are done: compared, settled, kept and practised on. */
export const moderating = [
  {
    name: 'a moderator settles a disagreement and keeps it as a gold case',
    async run(walk) {
      const { facts, notes } = walk;
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews/moderation');
      await manager.expectText('1-101');
      await manager.look('disagreements');
      await manager.follow(/^1-101/);
      await manager.expectText('The board decided twice in the year.');
      await manager.look('disagreement');
      await manager.expecting(422, () => manager.press('Settle'));
      await manager.expectFieldError('Which status holds?', 'Choose the status that holds');
      await manager.look('settling refused');
      await manager.choose('Level 1');
      await manager.fill('Rationale', `Only one report of ${facts.trust.name} led to a decision.`);
      await manager.press('Settle');
      await manager.expectText('Disagreement settled');
      await manager.look('disagreement, settled');
      await manager.follow('Keep it as a gold case for training');
      await manager.fill('The answer as reviewers will read it', `We report every quarter at ${facts.trust.code}.`);
      await manager.expecting(422, () => manager.press('Keep the case'));
      await manager.expectFieldError('The answer as reviewers will read it', /Take out what could tell/);
      await manager.look('gold case refused');
      await manager.fill('The answer as reviewers will read it', 'We report to the board every quarter.');
      await manager.press('Keep the case');
      await manager.expectText('Gold case kept');
      notes.gold = true;
    },
  },
  {
    name: 'a reviewer practises on the gold case',
    async run(walk) {
      const reviewer = await signedIn(walk, 'reviewer');
      await reviewer.visit('/reviews/gold');
      await reviewer.look('gold cases');
      await reviewer.follow(/^Case /);
      await reviewer.look('gold case');
      await reviewer.choose('Level 2');
      await reviewer.press('Save and see what was agreed');
      await reviewer.expectText('Agreed is Level 1');
      await reviewer.look('gold case, scored');
    },
  },
  {
    name: 'the programme manager reads how far reviewers agree, and how claims survived',
    async run(walk) {
      const { facts } = walk;
      const manager = await signedIn(walk, 'manager');
      await manager.visit(`/reviews/consistency/${facts.year}/agreement`);
      await manager.expectText('Answers scored twice');
      await manager.look('agreement of reviewers');
      const file = await manager.download('Download as CSV');
      if (!file.toString().startsWith('group,name,answers,alike')) throw new Error('the file has other columns');
      await manager.visit(`/reviews/consistency/${facts.year}/calibration`);
      await manager.look('how claims survived');
      await manager.visit('/reviews/gold');
      await manager.expectText('Everybody');
      await manager.look('gold cases, everybody');
      const results = await manager.download('Download the results as CSV');
      if (!results.toString().startsWith('group,name,answers,alike')) throw new Error('the results have other columns');
      await manager.visit('/reviews/drift');
      await manager.expectText('No alert is open.');
      await manager.look('alerts of drift');
    },
  },
];
