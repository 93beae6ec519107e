/**
 * Tests which text a figure passes on paper, so that no page ends with a large blank before it.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { root } from "../../scripts/handouts/program";
import { noBrowser } from "../jupyterlab/browser";
import { startChromium } from "../notebooks/page-views";

const script = path.join(
  root,
  ...["scripts", "handouts", "pdf", "paper", "float-figures.js"],
);

const code = (...outputs: string[]) =>
  `<div class="jp-Cell jp-CodeCell"><div class="jp-Cell-inputWrapper"><pre>code</pre></div><div class="jp-OutputArea">${outputs.map((each) => `<div class="jp-OutputArea-child">${each}</div>`).join("")}</div></div>`;
const text = (html: string) =>
  `<div class="jp-Cell jp-MarkdownCell" id="cell"><div class="jp-RenderedMarkdown">${html}</div></div>`;
const figure = "<figure>figure</figure>";

describe("a figure on paper", { skip: noBrowser }, () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await startChromium();
    page = await browser.newPage();
  });
  after(() => browser?.close());

  /** The text of the page for each place that its figure may have. */
  async function places(...cells: string[]): Promise<string[]> {
    await page.setContent(`<main>${cells.join("")}</main>`);
    await page.addScriptTag({ path: script });
    const { texts, isRestored } = await page.evaluate<{
      texts: string[];
      isRestored: boolean;
    }>(`(() => {
      const main = document.querySelector("main");
      const before = main.innerHTML;
      const texts = paper.waysToFloat(main.querySelector("figure")).map((way) => {
        const undo = way();
        const words = main.innerText.split(/\\s+/).join(" ").trim();
        const ids = main.querySelectorAll("#cell").length;
        undo();
        return ids > document.querySelectorAll("#cell").length ? "an id twice" : words;
      });
      return { texts, isRestored: main.innerHTML === before };
    })()`);
    assert.ok(isRestored);
    return texts;
  }

  test("may be behind any paragraph that follows it, up to a heading", async () => {
    assert.deepEqual(
      await places(
        code(figure),
        text("<p>one</p>\n<p>two</p>"),
        text("<ul><li>three</li></ul><h2>four</h2><p>five</p>"),
      ),
      [
        "code one figure two three four five",
        "code one two figure three four five",
        "code one two three figure four five",
      ],
    );
  });

  test("passes no code, no table, and no text about what is above", async () => {
    for (const next of [
      code("output"),
      text("<table><tr><td>1</td></tr></table>"),
      text("<p>The figure above shows it.</p>"),
    ])
      assert.deepEqual(await places(code(figure), next), []);
  });

  test("stays before an output that follows it", async () => {
    assert.deepEqual(
      await places(code(figure, "more"), text("<p>one</p>")),
      [],
    );
  });
});
