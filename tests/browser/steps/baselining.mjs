// Baselining: the publisher plans a sample, at the second try, draws it and looks who is in it; then counts answers.

import { signedIn } from './people.mjs';

export const baselining = [
  {
    name: 'the publisher plans a baselining sample and draws it',
    async run(walk) {
      const { facts } = walk;
      const publisher = await signedIn(walk, 'publisher');
      await publisher.visit('/home');
      await publisher.follow('Baselining samples');
      await publisher.look('baselining samples');
      await publisher.visit(`/baselining/${facts.year}`);
      await publisher.fill('Organisations to draw', 'some');
      await publisher.expecting(422, () => publisher.press('Save the plan'));
      await publisher.expectFieldError('Organisations to draw', /Enter a whole number from 1/);
      await publisher.look('plan of a baselining sample refused');
      await publisher.fill('Organisations to draw', '1');
      await publisher.fill('At least so many of each stratum', '1');
      await publisher.fill('Ask everybody in strata of at most so many', '0');
      await publisher.press('Save the plan');
      await publisher.expectText('Plan saved');
      // Where there are several strata, one organisation is not enough, and the page says how many are.
      const said = await publisher.page.locator('main').innerText();
      const least = /at least (\d+) are needed/.exec(said);
      if (least) {
        await publisher.fill('Organisations to draw', least[1]);
        await publisher.press('Save the plan');
        await publisher.expectText('Plan saved');
      }
      await publisher.look('baselining sample planned');
      await publisher.press('Draw the sample');
      await publisher.expectText('Sample drawn');
      await publisher.expectText('Baselining sample: who responded');
      await publisher.look('baselining sample drawn');
      await publisher.follow('Organisations in the sample');
      await publisher.look('organisations of a baselining sample');
    },
  },
  {
    name: 'the publisher counts answers by sector and by region',
    async run(walk) {
      const { facts } = walk;
      const publisher = await signedIn(walk, 'publisher');
      await publisher.visit(`/breakdown?collection=${facts.year}`);
      await publisher.expectText('before disclosure control');
      await publisher.look('answers by any breakdown');
      await publisher.select('Counted by', 'Region');
      await publisher.press('Count');
      await publisher.expectText('submissions count');
    },
  },
];
