/**
 * Tests the synthetic images: reproducibility, labels, difficulty and progress reports.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { catalog } from "../../../src/data/catalog/catalog";
import { cifar100CoarseLabels } from "../../../src/data/catalog/cifar-100";
import type { DatasetName } from "../../../src/data/catalog/dataset-entry";
import type { NdArray } from "../../../src/data/nd-array";
import { drawImages } from "../../../src/data/synthetic/draw-images";
import type { SyntheticImages } from "../../../src/data/synthetic/draw-images";
import { errorWith } from "../../error-with";

const TRAIN = 0;
const TEST = 1;
const names = Object.keys(catalog) as DatasetName[];

/** SHA-256 of the first 200 training and 100 test images of seed 1, with their labels. */
const digests: Record<DatasetName, readonly [string, string]> = {
  "cifar-10": [
    "a8ea445e2c799fa41818f0fcb732bf21e8e12339990acb147e0ddcff004b5430",
    "414b2cfb04807914fc5e83bf7ac74baf2d44f0d0359d8a4acdc6f9da6fab96db",
  ],
  "cifar-100": [
    "d2163eed9ea776768b6532dfa4986afaf40a3feed84d71fef37cfca03a45c282",
    "2139976c913271fed9cf76ab2749274b6d55fa87ebecd59fa7624b75419e21a3",
  ],
  mnist: [
    "e4d8db117cc416608de633983be8cec07fa3f6298b8d14929d0ba8f10fd1cab4",
    "0f09c908de8e301886d3a48c82c5e3226ee8eaaa11f8d8dd8ceb5b60bb8b3ff7",
  ],
  "fashion-mnist": [
    "5d1ba86f8692314b1822b512c77cfa251d14c71cca65b2ec5c81972f9c4d17c3",
    "187753bfe03b71cd465f9e6b7336ac3000d73d72d319e2d9c13e5786507972ed",
  ],
};

function draw(
  name: DatasetName,
  samples: number,
  seed = 1,
  stream = TRAIN,
): Promise<SyntheticImages> {
  return drawImages(name, samples, { seed, stream });
}

function digest({ images, labels }: SyntheticImages): string {
  return createHash("sha256")
    .update(images.data)
    .update(labels.data)
    .digest("hex");
}

/** Returns the fine labels, which are the last label of each image. */
function classesOf(labels: NdArray): number[] {
  const [samples = 0, columns = 1] = labels.shape;
  return Array.from(
    { length: samples },
    (_, row) => labels.data[row * columns + columns - 1]!,
  );
}

