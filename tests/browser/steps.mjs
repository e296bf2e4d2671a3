// The steps of the walk, in order. Each is given `person(name)`, a browser that stays that person's from step to step,
// `notes` for what a later step needs, and whether `javaScript` is on.

export const steps = [
  {
    name: 'the public opens the start page',
    async run({ person }) {
      const reader = await person('a reader');
      await reader.visit('/');
      await reader.look('start page');
    },
  },
];
