// How a page is looked at: axe, its width on a small phone, its picture.

import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENLARGED, expectRoomWhenEnlarged } from './zoom.mjs';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// The rules whose verdict can change with the width alone: what is drawn smaller, closer together or only there.
const NARROW_RULES = ['target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'button-name', 'color-contrast'];

// The narrowest screen that WCAG 2.2 asks for (1.4.10 Reflow).
const NARROW = 320;

// Where JavaScript is off the debugger may still evaluate, but no timer ever fires, and axe waits on short ones. Long ones
// are its time limits, which are ours to keep.
function runTimersAtOnce() {
  globalThis.setTimeout = (action, delay = 0, ...values) => {
    if (delay < 100) Promise.resolve().then(() => action(...values));
    return 0;
  };
}

// The design system's own button in front of a file field puts a comma that only screen readers meet between two visible
// pieces of its name, which is why the rule finds the visible words "not in the name". People who speak to their computer say
// "choose file", and that works.
function isKnown(rule, node) {
  return rule === 'label-content-name-mismatch' && node.html.includes('nhsuk-file-upload__drop-button');
}

/** Counts the seconds that `action` takes as those of `what`. */
export async function timed(walk, what, action) {
  const begun = performance.now();
  try {
    return await action();
  } finally {
    walk.tally.seconds[what] += (performance.now() - begun) / 1000;
  }
}

/** Looks at the page in every way that a machine can, wide and narrow. */
export async function lookAt(walk, label) {
  const { page, tally } = walk;
  const isWide = walk.width !== NARROW;
  // The top of the page wide, all of it narrow: to make a picture takes as long as to judge the page. Without scripts pages look
  // the same wide.
  const twice = isWide && walk.javaScript;
  if (twice) await picture(walk, label, walk.width, false);
  // A page made of the same parts in the same order as one before would be judged alike.
  const shape = await page.evaluate(shapeOfPage);
  const isNew = !tally.shapes.has(shape);
  // Without scripts a page lacks a few things that it has with them and gains nothing: axe looks at it once, narrow.
  if (isNew && twice) await axe(walk, { type: 'tag', values: AXE_TAGS });
  if (isNew && isWide) await expectNoSidewaysScroll(walk);
  await page.setViewportSize({ width: NARROW, height: 900 });
  try {
    await picture(walk, label, NARROW, true);
    await expectNoSidewaysScroll(walk);
    const narrow = twice ? { type: 'rule', values: NARROW_RULES } : { type: 'tag', values: AXE_TAGS };
    if (isNew) {
      await axe(walk, narrow);
      await page.setViewportSize(ENLARGED);
      await expectRoomWhenEnlarged(walk);
    }
  } finally {
    await page.setViewportSize({ width: walk.width, height: 900 });
  }
  tally.shapes.add(shape);
}

// The page's elements with their attributes, but without words and numbers; of neighbours that are alike one stands for all.
// References say only whether they lead somewhere, so that a label or a description that leads nowhere is another shape.
function shapeOfPage() {
  const ids = new Map();
  for (const { id } of document.querySelectorAll('[id]')) ids.set(id, (ids.get(id) ?? 0) + 1);
  const leads = (list) => list.split(/\s+/).map((id) => (ids.has(id) ? '+' : '-')).join('');
  const written = ({ name, value }) => {
    if (name === 'id') return `id${ids.get(value)}`;
    if (name === 'for' || /^aria-(labelledby|describedby|controls|owns)$/.test(name)) return `${name}=${leads(value)}`;
    if (name === 'href') return value.startsWith('#') ? `href=${leads(value.slice(1))}` : 'href';
    if (/^(class|role|type|lang|dir|autocomplete|tabindex|scope|aria-(hidden|live|expanded|current))$/.test(name)) return `${name}=${value}`;
    return `${name}=${value.trim() ? 'w' : ''}`;
  };
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? 'w' : '';
    if (node.nodeType !== Node.ELEMENT_NODE || node.tagName === 'SCRIPT') return '';
    const children = [...node.childNodes].map(shape).filter((each, place, all) => each && each !== all[place - 1]);
    return `<${node.tagName} ${[...node.attributes].map(written).sort().join(' ')}>${children.join('')}</>`;
  };
  return shape(document.documentElement);
}

/** Fails on accessibility violations. What axe cannot decide is kept in the tally for people to judge. */
async function axe(walk, runOnly) {
  const { page, tally } = walk;
  const results = await timed(walk, 'axe', async () => {
    // Evaluated by the debugger, so that the page's own policy does not stand in the way.
    if (!walk.javaScript) await page.evaluate(runTimersAtOnce);
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
    return page.evaluate(async (only) => {
      const options = { runOnly: only, resultTypes: ['violations', 'incomplete'], iframes: false, preload: false };
      const { violations, incomplete } = await globalThis.axe.run(document, options);
      return { violations, incomplete };
    }, runOnly);
  });
  tally.checks += 1;
  const where = new URL(page.url()).pathname;
  for (const { id, nodes } of results.incomplete) {
    const places = tally.incomplete.get(id) ?? new Set();
    for (const node of nodes) places.add(`${where} ${node.target.join(' ')}`);
    tally.incomplete.set(id, places);
  }
  const violations = results.violations
    .map((found) => ({ ...found, nodes: found.nodes.filter((node) => !isKnown(found.id, node)) }))
    .filter(({ nodes }) => nodes.length > 0);
  if (violations.length === 0) return;
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.html.slice(0, 160)}`),
  );
  throw new Error(`${walk.name} at ${where}: axe finds\n  ${lines.join('\n  ')}`);
}

// The design system's script folds the navigation a moment after the window has changed.
const SETTLED_MS = 2000;

/** Fails where the page stays wider than the window, naming what sticks out. */
async function expectNoSidewaysScroll({ name, page }) {
  const end = performance.now() + SETTLED_MS;
  let out = await sticksOut(page);
  while (out && performance.now() < end) {
    await page.waitForTimeout(50);
    out = await sticksOut(page);
  }
  if (out) {
    const { pageWidth, width, wide } = out;
    throw new Error(`${name} at ${page.url()}: ${pageWidth} px wide in a window of ${width}: ${wide.join(', ')}`);
  }
}

function sticksOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const called = (element) => element.tagName.toLowerCase() + (element.className ? `.${element.className}` : '');
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 1);
    return { pageWidth: document.documentElement.scrollWidth, width, wide: wide.slice(0, 5).map(called) };
  });
}

async function picture(walk, label, width, fullPage) {
  const { page, screenshots, tally } = walk;
  if (!screenshots) return;
  await mkdir(screenshots, { recursive: true });
  tally.screenshots += 1;
  const number = String(tally.screenshots).padStart(3, '0');
  const file = `${number}-${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${width}.png`;
  await timed(walk, 'picture', () => page.screenshot({ path: join(screenshots, file), fullPage }));
}

/** The main part of the page from its top, small enough to be kept beside the guide. */
export async function pictureForGuide(walk, name) {
  const { page, guides } = walk;
  await mkdir(guides, { recursive: true });
  await page.setViewportSize({ width: 960, height: 720 });
  await page.evaluate(() => document.querySelector('main').scrollIntoView());
  const path = join(guides, `${name}.jpg`);
  await timed(walk, 'picture', () => page.screenshot({ path, type: 'jpeg', quality: 45 }));
  await page.setViewportSize({ width: walk.width, height: 900 });
}
