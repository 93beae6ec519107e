/**
 * Random values drawn by TensorFlow instead of JavaScript.
 *
 * tfjs draws dropout masks value by value in JavaScript, and the values would become constants of a
 * recording. Here they are drawn by TensorFlow's *stateless* generators (Philox, Salmon et al.
 * 2011), whose output depends only on a key of two integers. The key is (seed + index of the draw
 * in the step, number of the step). Thus each step and each layer draws different values, and the
 * same seed reproduces them, compiled or not. The seed belongs to the run, and steps are counted
 * within it. A layer with its own seed counts the model's steps over all runs.
 */
import { runtime } from "../engine-runtime";
import { execute } from "../tfjs/backend";
import { typeAttribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";

/** Where a {@link RandomStream} is: the values of its next key are determined by it. */
export interface StreamState {
  /** Seed of the run; undefined until a step needs it. */
  readonly seed?: number | undefined;
  readonly stepOfRun: number;
  /** Number of steps over all runs. */
  readonly step: number;
}

/** Provides the seeds of a model's runs and counts its steps. */
export class RandomStream {
  #seed: number | undefined;
  #stepOfRun = 0;
  #step = 0;

  /** `seed` is the seed of the first run; by default, it is drawn from `Math.random`. */
  constructor(seed?: number) {
    this.#seed = seed;
  }

  /**
   * Begins a run. Its seed is drawn from `Math.random`, so seeding `Math.random` determines it as
   * well. It is drawn only when a step needs it: other draws, such as the order of samples, must
   * not depend on what was created or used before.
   */
  beginRun(): void {
    this.#seed = undefined;
    this.#stepOfRun = 0;
  }

  /** Where the stream is. */
  get state(): StreamState {
    return {
      seed: this.#seed,
      stepOfRun: this.#stepOfRun,
      step: this.#step,
    };
  }

  set state({ seed, stepOfRun, step }: StreamState) {
    this.#seed = seed;
    this.#stepOfRun = stepOfRun;
    this.#step = step;
  }

  /**
   * Returns the key of the next step, shape (3,), int32: seed of the run, step of the run, step
   * over all runs. The tensor belongs to the caller.
   */
  next(): tf.Tensor1D {
    this.#seed ??= randomInteger();
    this.#stepOfRun += 1;
    this.#step += 1;
    return tf.tensor1d([this.#seed, this.#stepOfRun, this.#step], "int32");
  }
}

/** Runs a step whose layers draw with the given key. */
export function withStepKey<Result>(
  key: tf.Tensor1D,
  run: () => Result,
): Result {
  runtime.stepKey = key;
  runtime.draws = 0;
  try {
    return run();
  } finally {
    runtime.stepKey = undefined;
  }
}

/** An odd number near 2³² / φ, which spreads neighboring draws and seeds far apart. */
const stride = 0x9e3779b9 | 0;

/**
 * Returns the key of the next draw, shape (2,), int32. A `seed` replaces the seed of the run.
 * Outside of a step, the key is drawn from `Math.random`.
 */
function nextKey(seed: number | undefined): tf.Tensor1D {
  const { stepKey } = runtime;
  if (stepKey === undefined) {
    return tf.tensor1d([seed ?? randomInteger(), randomInteger()], "int32");
  }
  runtime.draws += 1;
  const offset = Math.imul(runtime.draws, stride);
  if (seed === undefined) {
    const run = tf.slice1d(stepKey, 0, 2);
    return tf.add(run, tf.tensor1d([offset, 0], "int32"));
  }
  const step = tf.slice1d(stepKey, 2, 1);
  return tf.concat1d([tf.tensor1d([(seed + offset) | 0], "int32"), step]);
}

const keyTypes = [typeAttribute("T", "int32"), typeAttribute("Tseed", "int32")];

/** Draws int32 values of 32 random bits each. */
export function randomBits(words: number, seed?: number): tf.Tensor1D {
  return execute(
    "StatelessRandomUniformFullInt",
    [...keyTypes, typeAttribute("dtype", "int32")],
    [tf.tensor1d([words], "int32"), nextKey(seed)],
  ) as tf.Tensor1D;
}

/** Draws values from the standard normal distribution. */
export function randomNormal(shape: readonly number[], seed?: number) {
  return execute(
    "StatelessRandomNormal",
    [...keyTypes, typeAttribute("dtype", "float32")],
    [tf.tensor1d([...shape], "int32"), nextKey(seed)],
  );
}

/** Draws values from the uniform distribution on [0, 1). */
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
