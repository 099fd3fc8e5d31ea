// The plan's sheet by keyboard: arrows, Enter, Ctrl+D, rows pasted from a spreadsheet. All works without it.
(() => {
  "use strict";

  const MADE = "__new__";
  const MEANT_FOR_ALL = ["organiser", "organiser_id", "insurance", "minimum_age", "check_hours", "audience", "audience_id", "contact_id", "cause", "meeting_point"];
  const sheet = () => document.querySelector("form[data-sheet]");
  const cellOf = (event) => event.target.closest?.("form[data-sheet] input[data-col]");
  const rows = () => [...sheet().querySelectorAll(".t-sheet tr.t-row")];
  const inColumn = (row, col) => row.querySelector(`input[data-col="${col}"]`);
  const column = (col) => rows().map((row) => inColumn(row, col)).filter(Boolean);
  let made = 0;

  // The next row's cell below (or above) in the same column; roles of a shift are rows of their own.
  function neighbour(cell, step) {
    const cells = column(cell.dataset.col);
    return cells[cells.indexOf(cell) + step];
  }

  function go(cell) {
    cell.focus();
    cell.select();
  }

  function put(cell, value) {
    if (cell.value === value) return;
    cell.value = value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Goes on where the last shift is: same day and place, same organiser and insurance.
  function addRow() {
    const bodies = [...sheet().querySelectorAll(".t-sheet > tbody")];
    const last = bodies.at(-1);
    made += 1;
    const holder = document.createElement("template");
    holder.innerHTML = document.getElementById("new-line").innerHTML.replaceAll(MADE, `new${made}`);
    const body = holder.content.querySelector("tbody");
    if (last) {
      for (const col of ["day", "place", "area"]) inColumn(body, col).value = inColumn(last, col).value;
      inherit(last.querySelector("input[name$='.kept']"), body.querySelector("input[name$='.kept']"));
    }
    sheet().querySelector(".t-sheet").append(body);
    body.querySelector(".t-number").textContent = String(bodies.length + 1);
    weekday(inColumn(body, "day"));
    return body;
  }

  function inherit(from, to) {
    const kept = JSON.parse(from.value);
    const own = JSON.parse(to.value);
    for (const name of MEANT_FOR_ALL) if (name in kept) own[name] = kept[name];
    to.value = JSON.stringify(own);
  }

  function weekday(cell) {
    const told = cell.closest("td").querySelector("[data-weekday]");
    const found = cell.value.match(/(\d{1,2})\.(\d{1,2})\.(\d{4})/);
    const day = found && new Date(Number(found[3]), Number(found[2]) - 1, Number(found[1]));
    const name = day && !Number.isNaN(day.getTime()) && new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long" }).format(day);
    told.textContent = name || "";
  }

  // A known place lies in an area that is known too.
  function followed(place) {
    const known = [...document.querySelectorAll("#known-places option")].find((one) => one.value.toLowerCase() === place.value.trim().toLowerCase());
    const area = inColumn(place.closest("tr"), "area");
    if (known && area) put(area, known.textContent);
  }

  const KEYS = {
    ArrowDown: (cell) => neighbour(cell, 1),
    ArrowUp: (cell) => neighbour(cell, -1),
    Enter: (cell) => neighbour(cell, 1) || inColumn(addRow(), cell.dataset.col),
  };

  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
      event.preventDefault();
      const above = neighbour(cell, -1);
      if (above) put(cell, above.value);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.key in KEYS)) return;
    // While one types, the arrows choose from the suggestions below the cell.
    if (cell.list && cell.dataset.typing && event.key !== "Enter") return;
    event.preventDefault();
    const wanted = KEYS[event.key](cell);
    if (wanted) go(wanted);
  });

  document.addEventListener("input", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    cell.dataset.typing = "1";
    sheet().dataset.dirty = "1";
    if (cell.dataset.col === "day") weekday(cell);
    if (cell.dataset.col === "place") followed(cell);
  });
  document.addEventListener("focusout", (event) => delete cellOf(event)?.dataset.typing);

  // A block from a spreadsheet fills the cells to the right and below; missing rows are made.
  document.addEventListener("paste", (event) => {
    const cell = cellOf(event);
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!cell || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const columns = [...cell.closest("tr").querySelectorAll("input[data-col]")].map((one) => one.dataset.col);
    const first = columns.indexOf(cell.dataset.col);
    let row = cell.closest("tr");
    for (const [number, line] of text.split("\n").slice(0, 500).entries()) {
      if (number) row = nextWith(row, columns[first]) || addRow().querySelector("tr.t-row");
      for (const [offset, value] of line.split("\t").entries()) {
        const target = inColumn(row, columns[first + offset] || "-");
        if (target) put(target, value.trim());
      }
    }
    go(cell);
  });

  function nextWith(row, col) {
    const all = rows();
    return all.slice(all.indexOf(row) + 1).find((one) => inColumn(one, col));
  }

  // Whoever leaves with something typed is asked first; sending the sheet is no leaving.
  window.addEventListener("beforeunload", (event) => {
    if (sheet()?.dataset.dirty) event.preventDefault();
  });
  document.addEventListener("submit", (event) => delete event.target.dataset.dirty);
  document.addEventListener("htmx:afterSwap", () => {
    if (sheet()) sheet().dataset.dirty = "1";
    greet();
  });

  function greet() {
    const keys = document.getElementById("keys");
    if (keys) keys.hidden = false;
  }
  greet();
})();
