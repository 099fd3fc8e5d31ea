// Small comforts. Every page works without them.
(() => {
  "use strict";

  document.documentElement.classList.add("k-js");

  function comfort(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = step.closest("[data-stepper]").querySelector("input");
      const before = Number(input.value || 0);
      const wanted = before + Number(step.dataset.step);
      const most = input.max === "" ? Infinity : Number(input.max);
      input.value = String(Math.max(Number(input.min || 0), Math.min(most, wanted)));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const back = event.target.closest("[data-back]");
    if (back && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A second click while the first is on its way sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) event.preventDefault();
    form.dataset.sent = String(Date.now());
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  document.addEventListener("htmx:load", (event) => comfort(event.detail.elt));
  // Whoever pressed a button that is gone now goes on at the part that was exchanged.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement !== document.body) return;
    const heading = event.detail.elt.querySelector("[data-refocus]");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  });
})();
