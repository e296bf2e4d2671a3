// The programme manager sees why the queue stands as it does, records a signal, keeps reviewers and gives reviews out; the
// reviewer declares a former employer and an absence.

import { inDays, signedIn } from './people.mjs';

export const allocating = [
  {
    name: 'the programme manager records what is known from elsewhere',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews');
      await manager.follow('Who reviews what: give reviews out');
      await manager.look('allocation');
      await manager.follow('alerts, incidents and audit results');
      await manager.expecting(422, () => manager.press('Record it'));
      await manager.expectFieldError('Code of the organisation', 'Enter the code of an organisation');
      await manager.look('signal refused');
      await manager.fill('Code of the organisation', 'ZQ003');
      await manager.choose('Incident');
      await manager.fillDate('When was it?', inDays(-30));
      await manager.choose('High');
      await manager.fill('Source', 'Incident reports');
      await manager.press('Record it');
      await manager.expectText('Signal recorded');
      await manager.look('signals');
      await manager.follow('Import a CSV file');
      await manager.look('import of signals');
    },
  },
  {
    name: 'the programme manager tries other weights',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews/risk');
      await manager.look('weights');
      await manager.fill('First return', '50');
      await manager.fill('Random share', '200');
      await manager.press('See what would change');
      await manager.expectText('What would change');
      await manager.look('weights, tried');
      await manager.expecting(422, () => manager.press('Put these weights in force'));
      await manager.expectFieldError('Why are they changed?', 'Say why the weights are changed');
      await manager.fill('Why are they changed?', 'More chance, for a trial.');
      await manager.press('Put these weights in force');
      await manager.expectText('Weights changed');
    },
  },
  {
    name: 'the programme manager ticks reviews in the queue',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews?state=queued');
      const boxes = manager.page.locator('#queue input[name=review]');
      const most = Math.min(await boxes.count(), 2);
      for (let at = 0; at < most; at += 1) await boxes.nth(at).check();
      await manager.look('queue with reviews ticked');
      await manager.press('Go on with those chosen');
      await manager.expectHeading('Reviews that you chose');
      await manager.look('reviews chosen in the queue');
      await manager.expecting(422, () => manager.press('Give them to the reviewer'));
      await manager.expectFieldError('To whom?', 'Choose a reviewer');
      await manager.look('reviews chosen without a reviewer');
      await manager.follow('Back to the list');
    },
  },
  {
    name: 'the programme manager looks at who would get what, and gives one review by hand',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews/allocation');
      await manager.fill('How many of the first in the queue?', '3');
      await manager.press('See who would get what');
      await manager.look('who would get what');
      await manager.follow('Back without giving out anything');
      await manager.follow('Give some by hand');
      await manager.look('give by hand');
      await manager.expecting(422, () => manager.press('Give them to the reviewer'));
      await manager.expectFieldError('To whom?', 'Choose a reviewer');
      await manager.look('give by hand, refused');
    },
  },
  {
    name: 'the programme manager keeps what a reviewer knows',
    async run(walk) {
      const { facts } = walk;
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews/allocation');
      await manager.follow(facts.people.reviewer);
      await manager.look('a reviewer');
      await manager.fill('How many reviews can they have in hand at a time?', '12');
      await manager.choose('NHS trust');
      await manager.press('Save');
      await manager.expectText('Saved');
    },
  },
  {
    name: 'the reviewer records a former employer and says when they are away',
    async run(walk) {
      const reviewer = await signedIn(walk, 'reviewer');
      // Where the submission stands that will not be listed any more.
      await reviewer.visit('/reviews');
      walk.notes.barred = await reviewer.page.getByRole('link', { name: /^Drumlin Water Trust/ }).first().getAttribute('href');
      await reviewer.visit('/reviews/interests');
      await reviewer.expecting(422, () => reviewer.press('Record it'));
      await reviewer.expectFieldError('Code of the employer', 'Enter the code of an organisation');
      await reviewer.look('employer refused');
      await reviewer.fill('Code of the employer', 'ZQ002');
      await reviewer.fillDate('First day there', inDays(-2000));
      await reviewer.fillDate('Last day there (leave empty while you work there)', inDays(-100));
      await reviewer.press('Record it');
      await reviewer.expectText('Employer recorded');
      await reviewer.look('former employer');
      await reviewer.visit('/reviews/absences');
      await reviewer.fillDate('First day away', inDays(20));
      await reviewer.fillDate('Last day away', inDays(27));
      await reviewer.press('Record it');
      await reviewer.expectText('Absence recorded');
      await reviewer.look('absence');
    },
  },
];
