// Makes the links of a chapter lead to places on paper.
/* global document, window */
(() => {
  /** Stands for the folder of the handouts, until the PDF has relative links. */
  const fileHost = "https://handout.invalid/";

  const all = (selector) => [...document.querySelectorAll(selector)];

  /**
   * Ids are unique among chapters, and links lead to places on paper.
   *
   * @param chapter The chapter's name, the prefix of its ids.
   * @param names The names of all chapters of this edition.
   */
  function setLinks(chapter, names) {
    for (const element of all("main [id]"))
      element.id = `${chapter}--${element.id}`;
    for (const link of all("main a[href]")) {
      const target = paperTarget(link.getAttribute("href"), chapter, names);
      if (target !== undefined) link.setAttribute("href", target);
      else link.replaceWith(...link.childNodes);
    }
  }

  /** The address on paper, of which there is none for other files. */
  function paperTarget(href, chapter, names) {
    if (/^(https?|mailto):/.test(href)) return href;
    const [, file, hash = ""] = /^([^#]*)(?:#(.*))?$/.exec(href);
    const name =
      file === "" ? chapter : /([^/]+)\.ipynb$/.exec(decodeURI(file))?.[1];
    if (name === undefined || !names.includes(name)) return undefined;
    if (name !== chapter) return `${fileHost}${name}.pdf`;
    const id = hash === "" ? name : `${name}--${decodeURIComponent(hash)}`;
    return id === name || document.getElementById(id) ? `#${id}` : undefined;
  }

  /** From an exercise to its answer and back, with page numbers that are filled in later. */
  function linkAnswers(chapter) {
    const places = all(".paper-to-answer");
    for (const place of places) {
      const number = place.dataset.answer;
      const last = places
        .filter((other) => other.dataset.answer === number)
        .at(-1);
      if (place !== last) {
        place.remove();
        continue;
      }
      place.id = `${chapter}--exercise-${number}`;
      place.append("Answer: ", pageLink(`${chapter}--answer-${number}`));
    }
    for (const place of all(".paper-to-exercise")) {
      const number = place.dataset.answer;
      place.id = `${chapter}--answer-${number}`;
      place.append("Exercise: ", pageLink(`${chapter}--exercise-${number}`));
    }
  }

  function pageLink(id) {
    const link = document.createElement("a");
    link.className = "paper-page";
    link.href = `#${id}`;
    const number = document.createElement("span");
    number.className = "paper-page-number";
    number.textContent = "000";
    link.append("page ", number);
    return link;
  }

  window.paper = { ...window.paper, setLinks, linkAnswers };
})();
