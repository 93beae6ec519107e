/**
 * Rows of maps: every number and gray value in its position.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Figure } from "../../src/plots/figure";
import { mapRow } from "../../src/plots/map-row";
import { errorWith } from "../error-with";

interface Grid {
  readonly x: number[];
  readonly y: number[];
  readonly z: number[][];
  readonly zmin: number;
  readonly zmax: number;
  readonly texttemplate?: string;
}

const gridsOf = (figure: Figure) => figure.data as unknown as Grid[];
const namesOf = ({ layout }: Figure) =>
  layout.annotations as { text: string; x: number; y: number }[];

const large = Array.from({ length: 6 }, (_, y) => [0, y, 2, 3, 4, 5]);
const small = [
  [1, 2],
  [3, 4],
];

describe("mapRow", () => {
  test("draws vertically centered maps from left to right, with numbers, and names above", () => {
    const figure = mapRow({ image: large, pooled: small });
    const [first, second] = gridsOf(figure) as [Grid, Grid];
    assert.deepEqual(first.z, large);
    assert.deepEqual(second.z, small);
    assert.equal(first.texttemplate, "%{text}");
    assert.ok(Math.max(...first.x) + 1 < Math.min(...second.x));
    const middle = ({ y }: Grid) => (y[0]! + y.at(-1)!) / 2;
    assert.equal(middle(first), middle(second));
    assert.deepEqual(
      namesOf(figure).map(({ text }) => text),
      ["image", "pooled"],
    );
    for (const [index, { x, y }] of namesOf(figure).entries()) {
      const grid = gridsOf(figure)[index]!;
      assert.equal(x, (grid.x[0]! + grid.x.at(-1)!) / 2);
      assert.ok(y < grid.y[0]! - 0.5);
    }
    assert.match(String(figure), /^image:\n {3}0 {3}0 {3}2/);
  });

  test("tints by sign if there are negative numbers", () => {
    const [signed, bright] = gridsOf(
      mapRow({ signed: [[-3, 2]], bright: [[0, 2]] }),
    );
    assert.deepEqual([signed!.zmin, signed!.zmax], [-3, 3]);
    assert.deepEqual([bright!.zmin, bright!.zmax], [0, 2]);
  });

  test("without numbers, draws a map's smallest value black and its largest white", () => {
    const figure = mapRow(
      { one: [[-2, 8]], even: [[5, 5]] },
      { numbers: false },
    );
    const [one, even] = gridsOf(figure);
    assert.deepEqual([one!.zmin, one!.zmax], [-2, 8]);
    assert.deepEqual([even!.zmin, even!.zmax], [5, 6]);
    assert.equal(one!.texttemplate, undefined);
    assert.equal(String(figure), "one: 1 × 2\neven: 1 × 2");
  });

  test("keeps long names of small maps apart", () => {
    const name = "after convolution, relu and max pooling";
    const figure = mapRow(
      { [name]: small, next: small },
      { numbers: false, cellSize: 10 },
    );
    const [first, second] = namesOf(figure);
    assert.ok((second!.x - first!.x) * 10 > (name.length + 4) * 3.4);
    assert.ok(figure.layout.width! > name.length * 7);
  });

  test("states the data set in the caption, if there is one", () => {
    const dataset = { title: "CIFAR-10", provenance: "synthetic" } as const;
    assert.match(mapRow({ small }, { dataset }).caption, /synthetic/);
    assert.equal(mapRow({ small }).caption, "");
  });

  test("rejects invalid maps", () => {
    assert.throws(
      () => mapRow({}),
      errorWith("ERR_SHAPE", "`maps`", "at least one", "received none"),
    );
    assert.throws(
      () => mapRow({ "the map": [[1], [2, 3]] }),
      errorWith("ERR_SHAPE", "`the map`", "received lengths 1, 2"),
    );
    assert.throws(
      () => mapRow({ small: [[1, NaN]] }),
      errorWith("ERR_NOT_FINITE", "`small`", "received NaN"),
    );
    assert.throws(
      () => mapRow({ small }, { cellSize: 0 }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`cellSize`",
        "positive number",
        "received 0",
      ),
    );
  });
});
