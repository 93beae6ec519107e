// Starts reveal.js with slides that fit: sections of any height become pages, one below another.
/* global document, location, matchMedia, window, Reveal, RevealNotes */
(async () => {
  const { unwrap } = window.convnotesBlocks;
  const { distribute, fill } = window.convnotesPages;

  const isPrinted = /[?&](print-pdf|view=print)\b/.test(location.search);
  const isNarrow = matchMedia("(max-width: 43.75rem)");
  const forPhone = isNarrow.matches && !isPrinted;
  /** The slide's size, which reveal.js scales to the window: 16:9, or a phone's window. */
  const size = forPhone
    ? {
        width: 460,
        height: Math.round(
          460 *
            Math.min(
              2.2,
              Math.max(1.2, window.innerHeight / window.innerWidth),
            ),
        ),
      }
    : { width: 1280, height: 720 };
  document.body.classList.toggle("slides-phone", forPhone);
  document.body.style.setProperty("--slide-width", `${size.width}px`);
  document.body.style.setProperty("--slide-height", `${size.height}px`);

  const deck = document.querySelector(".slides");
  const title = document.querySelector(".slides-heading").textContent;

  await Promise.all(
    [...document.fonts]
      .map((font) => font.load())
      .concat([...document.images].map((image) => image.decode())),
  ).catch(() => {
    // A font or an image that cannot be shown takes the room that it says it takes.
  });

  for (const slide of [...deck.children]) {
    const parts = joined([...slide.children].flatMap(partsOf).map(prepared));
    let heading = parts[0].heading ?? newHeading("h2", title);
    const pages = [];
    for (const part of parts) {
      const own = part.heading ?? continued(heading);
      pages.push(...pagesOf(part, own));
      heading = part.inner ?? own;
    }
    if (pages.length === 1) slide.replaceWith(...pages);
    else slide.replaceChildren(...pages);
  }

  /** Divides a section where a new heading follows text. */
  function partsOf(section) {
    unwrap(section);
    const parts = [section];
    let hasText = false;
    for (const child of [...section.children]) {
      if (hasText && child.matches("h2, h3")) {
        parts.push(document.createElement("section"));
        hasText = false;
      }
      if (parts.length > 1) parts.at(-1).append(child);
      if (!child.matches("h1, h2, h3, h4, h5, h6, aside, .about-source"))
        hasText = true;
    }
    return parts;
  }

  /** Takes the heading and the notes out of a part of the notebook. */
  function prepared(section) {
    const notes = [...section.querySelectorAll("aside.notes")];
    for (const remark of section.querySelectorAll("details.about-source")) {
      const aside = document.createElement("aside");
      aside.className = "notes";
      remark.replaceWith(aside);
      aside.append(remark);
      notes.push(aside);
    }
    for (const aside of notes) aside.remove();
    const first = section.firstElementChild;
    const heading = first?.matches("h1, h2, h3, h4, h5, h6") ? first : null;
    if (heading !== null) heading.remove();
    const isTitle = heading?.tagName === "H1";
    return {
      section,
      notes,
      isTitle,
      // What the next pages continue.
      inner: section.querySelector(":scope > h3"),
      heading:
        heading &&
        newHeading(isTitle ? "p" : "h2", heading.innerHTML, heading.id),
    };
  }

  /** Joins parts that fit on one page together, and that no heading separates. */
  function joined(parts) {
    const result = [];
    for (const part of parts) {
      const before = result.at(-1);
      if (before === undefined || !canJoin(before, part)) {
        result.push(part);
        continue;
      }
      before.section.append(...part.section.childNodes);
      before.notes.push(...part.notes);
      before.inner ??= part.inner;
    }
    return result;
  }

  function canJoin(before, { section, heading }) {
    if (heading !== null || before.isTitle) return false;
    if (section.querySelector("h2, h3, .fragment") !== null) return false;
    // The class thinks before it sees the answer.
    if (/\?\s*$/.test(before.section.lastElementChild?.textContent ?? "?"))
      return false;
    const { frame, body } = newFrame(
      before.heading?.cloneNode(true) ?? newHeading("h2", title),
      false,
    );
    deck.append(frame);
    const content = document.createElement("div");
    const room = body.clientHeight;
    body.append(content);
    for (const each of [before.section, section])
      content.append(...each.cloneNode(true).childNodes);
    for (const details of content.querySelectorAll("details"))
      details.open = true;
    const { scale, pages } = distribute(content, [room, room]);
    frame.remove();
    return scale === 1 && pages.length === 1;
  }

  function newHeading(name, html, id) {
    const heading = document.createElement(name);
    heading.className = "slides-title";
    heading.innerHTML = html;
    if (id) heading.id = id;
    // The page's first heading has this text for screen readers.
    if (name === "p") heading.setAttribute("aria-hidden", "true");
    return heading;
  }

  /** The heading of a page that continues the one before. */
  function continued(heading) {
    const copy = newHeading("h2", heading.innerHTML);
    copy.classList.add("slides-continued");
    return copy;
  }

  /** The pages of a part, as sections of reveal.js. */
  function pagesOf({ section, notes, inner, isTitle }, heading) {
    const content = document.createElement("div");
    content.append(...section.childNodes);
    const closed = [...content.querySelectorAll("details:not([open])")];
    // Answers need room when they are opened.
    for (const details of closed) details.open = true;

    const measured = newFrame(heading, isTitle);
    deck.append(measured.frame);
    const first = measured.body.clientHeight;
    heading.replaceWith(continued(inner ?? heading));
    const others = measured.body.clientHeight;
    measured.body.append(content);
    const { scale, pages } = distribute(content, [first, others]);
    content.remove();
    measured.frame.remove();

    const filled = (pages.length === 0 ? [[]] : pages).map((pieces, index) => {
      const { frame, body } = newFrame(
        index === 0 ? heading : continued(inner ?? heading),
        isTitle && index === 0,
      );
      deck.append(frame);
      const column = document.createElement("div");
      column.style.fontSize = `${scale}em`;
      body.append(column);
      fill(column, pieces, body.clientHeight);
      const page = document.createElement("section");
      page.append(frame);
      return page;
    });
    if (!isPrinted) for (const details of closed) details.open = false;
    if (notes.length > 0) filled[0].append(oneAside(notes));
    return filled;
  }

  /** What a slide shows: heading, body, and the lesson's title at the bottom. */
  function newFrame(heading, isTitle) {
    const frame = document.createElement("div");
    frame.className = `slides-frame${isTitle ? " slides-first" : ""}`;
    const body = document.createElement("div");
    body.className = "slides-body";
    const running = document.createElement("p");
    running.className = "slides-running";
    running.setAttribute("aria-hidden", "true");
    running.textContent = title;
    frame.append(heading, body, running);
    return { frame, body };
  }

  function oneAside(notes) {
    const aside = document.createElement("aside");
    aside.className = "notes";
    for (const each of notes) aside.append(...each.childNodes);
    for (const details of aside.querySelectorAll("details"))
      details.open = true;
    return aside;
  }

  /** Areas that scroll are tab stops; arrow keys move their content, not the slides. */
  function markScrolling() {
    for (const place of document.querySelectorAll(
      ".slides-body pre, .slides-table, .slides-output, .katex-display, .slides-body > div",
    )) {
      const { overflowX, overflowY } = window.getComputedStyle(place);
      const scrolls =
        (overflowX === "auto" && place.scrollWidth > place.clientWidth + 1) ||
        (overflowY === "auto" && place.scrollHeight > place.clientHeight + 1);
      if (scrolls) place.tabIndex = 0;
      else place.removeAttribute("tabindex");
    }
  }

  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const onPaper =
    isPrinted && new Promise((resolve) => Reveal.on("pdf-ready", resolve));
  await Reveal.initialize({
    ...size,
    margin: 0,
    minScale: 0.1,
    maxScale: 4,
    center: false,
    hash: true,
    slideNumber: "h.v",
    controlsTutorial: false,
    transition: isStill ? "none" : "slide",
    scrollActivationWidth: 0,
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
    keyboardCondition: ({ target, key }) =>
      !(key.startsWith("Arrow") && target.closest?.("[tabindex='0']")),
    plugins: [RevealNotes],
  });
  // Inside the main part of the page, there is no other landmark.
  document.querySelector(".reveal > .controls").setAttribute("role", "none");
  Reveal.on("slidechanged", markScrolling);
  markScrolling();
  await onPaper;
  // Another shape of slide needs other pages.
  if (!isPrinted) isNarrow.addEventListener("change", () => location.reload());
  document.body.dataset.arranged = "";
})();
