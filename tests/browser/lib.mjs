// A person in a real browser: visits pages of one portal as somebody would, and fails on whatever nobody should meet:
// an accessibility violation, a script error, a request to another host, a page that scrolls sideways on a small phone.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { lookAt, pictureForGuide, timed } from './look.mjs';

// Nothing but the portal on this machine can be reached, whatever a page or the browser itself would like to fetch.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Starts Chromium with a fresh profile, which it deletes again. */
export function startChromium() {
  const executablePath = process.env.PORTAL_TEST_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/**
 * One person's browser: own cookies, own page.
 * options: base (the portal's address), javaScript (default true), width (default 1280), name (of the person, for messages and
 * file names), screenshots and guides (folders, optional), tally (shared by several people of one walk, from `newTally`), faults (a list
 * for what `look` finds, so that one walk finds all of it; without it the first is thrown), looks (whether `look` does
 * anything; default true).
 */
export async function newWalk(browser, options) {
  const { base, javaScript = true, width = 1280, name = 'somebody', looks = true } = options;
  const { screenshots, guides, tally = newTally(), faults } = options;
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    viewport: { width, height: 900 },
    baseURL: base,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const origin = new URL(base).origin;
  return new Walk({ context, page, javaScript, origin, width, name, screenshots, guides, tally, faults, looks });
}

/** What a walk did, over all its people: for the line printed at the end. */
export function newTally() {
  return { pages: 0, checks: 0, screenshots: 0, incomplete: new Map(), shapes: new Set(), seconds: { load: 0, axe: 0, picture: 0 } };
}

class Walk {
  #problems = [];
  #expected = null;

  constructor(parts) {
    Object.assign(this, parts);
    this.#listen();
  }

  // Everything that goes wrong between two steps is kept and thrown at the next one.
  #listen() {
    const { context, page, origin } = this;
    const note = (what) => this.#problems.push(what);
    context.on('request', (request) => {
      const url = request.url();
      if (/^(data|blob|about):/.test(url)) return;
      if (new URL(url).origin !== origin) note(`a request to another host: ${url}`);
    });
    context.on('response', (response) => {
      const status = response.status();
      const navigation = response.request().isNavigationRequest();
      if (status >= 400 && !(navigation && status === this.#expected)) note(`${status} from ${response.url()}`);
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'unknown';
      // A download ends its navigation in this way.
      if (reason !== 'net::ERR_ABORTED') note(`no answer from ${request.url()}: ${reason}`);
    });
    page.on('console', (message) => {
      // Bad statuses are judged by the responses themselves.
      if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) {
        note(`the console says: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => note(`a script failed: ${error.message}`));
    page.on('dialog', async (dialog) => {
      note(`a dialog opened: ${dialog.message()}`);
      await dialog.dismiss();
    });
  }

  /** Throws what has gone wrong since the last time. */
  settle() {
    if (this.#problems.length === 0) return;
    const problems = this.#problems.splice(0);
    throw new Error(`${this.name} at ${this.page.url()}:\n  ${problems.join('\n  ')}`);
  }

  /** Runs `action`, whose page must answer with this status (an error page, or a form with faults in it). */
  async expecting(status, action) {
    this.#expected = status;
    const seen = [];
    const listen = (response) => response.request().isNavigationRequest() && seen.push(response.status());
    this.context.on('response', listen);
    try {
      await action();
      if (!seen.includes(status)) throw new Error(`${this.name}: expected ${status}, got ${seen.join(', ') || 'nothing'}`);
    } finally {
      this.context.off('response', listen);
      this.#expected = null;
    }
  }

  /** Opens an address of the portal. */
  async visit(path) {
    await timed(this, 'load', () => this.page.goto(path, { waitUntil: 'load' }));
    this.tally.pages += 1;
    this.settle();
  }

  /** Follows a link or presses a button by the name that people read or hear, and waits for the page it leads to. */
  async follow(name) {
    await this.#leave(this.page.getByRole('link', { name, exact: typeof name === 'string' }).first());
  }

  async press(name) {
    await this.#leave(this.page.getByRole('button', { name, exact: typeof name === 'string' }).first());
  }

  async #leave(target) {
    const loaded = this.page.waitForEvent('load');
    // If the click itself fails, that is the failure to report, not the wait.
    loaded.catch(() => {});
    await timed(this, 'load', () => target.click().then(() => loaded));
    this.tally.pages += 1;
    this.settle();
  }

  /** Fills a field by its label. */
  async fill(label, value) {
    await this.page.getByLabel(label, { exact: typeof label === 'string' }).fill(value);
  }

  /** Chooses a radio button or ticks a box by its label. */
  async choose(label) {
    await this.page.getByLabel(label, { exact: typeof label === 'string' }).first().check();
  }

  /** Chooses from a list by the text of the option. */
  async select(label, option) {
    const list = this.page.getByLabel(label, { exact: typeof label === 'string' });
    const texts = await list.getByRole('option').allInnerTexts();
    const text = texts.find((each) => (option instanceof RegExp ? option.test(each) : each === option));
    if (text === undefined) throw new Error(`${this.name}: "${label}" offers ${texts.join(', ')}, not ${option}`);
    await list.selectOption({ label: text });
  }

  /** Attaches a file, given as `{ name, mimeType, buffer }` or a path. */
  async attach(label, file) {
    const control = this.page.getByLabel(label, { exact: typeof label === 'string' });
    // With scripts the design system puts a button in front of the field, which opens the same choice of a file.
    if ((await control.evaluate((element) => element.tagName)) !== 'BUTTON') return control.setInputFiles(file);
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), control.click()]);
    return chooser.setFiles(file);
  }

  /** Fills the three parts of a date by the legend of their group. */
  async fillDate(legend, [day, month, year]) {
    const group = this.page.getByRole('group', { name: legend });
    await group.getByLabel('Day').fill(String(day));
    await group.getByLabel('Month').fill(String(month));
    await group.getByLabel('Year').fill(String(year));
  }

  /** Presses a button or follows a link that gives a file, and reads it. */
  async download(name, role = 'link') {
    const [file] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole(role, { name, exact: typeof name === 'string' }).first().click(),
    ]);
    const pieces = [];
    for await (const piece of await file.createReadStream()) pieces.push(piece);
    this.settle();
    return Buffer.concat(pieces);
  }

  /** The JSON document that a link leads to. */
  async json(name) {
    const link = this.page.getByRole('link', { name, exact: typeof name === 'string' }).first();
    const answer = await this.context.request.get(await link.getAttribute('href'));
    if (!answer.ok()) throw new Error(`${this.name}: ${answer.status()} from ${answer.url()}`);
    return answer.json();
  }

  /** The form was refused: the summary leads to this field, and the message stands beside it. */
  async expectFieldError(field, message) {
    const summary = this.page.getByRole('alert');
    await summary.getByText('There is a problem').waitFor();
    const link = summary.getByRole('link', { name: message });
    const target = await link.getAttribute('href');
    const control = this.page.locator(target);
    if ((await control.count()) !== 1) throw new Error(`${this.name}: the summary's ${target} leads to nothing`);
    const beside = this.page.locator('.nhsuk-error-message', { hasText: message });
    if ((await beside.count()) !== 1) throw new Error(`${this.name}: "${message}" does not stand beside its field`);
    await this.expectText(field);
    const title = await this.page.title();
    if (!title.startsWith('Error: ')) throw new Error(`${this.name}: the title "${title}" does not say that there is an error`);
    // Without scripts nothing can move the focus; the summary is the first thing in the page then.
    if (this.javaScript && !(await this.page.evaluate(() => document.activeElement.matches('.nhsuk-error-summary')))) {
      throw new Error(`${this.name} at ${this.page.url()}: the focus is not on the summary of what is wrong`);
    }
  }

  /** The field must hold this text. */
  async expectValue(label, text) {
    const value = await this.page.getByLabel(label, { exact: true }).inputValue();
    const met = text instanceof RegExp ? text.test(value) : value === text;
    if (!met) throw new Error(`${this.name} at ${this.page.url()}: "${label}" holds "${value}", not "${text}"`);
  }

  /** Loads the page again until the text is there: for what happens in the background. */
  async reloadUntil(text, seconds = 10) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const body = await this.page.locator('body').innerText();
      if (text instanceof RegExp ? text.test(body) : body.includes(text)) return;
      if (Date.now() > end) throw new Error(`${this.name} at ${this.page.url()}: no "${text}" within ${seconds} s`);
      await this.page.waitForTimeout(200);
      await this.page.reload({ waitUntil: 'load' });
    }
  }

  /** The page's main heading must read so. */
  async expectHeading(text) {
    const heading = await this.page.getByRole('heading', { level: 1 }).first().innerText();
    const met = text instanceof RegExp ? text.test(heading) : heading.trim() === text;
    if (!met) throw new Error(`${this.name} at ${this.page.url()}: the heading is "${heading}", not "${text}"`);
  }

  /** The text must stand somewhere on the page. */
  async expectText(text) {
    const body = await this.page.locator('body').innerText();
    const met = text instanceof RegExp ? text.test(body) : body.includes(text);
    if (!met) throw new Error(`${this.name} at ${this.page.url()}: "${text}" is not on the page`);
  }

  /** Looks at the page as it is now in every way that a machine can, wide and narrow, and takes its picture. */
  async look(label) {
    if (!this.looks) return this.settle();
    try {
      await lookAt(this, label);
    } catch (error) {
      if (!this.faults) throw error;
      this.faults.push(error.message);
    }
    this.settle();
  }

  /** Takes the picture of this name of the guide, of the top of the page as it is now. */
  async guide(name) {
    if (this.guides) await pictureForGuide(this, name);
  }

  /** Keeps a picture of what this person sees now, for whoever asks why a walk failed. */
  async keep(folder) {
    const file = join(folder, `${this.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`);
    await this.page.screenshot({ path: file, fullPage: true }).catch((error) => console.error(error.message));
  }

  /** Ends this person's visit; what went wrong last still counts. */
  async close() {
    await this.context.close();
    this.settle();
  }
}
