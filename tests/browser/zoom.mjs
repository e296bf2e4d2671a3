// How a page is looked at as people see it who enlarge it to 400 %: a window of 1280 by 1024 becomes one of 320 by 256. The width
// is looked at with every page; this is about the height.

// What is left of 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10 Reflow).
export const ENLARGED = { width: 320, height: 256 };

// What stays in place while a page is scrolled must leave room for what is read.
const MOST_COVERED = 0.5;

/** Fails where something that stays in place covers the enlarged window, or where words are cut off in it. */
export async function expectRoomWhenEnlarged({ name, page }) {
  const { covered, cut } = await page.evaluate((most) => {
    const called = (element) => element.tagName.toLowerCase() + (element.className ? `.${element.className}` : '');
    const found = { covered: [], cut: [] };
    for (const element of document.body.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden') continue;
      // A dialog that somebody opened covers what is behind it, as it is meant to.
      const stays = ['fixed', 'sticky'].includes(style.position) && !element.matches('dialog[open]');
      if (stays && Math.min(box.height, innerHeight) > innerHeight * most) found.covered.push(called(element));
      // Words in a box of a fixed height that hides what does not fit. A few points are how letters hang over their line.
      // Fields scroll within themselves.
      const field = element.matches('input, select, option, textarea, button');
      const hides = !field && ['hidden', 'clip'].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 4;
      if (hides && element.clientHeight > 1 && element.innerText?.trim()) found.cut.push(called(element));
    }
    return found;
  }, MOST_COVERED);
  const where = `${name} at ${page.url()}, enlarged to 400 %`;
  if (covered.length > 0) throw new Error(`${where}: the window is covered by ${covered.slice(0, 5).join(', ')}`);
  if (cut.length > 0) throw new Error(`${where}: words are cut off in ${cut.slice(0, 5).join(', ')}`);
}
