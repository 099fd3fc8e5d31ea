// The desk's comforts: "alle", a running sum, a draft that survives a dead network. All works without them.
(() => {
  "use strict";

  const form = document.querySelector("form[data-careful]");
  const draftKey = form && form.dataset.draft ? `handover-${form.dataset.draft}` : null;
  const FATES = ["quantity", "broken", "missing"];

  const numberOf = (input) => Math.max(0, Number(input.value) || 0);

  // What the other counters of the same line already hold is not counted twice: 40 out, 2 broken, so "alle" is 38.
  function fill(button) {
    const input = document.getElementById(button.dataset.all);
    const line = button.closest(".s-line");
    const others = [...line.querySelectorAll("input[type=number]")].filter((one) => one !== input);
    const taken = others.reduce((sum, one) => sum + numberOf(one), 0);
    input.value = String(Math.max(0, Number(button.dataset.open) - taken));
  }

  function fillUnits(line) {
    for (const unit of line.querySelectorAll(".s-unit")) {
      const [notNow, whole] = unit.querySelectorAll("input");
      const wanted = Number(line.dataset.open);
      const chosen = line.querySelectorAll(".s-unit input:checked:not([value=''])").length;
      if (notNow.checked && chosen < wanted) whole.checked = true;
    }
  }

  const pieces = (line, fate) =>
    [...line.querySelectorAll(`input[type=number][name^=${fate}-]`)].reduce((total, one) => total + numberOf(one), 0) +
    line.querySelectorAll(`.s-unit input[value=${fate}]:checked`).length;

  // Chairs and pavilions are not added up: where there are several materials, each is named.
  function sum() {
    const target = form.querySelector("[data-sum]");
    if (!target) return;
    const lines = [...form.querySelectorAll(".s-line")].filter((line) => FATES.some((fate) => pieces(line, fate)));
    const fates = (line, names) =>
      names.filter((fate) => pieces(line, fate)).map((fate) => `${pieces(line, fate)} ${target.dataset[fate]}`);
    const named = (line) => {
      const trouble = fates(line, ["broken", "missing"]).join(", ");
      return `${pieces(line, "quantity")} ${line.querySelector("h3").textContent}${trouble && ` (${trouble})`}`;
    };
    const alone = (line) => fates(line, FATES).join(" · ");
    target.textContent = lines.map(lines.length > 1 ? named : alone).join(", ");
  }

  function keepDraft() {
    const fields = [...new FormData(form)].filter(([name]) => !["csrf_token", "version", "steps", "key"].includes(name));
    sessionStorage.setItem(draftKey, JSON.stringify(fields));
  }

  function restoreDraft() {
    const draft = sessionStorage.getItem(draftKey);
    if (!draft || "filled" in form.dataset) return;
    let changed = false;
    for (const [name, value] of JSON.parse(draft)) {
      const field = form.elements.namedItem(name);
      if (!field || field.value === value) continue;
      field.value = value;
      changed = true;
    }
    form.querySelector("[data-draft-note]").hidden = !changed;
    for (const details of form.querySelectorAll("details")) {
      details.open ||= [...details.querySelectorAll("input, textarea")].some((one) => one.value && one.value !== "0");
    }
  }

  // Leaving the page only when the server can be reached keeps what was typed on the screen.
  async function sendCarefully(event) {
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const offline = form.querySelector("[data-offline]");
    try {
      await fetch(form.dataset.alive, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    } catch {
      delete form.dataset.sending;
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
      return;
    }
    offline.hidden = true;
    const button = event.submitter;
    if (button && button.name) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: button.name });
      field.value = button.value;
      form.append(field);
    }
    form.submit();
  }

  if (form) {
    for (const button of form.querySelectorAll("[data-all]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const line = button.closest(".s-line");
        const targets = line ? [button] : form.querySelectorAll(".s-line [data-all]");
        for (const one of targets) fill(one);
        if (!line) form.querySelectorAll(".s-line[data-units]").forEach(fillUnits);
        form.dispatchEvent(new Event("change"));
      });
    }
    if (draftKey) {
      restoreDraft();
      for (const kind of ["input", "change"]) form.addEventListener(kind, () => { keepDraft(); sum(); });
      sum();
    }
    form.addEventListener("submit", sendCarefully);
    window.addEventListener("pageshow", () => delete form.dataset.sending);
  }

  const done = document.querySelector("[data-draft-done]");
  if (done) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(`handover-${done.dataset.draftDone}`)) sessionStorage.removeItem(key);
    }
  }

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
})();
