// Lays a chapter out in columns of a page's size, which break as pages do, and makes figures
// smaller or lets code part from its output where a page would end with a large blank.
/* global document, window */
(() => {
  /** What a page is filled with. A table's row and a line of a list are pieces, too. */
  const pieces =
    "h1, h2, h3, h4, h5, h6, p, li, pre, tr, caption, figure.convnotes-figure, .katex-display";
  /** A blank that is worth a change, as a part of the page. */
  const tolerated = 0.22;
  /** How far figures are made smaller, relative to their size on a screen. */
  const smallest = 0.62;

  /** Lays the page out in columns of a width and height in pixels. */
  function layOut({ width, height }) {
    Object.assign(document.querySelector("main").style, {
      margin: "0",
      padding: "0",
      maxWidth: "none",
      width: `${width}px`,
      height: `${height}px`,
      columnWidth: `${width}px`,
      columnGap: "0",
      columnFill: "auto",
    });
  }

  function undo() {
    document.querySelector("main").removeAttribute("style");
  }

  /** The pages: how far each is filled, and its pieces from top to bottom. */
  function measure({ width }) {
    const main = document.querySelector("main");
    const origin = main.getBoundingClientRect();
    const pages = [];
    for (const element of main.querySelectorAll(pieces)) {
      [...element.getClientRects()].forEach((rect, part) => {
        if (rect.height === 0) return;
        const number = Math.round((rect.left - origin.left) / width - 0.49);
        const page = (pages[Math.max(0, number)] ??= { bottom: 0, pieces: [] });
        const top = rect.top - origin.top;
        const bottom = rect.bottom - origin.top;
        page.bottom = Math.max(page.bottom, bottom);
        page.pieces.push({ element, top, bottom, isStart: part === 0 });
      });
    }
    return Array.from(pages, (page) => page ?? { bottom: 0, pieces: [] });
  }

  /** The height by which a figure may shrink, in pixels. */
  function slack(figure) {
    const image = figure.querySelector("img");
    if (!image || figure.dataset.fixed !== undefined) return 0;
    const natural = Number(image.getAttribute("height")) || image.naturalHeight;
    return Math.max(0, image.getBoundingClientRect().height - natural * smallest);
  }

  function shrink(figure, by) {
    const image = figure.querySelector("img");
    image.style.maxHeight = `${Math.floor(image.getBoundingClientRect().height - by)}px`;
  }

  const isFigure = ({ element }) => element.localName === "figure";

  /** Makes the figures up to the next page's first one smaller. Returns whether it could. */
  function pullFigure(page, next, height) {
    const index = next.pieces.findIndex(isFigure);
    if (index < 0 || !next.pieces[0].isStart) return false;
    const first = next.pieces[0];
    const figure = next.pieces[index];
    // A margin is dropped at the top of a page, and comes back below other text.
    const missing = figure.bottom - first.top + 14 - (height - page.bottom);
    const figures = [figure, ...page.pieces.filter(isFigure)].map(({ element }) => element);
    const room = figures.map(slack);
    const total = room.reduce((sum, each) => sum + each, 0);
    if (missing <= 0 || total < missing) return false;
    if (room[0] >= missing) shrink(figures[0], missing);
    else figures.forEach((each, at) => shrink(each, (room[at] / total) * missing));
    return true;
  }

  /** Lets the longer code that moved to the next page be divided, or part from its output. */
  function releaseCode(next, height, blank) {
    const code = next.pieces.find(({ element }) => element.localName === "pre");
    const cell = code?.element.closest(".jp-CodeCell");
    const short = cell?.querySelector(".convnotes-short");
    if (!short || code.top > blank) return false;
    const lines = code.element.textContent.trimEnd().split("\n").length;
    const fits = code.bottom + 8 < blank;
    if (!fits && lines < 10) return false;
    if (fits && lines < 6) return false;
    short.classList.remove("convnotes-short");
    if (fits) short.classList.add("paper-whole");
    return true;
  }

  /**
   * Fills pages.
   *
   * @returns How many pages there are, and how many end with a blank above the tolerated one.
   */
  function fillPages(size) {
    layOut(size);
    const given = new Set();
    let pages = measure(size);
    for (let change = 0; change < 80; change += 1) {
      const at = blanks(pages, size.height).find((index) => !given.has(key(pages, index)));
      if (at === undefined) break;
      const [page, next] = [pages[at], pages[at + 1]];
      const blank = size.height - page.bottom;
      const isChanged = pullFigure(page, next, size.height) || releaseCode(next, size.height, blank);
      if (!isChanged) given.add(key(pages, at));
      pages = measure(size);
    }
    const result = { pages: pages.length, blanks: blanks(pages, size.height).map((index) => index + 1) };
    undo();
    return result;
  }

  /** A place that cannot be improved is recognized by what follows it. */
  const key = (pages, index) => pages[index + 1].pieces[0].element;

  /** The pages with a large blank at their end, except the last one. */
  function blanks(pages, height) {
    return pages
      .map((_, index) => index)
      .slice(0, -1)
      .filter(
        (index) =>
          pages[index + 1].pieces.length > 0 &&
          height - pages[index].bottom > tolerated * height,
      );
  }

  window.paper = { ...window.paper, fillPages };
})();
