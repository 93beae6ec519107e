/**
 * Tests the book site with two small notebooks, in Chromium, from a host and from a disk.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import type { Chapter } from "../../scripts/handouts/handout";
import { buildSite } from "../../scripts/handouts/site";
import { errorWith } from "../error-with";
import { noBrowser } from "../jupyterlab/browser";
import {
  code,
  markdown,
  noPython,
  shown,
  temporaryFolder,
  writeNotebook,
  type Cell,
} from "../lessons/notebook-file";
import { startChromium } from "../notebooks/page-views";
import {
  audit,
  ready,
  serve,
  views,
  withPage,
  type ServedSite,
} from "./served-site";

const [wide] = views;

const figure = (name: string) => ({
  output_type: "execute_result",
  execution_count: 1,
  metadata: {},
  data: {
    "application/vnd.plotly.v1+json": {
      data: [{ type: "scatter", name, x: [1, 2, 3], y: [0.1, 0.2, 0.3] }],
      layout: { width: 500, height: 300 },
      config: { responsive: false },
    },
    "text/plain": `${name}: 0.1, 0.2, 0.3`,
  },
});

const lesson = [
  markdown(
    "# Lesson 1: a small lesson\n\nA topic of its own.\n\n**You need** lab 1.\n\n**Time:** 45 minutes to read.",
  ),
  markdown(
    '## Quokkas\n\nA formula $x_i^2$. See [the lab](labs/lab-1.ipynb#Gaps) and [the teaching](../docs/teaching.md).\n\n<details class="about-source"><summary>About the source</summary>\n\nFolded text.\n\n</details>',
  ),
  code("const braces = `{{ 1 + 1 }}`;\n\nconst two = { key: 2 };", [
    { output_type: "stream", name: "stdout", text: "{{ 1 + 1 }}\n" },
    shown({
      "text/html":
        "<div><table><thead><tr><th></th><th>images</th></tr></thead><tbody><tr><td>wombat</td><td>5</td></tr></tbody></table></div>",
      "text/plain": "wombat 5",
    }),
  ]),
  code("history", [figure("accuracy")]),
  markdown(`## Far below\n\n${"A paragraph of text.\n\n".repeat(200)}`),
  code("history", [figure("loss")]),
];

const lab = [
  markdown("# Lab 1: a small lab\n\n**You need** lesson 1."),
  markdown("## Gaps\n\nWrite it."),
  code(
    'step("lab-1/two", (): number => {\n  // BEGIN SOLUTION\n  return 1 + 1;\n  // END SOLUTION\n});',
  ),
];

/** Writes notebooks and returns them as chapters. */
function chaptersOf(
  folder: string,
  notebooks: Readonly<Record<string, readonly Cell[]>>,
): Chapter[] {
  return Object.entries(notebooks).map(([name, cells]) => {
    const file = path.join(folder, `${name}.ipynb`);
    writeNotebook(file, cells);
    const kind = name.startsWith("lab") ? "lab" : "lesson";
    return { name, file, kind, title: `${name}: a title` };
  });
}

const quiet = { log: () => undefined, signal: new AbortController().signal };

