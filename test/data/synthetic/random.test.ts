/**
 * Tests the seeded random number generator.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/data/synthetic/random";

const draws = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uniform(0, 1));

test("a seed gives the same numbers on every machine", () => {
  const random = new Random(1);
  assert.deepEqual(
    Array.from({ length: 5 }, () => random.integer(1_000_000)),
    [727369, 312770, 201830, 779489, 716222],
  );
});

test("seeds and streams differ from one another", () => {
  const firsts = [
    new Random(0),
    new Random(1),
    new Random(1, 1),
    new Random(1, 2),
    new Random(2),
    new Random(2 ** 32 - 1),
  ].map((random) => draws(random, 3).join());
  assert.equal(new Set(firsts).size, firsts.length);
});

test("uniform numbers are evenly distributed", () => {
  const random = new Random(7);
  const counts = new Array<number>(10).fill(0);
  for (let index = 0; index < 10_000; index++) {
    const value = random.uniform(-2, 3);
    assert.ok(value >= -2 && value < 3);
    counts[Math.floor((value + 2) * 2)]!++;
  }
  // The standard deviation of each count is 30.
  for (const count of counts) assert.ok(Math.abs(count - 1000) < 150);
});

test("integers range from 0 to below the end", () => {
  const random = new Random(7);
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(4)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3]);
});

test("signs, chances and picks have the right frequency", () => {
  const random = new Random(7);
  const share = (event: () => boolean): number =>
    Array.from({ length: 4000 }, event).filter(Boolean).length / 4000;
  assert.ok(Math.abs(share(() => random.sign() === 1) - 0.5) < 0.04);
  assert.ok(Math.abs(share(() => random.chance(0.2)) - 0.2) < 0.04);
  assert.ok(
    Math.abs(share(() => random.pick(["a", "b", "c"]) === "b") - 1 / 3) < 0.04,
  );
  assert.equal(
    share(() => random.chance(0)),
    0,
  );
  assert.equal(
    share(() => random.chance(1)),
    1,
  );
});

test("shuffling keeps all values and moves them to every position", () => {
  const random = new Random(7);
  const firsts = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const values = random.shuffle([0, 1, 2, 3, 4]);
    assert.deepEqual([...values].sort(), [0, 1, 2, 3, 4]);
    firsts.add(values[0]!);
  }
  assert.equal(firsts.size, 5);
});
