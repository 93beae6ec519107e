/**
 * Runs a program with the engine off and on, in one process, and compares what it observes.
 *
 * Both runs start with the same sequence of Math.random, and console.log is silent meanwhile. A
 * program restores everything that it changes beyond its own objects, such as prototypes and
 * kernels, by `observations.afterwards`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setEngine } from "../../../src/engine";
import { firstDifference, Observations, type Plain } from "./observations";

/** A program: it creates its own models, and records what it observes. */
export type Program = (observations: Observations) => unknown;

interface Expectation {
  /**
   * The correct values, computed by hand or with plain TensorFlow.js, by the names under which the
   * program records them.
   */
  readonly right?: Readonly<Record<string, readonly Plain[]>>;
  /** Bound for float32 errors, relative for numbers above 1, absolute below. */
  readonly bound?: number;
}

const roundings = 2e-5;

/** Runs a program once. */
export async function runOnce(
  state: "on" | "off",
  program: Program,
): Promise<Observations> {
  const observations = new Observations();
  const { random } = Math;
  const { log, warn } = console;
  Math.random = parkMiller(20_011);
  console.log = () => undefined;
  console.warn = () => undefined;
  setEngine(state);
  try {
    await program(observations);
  } finally {
    observations.end();
    setEngine("on");
    Object.assign(Math, { random });
    Object.assign(console, { log, warn });
  }
  return observations;
}

/**
 * Defines a test: the program observes the same with the engine on as in plain TensorFlow.js, and
 * its functions are called equally often.
 */
export function sameBothWays(
  title: string,
  program: Program,
  { right = {}, bound = roundings }: Expectation = {},
): void {
  test(title, async () => {
    const off = await runOnce("off", program);
    for (const [name, expected] of Object.entries(right)) {
      const difference = firstDifference(
        off.byName()[name],
        expected,
        bound,
        name,
      );
      assert.equal(difference, undefined, `engine off: ${difference}`);
    }
    assert.ok(off.seen.length > 0, "the program records nothing");
    const on = await runOnce("on", program);
    const difference = firstDifference(on.byName(), off.byName(), bound);
    assert.equal(difference, undefined, `engine on: ${difference}`);
    assert.deepEqual(on.calls, off.calls, "calls of the program's functions");
  });
}

/** A small generator of numbers from 0 to 1, determined by its seed. */
export function parkMiller(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
