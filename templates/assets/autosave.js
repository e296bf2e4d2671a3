// Comfort on a question's page: some seconds after typing stops the form is sent to its own address as a draft, from the
// version that the page holds, so a colleague's newer answer is never overwritten. Saving by the buttons works as ever.
const PAUSE = 4000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  if ("fetch" in window && "requestSubmit" in form) watch(form);
}

function watch(form) {
  const region = form.querySelector("[data-autosave-said]");
  let last = typed(form);
  let timer = 0;
  let running = null;
  let stopped = false;

  const later = () => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    if (!running) return;
    // The draft on its way gives the form its next version; the form goes after it.
    event.preventDefault();
    const button = event.submitter;
    running.then(() => form.requestSubmit(button));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) stopped = false;
  });

  function save() {
    if (running) {
      later();
    } else if (!stopped && typed(form) !== last) {
      running = send().finally(() => {
        running = null;
      });
    }
  }

  async function send() {
    const sent = typed(form);
    const body = new URLSearchParams(new FormData(form));
    body.set("intent", "later");
    let answer;
    let told;
    try {
      const headers = { Accept: "application/json" };
      answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
      told = await answer.json();
    } catch {
      say("Not saved just now. Save with the buttons before you leave this page.");
      return;
    }
    if (answer.ok) {
      form.elements.namedItem("version").value = told.version;
      last = sent;
      show(told.tag);
      say(`Saved at ${told.at}`);
    } else {
      // What a colleague has saved stands until a person has looked at both.
      if (answer.status === 409) stopped = true;
      say(told.message, told.href);
    }
  }

  // What was completed is in progress again, and last year's answer is this year's draft.
  function show({ text, colour }) {
    const tag = document.createElement("strong");
    tag.className = `nhsuk-tag nhsuk-tag--${colour}`;
    tag.textContent = text;
    document.querySelector("[data-autosave-state]").replaceChildren(tag);
    document.querySelector("[data-autosave-ends]")?.remove();
  }

  function say(words, href) {
    region.textContent = words;
    if (!href) return;
    const link = document.createElement("a");
    link.href = href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "See the saved answer (opens in a new tab)";
    region.append(" ", link);
  }
}

// What the person has typed, without what the page itself puts beside it.
function typed(form) {
  const fields = [...new FormData(form)].filter(([name]) => !["csrf", "once", "version"].includes(name));
  return new URLSearchParams(fields).toString();
}
