/**
 * The page with all images of a run: changed ones first in a list, each beside its reference.
 */
import { escapeHtml } from "../../src/notebook/html";
import type { Verdict } from "./references";

/** An exhibit that has been drawn. */
export interface Drawn extends Verdict {
  readonly name: string;
  readonly about: string;
  /** The subject's title. */
  readonly subject: string;
  /** Path of its reference relative to the page, if there is one. */
  readonly reference: string | undefined;
}

const styles = `
  body { font: 15px/1.5 sans-serif; color: #222222; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
  figure { margin: 2rem 0; padding: 1rem; border: 1px solid #cccccc; overflow-x: auto; }
  figure.changed, figure.new { border: 3px solid #d55e00; }
  figcaption { margin-bottom: 0.5rem; }
  img { vertical-align: top; }
  img.reference { image-rendering: pixelated; border: 1px dashed #888888; margin-left: 1rem; }
`;

/** Returns the page. It needs no network and no script. */
export function indexPage(drawn: readonly Drawn[]): string {
  const marked = drawn.filter(({ state }) => state !== "same");
  const subjects = [...new Set(drawn.map(({ subject }) => subject))];
  const links = marked.map(
    ({ name, state }) => `<li><a href="#${name}">${name}</a>: ${state}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Figures of convnotes</title>
<style>${styles}</style>
</head>
<body>
<h1>Figures of convnotes</h1>
<p>${drawn.length} images; ${
    marked.length === 0
      ? "all look like their references."
      : `${marked.length} do not look like their references:`
  }</p>
<ul>
${links.join("\n")}
</ul>
${subjects
  .map((subject) =>
    [
      `<h2>${escapeHtml(subject)}</h2>`,
      ...drawn.filter((one) => one.subject === subject).map(section),
    ].join("\n"),
  )
  .join("\n")}
</body>
</html>
`;
}

function section({ name, about, state, difference, reference }: Drawn): string {
  const before =
    state === "changed" && reference !== undefined
      ? `<img class="reference" src="${escapeHtml(reference)}" alt="reference of ${name}">`
      : "";
  const verdict =
    state === "new"
      ? "new, without a reference"
      : `${state}, difference ${difference.toFixed(3)}`;
  return `<figure id="${name}" class="${state}">
<figcaption><strong>${name}</strong>: ${escapeHtml(about)} (${verdict})</figcaption>
<img src="${name}.png" alt="${escapeHtml(about)}">${before}
</figure>`;
}
