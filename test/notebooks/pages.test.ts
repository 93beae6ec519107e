/**
 * Tests the page of an executed notebook: self-contained, with one copy of plotly.js, without
 * network access.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { browser, noBrowser } from "../jupyterlab/browser";
import {
  code,
  markdown,
  noPython,
  python,
  root,
  shown,
  temporaryFolder,
  writeNotebook,
  type Cell,
} from "../lessons/notebook-file";

const plotly = readFileSync(
  path.join(
    root,
    "node_modules",
    "plotly.js-cartesian-dist-min",
    "plotly-cartesian.min.js",
  ),
  "utf8",
);

/** Text that would end a script element, or hide its end, if it were not escaped. */
const hostile = "</script><!-- <script>";

const cells = [
  markdown(
    "# Lesson 0: a `page` & its *parts*\n\nProse.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
  ),
  markdown(
    "A formula $x_{i}^2$ in a line, `not $y$ in code`, and\n\n$$ \\sum_{j} e^{z_j} < \\infty $$\n\nand $\\nonsense{$ too.",
  ),
  markdown(
    '<details class="about-source"><summary>Folded</summary>\n\nWith *Markdown*.\n\n</details>',
  ),
  code("const count: number = 1; // one", [
    { output_type: "stream", name: "stdout", text: "count <1>\n" },
  ]),
  code("plot(history)", [
    shown({
      "application/vnd.plotly.v1+json": {
        data: [
          {
            type: "scatter",
            name: "val_accuracy",
            x: [1, 2, 3],
            y: [0.1, 0.2, 0.3],
          },
        ],
        layout: { title: { text: `curves ${hostile}` } },
      },
      "text/plain": "val_accuracy: 3 points",
    }),
  ]),
  code("heatmap", [
    {
      output_type: "execute_result",
      execution_count: 3,
      metadata: {},
      data: {
        "text/html": "<p>the figure's html form</p>",
        "application/vnd.plotly.v1+json": {
          data: [
            {
              type: "heatmap",
              z: [
                [1, 2],
                [3, 4],
              ],
            },
          ],
          layout: { title: { text: "confusion" } },
        },
        "text/plain": "heatmap, 2 by 2",
      },
    },
  ]),
  code("reportResult(row)", [
    shown({
      "application/vnd.convnotes.result+json": { lesson: "raw row" },
      "text/html": "<table><tr><td>row as a table</td></tr></table>",
      "text/plain": "row as text",
    }),
  ]),
  code("unknown", [
    shown({
      "application/x-unheard-of": "unheard-of data",
      "text/plain": "its text <form>",
    }),
  ]),
];

let folder: string;
let remove: () => void;
let page: string;

function exportPage(name: string, content: readonly Cell[]): string {
  const notebook = writeNotebook(path.join(folder, `${name}.ipynb`), content);
  const file = path.join(folder, `${name}.html`);
  execFileSync(python, [
    path.join(root, "scripts", "lessons", "export.py"),
    notebook,
  ]);
  return readFileSync(file, "utf8");
}

