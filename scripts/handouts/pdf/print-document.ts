/**
 * Prints a document with Chromium, and finishes it with pypdf.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { escapeHtml } from "../../../src/notebook/html";
import { runPython } from "../program";
import { paperView } from "./chapter-section";
import {
  margins,
  pageRules,
  pointsPerMillimeter,
  textSize,
  type PageRun,
  type PaperFormat,
} from "./paper-format";

/** What is printed. */
export interface PaperDocument {
  readonly title: string;
  /** The HTML of the main element. */
  readonly html: string;
  readonly styles: readonly string[];
  readonly runs: readonly PageRun[];
}

/** How a document is printed. */
interface PrintOptions {
  readonly format: PaperFormat;
  /** Path of the finished PDF. */
  readonly target: string;
  /** A folder for what is not finished. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

const finish = path.join("scripts", "handouts", "pdf", "finish.py");

/** As `paper/prepare.js` and `paper/links.js` mark formulas and links. */
const formulaMark = "formula:";
const fileHost = "https://handout.invalid/";

/** Returns HTML in which links to the documents of other chapters lead to their sections. */
export function withLinksInside(html: string): string {
  return html.replace(
    /href="https:\/\/handout\.invalid\/([^"]+)\.pdf"/g,
    'href="#$1"',
  );
}

/**
 * Prints a document. Page numbers in its text are filled in after a first print.
 *
 * @returns The number of its pages.
 * @throws Error ERR_PROCESS If pypdf fails.
 */
export async function printDocument(
  browser: Browser,
  document: PaperDocument,
  { format, target, temporary, signal }: PrintOptions,
): Promise<number> {
  const name = path.basename(target, ".pdf");
  const source = path.join(temporary, `${name}-${format.name}.html`);
  const printed = path.join(temporary, `${name}-${format.name}.pdf`);
  writeFileSync(source, documentHtml(document, format));
  const view = await paperView(browser, textSize(format));
  try {
    await view.goto(pathToFileURL(source).href);
    await view.evaluate("document.fonts.ready.then(() => undefined)");
    if ((await view.locator(".paper-page-number").count()) > 0) {
      await print(view, printed);
      const pages = await outputOf(["pages", printed], { signal });
      await view.evaluate(`(pages => {
        for (const place of document.querySelectorAll(".paper-page-number"))
          place.textContent = pages[place.closest("a").getAttribute("href").slice(1)] ?? "?";
      })(${pages})`);
    }
    await print(view, printed);
    const links = await view.evaluate(
      `[...document.querySelectorAll("main a[href]")].map((link) => link.innerText.replace(/\\s+/g, " ").trim())`,
    );
    const headings = await view.evaluate(
      `[...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")].map((heading) => heading.textContent.replace(/\\s+/g, " ").trim())`,
    );
    const request = {
      source: printed,
      target: path.resolve(target),
      title: document.title,
      language: "en",
      top: margins.top * pointsPerMillimeter,
      links,
      headings,
      formula_mark: formulaMark,
      file_host: fileHost,
    };
    const result = await outputOf(["finish"], {
      input: JSON.stringify(request),
      signal,
    });
    return (JSON.parse(result) as { pages: number }).pages;
  } finally {
    await view.close();
  }
}

/** What finish.py writes to standard output. */
async function outputOf(
  parameters: readonly string[],
  options: { readonly signal: AbortSignal; readonly input?: string },
): Promise<string> {
  const lines: string[] = [];
  await runPython(finish, parameters, {
    ...options,
    onLine: (line) => lines.push(line),
  });
  return lines.join("\n");
}

async function print(view: Page, file: string): Promise<void> {
  await view.pdf({
    path: file,
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
  });
}

function documentHtml(
  { title, html, styles, runs }: PaperDocument,
  format: PaperFormat,
): string {
  const rules = [...new Set(styles), pageRules(format, runs)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
${rules.map((rule) => `<style>${rule}</style>`).join("\n")}
</head>
<body class="jp-Notebook" data-jp-theme-light="true" data-jp-theme-name="JupyterLab Light">
<main>
${html}
</main>
</body>
</html>
`;
}
