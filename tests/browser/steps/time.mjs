// Time runs short: a trial run, a request for more time and its answer, the interim return, and which mails somebody wants.

import { inDays, ofReturn } from './people.mjs';

export const time = [
  {
    name: 'the lead makes a trial run',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.follow(/^Trial run/);
      await lead.expectText('Nothing is sent from this page.');
      await lead.look('trial run');
      await lead.guide('trial-run');
    },
  },
  {
    name: 'the lead asks for more time, at the second try',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts));
      await lead.follow('Ask for more time');
      await lead.fillDate('Until when do you need time?', inDays(300));
      await lead.expecting(422, () => lead.press('Ask for more time'));
      await lead.expectFieldError('Why do you need more time?', 'Enter the reason');
      await lead.look('more time refused');
      await lead.fill('Why do you need more time?', 'The record system is being replaced.');
      await lead.press('Ask for more time');
      await lead.expectText('Request sent');
      await lead.look('more time asked for');
      await lead.guide('more-time');
    },
  },
  {
    name: 'the programme manager is told by mail and refuses, at the second try',
    async run({ person, mail, facts }) {
      const text = await mail(facts.addresses.manager, 'asks for more time');
      const [address] = /\/collections\/\S+\/requests\/\d+/.exec(text);
      const manager = await person(facts.people.manager);
      await manager.visit(address);
      await manager.look('request for more time');
      await manager.choose('No');
      await manager.expecting(422, () => manager.press('Send the answer'));
      await manager.expectFieldError('What do you tell the organisation?', 'Say why the request is refused');
      await manager.look('answer refused');
      await manager.fill('What do you tell the organisation?', 'The deadline is known since last year.');
      await manager.press('Send the answer');
      await manager.expectText('Request answered');
      await manager.look('collection with a request');
    },
  },
  {
    name: 'the lead reads the answer, and chooses which mails to get',
    async run({ person, mail, facts }) {
      await mail(facts.addresses.lead, 'No more time');
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '/more-time'));
      await lead.expectText('The deadline is known since last year.');
      await lead.look('more time was refused');
      await lead.visit('/account');
      await lead.follow('Choose which emails you get');
      await lead.look('choice of emails');
      await lead.press('Save');
      await lead.expectText('You get the emails that are ticked.');
    },
  },
  {
    name: 'the lead signs and sends the interim return',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.visit(ofReturn(facts, '', 'outcomes-2026'));
      await lead.follow('Interim return');
      await lead.expecting(422, () => lead.press('Sign and submit the interim return'));
      await lead.expectFieldError('Your signature', 'Tick the box to sign');
      await lead.look('interim return refused');
      await lead.choose('I sign this statement as information governance lead');
      await lead.press('Sign and submit the interim return');
      await lead.expectText('Interim return submitted');
      await lead.look('interim return sent');
      await lead.guide('interim-return');
    },
  },
];
