// Proves the checks of lib.mjs on pages made to fail them, with JavaScript on and off: a check that cannot fail checks nothing.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTally, newWalk, startChromium } from './lib.mjs';

const page = (title, body, head = '') => `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${head}</head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;

const form = `<form method="post" action="/form"><p><label for="name">Full name</label> <input id="name" name="name"></p>
<p><input type="radio" id="yes" name="agree"> <label for="yes">Yes</label></p><button>Save</button></form>`;

const pages = {
  '/good': page('Good', `<p>Plain words.</p><p><a href="/form">To the form</a></p>`),
  '/good-too': page('Good 2', `<p>Other words.</p><p><a href="/">To the start</a></p>`),
  '/form': page('Form', form),
  '/no-alt': page('Picture', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="40" height="40">'),
  '/wide': page('Wide', '<div class="broad" style="width:700px">wide</div>'),
  '/covered': page('Covered', '<div class="stays" style="position:sticky;top:0;height:200px">It stays.</div>'),
  '/cut': page('Cut', '<p class="short" style="height:20px;overflow:hidden">One<br>Two<br>Three</p>'),
  '/outside': page('Outside', '<p>Words.</p>', '<link rel="stylesheet" href="http://example.org/a.css">'),
  '/console': page('Console', '<p>Words.</p>', '<script>console.error("it went wrong")</script>'),
  '/throws': page('Throws', '<p>Words.</p>', '<script>throw new Error("thrown")</script>'),
  '/script': page('Script', '<p id="a">no script</p><script>document.getElementById("a").textContent = "script ran"</script>'),
  '/blocked': page('Blocked', '<p>Words.</p><p style="color: red">red</p>'),
  '/broken': page('Broken', '<img src="/absent.gif" alt="A picture that is not there">'),
};

const server = createServer((request, response) => {
  const html = pages[request.url];
  const status = request.method === 'POST' ? 422 : html ? 200 : 404;
  const policy = request.url === '/blocked' ? { 'content-security-policy': "default-src 'none'" } : {};
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...policy });
  response.end(html ?? page('Not found', '<p>There is no such page.</p>'));
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await startChromium();
const pictures = await mkdtemp(join(tmpdir(), 'portal-pictures-'));

let proven = 0;
async function fails(expected, action) {
  await assert.rejects(action, (error) => {
    assert.match(error.message, expected);
    return true;
  });
  proven += 1;
}

try {
  for (const javaScript of [true, false]) {
    const tally = newTally();
    const screenshots = join(pictures, String(javaScript));
    const walk = () => newWalk(browser, { base, javaScript, name: 'tester', screenshots, tally });

    const good = await walk();
    await good.visit('/good');
    await good.expectHeading('Good');
    await good.look('good');
    await good.follow('To the form');
    await good.look('form');
    await good.fill('Full name', 'Somebody');
    await good.choose('Yes');
    await good.expecting(422, () => good.press('Save'));
    await good.expecting(404, () => good.visit('/nowhere'));
    await good.visit('/good-too');
    await good.look('good too');
    await good.close();
    // Two looks, each wide and narrow; only narrow where there are no scripts. The same page again is only pictured.
    const times = javaScript ? 2 : 1;
    assert.deepEqual([tally.pages, tally.checks, tally.screenshots], [5, 2 * times, 3 * times]);
    assert.equal((await readdir(screenshots)).length, 3 * times);

    const bad = await walk();
    await bad.visit('/no-alt');
    await fails(/image-alt/, () => bad.look('no alt'));
    await bad.visit('/wide');
    await fails(/7\d\d px wide in a window of 320: .*div\.broad/, () => bad.look('wide'));
    await bad.visit('/covered');
    await fails(/enlarged to 400 %: the window is covered by div\.stays/, () => bad.look('covered'));
    await bad.visit('/cut');
    await fails(/enlarged to 400 %: words are cut off in p\.short/, () => bad.look('cut'));
    await fails(/another host: http:\/\/example\.org\/a\.css/, () => bad.visit('/outside'));
    await fails(/404 from .*nowhere/, () => bad.visit('/nowhere'));
    await fails(/404 from .*absent\.gif/, () => bad.visit('/broken'));
    await fails(/the console says: .*style/, () => bad.visit('/blocked'));
    await fails(/expected 404, got 200/, () => bad.expecting(404, () => bad.visit('/good')));
    await fails(/the heading is "Good"/, () => bad.expectHeading('Bad'));
    await fails(/"Absent" is not on the page/, () => bad.expectText('Absent'));
    await bad.visit('/script');
    await bad.expectText(javaScript ? 'script ran' : 'no script');
    if (javaScript) {
      await fails(/it went wrong/, () => bad.visit('/console'));
      await fails(/a script failed: thrown/, () => bad.visit('/throws'));
    } else {
      await bad.visit('/console');
    }
    await bad.close();
  }
  console.log(`the browser's checks work: ${proven} faults seen`);
} finally {
  await browser.close();
  server.close();
  await rm(pictures, { recursive: true });
}
