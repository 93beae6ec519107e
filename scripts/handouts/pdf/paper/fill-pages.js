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
        const number = Math.floor((rect.left - origin.left + 1) / width);
        const page = (pages[number] ??= { bottom: 0, pieces: [] });
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
    return Math.max(
      0,
      image.getBoundingClientRect().height - natural * smallest,
    );
  }

  const isFigure = ({ element }) => element.localName === "figure";

  /** Sets the heights of figures. Returns a function that puts the old ones back. */
  function setHeights(heights) {
    const before = [...heights.keys()].map((image) => [
      image,
      image.style.maxHeight,
    ]);
    for (const [image, height] of heights)
      image.style.maxHeight = `${Math.floor(height)}px`;
    return () => {
      for (const [image, height] of before) image.style.maxHeight = height;
    };
  }

  /**
   * Makes the next page's first figure smaller, and if that is not enough those of this page and of
   * pages before, so that it fits into the blank. Returns how to undo it, or undefined if the
   * figures cannot be as small.
   */
  function pullFigure(pages, at, height, pagesBefore) {
    const next = pages[at + 1];
    const first = next.pieces[0];
    const figure = next.pieces.find(isFigure);
    if (!figure || !first.isStart) return undefined;
    // A margin is dropped at the top of a page, and comes back below other text.
    let missing = figure.bottom - first.top + 16 - (height - pages[at].bottom);
    const nearby = pages.slice(Math.max(0, at + 1 - pagesBefore), at + 1);
    const others = nearby.flatMap((page) => page.pieces.filter(isFigure));
    const figures = [figure, ...others].map(({ element }) => element);
    const spare = figures.map(slack);
    if (missing <= 0 || spare.reduce((sum, each) => sum + each, 0) < missing)
      return undefined;
    const heights = new Map();
    figures.forEach((each, index) => {
      const by = Math.min(spare[index], missing);
      const image = each.querySelector("img");
      if (by > 0) heights.set(image, image.getBoundingClientRect().height - by);
      missing -= by;
    });
    return setHeights(heights);
  }

  /** Returns the number of printed lines of code. A long line of the source takes several. */
  function printedLines({ element, top, bottom }) {
    const { lineHeight } = window.getComputedStyle(element);
    return Math.floor((bottom - top) / Number.parseFloat(lineHeight));
  }

  /** Lets the longer code that moved to the next page be divided, or part from its output. */
  function releaseCode(next, blank) {
    const code = next.pieces.find(({ element }) => element.localName === "pre");
    const short = code?.element
      .closest(".jp-CodeCell")
      ?.querySelector(".convnotes-short");
    if (!short || code.top > blank) return undefined;
    if (printedLines(code) < 10) return undefined;
    const isWhole = code.bottom + 8 < blank;
    short.classList.remove("convnotes-short");
    short.classList.toggle("paper-whole", isWhole);
    return () => {
      short.classList.add("convnotes-short");
      short.classList.remove("paper-whole");
    };
  }

  /** Lets the figure at the top of a page, or below its code there, pass the text behind it. */
  function floats({ pieces: [first, ...others] }) {
    const figure = [first, ...others].find(isFigure)?.element;
    const cell = figure?.closest(".jp-Cell");
    return cell?.contains(first.element) && first.isStart
      ? window.paper.waysToFloat(figure)
      : [];
  }

  /** How much of the blanks up to a page is too much. */
  function excess(pages, at, height) {
    return pages
      .slice(0, Math.min(at + 1, pages.length - 1))
      .reduce(
        (sum, page) =>
          sum + Math.max(0, height - page.bottom - tolerated * height),
        0,
      );
  }

  /**
   * Fills pages.
   *
   * @returns How many pages there are, and which end with a blank above the tolerated one.
   */
  function fillPages(size) {
    layOut(size);
    window.paper.keepHeadings();
    const given = new Set();
    let pages = measure(size);
    for (let change = 0; change < 60; change += 1) {
      const at = blanks(pages, size.height).find(
        (index) => !given.has(key(pages, index)),
      );
      if (at === undefined) break;
      const before = excess(pages, at, size.height);
      const blank = size.height - pages[at].bottom;
      const place = key(pages, at);
      // A change that only moves the blank to another page is none.
      const gain = (blank - tolerated * size.height) / 2;
      const attempts = [0, 1, 2, 3].map(
        (pagesBefore) => () => pullFigure(pages, at, size.height, pagesBefore),
      );
      attempts.push(
        () => releaseCode(pages[at + 1], blank),
        ...floats(pages[at + 1]),
      );
      const isBetter = attempts.some((attempt) => {
        const undoIt = attempt();
        if (undoIt === undefined) return false;
        const changed = measure(size);
        if (before - excess(changed, at, size.height) > gain) {
          pages = changed;
          return true;
        }
        undoIt();
        return false;
      });
      if (!isBetter) given.add(place);
    }
    const result = {
      pages: pages.length,
      blanks: blanks(pages, size.height).map((index) => index + 1),
    };
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
