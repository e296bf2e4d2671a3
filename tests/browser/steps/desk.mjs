// The programme's desk: a register is uploaded and reported on, held-back rows are decided about, organisations are looked up
// and their first administrator invited, the central team changes, an edition is imported, and the portal's own work is seen.

import { signedIn } from './people.mjs';

const NEW_PASSWORD = 'seven slow paper lanterns';

const REGISTER = [
  'Code,Organisation Name,Status,Date Of Publication,Primary Sector',
  'ZY101,AMBERLEY HOUSE CARE HOME,24/25 Standards Met,2025-06-20,Social Care',
  'ZY102,BELLWETHER PHARMACY,24/25 Standards Exceeded,2025-06-11,Pharmacy',
  'no code,CANDLEFORD DENTAL CARE,24/25 Standards Met,2025-05-02,Dentist',
  'Z?104,DEMONSTRATION ACCOUNT,,,Company',
  'ZY105,ELDERTON OPTICIANS,24/25 Standards Met,2025-13-45,Optician',
].join('\r\n');

const EDITION = `format = 1
[standard]
key = "sample"
name = "Records sample standard"
scheme = "levels"
description = "A short standard, to try an import."
[edition]
key = "records-2026"
label = "2026/27"
rule_set = "records-2026.1"
[[profiles]]
key = "acute"
name = "Acute"
sectors = ["nhs_trust"]
[scoring]
max_level = 2
satisfactory_level = 1
[[sections]]
code = "1"
title = "Keeping records"
[[requirements]]
code = "1-1"
section = "1"
title = "Somebody is responsible"
text = "Is somebody responsible for the records?"
guidance = "The board names them."
levels = ["Nobody is.", "Somebody is named.", "They report each year."]
may_be_not_relevant = false
expected = { acute = 1 }
`;

const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

export const desk = [
  {
    name: 'the programme manager imports a register, at the second try, and reads its report',
    async run(walk) {
      const manager = await signedIn(walk, 'manager');
      await manager.visit('/home');
      await manager.look('home of the programme manager');
      await manager.follow('Imports');
      await manager.look('imports, none yet');
      await manager.press('Import a file');
      await manager.expecting(422, () => manager.press('Upload and import'));
      await manager.expectFieldError('File', 'Choose a file to import');
      await manager.look('import refused');
      await manager.attach('File', file('register-2026-05-01.csv', REGISTER));
      await manager.press('Upload and import');
      await manager.expectText('File received');
      await manager.reloadUntil('Taken in');
      await manager.expectText('Rows held back');
      await manager.look('report of an import');
      await manager.follow('All imports');
      await manager.look('imports');
    },
  },
  {
    name: 'the programme manager decides about rows that were held back',
    async run({ person, facts }) {
      const manager = await person(facts.people.manager);
      await manager.visit('/quarantine');
      await manager.look('quarantine');
      await manager.follow('Row 4');
      await manager.look('row held back');
      await manager.expecting(422, () => manager.press('Take the row in'));
      await manager.look('row still wrong');
      await manager.fill('Code', 'ZY103');
      await manager.press('Take the row in');
      await manager.expectText('Row taken in');
      await manager.look('row taken in');
      await manager.visit('/quarantine');
      await manager.follow('Row 5');
      await manager.expecting(422, () => manager.press('Leave the row out'));
      await manager.expectFieldError('Why is it left out?', 'Say why the row is left out');
      await manager.fill('Why is it left out?', 'It is a demonstration account.');
      await manager.press('Leave the row out');
      await manager.expectText('Row left out');
      await manager.look('row left out');
    },
  },
  {
    name: 'the programme manager looks an organisation up and invites its first administrator',
    async run({ person, facts }) {
      const manager = await person(facts.people.manager);
      await manager.visit('/organisations');
      await manager.fill('Name or code', 'candleford');
      await manager.press('Search');
      await manager.look('organisation found');
      await manager.follow(/^CANDLEFORD/i);
      await manager.look('record of an organisation');
      await manager.fill('Full name', 'Rosalind Pike');
      await manager.expecting(422, () => manager.press('Send the invitation'));
      await manager.expectFieldError('Email address', 'correct format');
      await manager.fill('Email address', 'rosalind.pike@people.example');
      await manager.press('Send the invitation');
      await manager.expectText('Invited, and not yet accepted');
      await manager.look('record with an invitation');
      await manager.press(/^Take back/);
      await manager.expectText('Invitation taken back');
      await manager.visit(`/organisations/${facts.trust.code}/record`);
      await manager.look('record of a trust');
    },
  },
  {
    name: 'the central team is joined by somebody, and an invitation is taken back',
    async run({ person, mail, facts }) {
      const manager = await person(facts.people.manager);
      await manager.follow('Central team');
      await manager.look('central team');
      await manager.expecting(422, () => manager.press('Send the invitation'));
      await manager.expectFieldError('Full name', /Enter a name/);
      await manager.look('central invitation refused');
      for (const [name, address] of [['Nia Calder', 'nia.calder@people.example'], ['Owen Marsh', 'owen.marsh@people.example']]) {
        await manager.fill('Full name', name);
        await manager.fill('Email address', address);
        await manager.choose('Publisher');
        await manager.press('Send the invitation');
        await manager.expectText('Invitation sent');
      }
      await manager.look('central team with invitations');
      await manager.press(/^Take back the invitation of Owen Marsh/);
      await manager.expectText('Invitation taken back');

      const link = /http:\S+\/invitations\/\S+/.exec(await mail('nia.calder@people.example', 'Invitation'))[0];
      const nia = await person('Nia Calder');
      await nia.visit(new URL(link).pathname);
      await nia.expectText('Publisher in the central team');
      await nia.fill('Choose a password', NEW_PASSWORD);
      await nia.fill('Type it again', NEW_PASSWORD);
      await nia.press('Accept');
      await nia.fill('Email address', 'nia.calder@people.example');
      await nia.fill('Password', NEW_PASSWORD);
      await nia.press('Sign in');
      await nia.follow('Releases');
      await nia.expectText('Prepare a release');
      await manager.visit('/people/central');
      await manager.press(/^End this role of Nia Calder/);
      await manager.expectText('Role ended');
    },
  },
  {
    name: 'the programme manager sees what the portal does on its own',
    async run({ person, facts }) {
      const manager = await person(facts.people.manager);
      await manager.visit('/home');
      await manager.follow('Background work');
      await manager.expectText('Nothing has been given up.');
      await manager.look('background work');
    },
  },
  {
    name: 'the standards editor imports an edition, after one that cannot be read',
    async run(walk) {
      const editor = await signedIn(walk, 'editor');
      await editor.visit('/standards');
      await editor.press('Import an edition');
      await editor.expecting(422, () => editor.press('Upload and check'));
      await editor.expectFieldError('File', 'Choose a file to import');
      await editor.attach('File', file('records.toml', EDITION.replace('section = "1"', 'section = "7"')));
      await editor.expecting(422, () => editor.press('Upload and check'));
      await editor.expectText('What is wrong in the file');
      await editor.look('edition refused');
      await editor.attach('File', file('records.toml', EDITION));
      await editor.press('Upload and check');
      await editor.page.getByText(/Keeping records/).first().click();
      await editor.expectText('Somebody is responsible');
      await editor.look('preview of an edition');
      await editor.press('Import this edition');
      await editor.expectText('Edition imported');
      await editor.look('edition imported');
    },
  },
];
