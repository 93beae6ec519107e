// Moves a figure behind the text that follows it, so that the text fills the page before the figure
// and the figure is at the top of the next one.
/* global document, window */
(() => {
  /** How many paragraphs a figure passes at most. */
  const farthest = 8;
  /** What a figure may pass: text, no heading, code, table or other figure. */
  const text = "p, ul, ol, blockquote, .katex-display";

  /** The text behind an element, up to what a figure does not pass. */
  function textBehind(cell) {
    const blocks = [];
    let next = cell.nextElementSibling;
    for (; next?.matches(".jp-MarkdownCell"); next = next.nextElementSibling) {
      const content = next.querySelector(".jp-RenderedMarkdown");
      for (const block of content?.children ?? []) {
        const isText =
          block.matches(text) && !block.querySelector("img, table");
        // A text about what is above it would be wrong below it.
        if (!isText || /\babove\b/.test(block.textContent)) return blocks;
        blocks.push(block);
        if (blocks.length === farthest) return blocks;
      }
    }
    return blocks;
  }

  /** Divides a cell of text behind one of its blocks. Returns how to undo it. */
  function divide(block) {
    const content = block.parentElement;
    const cell = block.closest(".jp-MarkdownCell");
    if (block.nextElementSibling === null) return () => undefined;
    const range = document.createRange();
    range.setStartAfter(block);
    range.setEndAfter(cell.lastChild);
    const rest = cell.cloneNode(false);
    rest.removeAttribute("id");
    rest.append(range.extractContents());
    for (const element of rest.querySelectorAll("[id]"))
      if (document.getElementById(element.id)?.contains(block))
        element.removeAttribute("id");
    cell.after(rest);
    const moved = rest.querySelector(".jp-RenderedMarkdown");
    return () => {
      content.append(...moved.childNodes);
      rest.remove();
    };
  }

  /** Moves a figure's output behind a block of text. Returns how to undo it. */
  function moveBehind(output, block) {
    const home = output.parentElement;
    const place = document.createComment("");
    const join = divide(block);
    const cell = document.createElement("div");
    cell.className = "jp-Cell paper-floating";
    output.replaceWith(place);
    cell.append(output);
    block.closest(".jp-MarkdownCell").after(cell);
    return () => {
      place.replaceWith(output);
      cell.remove();
      join();
      home.normalize();
    };
  }

  /**
   * Returns the ways to let a figure pass text. Each is a function that does it and returns how to
   * undo it.
   *
   * @param {Element} figure
   */
  function ways(figure) {
    const output = figure.closest(".jp-OutputArea-child");
    const cell = figure.closest(".jp-Cell");
    // An output behind the figure would be separated from its code.
    if (!output || output.nextElementSibling !== null) return [];
    if (output.querySelectorAll("figure").length !== 1) return [];
    return textBehind(cell).map((block) => () => moveBehind(output, block));
  }

  window.paper = { ...window.paper, waysToFloat: ways };
})();
