// A head office answers once for its sites: arranged by the lead, signed by the SIRO, submitted for all, read by a site.
// `facts.head` is the chain: { code, year, site: { code }, leftOut }.

import { signedIn } from './people.mjs';

const at = (facts, more = '') => `/organisations/${facts.head.code}/returns/${facts.head.year}${more}`;

export const sites = [
  {
    name: 'the lead of a head office makes the return cover its sites',
    async run(world) {
      const { facts } = world;
      const lead = await signedIn(world, 'headLead');
      await lead.visit(at(facts));
      await lead.follow('See your sites, and what differs for them');
      await lead.look('sites not covered');
      await lead.press('Answer for your sites');
      await lead.expectText('Your return covers your sites');
      await lead.look('list of sites');
    },
  },
  {
    name: 'the lead leaves a site out, at the second try',
    async run({ person, facts }) {
      const lead = await person(facts.people.headLead);
      await lead.visit(at(facts, '/sites/many'));
      await lead.choose('Leave them out');
      await lead.expecting(422, () => lead.press('Do it for these sites'));
      await lead.expectFieldError('Why are they left out?', 'Choose why they are left out');
      await lead.look('many sites refused');
      await lead.fill('Codes of more sites (optional)', facts.head.leftOut);
      await lead.select('Why are they left out?', 'It was sold');
      await lead.press('Do it for these sites');
      await lead.expectText('1 site is left out.');
    },
  },
  {
    name: 'the lead answers otherwise for a site',
    async run({ person, facts }) {
      const lead = await person(facts.people.headLead);
      await lead.visit(at(facts, `/sites/of/${facts.head.site.code}`));
      await lead.look('one site');
      await lead.press('Answer otherwise');
      await lead.look('an answer for a site');
      await lead.choose('Level 1');
      await lead.press('Save the answer');
      await lead.expectText('Answer saved');
      await lead.visit(at(facts, '/sites/exceptions?by=requirement'));
      await lead.look('answers that differ');
      await lead.visit(at(facts, '/sites/evidence'));
      await lead.look('one piece for many answers');
    },
  },
  {
    name: 'the SIRO signs for the sites and the lead submits for all of them',
    async run(world) {
      const { person, facts } = world;
      const lead = await person(facts.people.headLead);
      await lead.visit(at(facts));
      await lead.press('Mark as ready to be signed');
      const siro = await signedIn(world, 'headSiro');
      await siro.visit(at(facts, '/sign'));
      await siro.expectText('I sign for');
      await siro.choose('I sign this statement as senior information risk owner');
      await siro.press('Sign the return');
      await lead.visit(at(facts, '/submit'));
      await lead.press('Submit the return');
      await lead.visit(at(facts, '/sites/progress'));
      // The jobs of the portal submit for each site meanwhile.
      await lead.reloadUntil('have been worked through', 30);
      await lead.expectText('4 submitted');
      await lead.look('submission for sites');
    },
  },
  {
    name: 'a site reads what was submitted for it',
    async run(world) {
      const { facts } = world;
      const site = await signedIn(world, 'sitePerson');
      await site.visit(`/organisations/${facts.head.site.code}/returns/${facts.head.year}`);
      await site.expectText('answers for you in this collection');
      await site.look('what was submitted for a site');
    },
  },
  {
    name: 'the lead asks for a correction of the list, and reads that it waits',
    async run({ person, facts }) {
      const lead = await person(facts.people.headLead);
      await lead.visit(`/organisations/${facts.head.code}/sites/corrections`);
      await lead.choose('This site is closed');
      await lead.fill('Code of the site', facts.head.site.code);
      await lead.expecting(422, () => lead.press('Send the request'));
      await lead.expectFieldError('How do you know?', 'Say how you know');
      await lead.fill('How do you know?', 'The lease has ended.');
      await lead.press('Send the request');
      await lead.expectText('Request sent');
      await lead.look('corrections asked for');
    },
  },
  {
    name: 'the programme manager answers the request, at the second try, and the head office reads the answer',
    async run(world) {
      const { person, facts } = world;
      const manager = await signedIn(world, 'manager');
      await manager.visit('/corrections');
      await manager.look('corrections of the whole nation');
      await manager.follow(new RegExp(facts.head.site.code));
      await manager.choose('No');
      await manager.expecting(422, () => manager.press('Send the answer'));
      await manager.look('correction answered without a reason');
      await manager.choose('Yes, as it is asked');
      await manager.fill('What do you tell the organisation?', 'It is closed in the register now.');
      await manager.press('Send the answer');
      await manager.expectText('The register has been corrected.');
      await manager.look('correction answered');
      const lead = await person(facts.people.headLead);
      await lead.visit(`/organisations/${facts.head.code}/sites/corrections`);
      await lead.expectText('It is closed in the register now.');
      await lead.look('correction as answered');
    },
  },
];