function imageAt({ images }: SyntheticImages, index: number): Uint8Array {
  return images.slice(index, index + 1).data;
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

for (const name of names) {
  const entry = catalog[name];
  const classes = entry.classNames.length;
  const labelColumns = entry.coarseClassNames === undefined ? 1 : 2;

  test(`${name}: shapes match the data set's files`, async () => {
    const { images, labels } = await draw(name, 7);
    assert.deepEqual(images.shape, [7, ...entry.imageShape]);
    assert.deepEqual(labels.shape, [7, labelColumns]);
  });

  test(`${name}: a seed gives the same images on every machine`, async () => {
    const [train, held] = digests[name];
    assert.equal(digest(await draw(name, 200)), train);
    assert.equal(digest(await draw(name, 100, 1, TEST)), held);
  });

  test(`${name}: the first images do not depend on how many are drawn`, async () => {
    const many = await draw(name, 230, 5);
    for (const samples of [0, 1, 99, 100, 101, 200]) {
      const some = await draw(name, samples, 5);
      assert.deepEqual(some.images.data, many.images.slice(0, samples).data);
      assert.deepEqual(some.labels.data, many.labels.slice(0, samples).data);
    }
  });

  test(`${name}: seeds and streams give different images`, async () => {
    const drawn = await Promise.all([
      draw(name, 20, 1, TRAIN),
      draw(name, 20, 1, TEST),
      draw(name, 20, 2, TRAIN),
      draw(name, 20, 2, TEST),
      draw(name, 20, 2 ** 32 - 1, TRAIN),
    ]);
    assert.equal(new Set(drawn.map(digest)).size, drawn.length);
  });

  test(`${name}: no image occurs twice in training and test`, async () => {
    const seen = new Set<string>();
    for (const stream of [TRAIN, TEST]) {
      const set = await draw(name, 500, 1, stream);
      for (let index = 0; index < 500; index++) {
        const bytes = imageAt(set, index);
        seen.add(createHash("sha256").update(bytes).digest("hex"));
      }
    }
    assert.equal(seen.size, 1000);
  });

  test(`${name}: every 100 images contain all classes equally often`, async () => {
    const { labels } = await draw(name, 500, 3);
    const all = classesOf(labels);
    for (let start = 0; start < 500; start += 100) {
      const counts = new Array<number>(classes).fill(0);
      for (const label of all.slice(start, start + 100)) counts[label]!++;
      assert.deepEqual(counts, new Array(classes).fill(100 / classes));
    }
  });

  test(`${name}: labels are in random order`, async () => {
    const all = classesOf((await draw(name, 500, 3)).labels);
    const sorted = all.filter((label, index) => label >= (all[index - 1] ?? 0));
    // In random order, about half of the labels are not below the previous one.
    assert.ok(sorted.length > 200 && sorted.length < 330, `${sorted.length}`);
    const blocks = [0, 100, 200].map((start) => all.slice(start, start + 100));
    assert.equal(new Set(blocks.map(String)).size, 3);
  });

  test(`${name}: images use the whole range of values, and none is blank`, async () => {
    const set = await draw(name, 300);
    let [least, most] = [255, 0];
    for (let index = 0; index < 300; index++) {
      const bytes = imageAt(set, index);
      const mean = meanOf(bytes);
      const variance =
        bytes.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
        bytes.length;
      assert.ok(Math.sqrt(variance) > 8, `image ${index}`);
      least = Math.min(least, ...bytes);
      most = Math.max(most, ...bytes);
    }
    assert.equal(least, 0);
    assert.ok(most >= 250, `${most}`);
  });

  test(`${name}: images of a class are not copies of each other`, async () => {
    const set = await draw(name, 300, 4);
    const label = classesOf(set.labels)[0]!;
    const of = classesOf(set.labels).flatMap((other, index) =>
      other === label ? [imageAt(set, index)] : [],
    );
    for (const other of of.slice(1)) {
      const apart = of[0]!.reduce(
        (sum, value, at) => sum + Math.abs(value - other[at]!),
        0,
      );
      assert.ok(apart / other.length > 5, `${apart / other.length}`);
    }
  });

  test(`${name}: the nearest class mean classifies better than chance, but not too well`, async () => {
    const [train, held] = [
      await draw(name, 1500),
      await draw(name, 500, 1, TEST),
    ];
    const size = train.images.data.length / 1500;
    const means = entry.classNames.map(() => new Float64Array(size));
    classesOf(train.labels).forEach((label, index) =>
      imageAt(train, index).forEach(
        (value, at) => (means[label]![at]! += (value * classes) / 1500),
      ),
    );
    let right = 0;
    classesOf(held.labels).forEach((label, index) => {
      const bytes = imageAt(held, index);
      const distances = means.map((mean) => {
        let sum = 0;
        for (let at = 0; at < size; at++) sum += (mean[at]! - bytes[at]!) ** 2;
        return sum;
      });
      if (distances.indexOf(Math.min(...distances)) === label) right++;
    });
    // Digits and clothes are centered like the originals; other objects are anywhere.
    const most = entry.imageShape[2] === 1 ? 0.68 : 0.3;
    const guessing = 1 / classes;
    assert.ok(right / 500 < most, `${right / 500}`);
    assert.ok(right / 500 > guessing, `${right / 500}`);
  });
}

test("cifar-100: the first label is the family of the second", async () => {
  const { labels } = await draw("cifar-100", 300);
  for (let row = 0; row < 300; row++) {
    const [coarse, fine] = labels.data.slice(row * 2, row * 2 + 2);
    assert.equal(coarse, cifar100CoarseLabels[fine!]);
  }
});

test("mnist and fashion-mnist: the background is black", async () => {
  for (const name of ["mnist", "fashion-mnist"] as const) {
    const { images } = await draw(name, 200);
    const black = images.data.filter((value) => value === 0).length;
    const share = black / images.data.length;
    assert.ok(share > 0.4 && share < 0.9, `${name}: ${share}`);
  }
});

test("drawing yields to the event loop and reports progress", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const reports: [number, number][] = [];
  await drawImages("cifar-10", 1000, {
    seed: 1,
    stream: TRAIN,
    report: (done, total) => reports.push([done, total]),
  });
  clearInterval(timer);
  assert.ok(turns > 2, `${turns} turns`);
  assert.ok(reports.length > 3, `${reports.length} reports`);
  assert.deepEqual(reports.at(-1), [1000, 1000]);
  reports.forEach(([done, total], index) => {
    assert.equal(total, 1000);
    if (index > 0) assert.ok(done >= reports[index - 1]![0]);
  });
});

test("concurrent drawings do not affect each other", async () => {
  const [both, alone] = [
    await Promise.all([draw("mnist", 400), draw("mnist", 400, 2)]),
    await draw("mnist", 400),
  ];
  assert.deepEqual(both[0].images.data, alone.images.data);
});

test("an abort soon ends the drawing with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  let drawn = 0;
  await assert.rejects(
    drawImages("cifar-100", 50_000, {
      seed: 1,
      stream: TRAIN,
      signal: controller.signal,
      report(done) {
        drawn = done;
        controller.abort(reason);
      },
    }),
    (error) => error === reason,
  );
  assert.ok(drawn < 5_000, `${drawn} of 50000`);
});

test("an external abort takes effect during drawing", async () => {
  const signal = AbortSignal.timeout(30);
  await assert.rejects(
    drawImages("cifar-10", 50_000, { seed: 1, stream: TRAIN, signal }),
    { name: "TimeoutError" },
  );
});

test("nothing is drawn if the signal is already aborted", async () => {
  await assert.rejects(
    drawImages("mnist", 10, {
      seed: 1,
      stream: TRAIN,
      signal: AbortSignal.abort(),
      report: () => assert.fail("something was drawn"),
    }),
    { name: "AbortError" },
  );
});

const wrong: [
  string,
  Parameters<typeof drawImages>,
  ...Parameters<typeof errorWith>,
][] = [
  [
    "an unknown data set",
    ["svhn" as DatasetName, 1, { seed: 1, stream: 0 }],
    "ERR_UNKNOWN_NAME",
    "mnist",
    "received svhn",
  ],
  [
    "a negative number of images",
    ["mnist", -1, { seed: 1, stream: 0 }],
    "ERR_INVALID_VALUE",
    "`samples`",
    "0 to 1048576",
    "received -1",
  ],
  [
    "a fractional seed",
    ["mnist", 1, { seed: 1.5, stream: 0 }],
    "ERR_INVALID_VALUE",
    "`seed`",
    "received 1.5",
  ],
  [
    "a stream that is not a number",
    ["mnist", 1, { seed: 1, stream: NaN }],
    "ERR_INVALID_VALUE",
    "`stream`",
    "received NaN",
  ],
];

for (const [what, call, ...rule] of wrong) {
  test(`${what} is an error`, async () => {
    await assert.rejects(drawImages(...call), errorWith(...rule));
  });
}
