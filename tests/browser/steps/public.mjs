// What anybody finds once the figures are public: their sector, region, board and section, an organisation despite typing errors,
// its timeline, and a comparison. Runs after publishing.mjs ("the trust has its grade ..."); needs the published release of the
// year and facts.trust.

export const everybody = [
  {
    name: 'a reader goes from the front page to a sector, a region, a board and a section',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.expectText('What this means');
      await reader.expectText('no sampling error');
      await reader.visit('/public/sectors');
      await reader.follow('NHS trusts');
      await reader.expectHeading('Results: NHS trusts');
      await reader.look('results of a sector');
      await reader.page.getByText('Table: Status now by sector').click();
      await reader.look('results of a sector, with a table');
      await reader.visit('/public/regions');
      await reader.page.getByRole('navigation', { name: 'Each by itself' }).getByRole('link').first().click();
      await reader.expectText('Every organisation: ');
      await reader.look('results of a region');
      await reader.visit('/public/boards');
      await reader.expectHeading('Integrated care boards');
      await reader.look('integrated care boards');
      const boards = reader.page.locator('#maincontent a[href^="/public/boards/"]');
      if ((await boards.count()) > 0) {
        await boards.first().click();
        await reader.expectText('Trusts in its area');
        await reader.look('an integrated care board');
      }
      await reader.visit('/public/requirements');
      await reader.page.getByRole('navigation', { name: 'Each by itself' }).getByRole('link').first().click();
      await reader.expectText('Other sections');
      await reader.look('a section of the standard');
      await reader.visit('/public/history');
      await reader.look('results over the years, with a chart');
    },
  },
  {
    name: 'a reader finds a trust despite a typing error, reads what happened, and compares it',
    async run({ person, facts }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.page.getByRole('textbox', { name: 'Find an organisation' }).fill('brakenmoor');
      await reader.press('Search');
      await reader.expectText('No exact match');
      await reader.look('search, did you mean');
      await reader.follow(facts.trust.name);
      await reader.expectText('What happened');
      await reader.expectText('2026/27');
      await reader.look('timeline of an organisation');
      await reader.follow(`Compare ${facts.trust.name} with others`);
      await reader.expectText('Side by side');
      const field = reader.page.getByRole('textbox', { name: 'Organisation codes' });
      await field.fill(`${facts.trust.code} NOBODY`);
      await reader.press('Compare');
      await reader.expectText('No organisation of this release has the code NOBODY');
      await reader.look('organisations side by side');
    },
  },
];
