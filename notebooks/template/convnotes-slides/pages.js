// Distributes the pieces of a slide over pages, so that nothing is cut off and little is small.
/* global document, window */
window.convnotesPages = (() => {
  /** Sizes of the text that are tried, relative to the usual one. */
  const scales = [1, 0.9, 0.8];
  /** The smallest text, in pixels. Lines that are still too wide are broken; tables scroll. */
  const smallest = { code: 15, table: 15, formula: 17 };
  /** A figure's height while pages are chosen, relative to the one it should have. */
  const figureShare = 0.7;
  /** A page costs more than an uneven distribution, and a divided table more than a page. An output
   * is on its code's page if that needs no other page. */
  const costs = {
    page: 1,
    uneven: 0.3,
    dividedList: 0.15,
    lateOutput: 0.6,
    divided: 2.5,
  };

  const { assemble, piecesOf } = window.convnotesBlocks;

  /**
   * Distributes the content of a section.
   *
   * @param section - its children are the content; it is laid out and as wide as a slide's body
   * @param rooms - the height of the first page and of the others, in pixels
   * @returns {{ scale: number, pages: object[][] }} the size of the text, the pieces of each page
   */
  function distribute(section, rooms) {
    const pieces = piecesOf(section);
    let best;
    for (const scale of scales) {
      const pages = pagesAt(section, pieces, rooms, scale);
      // Smaller text has to save pages: a fifth smaller is as bad as a quarter more pages.
      const cost = pages.length * (1 + 1.25 * (1 - scale));
      if (best === undefined || cost < best.cost - 1e-9)
        best = { scale, pages, cost };
    }
    section.style.fontSize = `${best.scale}em`;
    fitWidths(section);
    for (const table of section.querySelectorAll(".slides-table > table"))
      keepColumns(table);
    return best;
  }

  /**
   * Fixes the widths of a table's columns. A page with only some of the rows would otherwise have
   * other widths.
   */
  function keepColumns(table) {
    const row = [...table.rows].find(({ cells }) =>
      [...cells].every(
        ({ colSpan, rowSpan }) => colSpan === 1 && rowSpan === 1,
      ),
    );
    if (row === undefined || table.querySelector("colgroup")) return;
    const columns = document.createElement("colgroup");
    for (const cell of row.cells) {
      const column = document.createElement("col");
      column.style.width = `${cell.getBoundingClientRect().width}px`;
      columns.append(column);
    }
    table.style.width = `${table.getBoundingClientRect().width}px`;
    table.style.tableLayout = "fixed";
    table.prepend(columns);
  }

  function pagesAt(section, pieces, rooms, scale) {
    section.style.fontSize = `${scale}em`;
    fitWidths(section);
    for (const image of section.querySelectorAll("figure img"))
      setHeight(image, figureShare * wantedHeight(image, rooms[1]));
    const boxes = pieces.map(boxOf);
    const start = (at) => boxes[at].shellTop ?? boxes[at].top;
    const end = (at) => boxes[at].shellBottom ?? boxes[at].bottom;
    const tooTall = new Set(
      pieces
        .filter(({ shell }) => shell !== null)
        .map(({ shell }) => shell)
        .filter((shell) => shell.getBoundingClientRect().height > rooms[1]),
    );
    // The cheapest way to fill pages with the pieces before each index.
    const cheapest = [{ cost: 0, from: 0, pages: 0 }];
    for (let to = 1; to <= pieces.length; to += 1) {
      cheapest[to] = { cost: Infinity, from: to - 1, pages: 0 };
      for (let from = to - 1; from >= 0; from -= 1) {
        const room = cheapest[from].pages === 0 ? rooms[0] : rooms[1];
        const height = end(to - 1) - start(from);
        if (height > room && from < to - 1) break;
        const uneven = Math.max(0, 1 - height / room) ** 2;
        const cost =
          cheapest[from].cost +
          costs.page +
          (to < pieces.length ? costs.uneven * uneven : 0) +
          breakCost(pieces, to, tooTall);
        if (cost < cheapest[to].cost)
          cheapest[to] = { cost, from, pages: cheapest[from].pages + 1 };
      }
    }
    const pages = [];
    for (let to = pieces.length; to > 0; to = cheapest[to].from)
      pages.unshift(pieces.slice(cheapest[to].from, to));
    return pages;
  }

  /** What it costs to begin a page with a piece. */
  function breakCost(pieces, at, tooTall) {
    if (at === pieces.length) return 0;
    const [before, after] = [pieces[at - 1], pieces[at]];
    if (before.element.matches("h2, h3, h4, h5, h6")) return 100;
    if (leadsIn(before, after)) return costs.divided;
    if (isCode(before) && !isCode(after) && isOutput(after))
      return costs.lateOutput;
    if (before.shell === null || before.shell !== after.shell) return 0;
    if (before.shell.matches("ul, ol")) return costs.dividedList;
    // A page with one line of code or one row looks like a mistake.
    const next = pieces[at + 1];
    const single = before.index === 0 || next?.shell !== after.shell;
    return (tooTall.has(after.shell) ? 0.2 : costs.divided) + (single ? 1 : 0);
  }

  /** Whether a piece announces the next one: a list, what follows a colon, an output's table. */
  function leadsIn(before, after) {
    if (before.shell !== null) return false;
    const isFirst = after.index === 0 && after.shell !== null;
    if (before.element.matches(".slides-output"))
      return isFirst && after.shell.matches(".slides-table");
    return (
      before.element.matches("p") &&
      (/:\s*$/.test(before.element.textContent) ||
        (isFirst && after.shell.matches("ul, ol")))
    );
  }

  const isCode = ({ element, shell }) =>
    (shell ?? element).matches(".slides-code");
  const isOutput = ({ element, shell }) =>
    (shell ?? element).matches(
      ".slides-text, .slides-output, .slides-table, figure",
    );

  /** Where a piece is; if pages begin or end with it, with the parts of its shell around it. */
  function boxOf({ element, shell, index }, at, pieces) {
    const { top, bottom } = element.getBoundingClientRect();
    if (shell === null) return { top, bottom };
    const outer = shell.getBoundingClientRect();
    const first = pieces[at - index].element.getBoundingClientRect();
    let last = at;
    while (pieces[last + 1]?.shell === shell) last += 1;
    const { bottom: lastBottom } = pieces[last].element.getBoundingClientRect();
    return {
      top,
      bottom,
      shellTop: top - (first.top - outer.top),
      shellBottom: bottom + (outer.bottom - lastBottom),
    };
  }

  /** Reduces code, tables and formulas that are wider than the slide, down to the smallest size. */
  function fitWidths(section) {
    const fit = (element, least) => {
      element.style.fontSize = "";
      const ratio = Math.min(1, element.clientWidth / element.scrollWidth);
      const size = Number.parseFloat(window.getComputedStyle(element).fontSize);
      if (ratio === 1 && size >= least) return;
      const fitting = Math.max(least, size * ratio);
      element.style.fontSize = `${Math.floor(20 * fitting) / 20}px`;
    };
    for (const pre of section.querySelectorAll("pre")) {
      pre.classList.remove("slides-broken");
      fit(pre, smallest.code);
      if (pre.scrollWidth > pre.clientWidth) pre.classList.add("slides-broken");
    }
    for (const box of section.querySelectorAll(".slides-table, .slides-output"))
      fit(box, smallest.table);
    for (const formula of section.querySelectorAll(".katex-display"))
      fit(formula, smallest.formula);
  }

  /** Puts the pieces of a page into its body, and lets its figures grow into what is left. */
  function fill(body, pieces, room) {
    assemble(pieces, body);
    const images = [...body.querySelectorAll("figure img")];
    for (let pass = 0; pass < 2 && images.length > 0; pass += 1) {
      const left = room - contentHeight(body);
      const growing = images.filter(
        (image) => image.clientHeight < wantedHeight(image, room) - 1,
      );
      for (const image of growing)
        setHeight(
          image,
          Math.min(
            wantedHeight(image, room),
            image.clientHeight + left / growing.length - 1,
          ),
        );
    }
    for (
      let size = 0.95;
      size > 0.6 && contentHeight(body) > room + 0.5;
      size *= 0.95
    ) {
      body.style.zoom = size;
    }
    if (contentHeight(body) > room + 0.5) body.dataset.scrolls = "";
  }

  function contentHeight(body) {
    const { lastElementChild: last } = body;
    if (last === null) return 0;
    return (
      last.getBoundingClientRect().bottom - body.getBoundingClientRect().top
    );
  }

  /** A figure may be half as large again as in the notebook, if the slide has the room. */
  function wantedHeight(image, room) {
    const { width, height } = sizeOf(image);
    const { clientWidth } = image.closest("figure");
    return Math.min(room, 1.5 * height, (clientWidth / width) * height);
  }

  function setHeight(image, height) {
    const size = sizeOf(image);
    image.style.height = `${height}px`;
    image.style.width = `${(height / size.height) * size.width}px`;
  }

  function sizeOf(image) {
    return {
      width: Number(image.getAttribute("width")) || image.naturalWidth || 1,
      height: Number(image.getAttribute("height")) || image.naturalHeight || 1,
    };
  }

  return { distribute, fill };
})();
