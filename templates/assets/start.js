// Stands first in the body: tells the styles that scripts work before anything is drawn, so that no control jumps.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("nhsuk-frontend-supported");
