// The publisher issues the release, and everybody can read the figures.

import { signedIn } from './people.mjs';
import { releasing } from './releasing.mjs';

/** The rows of a CSV file by its header; quoted fields as the portal writes them. */
function rowsOf(csv) {
  const [head, ...lines] = csv.toString('utf8').trim().split(/\r?\n/).map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(([, field]) =>
      field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
    ),
  );
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place]])));
}

function same(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}

export const publishing = [
  {
    name: 'the publisher prepares a release',
    async run(walk) {
      const publisher = await signedIn(walk, 'publisher');
      await publisher.follow('Releases');
      await publisher.look('releases');
      await publisher.press('Prepare a release');
      await publisher.select('Where the figures come from', /Annual return 2026\/27/);
      await publisher.fill('Lead statistician', '');
      await publisher.expecting(422, () => publisher.press('Preview the figures'));
      await publisher.expectFieldError('Lead statistician', /lead statistician/);
      await publisher.look('release refused');
      await publisher.fill('Lead statistician', 'Esme Hartley');
      await publisher.press('Preview the figures');
      await publisher.expectText('What is suppressed, and why');
      await publisher.look('preview of a release');
      await publisher.press('Prepare this release');
      await publisher.expectText('Release prepared');
      await publisher.look('release, a draft');
    },
  },
  ...releasing,
  {
    name: 'the public reads the figures',
    async run({ person, notes }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.expectText('2026/27');
      notes.front = await reader.page.locator('.nhsuk-lede-text').first().innerText();
      await reader.look('results');
      for (const [path, label] of [
        ['/public/sectors', 'results by sector'],
        ['/public/regions', 'results by region'],
        ['/public/editions', 'results by edition'],
        ['/public/change', 'change'],
        ['/public/submissions', 'late and provisional'],
        ['/public/requirements', 'answers by requirement'],
        ['/public/methodology', 'methodology'],
      ]) {
        await reader.visit(path);
        await reader.look(label);
      }
      await reader.visit('/public/releases');
      await reader.look('list of releases');
      await reader.follow(/2026\/27/);
      await reader.look('release');
    },
  },
  {
    name: 'the trust has its grade, and the counts are those of the list of organisations',
    async run({ person, facts, notes }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.page.getByRole('textbox', { name: 'Find an organisation' }).fill('brackenmoor');
      await reader.press('Search');
      await reader.expectText('1 organisation');
      await reader.look('search, one found');
      await reader.follow(facts.trust.name);
      await reader.expectText('Not satisfactory');
      await reader.expectText('2026/27');
      await reader.look('page of the organisation');
      await reader.visit('/public/organisations?q=nobody-has-this-name');
      await reader.look('search, none found');
      await reader.visit('/public/organisations');
      await reader.look('search, everybody');

      await reader.visit('/public/data');
      await reader.look('data');
      const list = rowsOf(await reader.download(/^CSV of .*rganisations/));
      const ours = list.find((row) => row.code === facts.trust.code);
      same('the walked trust in the list', ours?.status_now_code, 'not_satisfactory');
      const of = (status) => list.filter((row) => row.sector_code === ours.sector_code && row.status_now_code === status).length;

      // The same count, recounted from the list, stands in the file of the table, in the table on the page and on the front.
      const table = await reader.json(/^JSON of .*now by sector/);
      const cell = table.observations.find(({ row, column }) => row === ours.sector_code && column === 'not_satisfactory');
      same('the count in the file', cell.count, of('not_satisfactory'));
      same('its denominator', cell.denominator, list.length);
      await reader.visit('/public/sectors');
      await reader.page.getByText('Table: Status now by sector').click();
      const row = reader.page.locator('#maincontent').getByRole('row', { name: /^NHS trusts/ }).first();
      const shown = (await row.innerText()).split(/\s+/);
      if (!shown.includes(String(of('not_satisfactory')))) throw new Error(`the table shows ${shown.join(' ')}`);
      await reader.look('table of a chart');
      same('the front page', notes.front.startsWith(`${of('satisfactory')} of ${list.length} organisations`), true);
    },
  },
  {
    name: 'somebody looks at their account and signs out',
    async run({ person, facts }) {
      const publisher = await person(facts.people.publisher);
      await publisher.follow(facts.people.publisher);
      await publisher.look('account');
      await publisher.press('Sign out everywhere else');
      await publisher.expectText('Signed out elsewhere');
      await publisher.press('Sign out');
      await publisher.visit('/releases/new');
      await publisher.expectHeading('Sign in');
    },
  },
];
