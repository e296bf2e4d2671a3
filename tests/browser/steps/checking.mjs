// Anybody goes from the front page to what the figures can be checked with, and to an organisation without searching.

export const checking = [
  {
    name: 'a stranger finds how to check the figures',
    async run({ person }) {
      const stranger = await person('a stranger');
      await stranger.visit('/');
      await stranger.follow('Check these figures yourself');
      await stranger.expectText('You need not take our word for the figures');
      await stranger.look('checking figures');
    },
  },
  {
    name: 'a stranger finds an organisation without searching',
    async run({ person }) {
      const stranger = await person('a stranger');
      await stranger.visit('/public/organisations');
      await stranger.follow('list from A to Z');
      await stranger.expectText('Organisations from A to Z');
      await stranger.look('A to Z');
    },
  },
];
