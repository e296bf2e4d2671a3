// Where do we stand: the lead looks, the senior information risk owner makes a board paper and takes it away, and the
// lead reads the same paper.

import { ofReturn } from './people.mjs';

/** Fails unless a downloaded file is a PDF of some size. */
function expectPdf(bytes) {
  const head = bytes.subarray(0, 5).toString('latin1');
  if (head !== '%PDF-' || bytes.length < 5_000) throw new Error(`no PDF file: ${head}, ${bytes.length} bytes`);
}

export const standing = [
  {
    name: 'the lead sees where the return stands',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.follow(/^Where do we stand/);
      await lead.expectText('The way to the deadline');
      await lead.expectText('Last year against this year');
      await lead.expectText('Organisations of the same kind');
      await lead.look('where we stand');
    },
  },
  {
    name: 'the senior information risk owner makes a board paper',
    async run({ person, facts }) {
      const siro = await person(facts.people.siro);
      await siro.visit(ofReturn(facts, '/standing'));
      await siro.expecting(422, () => siro.press('Make a board paper'));
      await siro.expectFieldError('Which meeting is the paper for?', 'Enter which meeting');
      await siro.look('board paper refused');
      await siro.fill('Which meeting is the paper for?', 'Trust board of 26 November');
      await siro.press('Make a board paper');
      await siro.expectText('Board paper made');
      await siro.expectText('What the board is asked to decide');
      await siro.look('board paper');
      expectPdf(await siro.download(/^Download the board paper/));
    },
  },
  {
    name: 'the lead reads the paper that was made',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/standing'));
      await lead.follow('Board paper 1');
      await lead.expectText('Official-sensitive: for the board of');
      await lead.look('board paper again');
      await lead.visit(ofReturn(facts, '/receipt'));
      expectPdf(await lead.download(/^Download the receipt/));
    },
  },
];
