// Keeps a heading with more than one line of what follows it, so that no page ends with a heading
// and a single line.
/* global document, window */
(() => {
  const headings = "h1, h2, h3, h4, h5, h6";
  /** What can follow a heading on its page. */
  const blocks = `${headings}, p, li, pre, table, figure, .katex-display`;
  /** Text of fewer lines than this is a single line. */
  const short = 1.8;

  /** Whether an element is text of a single line. */
  function isLine(element) {
    if (!element.matches("p, li")) return false;
    const { lineHeight } = window.getComputedStyle(element);
    const { height } = element.getBoundingClientRect();
    return height > 0 && height < short * Number.parseFloat(lineHeight);
  }

  /** Forbids a page break after an element, and after the boxes that end with it. */
  function forbidBreakAfter(element) {
    let box = element;
    do {
      box.classList.add("paper-keep");
      if (box.nextElementSibling) return;
      box = box.parentElement;
    } while (box && !box.matches(".paper-chapter"));
  }

  /** Marks each single line right after a heading. The columns must be laid out first. */
  function keepHeadings() {
    const found = [...document.querySelectorAll(blocks)].filter(
      (element) => !element.matches("li p, td p, th p, figure *, table *"),
    );
    found.forEach((element, index) => {
      const isAfterHeading = found[index - 1]?.matches(headings) ?? false;
      if (isAfterHeading && isLine(element)) forbidBreakAfter(element);
    });
  }

  window.paper = { ...window.paper, keepHeadings };
})();
