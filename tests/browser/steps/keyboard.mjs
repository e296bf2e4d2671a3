// Without a mouse, on a screen of 320 px: the lead signs in, answers, attaches evidence, has the return signed and submits it.

import { Keyboard } from '../keyboard.mjs';
import { inDays, ofReturn } from './people.mjs';

const NARROW = 320;

/** Somebody who signs in by keyboard alone. */
async function signedIn({ person, facts }, who) {
  const walk = await person(facts.people[who], { width: NARROW });
  const keys = new Keyboard(walk);
  await walk.visit('/sign-in');
  await keys.skip();
  await keys.type('Email address', facts.addresses[who]);
  await keys.type('Password', facts.password);
  await keys.press('Sign in');
  await walk.expectHeading(new RegExp(facts.trust.name));
  return { walk, keys };
}

export const keyboard = [
  {
    name: 'the lead signs in, opens the list and answers, at the second try',
    async run(given) {
      const { facts, notes } = given;
      const { walk, keys } = await signedIn(given, 'lead');
      notes.lead = keys;
      await keys.follow('Annual return 2026/27');
      await walk.look('task list');
      await keys.follow(/^2-208 /);
      await keys.choose('Which level have you reached?', 'Not relevant');
      await walk.expecting(422, () => keys.press('Save and continue'));
      await walk.expectFieldError('Why is it not relevant?', /not relevant/);
      await walk.look('question refused');
      // The summary leads to the field.
      await keys.leadsTo(/not relevant/, 'Why is it not relevant?');
      await keys.type('Why is it not relevant?', 'No personal information leaves the country.');
      await keys.press('Save and continue');
      for (const [code, level] of [['1-101', 'Level 3'], ['1-102', 'Level 2'], ['6-604', 'Level 2']]) {
        await walk.visit(ofReturn(facts, `/requirements/${code}`));
        await keys.skip();
        await keys.choose('Which level have you reached?', level);
        await keys.press('Save and continue');
        await walk.expectText(`${code} is completed.`);
      }
    },
  },
  {
    name: 'the lead attaches evidence and adds some to the library',
    async run({ person, facts, notes }) {
      const [walk, keys] = [await person(facts.people.lead), notes.lead];
      await walk.visit(ofReturn(facts, '/requirements/1-101'));
      const file = { name: 'Minutes.txt', mimeType: 'text/plain', buffer: Buffer.from('The board met.') };
      await keys.attach('Attach a file', file);
      await keys.press('Attach');
      await walk.expectText('File attached');
      await walk.look('question with a file');
      await walk.visit(`/organisations/${facts.trust.code}/evidence/new`);
      await keys.type('Title', 'Access control policy');
      await keys.choose('How carefully is it to be kept?', 'Official');
      const last = inDays(200);
      for (const [n, part] of ['Day', 'Month', 'Year'].entries()) await keys.typeWithin('Last day (optional)', part, String(last[n]));
      await keys.type('Web address', 'https://intranet.example/policies/access');
      await keys.press('Save');
      await walk.expectText('Evidence added');
    },
  },
  {
    name: 'the lead marks the return as ready, the guardian and the risk owner sign, the lead submits',
    async run(given) {
      const { person, facts, notes } = given;
      const [lead, keys] = [await person(facts.people.lead), notes.lead];
      await lead.visit(ofReturn(facts));
      await keys.press('Mark as ready to be signed');
      await lead.expectText('The return waits for 2 signatures');
      const signers = [['guardian', 'Caldicott Guardian'], ['siro', 'senior information risk owner']];
      for (const [who, role] of signers) {
        const { walk: signer, keys: theirs } = await signedIn(given, who);
        await theirs.follow('Annual return 2026/27');
        await theirs.press('Read and sign the return');
        await signer.look('read and sign');
        await theirs.tick(`I sign this statement as ${role}`);
        await theirs.press('Sign the return');
        await signer.expectText(who === 'siro' ? 'Return signed' : 'Your signature is recorded');
      }
      await lead.visit(ofReturn(facts));
      await keys.press('Check and submit the return');
      await keys.press('Submit the return');
      await lead.expectHeading(/Receipt of your submission/);
      await lead.look('receipt');
    },
  },
];
