// A release on its way: its text and its checks, a second person's approval, a date of the calendar, and what everybody reads of
// all that. Runs between preparing a release and reading it (publishing.mjs); needs an announced date without a release.

import { inDays, signedIn } from './people.mjs';

const HERE = '/releases/returns-2026';

export const releasing = [
  {
    name: 'the publisher says what the figures say, and explains what the checks found',
    async run(walk) {
      const publisher = await signedIn(walk, 'publisher');
      await publisher.visit(HERE);
      await publisher.follow('Change the text');
      await publisher.look('text of a release');
      await publisher.fill('What do the figures say?', 'Most trusts that filed a return meet the standard.');
      await publisher.fill('Whom may readers ask?', 'Esme Hartley, statistics@programme.example');
      await publisher.press('Save the text');
      await publisher.expectText('Text saved');
      await publisher.look('quality checks of a release');
      for (;;) {
        const open = publisher.page.getByRole('row').filter({ hasText: 'Needs an explanation' }).first();
        if ((await open.count()) === 0) break;
        await publisher.visit(await open.getByRole('link', { name: /^Explain it/ }).getAttribute('href'));
        await publisher.expecting(422, () => publisher.press('Save the explanation'));
        await publisher.expectFieldError('Why is that right?', 'Explain what was found');
        await publisher.look('explanation of a check, refused');
        await publisher.fill('Why is that right?', 'More trusts have filed, and reviews found more gaps.');
        await publisher.press('Save the explanation');
        await publisher.expectText('Explained');
      }
      await publisher.press('Submit it for approval');
      await publisher.expectText('whoever had a hand in a release does not approve it');
      await publisher.look('release, submitted');
    },
  },
  {
    name: 'the programme manager approves it and puts it on its date',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit(HERE);
      await manager.look('release to approve');
      await manager.expecting(422, () => manager.press('Send the decision'));
      await manager.expectText('Select your decision');
      await manager.look('decision on a release, refused');
      await manager.choose('I approve it');
      await manager.fill(/What you have checked/, 'The totals, and three trusts by hand.');
      await manager.press('Send the decision');
      await manager.expectText('Approved');
      await manager.look('release, approved');
      await manager.select('Announced date', /Annual return 2026\/27/);
      await manager.press('Put it on this date');
      await manager.expectText('On the calendar');
      await manager.reloadUntil('Read the public page', 30);
      await manager.look('release, published');
    },
  },
  {
    name: 'the programme manager announces the next one, moves it and cancels it',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/releases/calendar');
      await manager.look('calendar of the centre');
      await manager.press('Announce a release');
      await manager.fill('Title', 'Annual return 2027/28: results');
      await manager.fill('What will it be about?', 'How well trusts protect data.');
      await manager.fill('Whom may readers ask?', 'statistics@programme.example');
      await manager.fillDate('Day of publication', inDays(5));
      await manager.expecting(422, () => manager.press('Announce it'));
      await manager.expectText('a release is announced at least 28 days ahead');
      await manager.look('date refused');
      await manager.fillDate('Day of publication', inDays(60));
      await manager.press('Announce it');
      await manager.expectText('Announced');
      await manager.follow('Annual return 2027/28: results');
      await manager.look('date of a release');
      await manager.fillDate('New day', inDays(70));
      await manager.fill('Why is it moved?', 'The collection closes later.');
      await manager.press('Move the date');
      await manager.expectText('Date moved');
      await manager.look('date of a release, moved');
      await manager.fill('Why is it cancelled?', 'It was announced to show how.');
      await manager.press('Cancel the date');
      await manager.expectText('Date cancelled');
    },
  },
  {
    name: 'everybody reads the calendar, the revisions and the results over the years',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/public/calendar');
      await reader.reloadUntil('It was announced to show how.', 30);
      await reader.look('calendar, public');
      await reader.visit('/public/revisions');
      await reader.look('revisions, public');
      await reader.visit('/public/history');
      await reader.expectText('Results over the years');
      await reader.look('results over the years');
    },
  },
];
