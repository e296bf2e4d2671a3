// A person without a mouse: everything is reached with Tab, and done with Enter, Space and, within a group of radio buttons,
// the arrows. Fails where a control cannot be reached, or nobody can see that it has the focus.

const MOST_STOPS = 400;

export class Keyboard {
  constructor(walk) {
    this.walk = walk;
    this.page = walk.page;
    // Listening from the start: a browser that is told to hand over its dialog only when the key is pressed may be too late.
    this.page.on('filechooser', (chooser) => {
      this.chooser = chooser;
    });
  }

  /** Follows a link. */
  async follow(name) {
    await this.#to('link', name);
    await this.#load('Enter');
  }

  /** Presses a button. One that is a link in truth takes Space only where scripts see to it. */
  async press(name) {
    await this.#to('button', name);
    const isLink = await this.page.evaluate(() => document.activeElement.tagName === 'A');
    await this.#load(isLink && !this.walk.javaScript ? 'Enter' : 'Space');
  }

  /** Types into a field. */
  async type(name, text) {
    await this.#to('textbox', name);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  /** Types into a field of a group, such as the day of a date. */
  async typeWithin(group, name, text) {
    const field = this.page.getByRole('group', { name: group }).getByRole('textbox', { name, exact: true });
    await this.#until(`"${name}" of "${group}"`, () => isFocused(field));
    await this.page.keyboard.insertText(text);
  }

  /** The link of the error summary brings the focus to the field. */
  async leadsTo(message, field) {
    await this.#to('link', message);
    await this.page.keyboard.press('Enter');
    const control = this.page.getByLabel(field, { exact: true });
    if (!(await isFocused(control))) throw new Error(`${this.walk.name} at ${this.page.url()}: the summary does not lead to "${field}"`);
  }

  /** Ticks a box. */
  async tick(name) {
    await this.#to('checkbox', name);
    await this.page.keyboard.press('Space');
  }

  /** Chooses a radio button: Tab leads into the group, the arrows to the choice. */
  async choose(group, name) {
    const wanted = this.page.getByRole('radio', { name, exact: typeof name === 'string' });
    const radios = this.page.getByRole('group', { name: group }).getByRole('radio');
    await this.#until(`the group "${group}"`, async () => {
      for (const radio of await radios.all()) if (await isFocused(radio)) return true;
      return false;
    });
    await this.page.keyboard.press('Space');
    for (let left = await radios.count(); !(await isFocused(wanted)); left -= 1) {
      if (left < 0) throw new Error(`${this.walk.name}: the arrows do not lead to "${name}"`);
      await this.page.keyboard.press('ArrowDown');
    }
    if (!(await wanted.isChecked())) throw new Error(`${this.walk.name}: "${name}" is not chosen`);
  }

  /** Opens the choice of a file from its control and takes this one. */
  async attach(name, file) {
    const control = this.page.getByLabel(name, { exact: true });
    await this.#until(`"${name}"`, () => isFocused(control));
    await this.#expectVisible(name);
    this.chooser = undefined;
    await this.page.keyboard.press('Enter');
    for (let left = 100; !this.chooser; left -= 1) {
      if (left === 0) throw new Error(`${this.walk.name} at ${this.page.url()}: Enter does not open the choice of a file at "${name}"`);
      await this.page.waitForTimeout(100);
    }
    await this.chooser.setFiles(file);
  }

  /** The first stop of a page is the link past everything that repeats. */
  async skip() {
    await this.page.keyboard.press('Tab');
    const link = this.page.getByRole('link', { name: 'Skip to main content' });
    if (!(await isFocused(link))) throw new Error(`${this.walk.name} at ${this.page.url()}: the first stop is not the way past the header`);
    await this.#expectVisible('Skip to main content');
    await this.page.keyboard.press('Enter');
    await this.page.keyboard.press('Tab');
    const inside = await this.page.evaluate(() => document.querySelector('main').contains(document.activeElement));
    if (!inside) throw new Error(`${this.walk.name} at ${this.page.url()}: after skipping, the next stop is not in the main part`);
  }

  async #to(role, name) {
    const target = this.page.getByRole(role, { name, exact: typeof name === 'string' }).first();
    await target.waitFor();
    await this.#until(`the ${role} "${name}"`, () => isFocused(target));
    await this.#expectVisible(name);
  }

  async #until(what, reached) {
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      if (await reached()) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${this.walk.name} at ${this.page.url()}: Tab does not lead to ${what}`);
  }

  // Whoever looks at the screen must find where they are: the focus stands inside the window and is drawn.
  async #expectVisible(name) {
    const lack = await this.page.evaluate(() => {
      const at = document.activeElement;
      const box = at.getBoundingClientRect();
      if (box.bottom <= 0 || box.top >= innerHeight || box.width === 0) return 'lies outside the window';
      const drawn = ['boxShadow', 'outlineStyle', 'backgroundColor', 'borderTopColor'];
      const looks = (element, part) => drawn.map((each) => getComputedStyle(element, part)[each]).join();
      const all = () => {
        const label = at.labels?.[0];
        return looks(at, null) + (label ? looks(label, '::before') : '');
      };
      const focused = all();
      at.blur();
      const plain = all();
      at.focus({ focusVisible: true });
      return focused === plain ? 'looks as it does without the focus' : '';
    });
    if (lack) throw new Error(`${this.walk.name} at ${this.page.url()}: "${name}" has the focus and ${lack}`);
  }

  async #load(key) {
    const loaded = this.page.waitForEvent('load');
    loaded.catch(() => {});
    await this.page.keyboard.press(key);
    await loaded;
    this.walk.tally.pages += 1;
    this.walk.settle();
  }
}

async function isFocused(target) {
  return (await target.count()) > 0 && target.evaluate((element) => element === document.activeElement);
}
