// Comfort on a page that shows work under way: the page is asked for again every few seconds and the part that tells how far
// the work is gets its new words, until nothing waits any more. A person can stop it; the link in the page does the same.
const PAUSE = 3000;

const region = document.querySelector("[data-watch]");
if (region && "fetch" in window) watch();

function watch() {
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  stop.textContent = "Stop updating this page";
  region.after(stop);
  let timer = setTimeout(look, PAUSE);
  stop.addEventListener("click", () => {
    clearTimeout(timer);
    timer = null;
    stop.remove();
  });

  async function look() {
    const fresh = document.hidden ? null : await asked();
    if (timer === null) return;
    if (fresh?.done) {
      location.reload();
      return;
    }
    if (fresh?.region) region.replaceChildren(...fresh.region.childNodes);
    timer = setTimeout(look, PAUSE);
  }
}

// What the page says now; nothing when it could not be had, so that the next turn tries again.
async function asked() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-watch]");
    return now ? { region: now } : { done: true };
  } catch {
    return null;
  }
}
