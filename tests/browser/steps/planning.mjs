// The improvement plan: made from the gaps, signed, given back with reasons, changed, signed again and approved.

import { inDays, ofReturn, signedIn } from './people.mjs';

/** The risk owner signs, and the lead sends it. */
async function signedAndSent(walk) {
  const { facts } = walk;
  const siro = await signedIn(walk, 'siro');
  await siro.visit(ofReturn(facts, '/plan'));
  await siro.look('plan to sign');
  await siro.press('Sign the plan');
  await siro.expectText('Plan signed');
  const lead = await signedIn(walk, 'lead');
  await lead.visit(ofReturn(facts, '/plan'));
  await lead.look('plan, signed');
  await lead.press('Send for approval');
  await lead.expectText('Plan sent');
  await lead.look('plan, sent');
}

/** The programme manager opens the plan from the list of those that wait. */
async function opened(walk) {
  const { facts } = walk;
  const manager = await signedIn(walk, 'manager');
  await manager.follow('Improvement plans');
  await manager.look('plans that wait');
  await manager.follow(facts.trust.name);
  await manager.expectHeading(/Improvement plan of/);
  return manager;
}

export const planning = [
  {
    name: 'the lead makes a plan from the gaps',
    async run(walk) {
      const { facts } = walk;
      const lead = await signedIn(walk, 'lead');
      await lead.visit(ofReturn(facts, '/requirements/1-101'));
      await lead.choose('Level 1');
      await lead.press('Save and continue');
      await lead.visit(ofReturn(facts));
      await lead.follow('See the improvement plan');
      await lead.look('plan, none yet');
      await lead.press('Make a line for each gap');
      await lead.expectText('Lines made');
      await lead.expectText('Say what will be done.');
      await lead.look('plan with empty lines');
    },
  },
  {
    name: 'the lead fills in its lines, one at the second try',
    async run({ person, facts, notes }) {
      const lead = await person(facts.people.lead);
      const headings = await lead.page.locator('#maincontent h3 a').allInnerTexts();
      for (const heading of headings) {
        await lead.follow(heading);
        await lead.fill('What will be done?', 'The board is told of its risks each quarter.');
        await lead.select('Who is responsible?', facts.people.siro);
        if (heading === headings[0]) {
          await lead.fillDate('When will it be done?', inDays(900));
          await lead.expecting(422, () => lead.press('Save'));
          await lead.expectFieldError('When will it be done?', /The action must be due within/);
          await lead.look('line refused');
        }
        await lead.fillDate('When will it be done?', inDays(90));
        await lead.choose('Funded');
        await lead.press('Save');
        await lead.expectText('Line saved');
      }
      notes.line = headings[0];
      await lead.look('plan, complete');
      await lead.guide('improvement-plan');
    },
  },
  {
    name: 'the risk owner signs the plan and the lead sends it',
    run: signedAndSent,
  },
  {
    name: 'the programme manager gives the plan back, with a reason, at the second try',
    async run(walk) {
      const manager = await opened(walk);
      await manager.look('plan to decide');
      await manager.expecting(422, () => manager.press('Save the decision'));
      await manager.expectFieldError('Your decision', 'Choose whether the plan is approved');
      await manager.choose('Reject it, with reasons');
      await manager.expecting(422, () => manager.press('Save the decision'));
      await manager.look('plan, decision refused');
      const [code] = walk.notes.line.split(' ');
      await manager.fill(`What is wrong with the action for ${code}? (only if you reject)`, 'Each quarter is too seldom.');
      await manager.press('Save the decision');
      await manager.expectText('Plan rejected');
    },
  },
  {
    name: 'the lead reads the reason and changes the line',
    async run(walk) {
      const { mail, facts, notes } = walk;
      const text = await mail(facts.addresses.lead, 'Please change');
      const lead = await signedIn(walk, 'lead');
      await lead.visit(new URL(/http:\S+\/plan\b/.exec(text)[0]).pathname);
      await lead.expectText('Each quarter is too seldom.');
      await lead.look('plan, given back');
      await lead.follow(notes.line);
      await lead.look('line that was rejected');
      await lead.fill('What will be done?', 'The board is told of its risks each month.');
      await lead.press('Save');
      await lead.expectText('Line saved');
    },
  },
  {
    name: 'the plan is signed and sent again',
    run: signedAndSent,
  },
  {
    name: 'the programme manager approves it and the owner reports progress',
    async run(walk) {
      const manager = await opened(walk);
      await manager.expectText('Rejected before: Each quarter is too seldom.');
      await manager.choose('Approve the plan');
      await manager.press('Save the decision');
      await manager.expectText('Plan approved');
      await manager.look('no plan waits');
      const { mail, facts, notes } = walk;
      await mail(facts.addresses.siro, 'Approved');
      const siro = await signedIn(walk, 'siro');
      await siro.visit(ofReturn(facts, '/plan'));
      await siro.expectText('Approved');
      await siro.look('plan, approved');
      await siro.follow(notes.line);
      await siro.fill('How does it go?', 'The first report was read in October.');
      await siro.press('Save progress');
      await siro.expectText('Progress saved');
      await siro.look('line with progress');
      await manager.visit('/plans?show=agreed');
      await manager.look('plans that are agreed');
      await manager.follow(facts.trust.name);
      await manager.expectText('The first report was read in October.');
      await manager.look('plan, followed up');
    },
  },
];
