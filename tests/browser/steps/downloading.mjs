// Somebody takes the figures away: a spreadsheet, the report, and what programs read first.

/** The bytes that a link leads to, asked for without leaving the page. */
async function fetched(reader, href) {
  const answer = await reader.context.request.get(href);
  if (!answer.ok()) throw new Error(`${href}: ${answer.status()}`);
  return answer.body();
}

function begins(what, bytes, wanted) {
  const start = bytes.subarray(0, wanted.length).toString('latin1');
  if (start !== wanted) throw new Error(`${what} begins with ${JSON.stringify(start)}`);
}

export const downloading = [
  {
    name: 'a reader downloads the figures in every format',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/public/data');
      await reader.expectText('All tables in one spreadsheet');
      await reader.expectText('Open Government Licence');
      await reader.look('downloads in every format');
      begins('the spreadsheet', await reader.download(/^ODS of All tables/), 'PK');
      const links = reader.page.locator('#maincontent').locator('a[href^="/public/data/"]');
      const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      if (addresses.length < 20) throw new Error(`only ${addresses.length} files`);
      for (const address of addresses) {
        const bytes = await fetched(reader, address);
        if (address.endsWith('.pdf')) begins('the report', bytes, '%PDF-1.7');
        if (address.endsWith('.ods')) begins(address, bytes, 'PK');
      }
      const described = await reader.json(/^JSON of Data package/);
      const named = described.resources.map((resource) => resource.path);
      if (!named.includes('organisations.csv')) throw new Error(`the package names ${named.join(', ')}`);
      await reader.follow('interface for programs');
      await reader.expectText('/api/v1/releases/{key}/tables');
    },
  },
];
