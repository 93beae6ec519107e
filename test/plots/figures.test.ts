/**
 * The gallery of `npm run figures`: complete, and drawn as its reference images show it.
 */
import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { drawGallery } from "../../scripts/figures/draw-gallery";
import { exhibits, gallery } from "../../scripts/figures/gallery";
import { indexPage } from "../../scripts/figures/index-page";
import { difference, type Pixels } from "../../scripts/figures/likeness";
import {
  compare,
  referenceFile,
  referenceFolder,
  removeOthers,
  type Verdict,
  writeReference,
} from "../../scripts/figures/references";
import { Studio } from "../../scripts/figures/studio";
import { Figure, figure } from "../../src/plots/figure";
import { errorWith } from "../error-with";
import { noBrowser } from "../jupyterlab/browser";

const root = path.join(__dirname, "..", "..");
/** Largest size of all references, in bytes. */
const mostBytes = 300_000;

function exhibitOf(name: string) {
  const found = exhibits.find((exhibit) => exhibit.name === name);
  assert.ok(found, `there is no exhibit ${name}`);
  return found;
}

describe("the gallery", () => {
  test("has every function of the library that returns a figure", () => {
    const index = readFileSync(path.join(root, "src", "index.ts"), "utf8");
    const folder = path.join(root, "src", "plots");
    const names = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      const functions =
        /export (?:async )?function (\w+)\([^]*?\n?\): (?:Promise<)?(\w+)/g;
      return [...text.matchAll(functions)]
        .filter(([, , result]) => result === "Figure")
        .map(([, name]) => name!)
        .filter((name) => new RegExp(`\\b${name}\\b`).test(index));
    });
    assert.ok(names.length >= 12, names.join(", "));
    const shown = exhibits.map(({ about }) => about).join("\n");
    for (const name of names)
      assert.match(shown, new RegExp(`\\b${name}\\b`), `${name} is not shown`);
  });

  test("has a reference for each exhibit and none without, all of them small", () => {
    const names = exhibits.map(({ name }) => name);
    assert.deepEqual(
      readdirSync(referenceFolder).sort(),
      names.map((name) => `${name}.png`).sort(),
    );
    assert.equal(new Set(names).size, names.length);
    const bytes = names.map((name) => statSync(referenceFile(name)).size);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    assert.ok(total < mostBytes, `${total} bytes`);
  });

  test("rejects names that select nothing", async () => {
    await assert.rejects(
      () =>
        drawGallery({
          folder: path.join(tmpdir(), "never-made"),
          names: ["history", "histroy"],
          update: false,
          report: () => undefined,
        }),
      errorWith("ERR_UNKNOWN_NAME", "received histroy"),
    );
  });
});

describe("difference", () => {
  /** An image in which `dark` says which pixels are black. */
  const image = (
    dark: (x: number, y: number) => boolean,
    width = 128,
    height = 96,
  ): Pixels => ({
    width,
    height,
    values: Uint8Array.from({ length: width * height * 3 }, (_, index) => {
      const pixel = Math.floor(index / 3);
      return dark(pixel % width, Math.floor(pixel / width)) ? 0 : 255;
    }),
  });
  const left = image((x) => x < 32);

  test("is 0 for equal images, also for two without any ink", () => {
    assert.equal(difference(left, left), 0);
    const blank = image(() => false);
    assert.equal(difference(blank, blank), 0);
  });

  test("is 1 for images without common ink, and half of it for half of the ink", () => {
    const right = image((x) => x >= 96);
    assert.ok(Math.abs(difference(left, right) - 1) < 1e-12);
    const half = image((x) => x >= 16 && x < 48);
    assert.ok(Math.abs(difference(left, half) - 0.5) < 1e-12);
  });

  test("counts a line as much as an area", () => {
    const [upper, lower] = [20, 60].map((at) => image((_, y) => y === at));
    assert.ok(difference(upper!, lower!) > 0.99);
  });

  test("is 1 for images of other sizes, and small for nearly the same", () => {
    assert.equal(
      difference(
        left,
        image((x) => x < 32, 160),
      ),
      1,
    );
    const wider = image((x) => x < 33, 132);
    assert.ok(difference(left, wider) < 0.02);
  });
});

/** The exhibits that the test draws: one of each subject, and some that are easily broken. */
const sample = [
  ...gallery.map(({ exhibits: [first] }) => first!.name),
  ...["history-titled", "figure-bars", "convolution-padded", "model-graph"],
  ...["pooling-signed", "misclassified-long-names", "feature-sizes-long"],
];

