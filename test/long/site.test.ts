/**
 * Tests the complete book site: every page's accessibility, every link and its place on the page.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { readingOrder, type Chapter } from "../../scripts/handouts/handout";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { site as step } from "../../scripts/handouts/site";
import {
  audit,
  serve,
  views,
  withPage,
  type ServedSite,
} from "../handouts/served-site";
import { noBrowser } from "../jupyterlab/browser";
import { noPython, root, temporaryFolder } from "../lessons/notebook-file";
import { startChromium } from "../notebooks/page-views";

const chapters = readingOrder.map((below): Chapter => {
  const file = path.join(root, "notebooks", `${below}.ipynb`);
  const [first] = readNotebook(file).cells;
  const name = path.basename(below);
  return {
    name,
    file,
    kind: below.startsWith("labs/")
      ? "lab"
      : name.startsWith("lesson")
        ? "lesson"
        : "extra",
    title: /^# (.*)$/m.exec(sourceOf(first!))![1]!,
  };
});

/** Pages of the API reference that are looked at in all views, besides those of the course. */
const sample =
  /^api\/(index|engine\/index|index\/(functions\/(load|fit)|classes\/\w+))\.html$/;

describe("the complete book site", { skip: noPython || noBrowser }, () => {
  let remove: () => void;
  let browser: Browser;
  let host: ServedSite;
  let site: string;
  let pages: string[];

  before(async () => {
    const temporary = temporaryFolder();
    remove = temporary.remove;
    const { signal } = new AbortController();
    await step.run({
      chapters,
      out: temporary.folder,
      log: (line) => console.log(line),
      signal,
    });
    site = path.join(temporary.folder, "site");
    pages = readdirSync(site, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".html"))
      .map((file) => file.split(path.sep).join("/"))
      .sort();
    host = await serve(site, "/course/");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
    remove?.();
  });

  test("has a page for each notebook, document and member of the API", () => {
    for (const { name } of chapters) assert.ok(pages.includes(`${name}.html`));
    for (const page of [
      "docs/kernel",
      "packages/engine",
      "changes",
      "api/index/functions/fit",
    ])
      assert.ok(pages.includes(`${page}.html`), page);
  });

  test("has no link that leads nowhere, within the site and its pages", () => {
    const texts = new Map(
      pages.map((page) => [page, readFileSync(path.join(site, page), "utf8")]),
    );
    const dead: string[] = [];
    for (const [page, text] of texts) {
      for (const [, link] of text.matchAll(
        /<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g,
      )) {
        if (/^[a-z]+:/i.test(link!)) continue;
        const [place, hash = ""] = link!.replaceAll("&amp;", "&").split("#");
        const file =
          place === ""
            ? page
            : path.posix.join(
                path.posix.dirname(page),
                decodeURIComponent(place!),
              );
        const id = decodeURIComponent(hash).replaceAll("&", "&amp;");
        const found =
          existsSync(path.join(site, file)) &&
          (hash === "" || texts.get(file)?.includes(`id="${id}"`) === true);
        if (!found) dead.push(`${page}: ${link}`);
      }
    }
    assert.deepEqual([...new Set(dead)], []);
  });

  for (const view of views) {
    test(`is accessible and fits, ${view.width} pixels wide, ${view.colorScheme}`, async () => {
      // The pages of the API are alike: one view has all of them.
      const [first] = views;
      const chosen = pages.filter(
        (page) =>
          view === first || !page.startsWith("api/") || sample.test(page),
      );
      const faults: string[] = [];
      for (const page of chosen) {
        const { violations, overflow } = await withPage(
          browser,
          host.address + page,
          view,
          audit,
        );
        if (violations.length > 0 || overflow !== 0)
          faults.push(`${page}: ${overflow} ${violations.join("; ")}`);
      }
      assert.deepEqual(faults, []);
    });
  }

  test("has one heading of the first level and skips no level", () => {
    for (const page of pages) {
      const text = readFileSync(path.join(site, page), "utf8");
      const main = /<main\b.*?<\/main>/s.exec(text)![0];
      const levels = [...main.matchAll(/<h([1-6])\b/g)].map(([, level]) =>
        Number(level),
      );
      assert.equal(levels.filter((level) => level === 1).length, 1, page);
      for (const [index, level] of levels.entries())
        assert.ok(
          index === 0 || level <= levels[index - 1]! + 1,
          `${page}: h${level}`,
        );
    }
  });
});
