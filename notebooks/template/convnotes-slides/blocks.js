// Divides the content of a slide into pieces that stay whole: lines of code, rows, points of lists.
/* global document, window */
window.convnotesBlocks = (() => {
  /** The most characters of a table's cell that are not divided. */
  const shortCell = 12;

  // A piece is an element, the shell (list, box of code, table) that is repeated on each page with
  // pieces of it, or null, and the piece's index in the shell.

  /** Replaces wrappers around outputs and fragments by their content, so that it can be divided. */
  function unwrap(section) {
    let index = 0;
    for (const wrapper of section.querySelectorAll(":scope > .fragment")) {
      for (const child of wrapper.children) {
        child.classList.add("fragment");
        child.dataset.fragmentIndex = index;
      }
      index += 1;
      wrapper.replaceWith(...wrapper.childNodes);
    }
    for (const output of section.querySelectorAll(":scope > .slides-html")) {
      const parts = leaves(output);
      for (const part of parts)
        if (part.tagName !== "TABLE") part.classList.add("slides-output");
      if (output.classList.contains("fragment"))
        for (const part of parts) {
          part.classList.add("fragment");
          part.dataset.fragmentIndex = output.dataset.fragmentIndex;
        }
      output.replaceWith(...parts);
    }
    for (const table of section.querySelectorAll(":scope > table")) {
      const box = document.createElement("div");
      box.className = "slides-table";
      if (table.classList.contains("fragment")) {
        table.classList.remove("fragment");
        box.classList.add("fragment");
        box.dataset.fragmentIndex = table.dataset.fragmentIndex;
      }
      table.replaceWith(box);
      box.append(table);
      // Numbers with their units stay on a line; the table becomes smaller instead.
      for (const cell of table.querySelectorAll("td"))
        if (cell.textContent.length <= shortCell)
          cell.style.whiteSpace = "nowrap";
    }
  }

  /** The elements of an output below its wrappers. Text between them gets an element. */
  function leaves(element) {
    const isWrapper =
      element.matches(
        ".slides-html, .convnotes-table, .convnotes-summary, div:has(> table)",
      ) && element.getAttribute("style") === null;
    if (!isWrapper) return [element];
    return [...element.childNodes].flatMap((node) => {
      if (node.nodeType === 1) return leaves(node);
      if (node.textContent.trim() === "") return [];
      const text = document.createElement("div");
      text.append(node);
      return [text];
    });
  }

  /** The pieces of a section's content in order. Lines of code become elements of their own. */
  function piecesOf(section) {
    return [...section.children].flatMap((block) => {
      if (block.matches("aside.notes")) return [];
      const parts = partsOf(block);
      return parts.length < 2
        ? [{ element: block, shell: null, index: 0 }]
        : parts.map((element, index) => ({ element, shell: block, index }));
    });
  }

  function partsOf(block) {
    if (block.matches("ul, ol")) return [...block.children];
    if (block.matches(".slides-table"))
      return [...block.querySelectorAll(":scope > table > tbody > tr")];
    const pre = block.matches(".slides-code, .slides-text, .highlight")
      ? block.querySelector("pre")
      : null;
    return pre === null ? [] : linesOf(pre);
  }

  /** Text with elements across lines, such as colored output, stays whole. */
  function linesOf(pre) {
    const lines = pre.innerHTML.replace(/\n+$/, "").split("\n");
    const balanced = lines.every(
      (line) =>
        (line.match(/<\w/g) ?? []).length === (line.match(/<\//g) ?? []).length,
    );
    if (!balanced) return [];
    pre.innerHTML = lines
      .map((line) => `<span class="slides-line">${line || " "}\n</span>`)
      .join("");
    return [...pre.children];
  }

  /** Puts pieces into a body; pieces of one shell share a copy of it. */
  function assemble(pieces, body) {
    let shell;
    let place;
    for (const piece of pieces) {
      if (piece.shell === null) {
        body.append(piece.element);
        shell = undefined;
        continue;
      }
      if (piece.shell !== shell) {
        shell = piece.shell;
        place = copyOfShell(piece);
        body.append(place.copy);
      }
      place.parent.append(piece.element);
    }
  }

  /** A shell without pieces, and the element in it that takes them. */
  function copyOfShell({ shell, index }) {
    const copy = shell.cloneNode(false);
    if (shell.matches("ol"))
      copy.start = Number(shell.getAttribute("start") ?? 1) + index;
    if (shell.matches("ul, ol")) return { copy, parent: copy };
    if (shell.matches(".slides-table")) {
      const table = shell.querySelector("table");
      const clone = table.cloneNode(false);
      const shared = table.querySelectorAll(":scope > :is(colgroup, thead)");
      for (const part of shared) clone.append(part.cloneNode(true));
      const rows = document.createElement("tbody");
      clone.append(rows);
      copy.append(clone);
      return { copy, parent: rows };
    }
    const pre = shell.querySelector("pre").cloneNode(false);
    copy.append(pre);
    return { copy, parent: pre };
  }

  return { assemble, piecesOf, unwrap };
})();
