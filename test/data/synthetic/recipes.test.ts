/**
 * Tests that recipes are read, that every class has one that draws something, and that drawings
 * differ.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalog } from "../../../src/data/catalog/catalog";
import { Canvas } from "../../../src/data/synthetic/canvas";
import { drawRecipe, type Freedom } from "../../../src/data/synthetic/drawing";
import { Random } from "../../../src/data/synthetic/random";
import { readRecipe } from "../../../src/data/synthetic/recipe";
import { clothesPainter } from "../../../src/data/synthetic/sets/clothes";
import { digitsPainter } from "../../../src/data/synthetic/sets/digits";
import { hundredThingsPainter } from "../../../src/data/synthetic/sets/hundred-things";
import { thingsPainter } from "../../../src/data/synthetic/sets/things";

const painters = {
  "cifar-10": thingsPainter,
  "cifar-100": hundredThingsPainter,
  mnist: digitsPainter,
  "fashion-mnist": clothesPainter,
};

/** Draws in the middle of the canvas, exactly as the recipe says apart from the sizes. */
const exact: Freedom = {
  ...{ scale: [10, 10], stretch: [1, 1], margin: 0, mirrored: 0 },
  ...{ jitter: 0, bend: 0, slant: [0, 0], weight: [1, 1] },
  ...{ spread: 0, surprise: 0 },
};

/** Returns the gray levels of a recipe's steps in white, 32 x 32 pixels, with a random seed. */
function gray(steps: string, seed = 1): Float32Array {
  const canvas = new Canvas(32, 1);
  const recipe = readRecipe(`0; 0:0:1; ${steps}`);
  drawRecipe(canvas, recipe, new Random(seed), exact);
  return canvas.pixels;
}

/** Whether anything was drawn at a pixel. */
const lit = (pixels: Float32Array, x: number, y: number): boolean =>
  pixels[y * 32 + x]! > 0;

for (const [name, painter] of Object.entries(painters)) {
  const { classNames } = catalog[name as keyof typeof painters];

  test(`${name}: each class has a recipe whose drawings are visible and differ`, () => {
    assert.equal(new Set(painter.labels()).size, classNames.length);
    const { size, channels } = painter.style;
    classNames.forEach((className, label) => {
      const seen = new Set<string>();
      for (const seed of [1, 2, 3, 4]) {
        const random = new Random(seed);
        const canvas = new Canvas(size, channels);
        // A value that is never drawn.
        canvas.pixels.fill(-7);
        const recipe = painter.recipe(label);
        const style = { ...painter.style, margin: 0 };
        drawRecipe(canvas, recipe, random, style);
        assert.ok(canvas.pixels.every(Number.isFinite), className);
        const drawn = canvas.pixels.filter((value) => value !== -7).length;
        const share = drawn / canvas.pixels.length;
        assert.ok(share > 0.03, `${className}: ${share}`);
        seen.add(canvas.pixels.join());
      }
      assert.equal(seen.size, 4, className);
    });
  });
}

test("a shape stands where its numbers say, its copies and mirror image too", () => {
  const right = gray("a o .5,.2 .1");
  assert.ok(lit(right, 21, 18) && !lit(right, 11, 18) && !lit(right, 21, 14));
  const both = gray("a m o .5,.2 .1");
  assert.ok(lit(both, 21, 18) && lit(both, 10, 18));
  const copies = gray("a b -.8,0 .1,.1 x3 .8,0");
  assert.deepEqual(
    [8, 12, 16, 20, 24].map((x) => lit(copies, x, 16)),
    [true, false, true, false, true],
  );
});

test("the right half of a polygon makes the whole, as does a rectangle", () => {
  const whole = gray("a p .5,-.5 .5,.5 -.5,.5 -.5,-.5");
  assert.deepEqual(gray("a q .5,-.5 .5,.5"), whole);
  const box = gray("a b 0,0 .5,.5");
  assert.ok(box.every((value, at) => Math.abs(value - whole[at]!) < 1e-6));
});

test("a drawing is as much wider and higher as its recipe says", () => {
  const canvas = new Canvas(32, 1);
  const recipe = readRecipe("0; 0:0:1 plain 1.5 .5; a b 0,0 .5,.5");
  drawRecipe(canvas, recipe, new Random(1), exact);
  const { pixels } = canvas;
  assert.ok(lit(pixels, 22, 16) && !lit(pixels, 24, 16));
  assert.ok(lit(pixels, 16, 17) && !lit(pixels, 16, 20));
});

test("scattered copies are at random places within their bounds", () => {
  const seen = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const pixels = gray("a o 0,0 .1 ~4 .5,.2", seed);
    seen.add(pixels.join());
    pixels.forEach((value, at) => {
      const [x, y] = [at % 32, Math.floor(at / 32)];
      const within = Math.abs(x - 15.5) < 7.5 && Math.abs(y - 15.5) < 4.5;
      assert.ok(value === 0 || within, `${x}, ${y}`);
    });
  }
  assert.equal(seen.size, 4);
});

test("alternatives have their probabilities, and the rest is nothing", () => {
  const counts = { left: 0, right: 0, none: 0 };
  for (let seed = 0; seed < 300; seed++) {
    const pixels = gray("50% a o -.5,0 .2 / 30% a o .5,0 .2", seed);
    if (lit(pixels, 10, 16)) counts.left++;
    else if (lit(pixels, 21, 16)) counts.right++;
    else counts.none++;
  }
  // The standard deviations are at most 9.
  assert.ok(Math.abs(counts.left - 150) < 36, `${counts.left}`);
  assert.ok(Math.abs(counts.right - 90) < 36, `${counts.right}`);
  assert.ok(Math.abs(counts.none - 60) < 36, `${counts.none}`);
});

test("a shape that cannot be read is an error", () => {
  for (const wrong of ["a o", "a z 0,0 1", "o 0,0 1", "a o 0,0 1 x3"])
    assert.throws(() => readRecipe(`0; *; ${wrong}`), {
      message: `Expected a part such as "a o 0,0 .5", received "${wrong}"`,
    });
});
