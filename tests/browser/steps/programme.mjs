// The programme team opens another collection, of another kind of standard, and the organisation answers questions of
// every kind.

import { inDays, ofReturn, signedIn } from './people.mjs';

export const programme = [
  {
    name: 'the standards editor reads the standards',
    async run(walk) {
      const { facts } = walk;
      const editor = await signedIn(walk, 'editor');
      await editor.look('home of the central team');
      await editor.follow('Standards');
      await editor.look('standards');
      for (const key of [facts.edition, 'ndg-2026', facts.outcomes]) {
        await editor.visit(`/standards/${key}`);
        await editor.look(`standard ${key}`);
      }
    },
  },
  {
    name: 'the programme manager plans a collection, at the second try, and opens it',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.follow('Collections');
      await manager.look('collections');
      await manager.press('Plan a collection');
      await manager.look('choose an edition');
      await manager.choose(/Cyber|utcome/);
      await manager.press('Continue');
      await manager.expecting(422, () => manager.press('Plan the collection'));
      await manager.expectFieldError('Name', 'Enter a name, such as Annual collection 2026');
      await manager.look('plan of a collection refused');
      await manager.fill('Key', 'outcomes-2026');
      await manager.fill('Name', 'Outcomes 2026/27');
      await manager.fillDate('When does it open?', inDays(2));
      await manager.fillDate('When is the interim return due?', inDays(20));
      await manager.fillDate('When is the deadline?', inDays(40));
      await manager.fillDate('When does it close?', inDays(50));
      await manager.press('Plan the collection');
      await manager.expectText('Collection planned');
      await manager.look('planned collection');
      await manager.press('Open the collection now');
      await manager.expectText('Collection opened');
    },
  },
  {
    name: 'the programme manager gives an organisation more time',
    async run({ person, facts }) {
      const manager = await person(facts.people.manager);
      await manager.fill('Code of the organisation', facts.trust.code);
      await manager.fillDate('Until when', inDays(60));
      await manager.fill('Time the extension ends', '17:00');
      await manager.expecting(422, () => manager.press('Grant the extension'));
      await manager.expectFieldError('Reason', 'Enter the reason');
      await manager.look('extension refused');
      await manager.fill('Reason', 'A flood in the record store.');
      await manager.press('Grant the extension');
      await manager.expectText('Extension granted');
      await manager.look('collection with an extension');
    },
  },
  {
    name: 'the lead answers by statements that are true',
    async run(walk) {
      const { facts } = walk;
      const lead = await signedIn(walk, 'lead');
      await lead.look('home with several returns');
      const row = lead.page.getByRole('row', { name: /Outcomes 2026\/27/ });
      const loaded = lead.page.waitForEvent('load');
      await row.getByRole('button', { name: /Start the return/ }).click();
      await loaded;
      await lead.look('task list of outcomes');
      await lead.visit(ofReturn(facts, '/requirements/A1.a', 'outcomes-2026'));
      await lead.look('question about an outcome');
      await lead.choose(/^A board member is named/);
      await lead.choose(/^The board sees the main/);
      await lead.choose('Achieved');
      await lead.expecting(422, () => lead.press('Save and continue'));
      await lead.expectFieldError('The alternative control', /./);
      await lead.look('outcome refused');
      await lead.fill('The alternative control', 'An outside panel holds the board to account each quarter.');
      await lead.press('Save and continue');
      await lead.expectHeading(/A1\.b/);
      await lead.visit(ofReturn(facts, '/requirements/A1.a', 'outcomes-2026'));
      await lead.expectText('Partially achieved');
      await lead.look('outcome answered');
    },
  },
  {
    name: 'the lead answers by text, date, yes or no, document and confirmation',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      const at = (code) => ofReturn(facts, `/requirements/${code}`, 'items-2026');
      await lead.visit('/home');
      const row = lead.page.getByRole('row', { name: /Data security standards 2026\/27/ });
      const loaded = lead.page.waitForEvent('load');
      await row.getByRole('button', { name: /Start the return/ }).click();
      await loaded;
      await lead.look('task list of items');

      await lead.visit(at('1.1'));
      await lead.look('question to confirm');
      await lead.expecting(422, () => lead.press('Save and continue'));
      await lead.expectFieldError('Can you confirm this?', 'Say whether you can confirm this');
      await lead.choose('Yes, we confirm this');
      await lead.press('Save and continue');

      await lead.expectHeading(/1\.1\.1/);
      await lead.look('question for a document');
      await lead.choose('Yes');
      await lead.press('Save and finish later');
      await lead.visit(at('1.1.1'));
      const sheet = Buffer.from('use,why\nreferrals,direct care\n');
      await lead.attach('Attach a file', { name: 'Record of uses.csv', mimeType: 'text/csv', buffer: sheet });
      await lead.press('Attach');
      await lead.expectText('Record of uses.csv');
      await lead.press('Save and continue');

      await lead.expectHeading(/1\.1\.2/);
      await lead.look('question for a date');
      await lead.fillDate('Your answer', [31, 2, 2026]);
      await lead.expecting(422, () => lead.press('Save and continue'));
      await lead.expectFieldError('Your answer', /date/);
      await lead.look('date refused');
      await lead.fillDate('Your answer', [28, 2, 2026]);
      await lead.press('Save and continue');

      const rest = [
        ['1.1.3', 'text', 'We share with the ambulance trust and with two hospices.'],
        ['1.1.4', 'yes or no', 'Yes'],
      ];
      for (const [code, kind, value] of rest) {
        await lead.visit(at(code));
        await lead.look(`question for ${kind}`);
        if (kind === 'text') await lead.fill('Your answer', value);
        else await lead.choose(value);
        await lead.press('Save and continue');
        await lead.expectText(`${code} is completed.`);
      }
    },
  },
];
