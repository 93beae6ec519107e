/**
 * Tests that every class of the synthetic CIFAR-100 is drawn.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cifar100,
  cifar100CoarseLabels,
} from "../../../src/data/catalog/cifar-100";
import { Canvas } from "../../../src/data/synthetic/canvas";
import {
  families,
  hundredThingsPainter,
} from "../../../src/data/synthetic/hundred-things";
import { Pencil } from "../../../src/data/synthetic/pencil";
import { Random } from "../../../src/data/synthetic/random";

const middle = {
  x: 16,
  y: 16,
  scaleX: 12,
  scaleY: 12,
  turn: [1, 0],
} as const;

/**
 * Returns the share of pixels that an object covers, using a background value that is never drawn.
 */
function covered(name: string, coarse: string, seed: number): number {
  const canvas = new Canvas(32);
  canvas.pixels.fill(-7);
  families[coarse]!.members[name]!(
    new Pencil(canvas, middle),
    new Random(seed),
  );
  const touched = canvas.pixels.filter(
    (value, index) => index % 3 === 0 && value !== -7,
  );
  assert.ok(canvas.pixels.every(Number.isFinite), name);
  return touched.length / (32 * 32);
}

test("every family and every member is drawn, and no others", () => {
  assert.deepEqual(
    Object.keys(families).sort(),
    [...cifar100.coarseClassNames!].sort(),
  );
  cifar100.coarseClassNames!.forEach((coarse, number) => {
    const members = cifar100.classNames.filter(
      (_, label) => cifar100CoarseLabels[label] === number,
    );
    assert.deepEqual(
      Object.keys(families[coarse]!.members).sort(),
      [...members].sort(),
    );
  });
  assert.equal(hundredThingsPainter.classes, 100);
});

test("each object is visible", () => {
  cifar100.classNames.forEach((name, label) => {
    const coarse = cifar100.coarseClassNames![cifar100CoarseLabels[label]!]!;
    for (const seed of [1, 2, 3]) {
      const share = covered(name, coarse, seed);
      assert.ok(share > 0.08, `${name}: ${share}`);
    }
  });
});
