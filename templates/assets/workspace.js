// Comfort on the reviewer's workspace: single keys, and reasons of the library put in at once. Everything works without.
const OFF = "portal-single-keys-off";
const dialog = document.querySelector("dialog[data-keys]");

const areOff = () => {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
};

// A key of its own (WCAG 2.1.4): off where somebody has said so, and never while something is typed or chosen from a list.
const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable ||
    element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])"));

const follow = (key) => document.querySelector(`a[data-key="${key}"]`)?.click();

const focus = (selector) => {
  const target = document.querySelector(selector);
  target?.focus();
  target?.scrollIntoView({ block: "center" });
};

const keys = {
  j: () => follow("next"),
  k: () => follow("previous"),
  u: () => follow("undecided"),
  l: () => follow("list"),
  r: () => focus("#reason"),
  n: () => focus("#note"),
  q: () => focus("#question"),
  d: () => focus("[data-decide] input[type=radio]:checked, [data-decide] input[type=radio]"),
  a: agree,
  e: openEvidence,
  "?": () => dialog?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (areOff() || isTyping(event.target) || dialog?.open) return;
  const act = keys[event.key];
  if (!act || !document.querySelector(".portal-way")) return;
  event.preventDefault();
  act();
});

// Chooses the claimed status; saving it is left to Enter, so that a slip of the finger decides nothing.
function agree() {
  for (const label of document.querySelectorAll("[data-decide] label")) {
    if (!label.textContent.includes("(as claimed)")) continue;
    const radio = document.getElementById(label.htmlFor);
    if (radio) radio.checked = true;
    focus('[data-key="save"]');
    return;
  }
}

function openEvidence() {
  const first = document.querySelector("[data-view]");
  if (first instanceof HTMLAnchorElement) {
    first.click();
  } else if (first) {
    first.open = true;
    first.querySelector("summary").focus();
  }
}

// The document opens in the viewer, which stands folded until then.
for (const link of document.querySelectorAll("a[data-view]")) {
  link.addEventListener("click", () => {
    const viewer = document.getElementById("evidence-viewer");
    viewer.open = true;
    viewer.querySelector("summary").focus();
  });
}

// Without scripts the button sends the form and the page comes back with the reason in it.
for (const button of document.querySelectorAll("[data-quote]")) {
  button.addEventListener("click", (event) => {
    const form = button.form;
    const list = form.elements.namedItem("library");
    const words = list.selectedOptions[0]?.dataset.reason;
    if (!words) return;
    event.preventDefault();
    const reason = form.elements.namedItem("reason");
    reason.value = reason.value.trim() ? `${reason.value.trim()}\n${words}` : words;
    form.elements.namedItem("quoted").value = list.value;
    reason.focus();
  });
}

for (const place of document.querySelectorAll("[data-keys-switch]")) {
  const button = place.querySelector("button");
  const said = place.parentElement.querySelector("[data-keys-said]");
  const show = () => {
    button.textContent = areOff() ? "Switch single-key shortcuts on" : "Switch single-key shortcuts off";
  };
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(OFF, areOff() ? "no" : "yes");
      said.textContent = areOff() ? "Single-key shortcuts are off." : "Single-key shortcuts are on.";
    } catch {
      said.textContent = "This browser keeps no settings, so the choice was not saved.";
    }
    show();
  });
  show();
  place.hidden = false;
}
