// A reviewer's question as a thread: asked, drafted with evidence by the organisation, sent, asked further, given more time,
// closed with what came of it; the lists of both sides.

import { inDays, ofReturn, signedIn } from './people.mjs';

/** The page of the question, for the organisation, from the newest mail about one. */
const asked = async ({ mail, facts }) => {
  const text = await mail(facts.addresses.lead, 'uestion');
  return new URL(/http:\S+\/queries\/\d+/.exec(text)[0]).pathname;
};

/** The page of the same question for the reviewer. */
const threadOf = (notes) => `${notes.review}/queries/${notes.question.split('/').pop()}`;

export const querying = [
  {
    name: 'the reviewer asks, at the second try, and the clock stops',
    async run(walk) {
      const { facts, notes, person } = walk;
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(`${notes.review}/requirements/2-208`);
      await reviewer.expectText('Minutes of the board, May.pdf');
      const file = await reviewer.download(/^Minutes of the board, May.pdf/);
      if (!file.equals(notes.minutes)) throw new Error('the reviewer gets another file');
      await reviewer.expecting(422, () => reviewer.press('Ask'));
      await reviewer.expectFieldError('Question', 'Enter your question');
      await reviewer.fill('Question', 'Does that hold for the pathology supplier as well?');
      await reviewer.press('Ask');
      await reviewer.expectText('Question sent');
      await reviewer.visit(notes.review);
      await reviewer.expectText('Clock stopped since');
      await reviewer.look('review with an open question');
      notes.question = await asked(walk);
    },
  },
  {
    name: 'the lead asks for more time and the reviewer gives it',
    async run({ person, mail, facts, notes }) {
      const lead = await person(facts.people.lead);
      await lead.visit(notes.question);
      await lead.look('question from the reviewer');
      await lead.expecting(422, () => lead.press('Ask for more time'));
      await lead.expectFieldError('Why do you need more time?', 'Enter why you need more time');
      await lead.fillDate('Until when do you need?', inDays(40));
      await lead.fill('Why do you need more time?', 'The supplier answers next week.');
      await lead.press('Ask for more time');
      await lead.expectText('More time asked for');
      await mail(facts.addresses.reviewer, 'more time');
      const reviewer = await person(facts.people.reviewer);
      await reviewer.visit(threadOf(notes));
      await reviewer.look('question with a request for more time');
      await reviewer.expecting(422, () => reviewer.press('Save'));
      await reviewer.expectFieldError('Your decision', 'Choose whether to give more time');
      await reviewer.choose('Give more time');
      await reviewer.fill('Reason', 'Suppliers take their time.');
      await reviewer.press('Save');
      await reviewer.expectText('More time given');
    },
  },
  {
    name: 'the lead drafts an answer, adds evidence and sends it',
    async run({ person, mail, facts, notes }) {
      const lead = await person(facts.people.lead);
      await lead.visit(notes.question);
      await lead.expecting(422, () => lead.press('Send to the reviewer'));
      await lead.expectFieldError('Your answer', 'Enter your answer');
      await lead.fill('Your answer', 'It does since March. Its data centre moved to Leeds, and the contract now says so.');
      await lead.press('Save as a draft');
      await lead.expectText('Draft saved');
      await lead.look('draft of an answer');
      await lead.select('Or choose a piece of your evidence library', 'Minutes of the board, May.pdf');
      await lead.press('Add the piece');
      await lead.expectText('Evidence added');
      await lead.look('draft with evidence');
      await lead.press('Send to the reviewer');
      await lead.expectText('Answer sent');
      await lead.look('question answered');
      await lead.visit(ofReturn(facts, '/queries'));
      await lead.expectText('Answered');
      await lead.look('questions of the organisation');
      await mail(facts.addresses.reviewer, 'answered');
    },
  },
  {
    name: 'the reviewer reads the answer with its evidence and closes the question',
    async run(walk) {
      const { notes } = walk;
      const reviewer = await signedIn(walk, 'reviewer');
      await reviewer.visit('/reviews/queries?show=answered');
      await reviewer.expectText('1 question');
      await reviewer.look('questions that wait for the reviewer');
      await reviewer.visit(threadOf(notes));
      await reviewer.expectText('It does since March.');
      const file = await reviewer.download(/^Minutes of the board, May.pdf/);
      if (!file.equals(notes.minutes)) throw new Error('the reviewer gets another file with the answer');
      await reviewer.look('question, answered');
      await reviewer.expecting(422, () => reviewer.press('Close the question'));
      await reviewer.expectFieldError('What came of it?', 'Choose what came of the question');
      await reviewer.choose('Answered, the claim stands');
      await reviewer.fill('Note', 'The contract covers the supplier.');
      await reviewer.press('Close the question');
      await reviewer.expectText('Question closed');
      await reviewer.look('question, closed');
    },
  },
];
