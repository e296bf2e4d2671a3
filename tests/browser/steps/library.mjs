// The evidence library: pieces are added, scanned, chosen for answers, replaced, go out of date, and are taken away and back.

import { MARK, SIGNATURE, startScanner } from '../scanner.mjs';
import { inDays, ofReturn, signedIn } from './people.mjs';

const POLICY = 'Access control policy';
const pdf = (name, words = '') => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% ${name} ${words}\n%%EOF\n`),
});

/** Opens the library, and the piece of this title. */
async function open({ person, facts }, title) {
  const lead = await person(facts.people.lead);
  await lead.visit(`/organisations/${facts.trust.code}/evidence`);
  await lead.follow(title);
  return lead;
}

export const library = [
  {
    name: 'the lead adds a piece of evidence to the library, at the second try',
    async run(walk) {
      const { facts } = walk;
      const lead = await signedIn(walk, 'lead');
      await lead.follow(/^See the evidence library/);
      await lead.look('evidence library, empty');
      await lead.press('Add evidence');
      await lead.look('add evidence');
      await lead.expecting(422, () => lead.press('Save'));
      await lead.expectFieldError('Title', 'Enter a title');
      await lead.look('evidence refused');
      await lead.fill('Title', POLICY);
      await lead.fill('What does it show? (optional)', 'Who may see what, agreed by the board.');
      await lead.choose('Official');
      await lead.select('Who looks after it?', facts.people.lead);
      await lead.fillDate('Last day (optional)', inDays(200));
      await lead.fill('Tags (optional)', 'access, policy');
      await lead.attach('File', pdf('Access control policy.pdf'));
      await lead.press('Save');
      await lead.expectText('Evidence added');
      await lead.expectText('Being scanned');
      await lead.expectText('waits for its malware scan');
      await lead.look('evidence that is being scanned');
    },
  },
  {
    name: 'the lead chooses it for an answer, which waits for the scan',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/requirements/1-101'));
      await lead.choose('Level 3');
      await lead.press('Save and continue');
      await lead.visit(ofReturn(facts, '/requirements/1-101'));
      await lead.follow('Choose from the evidence library');
      await lead.look('choose evidence');
      await lead.expecting(422, () => lead.press('Attach to the answer'));
      await lead.expectFieldError('Which evidence supports the answer?', 'Choose at least one piece of evidence');
      await lead.look('no evidence chosen');
      await lead.choose(POLICY);
      await lead.press('Attach to the answer');
      await lead.expectText('Evidence attached');
      await lead.expectText('Being scanned');
      await lead.look('question with evidence that is being scanned');
      await lead.visit(ofReturn(facts));
      await lead.expectText('A file beside the answer is still waiting for its malware scan.');
    },
  },
  {
    name: 'the contributor attaches what they were given, and sees no library',
    async run(walk) {
      const { person, facts } = walk;
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.follow(/^Give it to a colleague/);
      await lead.select('Who is to answer?', facts.people.contributor);
      await lead.press('Save');
      await lead.expectText(`Given to ${facts.people.contributor}`);
      const contributor = await signedIn(walk, 'contributor');
      await contributor.visit(ofReturn(facts, '/requirements/1-102'));
      await contributor.attach('Attach a file', pdf('Terms of reference.pdf'));
      await contributor.press('Attach');
      await contributor.expectText('File attached');
      await contributor.look('question of a contributor');
      await contributor.expecting(403, () => contributor.visit(`/organisations/${facts.trust.code}/evidence`));
    },
  },
  {
    name: 'a newer version replaces it and the earlier one stays',
    async run(walk) {
      const lead = await open(walk, POLICY);
      await lead.press('Replace by a newer version');
      await lead.expecting(422, () => lead.press('Replace'));
      await lead.expectFieldError('File', 'Choose a file, or enter a web address');
      await lead.look('replacing refused');
      await lead.fill('Web address', 'https://intranet.example/policies/access');
      await lead.press('Replace');
      await lead.expectText('Evidence replaced');
      await lead.expectText('https://intranet.example/policies/access');
      await lead.expectText('Access control policy.pdf');
      await lead.look('evidence with two versions');
      await lead.guide('evidence');
    },
  },
  {
    name: 'out of date it blocks, until its last day is changed',
    async run(walk) {
      const { facts } = walk;
      const lead = await open(walk, POLICY);
      await lead.press('Change title, owner or dates');
      await lead.look('change evidence');
      await lead.fillDate('First day (optional)', inDays(2));
      await lead.fillDate('Last day (optional)', inDays(-2));
      await lead.expecting(422, () => lead.press('Save'));
      await lead.expectFieldError('Last day (optional)', 'The last day must not be before the first day');
      await lead.fillDate('First day (optional)', inDays(-300));
      await lead.press('Save');
      await lead.expectText('It went out of date after');
      await lead.look('evidence out of date');
      await lead.visit(ofReturn(facts));
      await lead.expectText('Evidence beside the answer is out of date');
      await lead.follow(/^1-101 /);
      await lead.expectText('Out of date');
      await lead.look('question with evidence out of date');
      await open(walk, POLICY);
      await lead.press('Change title, owner or dates');
      await lead.fillDate('Last day (optional)', inDays(20));
      await lead.press('Save');
      await lead.expectText('Ends in 20 days');
    },
  },
  {
    name: 'a piece is removed from the library and put back',
    async run(walk) {
      const { facts } = walk;
      const lead = await open(walk, 'Terms of reference.pdf');
      // Not while an answer rests on it.
      await lead.expectText('Take it away there first');
      await lead.expectText('1-102');
      await lead.look('evidence still in use');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.press(/^Take away/);
      await open(walk, 'Terms of reference.pdf');
      await lead.press('Remove from the library');
      await lead.expectText('Evidence removed');
      await lead.look('evidence removed');
      await lead.visit(`/organisations/${facts.trust.code}/evidence`);
      await lead.select('Show', 'Removed');
      await lead.press('Search');
      await lead.look('removed evidence');
      await lead.follow('Terms of reference.pdf');
      await lead.press('Put back into the library');
      await lead.expectText('Evidence restored');
    },
  },
  {
    name: 'when the scanner answers, what is clean is taken and what is not is refused',
    async run(walk) {
      const { facts, mail } = walk;
      walk.atTheEnd(await startScanner(facts.scannerPort));
      const lead = await open(walk, 'Terms of reference.pdf');
      await lead.press('Replace by a newer version');
      await lead.attach('File', pdf('Terms of reference, bad.pdf', MARK));
      await lead.press('Replace');
      await lead.reloadUntil(SIGNATURE);
      await lead.expectText('Nobody can read it any more');
      await lead.look('evidence refused by the scan');
      await mail(facts.addresses.lead, 'efused');
      await lead.press('Replace by a newer version');
      await lead.attach('File', pdf('Terms of reference.pdf', 'second'));
      await lead.press('Replace');
      await lead.reloadUntil('nothing found');
      await lead.visit(`/organisations/${facts.trust.code}/evidence`);
      await lead.look('evidence library');
      await lead.guide('evidence-library');
    },
  },
];
