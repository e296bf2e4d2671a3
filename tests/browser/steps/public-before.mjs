// What anybody sees before anything of this year is published.

export const beforeTheYear = [
  {
    name: 'a reader looks at last year\'s results and at the pages about the service',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.expectText('2025/26');
      await reader.look('results of last year');
      for (const [link, heading] of [
        ['Help', 'Help'],
        ['Accessibility statement', 'Accessibility statement'],
        ['Check the ledger', 'Check the ledger'],
        ['Interface for programs', 'Interface for programs'],
      ]) {
        await reader.visit('/');
        await reader.follow(link);
        await reader.expectHeading(heading);
        await reader.look(link);
      }
    },
  },
  {
    name: 'what is not there, and what is not for everybody, is said plainly',
    async run({ person, facts }) {
      const reader = await person('a reader');
      await reader.expecting(404, () => reader.visit('/public/nowhere'));
      await reader.look('page not found');
      await reader.expecting(404, () => reader.visit('/public/organisations/ZX999'));
      await reader.visit(`/organisations/${facts.trust.code}`);
      await reader.expectHeading('Sign in');
    },
  },
];