describe("the book site", { skip: noPython || noBrowser }, () => {
  let folder: string;
  let remove: () => void;
  let browser: Browser;
  let host: ServedSite;
  let site: string;
  const at = (page: string) => `${host.address}${page}`;

  before(async () => {
    ({ folder, remove } = temporaryFolder());
    const written = await buildSite(
      {
        ...quiet,
        chapters: chaptersOf(folder, { "lesson-1": lesson, "lab-1": lab }),
        out: path.join(folder, "out"),
      },
      { documents: false, api: false },
    );
    assert.deepEqual(written, ["site"]);
    site = path.join(folder, "out", "site");
    host = await serve(site, "/my course/2026/");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
    remove?.();
  });

  test("leaves nothing beside the site", () => {
    assert.deepEqual(readdirSync(path.dirname(site)), ["site"]);
    assert.equal(existsSync(path.join(site, "index.html")), true);
  });

  for (const view of [views[0]!, views[3]!]) {
    test(`has an accessible start page, ${view.width} pixels wide, ${view.colorScheme}`, async () => {
      assert.deepEqual(await withPage(browser, at(""), view, audit), {
        violations: [],
        overflow: 0,
      });
    });
  }

  test("lists the chapters with time and needs", async () => {
    await withPage(browser, at(""), wide!, async (page) => {
      const text = await page.locator("main").innerText();
      assert.match(text, /A topic of its own\./);
      assert.match(text, /Time: 45 minutes to read\n/);
      const needed = page.locator("main").getByRole("link", { name: "lab 1" });
      assert.match(
        (await needed.first().getAttribute("href"))!,
        /^\/my%20course\/2026\/lab-1\.html$/,
      );
    });
  });

  test("draws figures when the reader comes near them", async () => {
    await withPage(browser, at("lesson-1.html"), wide!, async (page) => {
      const figures = page.locator("figure");
      await figures.nth(0).locator(".main-svg").first().waitFor();
      assert.equal(await figures.nth(0).locator("img").isVisible(), false);
      assert.equal(await figures.nth(1).locator(".plot").count(), 0);
      await figures.nth(1).scrollIntoViewIfNeeded();
      await figures.nth(1).locator(".main-svg").first().waitFor();
      const drawn = figures.nth(1).getByRole("figure", { name: /^loss: 0\.1/ });
      assert.equal(await drawn.isVisible(), true);
    });
  });

  test("shows images where figures do not fit", async () => {
    await withPage(browser, at("lesson-1.html"), views[2]!, async (page) => {
      const image = page.locator("figure img").first();
      await image.scrollIntoViewIfNeeded();
      const box = await image.boundingBox();
      assert.ok(box!.x >= 0 && box!.x + box!.width <= 375);
      assert.match((await image.getAttribute("alt"))!, /^accuracy: 0\.1/);
    });
  });

  test("finds words of text, tables and code", async () => {
    await withPage(browser, at(""), wide!, async (page) => {
      for (const word of ["Quokkas", "wombat", "braces"]) {
        await page.getByRole("button", { name: "Search" }).click();
        await page.locator(".VPLocalSearchBox input").fill(word);
        const found = page.locator(".VPLocalSearchBox .result").first();
        await found.waitFor();
        assert.match(
          (await found.getAttribute("href"))!,
          /^\/my course\/2026\/lesson-1\.html#/,
        );
        await page.keyboard.press("Escape");
      }
    });
  });

  test("leads to the next page and back", async () => {
    await withPage(browser, at(""), wide!, async (page) => {
      for (const [link, title] of [
        ["next", "Lesson 1: a small lesson"],
        ["next", "Lab 1: a small lab"],
        ["prev", "Lesson 1: a small lesson"],
      ]) {
        await page.locator(`.pager-link.${link}`).click();
        await page.getByRole("heading", { level: 1, name: title! }).waitFor();
      }
      await page.getByRole("link", { name: "the lab", exact: true }).click();
      await page.waitForURL(/lab-1\.html#Gaps$/);
      await page.getByRole("heading", { name: "Gaps" }).waitFor();
      await ready(page);
    });
  });

  test("leaves code, outputs and links as they are", async () => {
    await withPage(browser, at("lesson-1.html"), wide!, async (page) => {
      const main = page.locator("main");
      assert.equal(
        await main.locator(".code-cell code").first().textContent(),
        "const braces = `{{ 1 + 1 }}`;\n\nconst two = { key: 2 };",
      );
      assert.equal(
        await main.locator(".stdout").textContent(),
        "{{ 1 + 1 }}\n",
      );
      assert.equal(
        await main.locator("math annotation").textContent(),
        "x_i^2",
      );
      assert.equal(await main.locator("th:empty").count(), 0);
      assert.equal(await main.locator(".tok-number").last().textContent(), "2");
      // The site has no documents here.
      assert.equal(
        await main.getByRole("link", { name: "the teaching" }).count(),
        0,
      );
    });
  });

  test("folds text and solutions without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(at("lab-1.html"));
    const [gap, solution] = await page.locator(".code-cell code").all();
    assert.match(
      (await gap!.textContent())!,
      /\/\/ YOUR CODE HERE\n {2}return notWritten\(\);/,
    );
    assert.equal(await solution!.isVisible(), false);
    await page.getByText("Solution", { exact: true }).click();
    assert.equal(await solution!.isVisible(), true);
    assert.match(
      (await solution!.textContent())!,
      /=> \{\n {2}return 1 \+ 1;\n\}/,
    );
    await page.goto(at("lesson-1.html"));
    assert.equal(await page.locator("figure img:visible").count(), 2);
    await context.close();
  });

  test("opens from a disk", async () => {
    const start = pathToFileURL(path.join(site, "index.html")).href;
    await withPage(browser, start, wide!, async (page) => {
      await page.locator(".pager-link.next").click();
      await page.locator("figure .main-svg").first().waitFor();
      await page.getByRole("link", { name: "the lab", exact: true }).click();
      await page.getByRole("heading", { name: "Gaps" }).waitFor();
    });
  });

  test("is not built with a link that leads nowhere", async () => {
    const out = path.join(folder, "broken");
    const chapters = chaptersOf(folder, {
      "lesson-2": [markdown("# Lesson 2\n\n[nowhere](lesson-99.ipynb)")],
    });
    await assert.rejects(
      buildSite({ ...quiet, chapters, out }, { documents: false, api: false }),
      errorWith("ERR_PROCESS", "lesson-99"),
    );
    assert.deepEqual(readdirSync(out), []);
  });

  test("stops on request", async () => {
    const out = path.join(folder, "stopped");
    const controller = new AbortController();
    const reason = new Error("stopped");
    const built = buildSite({
      chapters: chaptersOf(folder, { "lesson-2": [markdown("# Lesson 2")] }),
      out,
      log: () => setTimeout(() => controller.abort(reason), 300),
      signal: controller.signal,
    });
    await assert.rejects(built, reason);
    assert.deepEqual(readdirSync(out), []);
  });
});
