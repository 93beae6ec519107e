/**
 * Tests compiled dropout: units are dropped at the requested rate, masks differ in each step and in
 * each layer, the same seed reproduces them, and their bits show no pattern.
 *
 * All seeds are fixed, so nothing here is left to chance. The bounds hold for all but one in a
 * million seeds.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CompiledStep } from "../../../src/engine/functions/compiled-step";
import {
  randomBits,
  RandomStream,
  withStepKey,
} from "../../../src/engine/layers/randomness";
import { stepsOf } from "../../../src/engine/models/install";
import { isEngineOn, setEngine } from "../../../src/engine/switch";
import { tf } from "../../../src/engine/tensorflow";
import { setSeed } from "../../../src/training/seed";

/** Number of standard deviations beyond which one in a million normally distributed values is. */
const deviations = 5;

const units = 20_000;
const steps = 6;
/** Steps that run operation by operation, before there is a program. */
const recordedSteps = 1;

/**
 * Returns the masks that a sequence of dropout layers applied to ones in each of several training
 * steps; 0 for dropped.
 *
 * A mask is determined from a weight: each layer is followed by one whose kernel is trained toward
 * the values passed through.
 */
async function masksOf(
  rates: readonly number[],
  layerSeeds: readonly (number | undefined)[] = [],
): Promise<Float32Array[][]> {
  const ones = tf.input({ shape: [units] });
  const outputs = rates.map((rate, index) => {
    const seed = layerSeeds[index];
    const dropped = tf.layers
      .dropout({ rate, ...(seed === undefined ? {} : { seed }) })
      .apply(ones);
    const sum = tf.layers.dense({
      units: 1,
      useBias: false,
      kernelInitializer: "zeros",
    });
    return sum.apply(dropped) as tf.SymbolicTensor;
  });
  const model = tf.model({ inputs: ones, outputs });
  // The gradient of the outputs' sum with respect to each kernel is what the dropout layer passed
  // through.
  model.compile({
    optimizer: tf.train.sgd(1),
    loss: (_, output) => tf.neg(tf.sum(output)),
  });
  const inputs = tf.ones([1, units]);
  const labels = rates.map(() => tf.zeros([1, 1]));
  const masks: Float32Array[][] = [];
  await model.fit(inputs, labels.length === 1 ? labels[0]! : labels, {
    epochs: steps,
    batchSize: 1,
    verbose: 0,
    callbacks: {
      onEpochEnd: async () => {
        const kernels = model.getWeights();
        masks.push(
          kernels.map((kernel) => kernel.dataSync().slice() as Float32Array),
        );
        model.setWeights(kernels.map((kernel) => tf.zerosLike(kernel)));
      },
    },
  });
  if (isEngineOn()) {
    const { counts } = stepsOf(model)!.trainGathered;
    assert.deepEqual([...counts.reasons], []);
    assert.equal(counts.compiled, steps - recordedSteps);
  }
  model.dispose();
  return masks;
}

/** Number of units that two masks treat equally. */
function agreement(some: Float32Array, others: Float32Array): number {
  return some.filter((value, index) => value > 0 === others[index]! > 0).length;
}

/** Asserts that a count is within the bounds of the binomial distribution. */
function assertBinomial(count: number, trials: number, rate: number): void {
  const bound = deviations * Math.sqrt(trials * rate * (1 - rate));
  assert.ok(
    Math.abs(count - trials * rate) <= bound,
    `${count} of ${trials} is not ${rate} within ${bound}`,
  );
}

/** Asserts that two masks agree as often as independent ones. */
function assertUnrelated(
  some: Float32Array,
  others: Float32Array,
  rate: number,
): void {
  const alike = rate ** 2 + (1 - rate) ** 2;
  assertBinomial(agreement(some, others), units, alike);
}

const usual = isEngineOn() ? "on" : "off";
before(() => setEngine("on"));
after(() => setEngine(usual));

