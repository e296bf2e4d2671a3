// The reviewer's workspace: evidence in the page, the library of reasons, notes and flags, two tabs, agreeing at once; and
// three outcomes decided by keyboard alone.

import { Keyboard } from '../keyboard.mjs';

const REASON = 'The minutes show a report, and no decision that followed from it.';

/** Presses a single key and waits for the page that it leads to. */
async function key(walk, letter) {
  const loaded = walk.page.waitForEvent('load');
  loaded.catch(() => {});
  await walk.page.keyboard.press(letter);
  await loaded;
  walk.settle();
}

/** The element that has the focus answers to this selector. */
async function expectFocus(walk, selector) {
  const has = await walk.page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  if (!has) throw new Error(`${walk.name} at ${walk.page.url()}: the focus is not on ${selector}`);
}

export const workspace = [
  {
    name: 'the reviewer keeps a reason in the library',
    async run({ person, facts }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit('/reviews/reasons');
      await reviewer.expecting(422, () => reviewer.press('Add this reason'));
      await reviewer.expectFieldError('Title', 'Enter a title to find it by');
      await reviewer.look('library of reasons refused');
      await reviewer.fill('Title', 'Report without a decision');
      await reviewer.fill('Words of the reason', REASON);
      await reviewer.press('Add this reason');
      await reviewer.expectText('Reason added');
      await reviewer.look('library of reasons');
      await reviewer.follow('Report without a decision');
      await reviewer.look('one reason');
    },
  },
  {
    name: 'the reviewer reads the evidence in the page, notes and flags',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(`${notes.review}/requirements/2-208`);
      await reviewer.expectText('Full marks need:');
      await reviewer.expectText('Document viewer');
      await reviewer.fill('Private note', 'Ask the auditor about the supplier.');
      await reviewer.press('Keep the note');
      await reviewer.expectText('Ask the auditor about the supplier.');
      await reviewer.press('Flag to come back to');
      await reviewer.expectText('Flag put on');
      await reviewer.page.getByText('List of requirements').click();
      await reviewer.follow('Flagged');
      await reviewer.expectText('flagged');
      await reviewer.look('workspace with a filter');
      await reviewer.press('Take the flag off');
      await reviewer.visit(`${notes.review}/agree`);
      await reviewer.look('agree where nothing differs');
      await reviewer.visit('/help/keyboard');
      await reviewer.look('keyboard shortcuts');
    },
  },
  {
    name: 'the reason of the library comes into the decision, and a second tab overwrites nothing',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      const at = `${notes.review}/requirements/1-102`;
      await reviewer.visit(at);
      const tab = await reviewer.context.newPage();
      await tab.goto(at, { waitUntil: 'load' });
      await reviewer.choose('Level 1');
      await reviewer.select('Reason from the library', /^Report without a decision/);
      if (reviewer.javaScript) {
        // With scripts the words come at once, without a page load.
        await reviewer.page.getByRole('button', { name: 'Use this reason' }).click();
      } else {
        await reviewer.press('Use this reason');
      }
      await reviewer.expectValue('Reason', REASON);
      await reviewer.press('Save and stay');
      await reviewer.expectText('Version 1,');
      await tab.getByLabel('Level 0').first().check();
      await tab.getByLabel('Reason', { exact: true }).fill('What the other tab says.');
      await reviewer.expecting(409, async () => {
        const loaded = tab.waitForEvent('load');
        await tab.getByRole('button', { name: 'Save and stay' }).click();
        await loaded;
      });
      const text = await tab.locator('body').innerText();
      if (!text.includes('Your decision was not saved') || !text.includes(REASON)) {
        throw new Error('the second tab does not show both decisions');
      }
      await tab.close();
    },
  },
  {
    name: 'three outcomes are decided without a mouse',
    async run({ person, facts, notes }) {
      const reviewer = await person(facts.people.reviewer);
      const keys = new Keyboard(reviewer);
      await reviewer.visit(`${notes.review}/continue`);
      const heading = () => reviewer.page.getByRole('heading', { level: 1 }).innerText();
      for (let turn = 0; turn < 3; turn += 1) {
        const before = await heading();
        if (reviewer.javaScript) {
          await key(reviewer, 'u');
          if ((await heading()) === before) throw new Error('u does not lead to the next undecided answer');
          await reviewer.page.keyboard.press('a');
          await expectFocus(reviewer, '[data-key="save"]');
          await key(reviewer, 'Enter');
        } else {
          await keys.follow(/^Next undecided/);
          await keys.choose('What did you find?', /\(as claimed\)/);
          await keys.press('Save and go to the next');
        }
        await reviewer.expectText('Decision saved');
      }
      if (!reviewer.javaScript) return;
      // In a field a letter is a letter, and the dialog says what the keys do.
      await reviewer.page.keyboard.press('r');
      await expectFocus(reviewer, '#reason');
      const here = reviewer.page.url();
      await reviewer.page.keyboard.type('just a jolly line');
      if (reviewer.page.url() !== here) throw new Error('a key works while something is typed');
      await reviewer.page.locator('#reason').evaluate((field) => field.blur());
      await reviewer.page.keyboard.press('?');
      await reviewer.page.getByRole('dialog').waitFor();
      await reviewer.look('keys in a dialog');
      // Switched off, a single key does nothing any more; then on again for whoever comes next.
      await reviewer.page.getByRole('button', { name: 'Switch single-key shortcuts off' }).click();
      await reviewer.page.keyboard.press('Escape');
      await reviewer.page.keyboard.press('?');
      if (await reviewer.page.getByRole('dialog').isVisible()) throw new Error('a key works that was switched off');
      await reviewer.visit('/help/keyboard');
      await reviewer.page.getByRole('button', { name: 'Switch single-key shortcuts on' }).click();
      await reviewer.expectText('Single-key shortcuts are on.');
    },
  },
];
