// The return is taken along: as a workbook that is filled in and brought back, and as exports, one of which fills an empty return.

import { filledIn } from '../workbook.mjs';
import { ofReturn, signedIn } from './people.mjs';

const ODS = 'application/vnd.oasis.opendocument.spreadsheet';
const NAME = 'ZW001-2026.ods';

export const offline = [
  {
    name: 'the lead downloads the workbook and the exports',
    async run(walk) {
      const { facts, notes } = walk;
      const lead = await signedIn(walk, 'lead');
      await lead.visit(ofReturn(facts));
      await lead.follow(/^Take it with you/);
      await lead.look('take it with you');
      await lead.guide('take-it-with-you');
      notes.workbook = await lead.download(/^Workbook for LibreOffice/);
      const archives = [await lead.download(/^Workbook for Excel/), await lead.download(/^Everything to read/), await lead.download(/^Everything your organisation keeps/)];
      for (const archive of [notes.workbook, ...archives]) {
        if (archive.toString('latin1', 0, 2) !== 'PK') throw new Error('a download is no archive');
      }
      const oscal = JSON.parse(await lead.download(/^Assessment results/));
      if (!oscal['assessment-results'].uuid) throw new Error('the assessment results have no number');
    },
  },
  {
    name: 'what is no workbook, and one of somebody else, is refused with the reason',
    async run({ person, facts, notes }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/offline'));
      await lead.expecting(422, () => lead.press('Upload and see the changes'));
      await lead.expectFieldError('The workbook that you filled in', /Choose/);
      await lead.look('no workbook chosen');
      const text = { name: NAME, mimeType: ODS, buffer: Buffer.from('Level 2 everywhere, please.') };
      await lead.attach('The workbook that you filled in', text);
      await lead.expecting(415, () => lead.press('Upload and see the changes'));
      const moved = filledIn(notes.workbook, [['Collection key', 'Text', '2019']], 'Notes');
      await lead.attach('The workbook that you filled in', { name: NAME, mimeType: ODS, buffer: moved });
      await lead.expecting(422, () => lead.press('Upload and see the changes'));
      await lead.expectText('This is what has to be put right');
      await lead.look('workbook of another return');
    },
  },
  {
    name: 'a filled-in workbook shows its changes, a conflict and a mistake before anything is applied',
    async run({ person, facts, notes }) {
      const lead = await person(facts.people.lead);
      // Meanwhile the answer is given on the website as well.
      await lead.visit(ofReturn(facts, '/requirements/2-208'));
      await lead.choose('Level 1');
      await lead.fill('Supporting statement (optional)', 'Said on the website.');
      await lead.press('Save and continue');
      const buffer = filledIn(notes.workbook, [
        ['1-102', 'Answer', '2'],
        ['1-102', 'Comment', 'Written on the train.'],
        ['1-102', 'State', 'Completed'],
        ['2-208', 'Answer', '2'],
        ['2-208', 'Reason or supporting statement', 'Said in the workbook.'],
        ['2-208', 'State', 'Completed'],
        ['6-604', 'Answer', '9'],
      ]);
      await lead.visit(ofReturn(facts, '/offline'));
      await lead.attach('The workbook that you filled in', { name: NAME, mimeType: ODS, buffer });
      await lead.press('Upload and see the changes');
      await lead.expectHeading(/What your workbook would change/);
      await lead.expectText('Nothing has been changed yet.');
      for (const text of ['Written on the train.', 'Said on the website.', 'Said in the workbook.', '6-604']) {
        await lead.expectText(text);
      }
      await lead.look('preview of a workbook');
      await lead.guide('workbook-preview');
    },
  },
  {
    name: 'the lead takes the workbook\'s side and applies it',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.choose('Take the workbook\'s answer to 2-208');
      await lead.press('Apply the 1 change and the answers chosen');
      await lead.expectText('They were taken from your workbook.');
      await lead.look('task list after a workbook');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.expectValue('Comment (optional)', 'Written on the train.');
      await lead.visit(ofReturn(facts, '/requirements/2-208'));
      await lead.expectValue('Supporting statement (optional)', 'Said in the workbook.');
      await lead.visit(ofReturn(facts, '/requirements/6-604'));
      await lead.choose('Level 2');
      await lead.press('Save and continue');
    },
  },
  {
    name: 'an export fills an empty return of the same questions',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      const start = async (name) => {
        await lead.visit('/home');
        const row = lead.page.getByRole('row', { name });
        const loaded = lead.page.waitForEvent('load');
        await row.getByRole('button', { name: /Start the return/ }).click();
        await loaded;
      };
      await start(/Data security standards 2026\/27/);
      await lead.visit(ofReturn(facts, '/requirements/1.1.3', 'items-2026'));
      await lead.fill('Your answer', 'We share with two hospices.');
      await lead.press('Save and continue');
      await lead.visit(ofReturn(facts, '/offline', 'items-2026'));
      const buffer = await lead.download(/^Everything \(\.json\)/);

      await start(/A second look 2026\/27/);
      await lead.visit(ofReturn(facts, '/offline', 'items-again'));
      await lead.look('take it with you, empty return');
      await lead.expecting(422, () => lead.press('Upload the export'));
      await lead.expectFieldError('The export', 'Choose the export to bring back');
      await lead.look('no export chosen');
      await lead.attach('The export', { name: 'export.json', mimeType: 'application/json', buffer });
      await lead.press('Upload the export');
      await lead.expectText('Export brought back');
      await lead.visit(ofReturn(facts, '/requirements/1.1.3', 'items-again'));
      await lead.expectValue('Your answer', 'We share with two hospices.');
    },
  },
];