describe("dropout", () => {
  // 0.5 and 0.25 use eight bits per unit, the others 32.
  for (const rate of [0.5, 0.25, 0.3, 0.1]) {
    test(`rate ${rate}: this share is dropped, and the rest scaled`, async () => {
      setSeed(1);
      const masks = await masksOf([rate]);
      assert.equal(masks.length, steps);
      for (const [mask] of masks) {
        const dropped = mask!.filter((value) => value === 0).length;
        assertBinomial(dropped, units, rate);
        const kept = new Set(mask!.filter((value) => value !== 0));
        assert.deepEqual([...kept], [Math.fround(1 / (1 - rate))]);
      }
      const all = masks.flatMap(([mask]) => [...mask!]);
      const dropped = all.filter((value) => value === 0).length;
      assertBinomial(dropped, all.length, rate);
    });

    test(`rate ${rate}: each step and each layer has a different mask`, async () => {
      setSeed(2);
      const masks = (await masksOf([rate, rate])).flat();
      assert.equal(masks.length, 2 * steps);
      masks.forEach((mask, index) => {
        for (const other of masks.slice(0, index)) {
          assertUnrelated(mask, other, rate);
        }
      });
    });
  }

  test("the same seed draws the same bits, another seed draws others", async () => {
    const draw = async (seed: number) => {
      setSeed(seed);
      return masksOf([0.5, 0.3]);
    };
    const once = await draw(3);
    assert.deepEqual(await draw(3), once);
    const others = await draw(4);
    assertUnrelated(once[0]![0]!, others[0]![0]!, 0.5);
    assertUnrelated(once[5]![1]!, others[5]![1]!, 0.3);
  });

  test("a program draws the same values as the steps without it", async () => {
    const key = (step: number) => tf.tensor1d([5, step, step], "int32");
    const layer = tf.layers.dropout({ rate: 0.3 });
    const run = (inputs: readonly (tf.Tensor | null | undefined)[]) =>
      withStepKey(inputs[0] as tf.Tensor1D, () => [
        [layer.call([inputs[1]!], { training: true })].flat()[0]!,
      ]);
    const step = new CompiledStep({ activity: "dropout", run });
    const ones = tf.ones([1000]);
    for (let count = 1; count <= 5; count += 1) {
      const compiled = step.tensors([key(count), ones])[0]!;
      const direct = tf.tidy(() => run([key(count), ones])[0]!);
      assert.deepEqual(compiled.dataSync(), direct.dataSync());
    }
    assert.equal(step.counts.compiled, 4);
    step.dispose();
  });

  test("a layer's own seed takes precedence over the run's, and its masks also differ in each step", async () => {
    const draw = async (seed: number) => {
      setSeed(seed);
      return (await masksOf([0.5], [7])).map(([mask]) => mask!);
    };
    const once = await draw(5);
    assert.deepEqual(await draw(6), once);
    once.forEach((mask, index) => {
      for (const other of once.slice(0, index)) {
        assertUnrelated(mask, other, 0.5);
      }
    });
  });

  test("a layer's own seed draws new masks in each call of trainOnBatch and in each fit", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, seed: 7, inputShape: [units] }),
        tf.layers.dense({ units: 1, kernelInitializer: "ones" }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
    const x = tf.linspace(0, 1, units).reshape([1, units]);
    const y = tf.zeros([1, 1]);
    const losses = new Set<number>();
    for (let call = 0; call < 6; call += 1) {
      losses.add((await model.trainOnBatch(x, y)) as number);
    }
    for (let call = 0; call < 6; call += 1) {
      const { history } = await model.fit(x, y, { verbose: 0 });
      losses.add(history["loss"]![0] as number);
    }
    assert.equal(losses.size, 12);
  });

  test("two layers with the same own seed have different masks", async () => {
    setSeed(8);
    const [[first, second]] = (await masksOf([0.5, 0.5], [7, 7])) as [
      [Float32Array, Float32Array],
    ];
    assertUnrelated(first, second, 0.5);
  });

  test("nothing is dropped by predict and evaluate, nor at rate 0", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dropout({ rate: 0.5, inputShape: [100] })],
    });
    const ones = tf.ones([1, 100]);
    for (let call = 0; call < 4; call += 1) {
      const output = model.predict(ones) as tf.Tensor;
      assert.deepEqual(output.dataSync(), ones.dataSync());
    }
    const [none] = (await masksOf([0])).map(([mask]) => mask!);
    assert.ok(none!.every((value) => value === 1));
  });

  test("switched off, tfjs's own dropout has the same rate and scale", async () => {
    setEngine("off");
    try {
      setSeed(9);
      const [[mask]] = (await masksOf([0.25])) as [[Float32Array]];
      const dropped = mask.filter((value) => value === 0).length;
      assertBinomial(dropped, units, 0.25);
      assert.ok(
        mask.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6),
      );
    } finally {
      setEngine("on");
    }
  });
});

describe("randomBits", () => {
  /** Bytes drawn in the first steps of a run, one draw per step. */
  function bytes(seed: number, draws: number, words: number): Uint8Array {
    const stream = new RandomStream(seed);
    const drawn = Array.from({ length: draws }, () =>
      tf.tidy(() => {
        const bits = withStepKey(stream.next(), () => randomBits(words));
        return Int32Array.from(bits.dataSync());
      }),
    );
    const all = drawn.flatMap((values) => [...values]);
    return new Uint8Array(Int32Array.from(all).buffer);
  }

  /**
   * Pearson's χ² against equal frequencies, in standard deviations from its mean; for many cells
   * only.
   */
  function chiSquare(values: Iterable<number>, cells: number): number {
    const counts = new Float64Array(cells);
    let total = 0;
    for (const value of values) {
      counts[value]! += 1;
      total += 1;
    }
    const expected = total / cells;
    const sum = counts.reduce(
      (square, count) => square + (count - expected) ** 2 / expected,
      0,
    );
    return (sum - (cells - 1)) / Math.sqrt(2 * (cells - 1));
  }

  for (const { name, draws, words } of [
    { name: "one long draw", draws: 1, words: 250_000 },
    { name: "many short draws, one per step", draws: 500, words: 500 },
  ]) {
    test(`${name}: all bytes are equally frequent, and all pairs of bytes`, () => {
      const values = bytes(1, draws, words);
      assert.equal(values.length, 1_000_000);
      assert.ok(Math.abs(chiSquare(values, 256)) < deviations);
      const pairs = values
        .subarray(0, -1)
        .reduce<number[]>((list, value, index) => {
          list.push(value * 256 + values[index + 1]!);
          return list;
        }, []);
      // Pairs overlap, so χ² varies slightly more than its distribution, but far less than this
      // bound.
      assert.ok(Math.abs(chiSquare(pairs, 65_536)) < 2 * deviations);
    });
  }

  test("the first word of each step is as random as the words of one step", () => {
    const values = bytes(2, 4000, 1);
    assert.equal(values.length, 16_000);
    assert.ok(Math.abs(chiSquare(values, 256)) < deviations);
  });
});
