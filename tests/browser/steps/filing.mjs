// The organisation fills in its return: signing in, the task list, answers, mistakes, files, and two people at once.

import { ofReturn } from './people.mjs';

const INVITED = 'hugo.pell@people.example';
const NEW_PASSWORD = 'five quiet copper kettles';

export const filing = [
  {
    name: 'the lead signs in, at the second try',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit('/sign-in');
      await lead.look('sign in');
      await lead.fill('Email address', facts.addresses.lead);
      await lead.fill('Password', 'not the password at all');
      await lead.expecting(422, () => lead.press('Sign in'));
      await lead.expectFieldError('Email address', 'do not go together');
      await lead.look('sign in refused');
      await lead.fill('Password', facts.password);
      await lead.press('Sign in');
      await lead.expectHeading(new RegExp(facts.trust.name));
      await lead.look('home of the organisation');
      await lead.guide('home');
    },
  },
  {
    name: 'the lead sees the task list and what still blocks',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.follow('Annual return 2026/27');
      await lead.expectText('What still has to be done');
      await lead.expectText('Last year\'s answer must be confirmed or changed.');
      await lead.expectText('There is no answer yet.');
      await lead.page.getByText(/^Show 7 requirements/).first().click();
      await lead.look('task list with blocks');
      await lead.guide('task-list');
    },
  },
  {
    name: 'the lead confirms last year\'s answer',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.follow(/^1-101 /);
      await lead.expectText('This is last year\'s answer');
      await lead.look('question carried forward');
      await lead.guide('question');
      await lead.choose('Level 3');
      await lead.fill('Supporting statement (optional)', 'The board saw our risks in May and October.');
      await lead.press('Save and continue');
      await lead.expectText('1-101 is completed.');
      await lead.expectHeading(/1-102/);
    },
  },
  {
    name: 'with scripts the form saves itself, and then as ever',
    async run({ person, facts, javaScript }) {
      if (!javaScript) return;
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/requirements/1-101'));
      await lead.fill('Comment (optional)', 'The minutes are with the clerk.');
      await lead.expectText('Completed');
      await lead.page.getByText(/^Saved at /).waitFor();
      const state = await lead.page.locator('[data-autosave-state]').innerText();
      if (state !== 'In progress') throw new Error(`after it saved itself the page says "${state}"`);
      await lead.look('question that saved itself');
      await lead.press('Save and continue');
      await lead.expectText('1-101 is completed.');
    },
  },
  {
    name: 'a mistake keeps the form and stands beside the field',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/requirements/2-208'));
      await lead.choose('Not relevant');
      await lead.fill('Why is it not relevant?', '');
      await lead.fill('Comment (optional)', 'Ask Jo about the cloud supplier.');
      await lead.expecting(422, () => lead.press('Save and continue'));
      await lead.expectFieldError('Why is it not relevant?', /not relevant/);
      await lead.expectValue('Comment (optional)', 'Ask Jo about the cloud supplier.');
      await lead.look('question refused');
      await lead.fill('Why is it not relevant?', 'No personal information leaves the country: every supplier confirmed it in writing.');
      await lead.press('Save and finish later');
      await lead.expectText('2-208 is saved for later.');
    },
  },
  {
    name: 'files that cannot be taken are refused, a real one is kept',
    async run({ person, facts, notes }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/requirements/2-208'));
      await lead.expecting(422, () => lead.press('Attach'));
      await lead.expectFieldError('Attach', 'Choose a file');
      const program = Buffer.concat([Buffer.from('7f454c46020101000000000000000000', 'hex'), Buffer.alloc(200)]);
      await lead.attach('Attach a file', { name: 'minutes.pdf', mimeType: 'application/pdf', buffer: program });
      await lead.expecting(415, () => lead.press('Attach'));
      await lead.expectFieldError('Attach', 'not accepted');
      await lead.look('file of the wrong kind');
      await lead.attach('Attach a file', { name: 'scan.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2.5 * 1024 * 1024, 'a') });
      await lead.expecting(413, () => lead.press('Attach'));
      await lead.expectFieldError('Attach', 'larger than 2 MB');
      notes.minutes = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n');
      await lead.attach('Attach a file', { name: 'Minutes of the board, May.pdf', mimeType: 'application/pdf', buffer: notes.minutes });
      await lead.press('Attach');
      await lead.expectText('File attached');
      await lead.look('question with a file');
      const back = await lead.download('Minutes of the board, May.pdf');
      if (!back.equals(notes.minutes)) throw new Error('the file that came back is another one');
      await lead.press('Save and continue');
    },
  },
  {
    name: 'the lead invites a colleague, who accepts by the link in the mail',
    async run({ person, mail, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit('/home');
      await lead.follow('See who holds which role, and invite colleagues');
      await lead.look('people and roles');
      await lead.fill('Full name', 'Hugo Pell');
      await lead.fill('Email address', 'hugo.pell');
      await lead.expecting(422, () => lead.press('Send the invitation'));
      await lead.expectFieldError('Email address', 'correct format');
      await lead.expectText('Select a role');
      await lead.look('invitation refused');
      await lead.fill('Email address', INVITED);
      await lead.choose('Contributor');
      await lead.press('Send the invitation');
      await lead.expectText('Invitation sent');

      const text = await mail(INVITED, 'Invitation');
      const link = /http:\S+\/invitations\/\S+/.exec(text)[0];
      const hugo = await person('Hugo Pell');
      await hugo.visit(new URL(link).pathname);
      await hugo.look('invitation');
      await hugo.fill('Choose a password', 'short');
      await hugo.fill('Type it again', 'short');
      await hugo.expecting(422, () => hugo.press('Accept'));
      await hugo.expectFieldError('Choose a password', 'at least 12 characters');
      await hugo.fill('Choose a password', NEW_PASSWORD);
      await hugo.fill('Type it again', NEW_PASSWORD);
      await hugo.press('Accept');
      await hugo.expectText('Invitation accepted');
      await hugo.fill('Email address', INVITED);
      await hugo.fill('Password', NEW_PASSWORD);
      await hugo.press('Sign in');
      await hugo.expectHeading(new RegExp(facts.trust.name));
    },
  },
  {
    name: 'the contributor sees nothing until the lead gives it to them, and then that',
    async run({ person, mail, facts }) {
      const [lead, hugo] = [await person(facts.people.lead), await person('Hugo Pell')];
      await hugo.visit(ofReturn(facts));
      await hugo.expectText('You have not been given any requirement');
      await hugo.expecting(404, () => hugo.visit(ofReturn(facts, '/requirements/1-102')));
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.follow(/^Give it to a colleague/);
      await lead.look('who answers a requirement');
      await lead.expecting(422, () => lead.press('Save'));
      await lead.expectText('Choose a colleague');
      await lead.select('Who is to answer?', 'Hugo Pell');
      await lead.press('Save');
      await lead.expectText('Given to Hugo Pell');
      const text = await mail(INVITED, 'For you');
      const link = /http:\S+\/mine/.exec(text)[0];
      await hugo.visit(new URL(link).pathname);
      await hugo.look('my requests');
      await hugo.follow(/^1-102 /);
      await hugo.expectText('Question 1 of 1');
      await lead.visit(ofReturn(facts, '/owners'));
      await lead.expectText('Hugo Pell');
      await lead.look('share out the work');
      await lead.guide('share-out');
      await lead.choose(/^All of 6 /);
      await lead.select('Who is to answer?', facts.people.lead);
      await lead.press('Give them');
      await lead.expectText(/requirements given/);
    },
  },
  {
    name: 'colleagues discuss a requirement',
    async run({ person, mail, facts }) {
      const [lead, hugo] = [await person(facts.people.lead), await person('Hugo Pell')];
      await hugo.visit(ofReturn(facts, '/requirements/1-102'));
      await hugo.follow('Discuss this requirement with colleagues');
      await hugo.fill('Your comment', 'Who was named as deputy?');
      await hugo.choose(facts.people.lead);
      await hugo.press('Add the comment');
      await hugo.expectText('Who was named as deputy?');
      await hugo.look('discussion');
      const text = await mail(facts.addresses.lead, 'asks for you');
      if (text.includes('deputy')) throw new Error('the mail quotes the discussion');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.expectText('(1 comment)');
    },
  },
  {
    name: 'two people save the same answer at once and neither text is lost',
    async run({ person, facts }) {
      const [lead, hugo] = [await person(facts.people.lead), await person('Hugo Pell')];
      for (const each of [lead, hugo]) await each.visit(ofReturn(facts, '/requirements/1-102'));
      await hugo.choose('Level 1');
      await hugo.fill('Supporting statement (optional)', 'Hugo: the deputy has not been named yet.');
      await hugo.press('Save and continue');
      await lead.choose('Level 2');
      await lead.fill('Supporting statement (optional)', 'Amara: the deputy was named on Monday.');
      await lead.expecting(409, () => lead.press('Save and continue'));
      await lead.expectHeading(/A colleague changed this answer first/);
      await lead.expectText('Hugo: the deputy has not been named yet.');
      await lead.expectText('Amara: the deputy was named on Monday.');
      await lead.look('two answers at once');
      await lead.guide('two-answers');
      await lead.expectValue('Supporting statement (optional)', /Hugo: [^]*Amara: /);
      await lead.fill('Supporting statement (optional)', 'The deputy was named on Monday, after Hugo had asked.');
      await lead.choose('Level 2');
      await lead.press('Save the merged answer');
      await lead.visit(ofReturn(facts, '/requirements/1-102'));
      await lead.expectValue('Supporting statement (optional)', 'The deputy was named on Monday, after Hugo had asked.');
      await lead.follow('See earlier answers');
      await lead.expectText('Hugo: the deputy has not been named yet.');
      await lead.look('earlier answers');
      await lead.visit(ofReturn(facts, '/activity'));
      await lead.expectText('completed the answer');
      await lead.look('what happened');
    },
  },
  {
    name: 'with the last answer nothing blocks any more',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      if (await lead.page.getByRole('button', { name: 'Mark as ready' }).count()) throw new Error('it can be marked ready too early');
      await lead.follow(/^6-604 /);
      await lead.choose('Level 2');
      await lead.press('Save and continue');
      await lead.visit(ofReturn(facts));
      await lead.expectText('45 of 45');
      await lead.look('task list, nothing blocks');
      await lead.press('Mark as ready to be signed');
      await lead.expectText('The return waits for 2 signatures');
      await lead.look('task list, ready');
    },
  },
];
