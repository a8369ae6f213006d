// A table to sort, page by page. It is the accessible form of the charts.

const PAGE_ROWS = 25;
const PAPER_ROWS = 1000;
const ORDER = new Intl.Collator("en", { numeric: true });

// columns: [{title, value(row) to sort by, cell(row), className}], the first column's cell opens the row.
function makeTable(host, { caption, columns, sortedBy, onOpen }) {
  const state = { rows: [], sorted: [], page: 0, pageRows: PAGE_ROWS, column: sortedBy, descending: false, marked: null };
  const headings = columns.map((column, i) => element("th", { scope: "col", className: column.className || "", ariaSort: "none" },
    element("button", { type: "button", onclick: () => sortBy(i) }, column.title)));
  const body = element("tbody");
  const previous = element("button", { type: "button", onclick: () => turn(-1) }, "Previous");
  const next = element("button", { type: "button", onclick: () => turn(1) }, "Next");
  const where = element("span", { role: "status" });
  const pages = element("nav", { className: "pages", ariaLabel: `Pages: ${caption}` }, previous, next, where);
  const heading = element("caption", null, `${caption}; a heading sorts`);
  const rowOf = new Map();

  host.replaceChildren(
    element("div", { className: "scroll" },
      element("table", null, heading, element("thead", null, element("tr", null, ...headings)), body)),
    pages);
  body.addEventListener("keydown", moveFocus);

  // The rows in order. Values are asked for and words compared once each: there may be a million rows.
  function sorted() {
    const keyed = state.rows.map((row) => ({ row, key: columns[state.column].value(row) }));
    const words = new Set(keyed.map(({ key }) => key).filter((key) => typeof key === "string"));
    const places = new Map([...words].sort(ORDER.compare).map((word, i) => [word, i]));
    for (const pair of keyed)
      if (places.has(pair.key)) pair.key = places.get(pair.key);
    const sign = state.descending ? -1 : 1;
    keyed.sort(({ key: x }, { key: y }) =>
      (x === null || y === null ? (x === null) - (y === null) : (x - y) * sign));  // unknown ones last, whatever the direction
    return keyed.map(({ row }) => row);
  }

  function sortBy(column) {
    const first = columns[column].descendingFirst || false;
    state.descending = column === state.column ? !state.descending : first;
    state.column = column;
    state.page = 0;
    arrange();
  }

  function arrange() {
    state.sorted = sorted();
    headings.forEach((heading, i) => {
      heading.ariaSort = i !== state.column ? "none" : state.descending ? "descending" : "ascending";
    });
    draw();
  }

  function draw() {
    const first = state.page * state.pageRows;
    const shown = state.sorted.slice(first, first + state.pageRows);
    rowOf.clear();
    body.replaceChildren(...shown.map(drawRow));
    pages.hidden = state.sorted.length <= state.pageRows;
    where.textContent = `${formatCount(first + 1)} to ${formatCount(first + shown.length)} of ${formatCount(state.sorted.length)}`;
    previous.disabled = state.page === 0;
    next.disabled = first + state.pageRows >= state.sorted.length;
  }

  function drawRow(row) {
    const cells = columns.map((column, i) => {
      const content = column.cell(row);
      return element("td", { className: column.className || "" },
        i ? content : element("button", { type: "button", className: "plain" }, content));
    });
    const line = element("tr", { onclick: () => onOpen(row) }, ...cells);
    if (row === state.marked) line.ariaCurrent = "true";
    rowOf.set(row, line);
    return line;
  }

  function turn(by) {
    state.page += by;
    draw();
    // At an end the button is off, and what is off cannot keep the focus.
    if (next.disabled) previous.focus();
    if (previous.disabled) next.focus();
  }

  function moveFocus(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const buttons = [...body.querySelectorAll("td:first-child button")];
    const target = buttons[buttons.indexOf(document.activeElement) + by];
    if (target) target.focus();
    event.preventDefault();
  }

  return {
    setRows(rows) {
      state.rows = rows;
      state.page = 0;
      arrange();
    },
    // Marks the row that is looked at; `turnTo` it also shows its page, unless somebody is in the rows with the keyboard.
    mark(row, turnTo) {
      if (row === state.marked && !turnTo) return;
      if (rowOf.has(state.marked)) rowOf.get(state.marked).ariaCurrent = null;
      state.marked = row;
      const at = state.sorted.indexOf(row);
      const page = Math.floor(at / state.pageRows);
      if (turnTo && at >= 0 && page !== state.page && !body.contains(document.activeElement)) {
        state.page = page;
        draw();
      }
      if (rowOf.has(row)) rowOf.get(row).ariaCurrent = "true";
    },
    sorted: () => state.sorted,
    // Paper has no pages to turn; what would be reams is cut, and said to be.
    setWhole(whole) {
      state.pageRows = whole ? PAPER_ROWS : PAGE_ROWS;
      state.page = 0;
      heading.textContent = whole && state.sorted.length > PAPER_ROWS
        ? `${caption}: the first ${formatCount(PAPER_ROWS)} of ${formatCount(state.sorted.length)}` : `${caption}; a heading sorts`;
      draw();
    },
  };
}
