// The publisher looks at what a release suppresses; nobody else can.

import { signedIn } from './people.mjs';

export const suppression = [
  {
    name: 'the publisher reads what is suppressed and why',
    async run(walk) {
      const publisher = await signedIn(walk, 'publisher');
      await publisher.follow('Releases');
      await publisher.follow(/Annual return 2026\/27/);
      await publisher.follow('What is suppressed, why, and what it costs');
      await publisher.expectText('Not for publication');
      await publisher.expectText('A reader cannot rule out');
      await publisher.look('what is suppressed');
      const list = await publisher.download('Download the whole list (CSV)');
      if (!list.toString('utf8').startsWith('table,row,column,published,')) throw new Error('the list has another head');
    },
  },
];
