/**
 * Numbers drawn at random by TensorFlow, not by JavaScript.
 *
 * tfjs draws dropout masks one number at a time in JavaScript, and the numbers would be part of a recording as constants. Here
 * they are drawn by TensorFlow's *stateless* generators (Philox, Salmon et al. 2011): what comes out depends on a key of two
 * whole numbers and on nothing else. The key is (seed + place of the draw in the step, number of the step), so that each
 * step draws afresh, each layer draws differently, and the same seed draws the same again, compiled or not. The seed is
 * that of the run, and steps are counted within it; a layer that has a seed of its own counts the model's steps over all runs.
 */
import { execute } from "../tfjs/backend";
import { typeAttribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";

/** Key of the step that is running. */
let stepKey: tf.Tensor1D | undefined;
let draws = 0;

/** Seeds and counts the steps of a model. */
export class RandomStream {
  #seed: number | undefined;
  #stepOfRun = 0;
  #step = 0;

  /** `seed` is that of the first run; default: one that `Math.random` gives. */
  constructor(seed?: number) {
    this.#seed = seed;
  }

  /**
   * Begins a run. Its seed is drawn from `Math.random`, so that a seed for that settles this too, and not before a step needs it: what
   * else is drawn there, the order of samples, must not depend on whether anything was made or used before.
   */
  beginRun(): void {
    this.#seed = undefined;
    this.#stepOfRun = 0;
  }

  /** Key of the next step, (3,) int32: seed of the run, step of the run, step of all runs. It belongs to the caller. */
  next(): tf.Tensor1D {
    this.#seed ??= randomInteger();
    this.#stepOfRun += 1;
    this.#step += 1;
    return tf.tensor1d([this.#seed, this.#stepOfRun, this.#step], "int32");
  }
}

/** Runs a step whose layers draw by the key given. */
export function withStepKey<Result>(
  key: tf.Tensor1D,
  run: () => Result,
): Result {
  stepKey = key;
  draws = 0;
  try {
    return run();
  } finally {
    stepKey = undefined;
  }
}

/** An odd number near 2³² / φ: keys of draws and seeds that are near each other end up far apart. */
const stride = 0x9e3779b9 | 0;

/**
 * Key of the next draw, (2,) int32. With a `seed`, that takes the place of the run's; outside of a step the key is drawn
 * from `Math.random`.
 */
function nextKey(seed: number | undefined): tf.Tensor1D {
  if (stepKey === undefined) {
    return tf.tensor1d([seed ?? randomInteger(), randomInteger()], "int32");
  }
  draws += 1;
  const place = Math.imul(draws, stride);
  if (seed === undefined) {
    const run = tf.slice1d(stepKey, 0, 2);
    return tf.add(run, tf.tensor1d([place, 0], "int32"));
  }
  const step = tf.slice1d(stepKey, 2, 1);
  return tf.concat1d([tf.tensor1d([(seed + place) | 0], "int32"), step]);
}

const keyTypes = [typeAttribute("T", "int32"), typeAttribute("Tseed", "int32")];

/** Whole numbers of 32 random bits each. */
export function randomBits(words: number, seed?: number): tf.Tensor1D {
  return execute(
    "StatelessRandomUniformFullInt",
    [...keyTypes, typeAttribute("dtype", "int32")],
    [tf.tensor1d([words], "int32"), nextKey(seed)],
  ) as tf.Tensor1D;
}

/** Numbers of the standard normal distribution. */
export function randomNormal(shape: readonly number[], seed?: number) {
  return execute(
    "StatelessRandomNormal",
    [...keyTypes, typeAttribute("dtype", "float32")],
    [tf.tensor1d([...shape], "int32"), nextKey(seed)],
  );
}

/** Numbers of the uniform distribution on [0, 1). */
export function randomUniform(shape: readonly number[], seed?: number) {
  return execute(
    "StatelessRandomUniform",
    [...keyTypes, typeAttribute("dtype", "float32")],
    [tf.tensor1d([...shape], "int32"), nextKey(seed)],
  );
}

function randomInteger(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
