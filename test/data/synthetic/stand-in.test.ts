import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { catalogue } from "../../../src/data/catalogue/catalogue";
import { cifar100CoarseLabels } from "../../../src/data/catalogue/cifar-100";
import type { DatasetName } from "../../../src/data/catalogue/dataset-entry";
import { DatasetError } from "../../../src/data/dataset-error";
import type { NdArray } from "../../../src/data/nd-array";
import { drawStandIn } from "../../../src/data/synthetic/stand-in";
import type { StandIn } from "../../../src/data/synthetic/stand-in";

const TRAIN = 0;
const TEST = 1;
const names = Object.keys(catalogue) as DatasetName[];

/** Of the first 200 training and 100 test pictures of seed 1, with their labels. */
const digests: Record<DatasetName, readonly [string, string]> = {
  "cifar-10": [
    "28582908dda9b47f978651fdd175cd79305960a555136e72ce7814ebb3e887df",
    "d6d288f108cd4a004ba14e69e8eef25ae37d421bdc609f7841bc4da5440af220",
  ],
  "cifar-100": [
    "032294d7c377440dec477e6932129cd2749152b06f50e8f922328e79dec58fda",
    "5f2fafe0815b88da098a7726297e5883bfccb2637bd40518e9cc42f3fff27eb1",
  ],
  mnist: [
    "1c1cf65a67b94358588554d59f7c1df4f530b31a94886e3b4d62778dbe8b57a3",
    "e131e939bbd0e8a5e8c9d0c64a411869bef1363c9d770f68c35fffe999b6ebb1",
  ],
  "fashion-mnist": [
    "d6c7afc2a60165360576401acea2f66a93371c2d4a9e1a12e70b3243a73d7c88",
    "09e7d3d85ead0392818c75b2a83b3cbaef5112ed3d470e430da5ceb3379c2f0f",
  ],
};

function draw(
  name: DatasetName,
  samples: number,
  seed = 1,
  stream = TRAIN,
): Promise<StandIn> {
  return drawStandIn(name, samples, { seed, stream });
}

function digest({ images, labels }: StandIn): string {
  return createHash("sha256")
    .update(images.data)
    .update(labels.data)
    .digest("hex");
}

/** The numbers of the fine classes: the last label that a picture has. */
function classesOf(labels: NdArray): number[] {
  const [samples = 0, columns = 1] = labels.shape;
  return Array.from(
    { length: samples },
    (_, row) => labels.data[row * columns + columns - 1]!,
  );
}