describe("the page of a notebook", { skip: noPython }, () => {
  before(() => {
    ({ folder, remove } = temporaryFolder());
    page = exportPage("lesson-0", cells);
  });
  after(() => remove());

  test("what is folded stays in its fold", () => {
    assert.match(
      page,
      /<summary>Folded<\/summary>\s*<p>With <em>Markdown<\/em>\.<\/p>\s*<\/details>/,
    );
  });

  test("has the notebook's heading as its title, and a language", () => {
    assert.match(page, /<html lang="en">/);
    assert.match(page, /<title>Lesson 0: a page &amp; its parts<\/title>/);
  });

  test("contains plotly.js once, unchanged, for any number of figures", () => {
    assert.equal(page.split(plotly.trim()).length - 1, 1);
    assert.equal(page.split("* plotly.js (").length - 1, 1);
  });

  test("without figures contains no plotly.js", () => {
    const plain = exportPage("plain", [markdown("# Plain"), cells[3]!]);
    assert.ok(!plain.includes("* plotly.js ("));
    assert.ok(plain.length < 1_000_000, `${plain.length} characters`);
  });

  test("plotly.js can be embedded in a script element unchanged", () => {
    assert.doesNotMatch(plotly, /<\/script|<!--/i);
  });

  test("refers to nothing that a browser would load", () => {
    const own = page.replace(plotly.trim(), "");
    // Inlined images use data: addresses; every other address would be loaded.
    const addresses = [
      ...own.matchAll(/<(?:script|link|img|iframe|source|use)\b[^>]*>/gi),
    ]
      .flatMap(([tag]) => [
        ...tag.matchAll(/\b(?:src|href|srcset)\s*=\s*["']?([^"'\s>]+)/gi),
      ])
      .map((match) => match[1]!);
    const styles = [
      ...own.matchAll(/url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)/gi),
    ].map((match) => (match[1] ?? match[2])!);
    assert.deepEqual(
      [...addresses, ...styles].filter(
        (address) => !address.startsWith("data:"),
      ),
      [],
    );
    for (const library of ["require.min.js", "MathJax", "mermaid.esm"]) {
      assert.ok(!own.includes(library), library);
    }
  });

  test("contains KaTeX and its fonts once if there are formulas, and only then", () => {
    assert.equal(page.split("font-family:KaTeX_Main").length - 1 > 0, true);
    const fonts = page.split("data:font/woff2;base64,").length - 1;
    assert.ok(fonts > 3 && fonts < 15, `${fonts} fonts`);
    assert.equal(page.split('class="katex"').length - 1, 2);
    const plain = exportPage("no-formulas", [markdown("# Plain")]);
    assert.ok(!plain.includes("KaTeX_"));
  });

  test("highlights code as TypeScript", () => {
    assert.match(page, /<span class="tok-keyword">const<\/span>/);
    assert.match(page, /<span class="tok-typeName">number<\/span>/);
    assert.match(page, /<span class="tok-comment">\/\/ one<\/span>/);
  });

  test("does not color an object's values as types", () => {
    const colors = exportPage("colors", [
      markdown("# Colors\n\n```ts\nreturn a ? 10 : 20;\n```"),
      code("f({ lesson: 1, on: true, n: 10_000 });"),
    ]);
    assert.match(
      colors,
      /tok-number">1<.*tok-bool">true<.*tok-number">10_000</,
    );
    assert.match(colors, /tok-number">10<.*tok-number">20</);
    assert.doesNotMatch(colors, /class="tok-typeName"/);
  });

  test("has one heading of the first level, skips none, and lists them", () => {
    const outline = exportPage("outline", [
      markdown("# One\n\n## Two\n\n##### Three\n\n##### Three\n\n# Four"),
    ]);
    assert.deepEqual(
      [...outline.matchAll(/<h(\d) id="([^"]*)"/g)].map((match) =>
        match.slice(1),
      ),
      [
        ["1", "One"],
        ["2", "Two"],
        ["3", "Three"],
        ["3", "Three-2"],
        ["2", "Four"],
      ],
    );
    assert.deepEqual(
      [
        ...outline.matchAll(
          /<li class="convnotes-level-\d"><a href="([^"]*)"/g,
        ),
      ].map((match) => match[1]),
      ["#Two", "#Three", "#Three-2", "#Four"],
    );
  });

  test("prefers the figure, then HTML, then text, and never shows a raw result row", () => {
    assert.match(page, /val_accuracy: 3 points/);
    assert.match(page, /heatmap, 2 by 2/);
    assert.ok(!page.includes("the figure's html form"));
    assert.ok(page.includes("row as a table"));
    assert.ok(!page.includes("row as text"));
    assert.ok(!page.includes("raw row"));
    assert.ok(page.includes("its text &lt;form&gt;"));
    assert.ok(!page.includes("unheard-of data"));
  });

  test("preserves a figure's data for any text in it", () => {
    const figures = [
      ...page.matchAll(
        /<script type="application\/json">([\s\S]*?)<\/script>/g,
      ),
    ].map((match) => JSON.parse(match[1]!) as unknown);
    assert.deepEqual(
      figures,
      [cells[4]!, cells[5]!].map(
        (cell) =>
          (cell.outputs![0]!["data"] as Record<string, unknown>)[
            "application/vnd.plotly.v1+json"
          ],
      ),
    );
  });

  test("nbconvert's own command finds the template", () => {
    const notebook = writeNotebook(path.join(folder, "plain-2.ipynb"), cells);
    execFileSync(
      python,
      [
        ...["-m", "nbconvert", "--to", "html", "--template", "convnotes"],
        notebook,
      ],
      { stdio: "ignore" },
    );
    const own = readFileSync(path.join(folder, "plain-2.html"), "utf8");
    assert.equal(own.split("* plotly.js (").length - 1, 1);
    assert.match(own, /<title>Lesson 0: a page &amp; its parts<\/title>/);
  });

  test("a file that is not a notebook is an error in one line", () => {
    const file = path.join(folder, "no.ipynb");
    const run = (...args: string[]) =>
      spawnSync(
        python,
        [path.join(root, "scripts", "lessons", "export.py"), ...args],
        {
          encoding: "utf8",
        },
      );
    const missing = run(file);
    assert.equal(missing.status, 1);
    assert.match(
      missing.stderr,
      /^.*no\.ipynb could not be exported: .*No such file.*\n$/,
    );
    writeFileSync(file, "no JSON");
    assert.match(run(file).stderr, /^.*no\.ipynb could not be exported: .*\n$/);
  });
});

