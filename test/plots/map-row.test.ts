/**
 * Maps beside each other: every number and every grey where it belongs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Figure } from "../../src/plots/figure";
import { mapRow } from "../../src/plots/map-row";

interface Grid {
  readonly x: number[];
  readonly y: number[];
  readonly z: number[][];
  readonly zmin: number;
  readonly zmax: number;
  readonly texttemplate?: string;
}

const gridsOf = (figure: Figure) => figure.data as unknown as Grid[];
const wordsOf = ({ layout }: Figure) =>
  layout.annotations as { text: string; x: number; y: number }[];

const large = Array.from({ length: 6 }, (_, y) => [0, y, 2, 3, 4, 5]);
const small = [
  [1, 2],
  [3, 4],
];

describe("mapRow", () => {
  test("writes the numbers, the names above, maps from left to right on one middle line", () => {
    const figure = mapRow({ picture: large, pooled: small });
    const [first, second] = gridsOf(figure) as [Grid, Grid];
    assert.deepEqual(first.z, large);
    assert.deepEqual(second.z, small);
    assert.equal(first.texttemplate, "%{z}");
    assert.ok(Math.max(...first.x) + 1 < Math.min(...second.x));
    const middle = ({ y }: Grid) => (y[0]! + y.at(-1)!) / 2;
    assert.equal(middle(first), middle(second));
    assert.deepEqual(
      wordsOf(figure).map(({ text }) => text),
      ["picture", "pooled"],
    );
    for (const [index, { x, y }] of wordsOf(figure).entries()) {
      const grid = gridsOf(figure)[index]!;
      assert.equal(x, (grid.x[0]! + grid.x.at(-1)!) / 2);
      assert.ok(y < grid.y[0]! - 0.5);
    }
    assert.match(String(figure), /^picture:\n {3}0 {3}0 {3}2/);
  });

  test("tints by sign where there is a number below 0", () => {
    const [signed, bright] = gridsOf(
      mapRow({ signed: [[-3, 2]], bright: [[0, 2]] }),
    );
    assert.deepEqual([signed!.zmin, signed!.zmax], [-3, 3]);
    assert.deepEqual([bright!.zmin, bright!.zmax], [0, 2]);
  });

  test("without numbers, black is a map's smallest number and white its largest", () => {
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

  test("a long name above a small map covers none of its neighbours' names", () => {
    const name = "after convolution, relu and max pooling";
    const figure = mapRow(
      { [name]: small, next: small },
      { numbers: false, pixel: 10 },
    );
    const [first, second] = wordsOf(figure);
    assert.ok((second!.x - first!.x) * 10 > (name.length + 4) * 3.4);
    assert.ok(figure.layout.width! > name.length * 7);
  });

  test("says which data the maps are from, where they are from any", () => {
    const dataset = { title: "CIFAR-10", provenance: "synthetic" } as const;
    assert.match(mapRow({ small }, { dataset }).caption, /synthetic/);
    assert.equal(mapRow({ small }).caption, "");
  });

  test("refuses what is no map", () => {
    assert.throws(() => mapRow({}), {
      name: "RangeError",
      message: "Expected `maps` to hold at least one map, received none",
    });
    assert.throws(() => mapRow({ "the map": [[1], [2, 3]] }), {
      message:
        "Expected `the map` to be rows of numbers of equal length, received lengths 1, 2",
    });
    assert.throws(() => mapRow({ small: [[1, NaN]] }), {
      message: 'Expected the map "small" to hold finite numbers, received NaN',
    });
    assert.throws(() => mapRow({ small }, { pixel: 0 }), {
      message: "Expected `pixel` to be a number above 0, received 0",
    });
  });
});
