// What is offered around the figures: the mark for other websites, how a release is cited, data quality, the glossary, and what
// programs and crawlers fetch. Runs after the release is public (publishing.mjs).

/** The text at an address, asked for without leaving the page. */
async function fetched(reader, address, type) {
  const answer = await reader.context.request.get(address);
  if (!answer.ok()) throw new Error(`${address}: ${answer.status()}`);
  const found = answer.headers()['content-type'];
  if (!found.startsWith(type)) throw new Error(`${address} is ${found}`);
  return answer.text();
}

export const feeds = [
  {
    name: 'somebody from the trust takes the mark for its website',
    async run({ person, facts }) {
      const reader = await person('a reader');
      await reader.visit(`/public/organisations/${facts.trust.code}`);
      await reader.page.getByText('Show this status on a website').click();
      const mark = reader.page.getByRole('img', { name: /read the present status/ });
      await mark.scrollIntoViewIfNeeded();
      await reader.look('mark of an organisation');
      const drawn = await fetched(reader, await mark.getAttribute('src'), 'image/svg+xml');
      if (!drawn.includes('Not satisfactory')) throw new Error('the mark has another status than the page');
    },
  },
  {
    name: 'a reader looks how good the data are and what the words mean',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.follow('Data quality');
      await reader.expectText('Who published nothing');
      await reader.look('data quality');
      await reader.follow('Glossary');
      await reader.look('glossary');
    },
  },
  {
    name: 'a reader cites a table, and programs find the feed and the map of the site',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/public/releases/returns-2026');
      await reader.page.getByText('How to cite one table').click();
      await reader.expectText('accessed [day month year]');
      const told = JSON.parse(await reader.page.locator('script[type="application/ld+json"]').textContent());
      if (told['@type'] !== 'Dataset' || told.hasPart.length < 5) throw new Error('the release is not told as a data set');
      const feed = await fetched(reader, '/public/feed.atom', 'application/atom+xml');
      if (!feed.includes('/public/releases/returns-2026</id>')) throw new Error('the feed lacks the release');
      const map = await fetched(reader, '/sitemap.xml', 'application/xml');
      if (!map.includes('/public/glossary</loc>')) throw new Error('the map lacks a page');
      await fetched(reader, '/robots.txt', 'text/plain');
    },
  },
];