describe("the gallery in a browser", { skip: noBrowser }, () => {
  let studio: Studio;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "figures-"));
    studio = await Studio.open();
  });
  after(async () => {
    await studio.close();
    rmSync(folder, { recursive: true });
  });

  /** Draws an exhibit; the same drawing for tests that only look at it. */
  const drawings = new Map<string, Promise<Uint8Array>>();
  function drawn(name: string): Promise<Uint8Array> {
    const found =
      drawings.get(name) ??
      Promise.resolve(exhibitOf(name).make()).then((shown) =>
        studio.draw(shown),
      );
    drawings.set(name, found);
    return found;
  }

  for (const name of sample)
    test(`${name} looks like its reference`, async () => {
      const verdict = compare(
        name,
        await drawn(name),
        exhibitOf(name).tolerance,
      );
      assert.equal(
        verdict.state,
        "same",
        `the difference is ${verdict.difference}; \`npm run figures\` shows both, and with \`-- --update\` accepts the new one`,
      );
    });

  test("other fonts do not matter", async () => {
    for (const name of sample) {
      const { make, tolerance } = exhibitOf(name);
      const png = await studio.draw(await make(), {
        font: "'DejaVu Serif', serif",
      });
      const verdict = compare(name, png, tolerance);
      assert.equal(verdict.state, "same", `${name}: ${verdict.difference}`);
    }
  });

  test("no exhibit looks like another one of its subject", async () => {
    for (const { exhibits: all, tolerance } of gallery) {
      const own = all.filter(({ name }) => sample.includes(name));
      for (const { name } of own)
        for (const other of all) {
          if (other.name === name) continue;
          const verdict = compare(other.name, await drawn(name), tolerance);
          assert.equal(
            verdict.state,
            "changed",
            `${name} passes for ${other.name}: ${verdict.difference}`,
          );
        }
    }
  });

  /** Draws an exhibit whose traces and layout have been changed. */
  async function changed(
    name: string,
    change: (data: Record<string, unknown>[], layout: Layout) => void,
  ): Promise<Verdict> {
    const { make, tolerance } = exhibitOf(name);
    const shown = await make();
    assert.ok(shown instanceof Figure);
    const { data, layout } = structuredClone({
      data: shown.data,
      layout: shown.layout,
    });
    change(data as unknown as Record<string, unknown>[], layout);
    const other = figure(data, layout, { dataset: null });
    return compare(name, await studio.draw(other), tolerance);
  }
  type Layout = Partial<Figure["layout"]>;

  test("a plot that is changed in one thing no longer looks like its reference", async () => {
    const states = {
      same: await changed("history-accuracy", () => undefined),
      curve: await changed("history-accuracy", (data) => data.pop()),
      scale: await changed("history-accuracy", (_, layout) => {
        layout.yaxis = { ...layout.yaxis, range: [0, 1] };
      }),
      color: await changed("figure-bars", (data) => {
        data[0]!.marker = { color: "#E69F00" };
      }),
      bar: await changed("figure-bars", (data) => {
        data[0]!.y = [1, 4, 6, 28, 61];
      }),
      cells: await changed("convolution-padded", (data) => {
        (data[1]!.z as number[][]).forEach((row) => row.reverse());
      }),
      boxes: await changed("model-graph", (_, layout) => {
        layout.shapes = [];
      }),
      classes: await changed("confusion", (data) => {
        (data[0]!.z as number[][]).reverse();
      }),
      margins: await changed("pooling-signed", (_, layout) => {
        layout.margin = { ...layout.margin, l: 80 };
      }),
    };
    const { same, ...others } = states;
    assert.equal(same.state, "same");
    for (const [what, { state, difference }] of Object.entries(others))
      assert.equal(state, "changed", `other ${what}: ${difference}`);
  });

  test("a reference can be written, and goes with its exhibit", async () => {
    const { tolerance } = exhibitOf("history-titled");
    const png = await drawn("history-titled");
    assert.equal(compare("one", png, tolerance, folder).state, "new");
    await writeReference("one", png, folder);
    assert.deepEqual(compare("one", png, tolerance, folder), {
      state: "same",
      difference: 0,
    });
    assert.deepEqual(removeOthers(["one"], folder), []);
    assert.deepEqual(removeOthers(["two"], folder), ["one"]);
    assert.deepEqual(readdirSync(folder), []);
  });

  test("the page shows a changed image beside its reference, without a network", async () => {
    const target = path.join(folder, "out");
    const { page, drawn: shown } = await drawGallery({
      folder: target,
      names: ["history-titled", "table-costs"],
      update: false,
      report: () => undefined,
    });
    assert.deepEqual(readdirSync(target).sort(), [
      "history-titled.png",
      "index.html",
      "table-costs.png",
    ]);
    const html = readFileSync(page, "utf8");
    assert.match(html, /2 images; all look like their references/);
    assert.doesNotMatch(html, /https?:|<script/);
    rmSync(target, { recursive: true });
    const [first, second] = shown;
    const marked = indexPage([
      { ...first!, state: "changed", difference: 0.5 },
      second!,
    ]);
    assert.match(
      marked,
      /<a href="#history-titled">history-titled<\/a>: changed/,
    );
    assert.match(
      marked,
      /class="reference" src="[^"]*references\/history-titled\.png"/,
    );
    assert.equal(marked.split('class="reference"').length, 2);
  });
});
