// Takes one of the walks of steps.mjs through a running portal:
//   node walk.mjs NAME BASE_URL --facts JSON [--no-script] [--job-only] [--screenshots FOLDER] [--guides FOLDER]
//        [--failures FOLDER]
// The facts say who the people are and what the portal holds; tests/it/browser makes both. The walk changes the portal.
// Prints one line for each step; ends with 1 at the first failure, having kept what everybody saw then in the folder of failures.

import { parseArgs } from 'node:util';
import { newTally, newWalk, startChromium } from './lib.mjs';
import { mailTo } from './mails.mjs';
import { walks } from './steps.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    facts: { type: 'string' },
    'no-script': { type: 'boolean' },
    'job-only': { type: 'boolean' },
    screenshots: { type: 'string' },
    guides: { type: 'string' },
    failures: { type: 'string' },
  },
});
const [walkName, base] = positionals;
const steps = walks[walkName];
if (!steps || !base || !values.facts) {
  console.error(`usage: node walk.mjs ${Object.keys(walks).join('|')} BASE_URL --facts JSON (options: see the file)`);
  process.exit(2);
}

const facts = JSON.parse(values.facts);
const javaScript = !values['no-script'];
const tally = newTally();
const browser = await startChromium();
const people = new Map();
const faults = [];

/** The browser of one person, who keeps it from step to step. */
async function person(name, more = {}) {
  if (!people.has(name)) {
    const { screenshots, guides, 'job-only': jobOnly } = values;
    const options = { base, javaScript, name, screenshots, guides, tally, faults, looks: !jobOnly, ...more };
    people.set(name, await newWalk(browser, options));
  }
  return people.get(name);
}

/** The newest mail to somebody about something. */
const mail = (address, words) => mailTo(facts.mails, address, words);

// What one step learns and a later one needs, such as a receipt's hash.
const notes = {};
const endings = [];
const atTheEnd = (action) => endings.push(action);
let current = 'start';
try {
  for (const { name, run } of steps) {
    current = name;
    const begun = performance.now();
    await run({ person, mail, facts, notes, atTheEnd, javaScript });
    console.log(`ok    ${name} (${Math.round(performance.now() - begun)} ms)`);
  }
  current = 'end';
  for (const each of people.values()) await each.close();
  current = 'the pages as they look';
  if (faults.length > 0) throw new Error(`${faults.length} faults`);
  console.log('the walk is complete');
} catch (error) {
  console.error(`FAIL  ${current}\n${error.stack}`);
  for (const fault of faults) console.error(fault);
  if (values.failures) for (const each of people.values()) await each.keep(values.failures);
  process.exitCode = 1;
} finally {
  await browser.close();
  for (const end of endings) await end();
}
for (const [rule, places] of tally.incomplete) {
  console.log(`axe could not decide ${rule}: ${[...places].slice(0, 3).join('; ')} (${places.size} places)`);
}
const script = javaScript ? 'with JavaScript' : 'without JavaScript';
console.log(`${steps.length} steps ${script}: ${tally.pages} pages opened, ${tally.checks} axe runs, ${tally.screenshots} pictures`);
const spent = Object.entries(tally.seconds).map(([what, seconds]) => `${what} ${seconds.toFixed(1)} s`);
console.log(`of ${(performance.now() / 1000).toFixed(1)} s in all: ${spent.join(', ')}`);
