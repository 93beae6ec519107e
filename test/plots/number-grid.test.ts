/**
 * Grids of numbers: readable colors, and text with separated numbers.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  brightness,
  checkFinite,
  cellFor,
  colorsOf,
  frame,
  gridText,
  background,
  numberGrid,
  sign,
  sizeOf,
  type Matrix,
} from "../../src/plots/number-grid";
import { errorWith } from "../error-with";

interface Grid {
  readonly x: number[];
  readonly y: number[];
  readonly z: number[][];
  readonly zmin: number;
  readonly zmax: number;
  readonly text: readonly (readonly string[])[];
  readonly texttemplate: string;
  readonly textfont: { readonly color: string };
}

const gridOf = (values: Matrix, colors = brightness) =>
  numberGrid(values, 3, 1, colors) as unknown as Grid;

/** Relative luminance of `#RRGGBB` (Web Content Accessibility Guidelines 2.1). */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("numberGrid", () => {
  test("centers each number in its cell, relative to the corner", () => {
    const { x, y, z } = gridOf([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    assert.deepEqual(x, [3.5, 4.5, 5.5]);
    assert.deepEqual(y, [1.5, 2.5]);
    assert.deepEqual(z, [
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test("scales colors to the largest absolute number, symmetrically around 0 if signed", () => {
    const limits = ({ zmin, zmax }: Grid) => [zmin, zmax];
    assert.deepEqual(limits(gridOf([[0, 7]])), [0, 7]);
    assert.deepEqual(limits(gridOf([[0.25, 0.5]])), [0, 0.5]);
    assert.deepEqual(limits(gridOf([[-9, 7]], sign)), [-9, 9]);
    assert.deepEqual(limits(gridOf([[0, 0]])), [0, 1]);
  });

  test("formats integers without decimals, and others with two or as many as are exact", () => {
    for (const [values, texts] of [
      [
        [1, -2],
        ["1", "−2"],
      ],
      [
        [1, -0.5],
        ["1.00", "−0.50"],
      ],
      [
        [0.0625, 2],
        ["0.0625", "2.0000"],
      ],
      [
        [Math.fround(0.1), 0.125],
        ["0.100", "0.125"],
      ],
      [
        [1 / 3, -0.001],
        ["0.33", "0.00"],
      ],
    ] as const) {
      const { text, texttemplate } = gridOf([values]);
      assert.deepEqual(text, [texts]);
      assert.equal(texttemplate, "%{text}");
    }
  });

  test("has cells that fit the longest number, up to a limit", () => {
    assert.equal(cellFor([[[1, 25]], [[-13]]]), 36);
    assert.equal(cellFor([[[1, 25]], [[1439.25]]]), 62);
    assert.ok(cellFor([[[2.75]]]) > 36);
    assert.equal(cellFor([[[1e9]]]), 64);
  });

  test("has readable numbers on every color of both scales", () => {
    const text = luminance(gridOf([[1]]).textfont.color);
    for (const { scale } of [brightness, sign]) {
      // A mix of two colors is not darker than the darker one.
      for (const [, color] of scale) {
        const contrast = (luminance(color) + 0.05) / (text + 0.05);
        assert.ok(contrast >= 4.5, `${color}: ${contrast}`);
      }
    }
  });

  test("increases brightness with the number, and distinguishes both signs from 0 by brightness", () => {
    const [dark, light] = brightness.scale.map(([, color]) => luminance(color));
    assert.ok(dark! < light!);
    const [below, zero, above] = sign.scale.map(([, color]) =>
      luminance(color),
    );
    assert.ok(below! < 0.7 * zero! && above! < 0.7 * zero!);
    assert.equal(colorsOf([[0, 1]]), brightness);
    assert.equal(colorsOf([[0, -1]]), sign);
  });

  test("draws frame and background around the cells", () => {
    const corner = { left: 2, top: 4 };
    const { x0, x1, y0, y1 } = frame(corner, 2, 3, "#000000");
    assert.deepEqual([x0, x1, y0, y1], [2, 5, 4, 6]);
    const below = background(corner, [[1, 2]]);
    assert.deepEqual(
      [below.x0, below.x1, below.y0, below.y1, below.layer],
      [2, 4, 4, 5, "below"],
    );
  });
});

describe("gridText", () => {
  test("aligns numbers in columns, and separates large ones", () => {
    assert.equal(
      gridText("small", [
        [1, 20],
        [-3, 4],
      ]),
      "small:\n   1  20\n  -3   4",
    );
    assert.equal(gridText("halves", [[0.5, -1]]), "halves:\n   0.50  -1.00");
    assert.equal(gridText("large", [[12345, 67890]]), "large:\n 12345 67890");
    assert.equal(
      gridText("large", [[1234567.5, 1]]),
      "large:\n 1234567.50       1.00",
    );
  });
});

describe("sizeOf and checkFinite", () => {
  test("return the size, and reject invalid matrices", () => {
    assert.deepEqual(sizeOf([[1, 2, 3]], "input"), [1, 3]);
    for (const [matrix, lengths] of [
      [[], "none"],
      [[[]], "0"],
      [[[1], [1, 2]], "1, 2"],
    ] as [Matrix, string][]) {
      assert.throws(
        () => sizeOf(matrix, "input"),
        errorWith("ERR_SHAPE", "`input`", `received lengths ${lengths}`),
      );
    }
    checkFinite([[0, -1e30]], "input");
    assert.throws(
      () => checkFinite([[0], [-Infinity]], "input"),
      errorWith("ERR_NOT_FINITE", "`input`", "received -Infinity"),
    );
  });
});