const noPage = noPython || noBrowser;

/**
 * A script that records requests, errors and figures in the page itself once everything is drawn.
 * The browser's time is virtual: it passes when there is nothing to do.
 */
const probe = `<script>
const errors = [];
addEventListener("error", (event) => errors.push(String(event.message)));
addEventListener("load", () => setTimeout(() => {
  const requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  const report = document.createElement("script");
  report.type = "application/json";
  report.id = "report";
  report.textContent = encodeURIComponent(JSON.stringify({
    requests: requests.filter((name) => !name.startsWith("data:")),
    errors,
    figures: [...document.querySelectorAll(".convnotes-figure")].map((figure) => ({
      drawings: figure.querySelectorAll("svg.main-svg").length,
      title: figure.querySelector(".gtitle")?.textContent,
      label: figure.querySelector("[role=figure]")?.getAttribute("aria-label"),
      text: figure.querySelector("pre:not([hidden]), img:not([hidden])") !== null,
      width: figure.getBoundingClientRect().width,
    })),
    width: document.documentElement.scrollWidth,
    share: document.querySelectorAll("[data-title^=Share]").length,
    formulas: [...document.querySelectorAll(".jp-RenderedMarkdown .katex annotation")].map((tex) => tex.textContent.trim()),
    displayed: document.querySelectorAll(".katex-display").length,
    mathFont: document.fonts.check("12px KaTeX_Math"),
    words: document.querySelectorAll(".jp-RenderedMarkdown")[1].textContent,
  }));
  document.body.append(report);
}, 1500));
</script>`;

describe("the page in a browser without a network", { skip: noPage }, () => {
  interface Report {
    readonly requests: readonly string[];
    readonly errors: readonly string[];
    readonly figures: readonly {
      drawings: number;
      title?: string;
      label?: string;
      text: boolean;
      width: number;
    }[];
    readonly width: number;
    readonly share: number;
    readonly formulas: readonly string[];
    readonly displayed: number;
    readonly mathFont: boolean;
    readonly words: string;
  }
  let report: Report;

  before(() => {
    ({ folder, remove } = temporaryFolder());
    const file = path.join(folder, "probed.html");
    writeFileSync(
      file,
      exportPage("lesson-0", cells).replace("</title>", `</title>${probe}`),
    );
    const dom = execFileSync(
      browser!,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        `--user-data-dir=${path.join(folder, "profile")}`,
        "--window-size=1000,800",
        "--virtual-time-budget=20000",
        "--dump-dom",
        pathToFileURL(file).href,
      ],
      {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const match =
      /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(dom);
    assert.ok(match, "the page did not finish loading");
    report = JSON.parse(decodeURIComponent(match[1]!)) as Report;
  });
  after(() => remove());

  test("loads nothing and has no error", () => {
    assert.deepEqual(report.requests, []);
    assert.deepEqual(report.errors, []);
  });

  test("replaces every figure's text by its drawing, and keeps the text for screen readers", () => {
    assert.deepEqual(
      report.figures.map(({ title, label, text }) => ({ title, label, text })),
      [
        {
          title: `curves ${hostile}`,
          label: "val_accuracy: 3 points",
          text: false,
        },
        { title: "confusion", label: "heatmap, 2 by 2", text: false },
      ],
    );
    for (const { drawings } of report.figures) assert.ok(drawings > 0);
    // The button that uploads a figure to Plotly's servers.
    assert.equal(report.share, 0);
  });

  test("renders inline and display formulas, and leaves code and invalid formulas unchanged", () => {
    assert.deepEqual(report.formulas, [
      "x_{i}^2",
      "\\sum_{j} e^{z_j} < \\infty",
    ]);
    assert.equal(report.displayed, 1);
    assert.ok(report.mathFont);
    assert.match(report.words, /not \$y\$ in code/);
    assert.match(report.words, /and \$\\nonsense\{\$ too/);
  });

  test("is no wider than the window", () => {
    assert.ok(report.width <= 1000, `${report.width} pixels`);
    for (const { width } of report.figures) {
      assert.ok(width > 500 && width <= 1000, `${width} pixels`);
    }
  });
});
