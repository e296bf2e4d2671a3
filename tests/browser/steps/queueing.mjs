// The programme manager: a filter kept as a view, shared and started with; the dashboard; reminders to organisations at risk.

import { signedIn } from './people.mjs';

export const queueing = [
  {
    name: 'the programme manager keeps a filter as a view and starts with it',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/reviews?state=open');
      await manager.look('queue of the programme manager');
      await manager.select('Sector', 'NHS trust');
      await manager.select('Sort by', 'Risk');
      await manager.press('Show');
      await manager.page.getByText('Keep this filter as a view').click();
      await manager.expecting(422, () => manager.press('Save the view'));
      await manager.expectFieldError('Name of the view', 'Enter a name for the view');
      await manager.look('view refused');
      await manager.fill('Name of the view', 'Trusts by risk');
      await manager.press('Save the view');
      await manager.expectText('View saved');
      await manager.look('queue under a view');
      await manager.follow('Rename, share and remove views');
      await manager.look('views of the queue');
      await manager.follow('Rename or share Trusts by risk');
      await manager.choose(/whole central team/);
      await manager.look('view to be shared');
      await manager.press('Save');
      await manager.press('Start with Trusts by risk');
      await manager.visit('/reviews');
      await manager.expectText('where you start');
      await manager.visit('/reviews/views');
      await manager.press('Do not start with Trusts by risk');
      await manager.press('Remove Trusts by risk');
      await manager.expectText('View removed');
    },
  },
  {
    name: 'the programme manager reads the dashboard',
    async run({ person, facts }) {
      const manager = await person(facts.people.manager);
      await manager.follow('Dashboard');
      await manager.reloadUntil('the last time');
      await manager.expectText('Submissions against the deadline');
      await manager.look('programme dashboard');
    },
  },
  {
    name: 'the programme manager reminds organisations at risk, and mail arrives',
    async run({ person, facts, mail }) {
      const manager = await person(facts.people.manager);
      await manager.follow(/^See all organisations at risk/);
      await manager.look('organisations at risk');
      // Trusts whose leads have not signed in since the year opened.
      await manager.visit(`/programme/at-risk?collection=${facts.year}`);
      const boxes = manager.page.locator('input[name=organisation]:not([disabled])');
      const most = Math.min(await boxes.count(), 20);
      for (let at = 0; at < most; at += 1) await boxes.nth(at).check();
      await manager.press('Look at reminders to those chosen');
      await manager.expectText('What the email says');
      await manager.look('reminders to be sent');
      await manager.press('Send the reminders');
      await manager.expectText('Reminders begun');
      await manager.reloadUntil(/\bReminded\b/);
      await manager.look('round of reminders');
      const text = await mail('', 'Please submit the');
      if (!text.includes('We have not received it yet.')) throw new Error(`the reminder says\n${text}`);
      await manager.visit('/programme/reminders');
      await manager.look('reminders sent by hand');
    },
  },
];
