// Keeps a heading with more than one line of what follows it, so that no page ends with both.
/* global document, window */
(() => {
  const headings = "h1, h2, h3, h4, h5, h6";
  /** What can follow a heading on its page. */
  const blocks = `${headings}, p, li, pre, table, figure, .katex-display`;
  /** Shorter text than this is one line, in lines. */
  const short = 1.8;

  /** Whether an element is text of a single line. */
  function isLine(element) {
    if (!element.matches("p, li")) return false;
    const { lineHeight } = window.getComputedStyle(element);
    const { height } = element.getBoundingClientRect();
    return height > 0 && height < short * Number.parseFloat(lineHeight);
  }

  /** Forbids a page break behind an element, and behind the boxes that end with it. */
  function forbidBreakBehind(element) {
    let box = element;
    do {
      box.classList.add("paper-keep");
      if (box.nextElementSibling) return;
      box = box.parentElement;
    } while (box && !box.matches(".paper-chapter"));
  }

  /** Marks each line that is alone behind a heading. The columns have to be laid out already. */
  function keepHeadings() {
    const found = [...document.querySelectorAll(blocks)].filter(
      (element) => !element.matches("li p, td p, th p, figure *, table *"),
    );
    found.forEach((element, index) => {
      const isAfterHeading = found[index - 1]?.matches(headings) ?? false;
      if (isAfterHeading && isLine(element)) forbidBreakBehind(element);
    });
  }

  window.paper = { ...window.paper, keepHeadings };
})();