function picture({ images }: StandIn, index: number): Uint8Array {
  return images.slice(index, index + 1).data;
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

for (const name of names) {
  const entry = catalogue[name];
  const classes = entry.classNames.length;
  const labelColumns = entry.coarseClassNames === undefined ? 1 : 2;

  test(`${name}: shapes are those of the files`, async () => {
    const { images, labels } = await draw(name, 7);
    assert.deepEqual(images.shape, [7, ...entry.imageShape]);
    assert.deepEqual(labels.shape, [7, labelColumns]);
  });

  test(`${name}: a seed gives the same pictures on every machine`, async () => {
    const [train, held] = digests[name];
    assert.equal(digest(await draw(name, 200)), train);
    assert.equal(digest(await draw(name, 100, 1, TEST)), held);
  });

  test(`${name}: the first pictures do not depend on how many are drawn`, async () => {
    const many = await draw(name, 230, 5);
    for (const samples of [0, 1, 99, 100, 101, 200]) {
      const some = await draw(name, samples, 5);
      assert.deepEqual(some.images.data, many.images.slice(0, samples).data);
      assert.deepEqual(some.labels.data, many.labels.slice(0, samples).data);
    }
  });

  test(`${name}: seeds differ, and so do training and test pictures`, async () => {
    const drawn = await Promise.all([
      draw(name, 20, 1, TRAIN),
      draw(name, 20, 1, TEST),
      draw(name, 20, 2, TRAIN),
      draw(name, 20, 2, TEST),
      draw(name, 20, 2 ** 32 - 1, TRAIN),
    ]);
    assert.equal(new Set(drawn.map(digest)).size, drawn.length);
  });

  test(`${name}: no picture comes twice, in training or in test`, async () => {
    const seen = new Set<string>();
    for (const stream of [TRAIN, TEST]) {
      const set = await draw(name, 500, 1, stream);
      for (let index = 0; index < 500; index++) {
        const bytes = picture(set, index);
        seen.add(createHash("sha256").update(bytes).digest("hex"));
      }
    }
    assert.equal(seen.size, 1000);
  });

  test(`${name}: every hundred pictures hold as many of each class`, async () => {
    const { labels } = await draw(name, 500, 3);
    const all = classesOf(labels);
    for (let start = 0; start < 500; start += 100) {
      const counts = new Array<number>(classes).fill(0);
      for (const label of all.slice(start, start + 100)) counts[label]!++;
      assert.deepEqual(counts, new Array(classes).fill(100 / classes));
    }
  });

  test(`${name}: classes come in no order`, async () => {
    const all = classesOf((await draw(name, 500, 3)).labels);
    const sorted = all.filter((label, index) => label >= (all[index - 1] ?? 0));
    // In random order about half of them are not below the one before.
    assert.ok(sorted.length > 200 && sorted.length < 330, `${sorted.length}`);
    const packs = [0, 100, 200].map((start) => all.slice(start, start + 100));
    assert.equal(new Set(packs.map(String)).size, 3);
  });

  test(`${name}: pictures use the whole range, and none is blank`, async () => {
    const set = await draw(name, 300);
    let [least, most] = [255, 0];
    for (let index = 0; index < 300; index++) {
      const bytes = picture(set, index);
      const mean = meanOf(bytes);
      const variance =
        bytes.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
        bytes.length;
      assert.ok(Math.sqrt(variance) > 8, `picture ${index}`);
      least = Math.min(least, ...bytes);
      most = Math.max(most, ...bytes);
    }
    assert.equal(least, 0);
    assert.ok(most >= 250, `${most}`);
  });

  test(`${name}: pictures of a class are no copies of one another`, async () => {
    const set = await draw(name, 300, 4);
    const label = classesOf(set.labels)[0]!;
    const of = classesOf(set.labels).flatMap((other, index) =>
      other === label ? [picture(set, index)] : [],
    );
    for (const other of of.slice(1)) {
      const apart = of[0]!.reduce(
        (sum, value, at) => sum + Math.abs(value - other[at]!),
        0,
      );
      assert.ok(apart / other.length > 5, `${apart / other.length}`);
    }
  });

  test(`${name}: a picture's likeness to the mean picture of a class gives not too much away`, async () => {
    const [train, held] = [
      await draw(name, 1500),
      await draw(name, 500, 1, TEST),
    ];
    const size = train.images.data.length / 1500;
    const means = entry.classNames.map(() => new Float64Array(size));
    classesOf(train.labels).forEach((label, index) =>
      picture(train, index).forEach(
        (value, at) => (means[label]![at]! += (value * classes) / 1500),
      ),
    );
    let right = 0;
    classesOf(held.labels).forEach((label, index) => {
      const bytes = picture(held, index);
      const distances = means.map((mean) => {
        let sum = 0;
        for (let at = 0; at < size; at++) sum += (mean[at]! - bytes[at]!) ** 2;
        return sum;
      });
      if (distances.indexOf(Math.min(...distances)) === label) right++;
    });
    // Digits and clothes lie in the middle of their pictures, as the originals do; things stand anywhere.
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

test("mnist and fashion-mnist: the ground is black", async () => {
  for (const name of ["mnist", "fashion-mnist"] as const) {
    const { images } = await draw(name, 200);
    const black = images.data.filter((value) => value === 0).length;
    const share = black / images.data.length;
    assert.ok(share > 0.4 && share < 0.9, `${name}: ${share}`);
  }
});

test("drawing lets others have their turn, and tells how far it is", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const reports: [number, number][] = [];
  await drawStandIn("cifar-10", 1000, {
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

test("two drawings at the same time do not disturb each other", async () => {
  const [both, alone] = [
    await Promise.all([draw("mnist", 400), draw("mnist", 400, 2)]),
    await draw("mnist", 400),
  ];
  assert.deepEqual(both[0].images.data, alone.images.data);
});

test("an abort ends the drawing soon, with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  let drawn = 0;
  await assert.rejects(
    drawStandIn("cifar-100", 50_000, {
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

test("an abort from outside comes through while it draws", async () => {
  const signal = AbortSignal.timeout(30);
  await assert.rejects(
    drawStandIn("cifar-10", 50_000, { seed: 1, stream: TRAIN, signal }),
    { name: "TimeoutError" },
  );
});

test("nothing is drawn for a signal that is aborted already", async () => {
  await assert.rejects(
    drawStandIn("mnist", 10, {
      seed: 1,
      stream: TRAIN,
      signal: AbortSignal.abort(),
      report: () => assert.fail("something was drawn"),
    }),
    { name: "AbortError" },
  );
});

const wrong: [string, Parameters<typeof drawStandIn>, RegExp][] = [
  [
    "a set that there is not",
    ["svhn" as DatasetName, 1, { seed: 1, stream: 0 }],
    /^Expected one of the data sets .*mnist.*, received svhn$/,
  ],
  [
    "a number of pictures below 0",
    ["mnist", -1, { seed: 1, stream: 0 }],
    /^Expected `samples` to be a whole number from 0 to 1048576, received -1$/,
  ],
  [
    "a seed that is no whole number",
    ["mnist", 1, { seed: 1.5, stream: 0 }],
    /^Expected `seed` to be a whole number .*, received 1.5$/,
  ],
  [
    "a stream that is no number",
    ["mnist", 1, { seed: 1, stream: NaN }],
    /^Expected `stream` to be a whole number .*, received NaN$/,
  ],
];

for (const [what, call, message] of wrong) {
  test(`${what} is an error`, async () => {
    await assert.rejects(drawStandIn(...call), (error) => {
      assert.ok(error instanceof DatasetError);
      assert.match(error.message, message);
      return true;
    });
  });
}
