// Certificates, and the requirements that they exempt from for as long as they count.

import { inDays, ofReturn, signedIn } from './people.mjs';

const SERVICES = ['Emergency department', 'Maternity', 'Pathology', 'Pharmacy', 'Imaging', 'Community nursing', 'Estates'];

export const certificates = [
  {
    name: 'the lead lists the services of the organisation',
    async run(walk) {
      const lead = await signedIn(walk, 'lead');
      await lead.follow(/^See and record certificates/);
      await lead.look('certificates, none yet');
      await lead.follow('Change the list of services');
      await lead.fill('Services, one a line', 'Pharmacy\nPharmacy');
      await lead.expecting(422, () => lead.press('Save the list'));
      await lead.expectFieldError('Services, one a line', /twice/);
      await lead.look('services refused');
      await lead.fill('Services, one a line', SERVICES.join('\n'));
      await lead.press('Save the list');
      await lead.expectText('Services listed');
    },
  },
  {
    name: 'the lead records a certificate that leaves services out, at the second try',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.press('Add a certificate');
      await lead.expecting(422, () => lead.press('Save'));
      await lead.expectFieldError('Kind of certificate', 'Choose the kind of certificate');
      await lead.look('certificate refused');
      await lead.select('Kind of certificate', 'ISO/IEC 27001 (2022 edition)');
      await lead.fill('Certification body', 'Northern Assurance');
      await lead.fill('Accreditation of that body (optional)', 'Accreditation service, 0042');
      await lead.fill('Number of the certificate', 'IS 700123');
      await lead.choose('Only some services');
      for (const service of SERVICES.slice(0, 5)) await lead.choose(service);
      await lead.fillDate('Issued on', inDays(-100));
      await lead.fillDate('Valid from', inDays(-100));
      await lead.fillDate('Valid to, that day included', inDays(600));
      await lead.press('Save');
      await lead.expectText('Certificate added');
      await lead.expectText('Left out: Community nursing and Estates');
      await lead.look('certificates');
      await lead.guide('certificates');
    },
  },
  {
    name: 'a requirement says what the certificate leaves out, and then that it exempts',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      const asked = ofReturn(facts, '/requirements/3.1.2', 'items-2026');
      await lead.visit(asked);
      await lead.expectText('its scope leaves out 2 of 7 services');
      await lead.look('requirement that is not exempt');
      await lead.follow('See your certificates');
      await lead.follow(/^Correct or withdraw/);
      await lead.look('correct a certificate');
      await lead.choose('The whole organisation');
      await lead.press('Save');
      await lead.expectText('Certificate corrected');
      await lead.visit(asked);
      await lead.expectText('Exempt');
      await lead.expectText('You need not answer.');
      await lead.look('requirement that is exempt');
      await lead.guide('exempt');
    },
  },
  {
    name: 'a withdrawn certificate exempts from nothing',
    async run({ person, facts }) {
      const lead = await person(facts.people.lead);
      await lead.follow('See your certificates');
      await lead.follow(/^Correct or withdraw/);
      await lead.expecting(422, () => lead.press('Withdraw'));
      await lead.expectFieldError('Why is it withdrawn?', 'Enter why the certificate is withdrawn');
      await lead.look('withdrawing refused');
      await lead.fill('Why is it withdrawn?', 'The body has suspended it.');
      await lead.press('Withdraw');
      await lead.expectText('Certificate withdrawn');
      await lead.look('certificate withdrawn');
      await lead.visit(ofReturn(facts, '/requirements/3.1.2', 'items-2026'));
      await lead.expectText('it was withdrawn on');
    },
  },
];
