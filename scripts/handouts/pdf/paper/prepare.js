// Turns the page of a notebook into a chapter on paper: no controls, what is folded is open, tags
// that Chromium writes into a PDF, numbered captions.
/* global document, window */
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  /** An element with a class and a text. */
  function made(name, className, text = "") {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.textContent = text;
    return element;
  }

  /** Only the text itself is printed. */
  function removeControls() {
    const controls =
      "script, .convnotes-contents, .convnotes-skip, .jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .anchor-link, .convnotes-plot";
    for (const element of all(controls)) element.remove();
    for (const element of all("[tabindex]"))
      element.removeAttribute("tabindex");
  }

  /** Folded parts become blocks with their summary as the first line. Hints may be nested. */
  function unfold() {
    for (const details of all("main details").reverse()) {
      const block = made("div", `paper-open ${details.className}`);
      const summary = details.querySelector(":scope > summary");
      if (summary) {
        const line = made("p", "paper-summary");
        line.append(...summary.childNodes);
        block.append(line);
        summary.remove();
      }
      block.append(...details.childNodes);
      wrapLooseText(block);
      details.replaceWith(block);
    }
  }

  /** Text directly in a block becomes paragraphs, which have a tag. */
  function wrapLooseText(block) {
    const isBlock = (node) =>
      /^(P|DIV|UL|OL|TABLE|PRE|H[1-6]|BLOCKQUOTE|FIGURE)$/.test(node.nodeName);
    let paragraph;
    for (const node of [...block.childNodes]) {
      if (isBlock(node)) paragraph = undefined;
      else if (paragraph) paragraph.append(node);
      else if (node.textContent.trim()) {
        paragraph = made("p");
        node.replaceWith(paragraph);
        paragraph.append(node);
      }
    }
  }

  /** Chromium drops MathML; an image's alternative text arrives. */
  function nameFormulas() {
    for (const formula of all(".katex")) {
      const math = formula.querySelector("math");
      const shown = formula.querySelector(".katex-html");
      if (!math || !shown) continue;
      formula.setAttribute("role", "img");
      formula.setAttribute(
        "aria-label",
        `${window.paper.formulaMark}${window.paper.spoken(math)}`,
      );
      shown.removeAttribute("aria-hidden");
      formula.querySelector(".katex-mathml").remove();
    }
  }

  /** Code has a tag of its own. */
  function tagCode() {
    for (const pre of all("main .highlight pre")) {
      const code = made("code");
      code.append(...pre.childNodes);
      pre.append(code);
    }
  }

  /** The text of the last heading before an element. */
  function headingBefore(element, headings) {
    const before = headings.filter(
      (heading) =>
        heading.compareDocumentPosition(element) &
        heading.DOCUMENT_POSITION_FOLLOWING,
    );
    return textOf(before.at(-1));
  }

  /** An element's text, with formulas as they are shown. */
  function textOf(element) {
    return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  const sentence = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);

  /**
   * Numbers figures and tables from 1.
   *
   * @param titles The titles of the Plotly figures, in order; null for one without a title.
   */
  function addCaptions(titles) {
    const headings = all("main :is(h1, h2, h3, h4)");
    const plots = all("main .convnotes-figure");
    if (plots.length !== titles.length)
      throw new Error(
        `Expected ${titles.length} figures on the page, received ${plots.length}`,
      );
    for (const image of all(
      "main :is(.jp-RenderedImage, .jp-RenderedMarkdown, .jp-RenderedHTML) img:not(:is(figure, table) img)",
    )) {
      const figure = made("figure", "convnotes-figure");
      image.replaceWith(figure);
      figure.append(image);
    }
    let number = 0;
    for (const figure of all("main .convnotes-figure")) {
      number += 1;
      const index = plots.indexOf(figure);
      const alt = figure.querySelector("img")?.alt.split("\n")[0] ?? "";
      const title =
        (index < 0 ? alt : titles[index]) || headingBefore(figure, headings);
      const caption = made("figcaption", "paper-caption");
      caption.append(
        made("strong", "", `Figure ${number}.`),
        ` ${sentence(title)}`,
      );
      figure.append(caption);
      // The file has more pixels than the image on a screen, for sharp print.
      const image = figure.querySelector("img[width]");
      if (image)
        image.style.maxWidth = `min(100%, ${image.getAttribute("width")}px)`;
    }
    number = 0;
    for (const table of all("main table")) {
      number += 1;
      const caption = made("caption", "paper-caption");
      caption.append(
        made("strong", "", `Table ${number}.`),
        ` ${sentence(tableTitle(table, headings))}`,
      );
      table.querySelector("caption")?.remove();
      table.prepend(caption);
    }
  }

  /** A table's own title, or its section and its columns. */
  function tableTitle(table, headings) {
    const box = table.closest(".convnotes-table, .convnotes-summary");
    const own = box?.querySelector("strong");
    if (own && !table.contains(own)) {
      const line = own.parentElement;
      const text = textOf(own);
      line.remove();
      return /^Model: /.test(text)
        ? text.replace(/^Model: /, "Summary of the model ")
        : text;
    }
    const above = table.previousElementSibling;
    if (above?.localName === "strong") {
      above.remove();
      return textOf(above);
    }
    const columns = [...(table.tHead?.rows[0]?.cells ?? [])].map(textOf);
    const [first, ...others] = columns;
    const named = [...new Set(others.filter(Boolean))];
    const list = named.length > 5 ? [...named.slice(0, 4), "and more"] : named;
    const by = first && list.length > 0 ? ` by ${first}` : "";
    return `${headingBefore(table, headings)}: ${list.join(", ") || first}${by}`;
  }

  /** The first cell of a row in a body is its header if the first column has words. */
  function nameRows() {
    for (const table of all("main table")) {
      const head = table.tHead?.rows[0];
      for (const cell of head?.cells ?? [])
        if (cell.localName === "th") cell.scope = "col";
      const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
      const first = rows.map((row) => textOf(row.cells[0]));
      if (
        rows.length === 0 ||
        first.some((text) => text === "") ||
        rows[0].cells.length < 2
      )
        continue;
      for (const row of rows) {
        const cell = row.cells[0];
        if (cell.localName === "th") continue;
        const header = made("th", cell.className);
        header.scope = "row";
        header.style.cssText = cell.style.cssText;
        header.append(...cell.childNodes);
        cell.replaceWith(header);
      }
    }
  }

  /** Words are divided in tables that are wider than the page otherwise. */
  function narrowTables(section) {
    const { right } = section.getBoundingClientRect();
    for (const table of section.querySelectorAll("table"))
      if (table.getBoundingClientRect().right > right + 1)
        table.classList.add("paper-tight");
  }

  /** A cell without content would be missing in the tags. */
  function fillEmptyCells() {
    for (const cell of all("main :is(td, th)"))
      if (textOf(cell) === "") cell.append("\u00a0");
  }

  /**
   * Prepares the page.
   *
   * @param titles The titles of the Plotly figures, in order; null for one without a title.
   * @param names The names of all chapters of this edition.
   */
  function prepare({ chapter, titles, names }) {
    removeControls();
    unfold();
    addCaptions(titles);
    nameFormulas();
    tagCode();
    nameRows();
    fillEmptyCells();
    window.paper.setLinks(chapter, names);
    window.paper.linkAnswers(chapter);
    const main = document.querySelector("main");
    const section = made("section", "paper-chapter");
    section.id = chapter;
    section.append(...main.childNodes);
    main.append(section);
    narrowTables(section);
  }

  window.paper = {
    ...window.paper,
    formulaMark: "formula:",
    prepare,
  };
})();
