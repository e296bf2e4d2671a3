// Lighthouse's verdict on public pages of a portal that is running on this machine:
//   node lighthouse.mjs ADDRESS...
// Chromium is PORTAL_TEST_CHROMIUM or /usr/bin/chromium. Prints one line of JSON for each address: the four scores from 0 to 100,
// what was sent over the network in bytes, and the audits that were not passed whole.

import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';

const addresses = process.argv.slice(2);
if (addresses.length === 0) {
  console.error('usage: node lighthouse.mjs ADDRESS...');
  process.exit(2);
}
const chrome = await chromeLauncher.launch({
  chromePath: process.env.PORTAL_TEST_CHROMIUM ?? '/usr/bin/chromium',
  // Nothing here may ask anybody outside this machine.
  chromeFlags: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  ],
});
try {
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, { port: chrome.port, output: 'json', logLevel: 'error' });
    const scores = Object.fromEntries(
      Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]),
    );
    const weighed = new Set(
      Object.values(lhr.categories).flatMap(({ auditRefs }) =>
        auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id),
      ),
    );
    const short = Object.values(lhr.audits)
      .filter(({ id, score }) => weighed.has(id) && score !== null && score < 1)
      .map(({ id, score, displayValue }) => ({ id, score, value: displayValue ?? '' }));
    const bytes = lhr.audits['total-byte-weight']?.numericValue ?? 0;
    const requests = lhr.audits['network-requests']?.details?.items?.length ?? 0;
    console.log(JSON.stringify({ address, scores, bytes, requests, error: lhr.runtimeError?.message ?? '', short }));
  }
} finally {
  await chrome.kill();
}
