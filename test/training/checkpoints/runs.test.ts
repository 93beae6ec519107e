/**
 * Runs that are stopped and continued in one process, with every optimizer.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { setEngine } from "../../../src/engine";
import { tf } from "../../../src/engine/tensorflow";
import * as keras from "../../../src/keras";
import { checkpoints } from "../../../src/training/checkpoints/checkpoint-callback";
import { fit } from "../../../src/training/fit";
import { setSeed } from "../../../src/training/seed";
import { errorWith } from "../../error-with";
import { withHost } from "../../notebook/notebook-host";
import { digestOf, smallData, smallNetwork } from "./small-run";
import { newFolder, train } from "./trial";

describe("a stopped run continues exactly", () => {
  const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
    sgd: () => tf.train.sgd(0.01),
    momentum: () => tf.train.momentum(0.01, 0.9, true),
    rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
    adagrad: () => tf.train.adagrad(0.01),
    adadelta: () => tf.train.adadelta(0.1),
    adam: () => tf.train.adam(0.01),
    adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.01),
    "keras.nadam": () => keras.nadam({ learningRate: 0.01 }),
    "keras.adamW, a schedule and clipping": () =>
      keras.adamW({
        learningRate: keras.optimizers.schedules.cosineDecay({
          ...{ initialLearningRate: 0.02, decaySteps: 15 },
        }),
        clipnorm: 0.5,
      }),
  };
  for (const engine of ["on", "graph"] as const) {
    for (const [name, optimizer] of Object.entries(optimizers)) {
      test(`with ${name}, engine ${engine}`, async () => {
        setEngine(engine);
        try {
          const whole = await train({ optimizer });
          assert.ok(whole.history.loss.every(Number.isFinite));
          const options = { checkpoints: newFolder() };
          const stopped = await train({ optimizer, options, stopAt: [1, 2] });
          assert.notEqual(stopped.end.weights, whole.end.weights);
          assert.equal(stopped.history.epochs.length, 1);
          const resumed = await train({ optimizer, options });
          assert.match(resumed.text, /Resumed after epoch 1 of 4, step 3/);
          assert.equal(resumed.seen[0], "1 3");
          assert.deepEqual(resumed.end, whole.end);
        } finally {
          setEngine("on");
        }
      });
    }
  }

  test("after each step, and also if the process had trained the model's copy before", async () => {
    const whole = await train({});
    for (const epoch of [0, 1, 3]) {
      for (const step of [0, 3, 4]) {
        const options = { checkpoints: newFolder() };
        await train({ options, stopAt: [epoch, step] });
        const resumed = await train({ options });
        assert.deepEqual(resumed.end, whole.end, `${epoch} ${step}`);
      }
    }
  });

  test("with one batch in an epoch, whole or not, and without a rest", async () => {
    for (const engine of ["on", "graph"] as const) {
      setEngine(engine);
      for (const base of [
        { batchSize: 100 },
        { batchSize: 70 },
        { batchSize: 35, shuffle: false },
      ]) {
        const whole = await train({ options: base });
        const options = { ...base, checkpoints: newFolder() };
        await train({ options, stopAt: [1, 0] });
        const resumed = await train({ options });
        const name = `${engine} ${JSON.stringify(base)}`;
        assert.deepEqual(resumed.end, whole.end, name);
      }
    }
    setEngine("on");
  });

  test("with the same model, whose steps are compiled and whose optimizer has gone on", async () => {
    const [x, y] = smallData(70, 3);
    const options = {
      epochs: 3,
      batchSize: 16,
      seed: 4,
      validationData: [x, y] as const,
      progress: false,
    };
    const fresh = () => {
      setSeed(1);
      return smallNetwork();
    };
    for (const engine of ["on", "graph"] as const) {
      setEngine(engine);
      const whole = fresh();
      await fit(whole, x, y, options);
      for (const step of [0, 3]) {
        const model = fresh();
        const kept = { ...options, checkpoints: newFolder() };
        await withHost(async () => {
          await fit(model, x, y, {
            ...kept,
            callbacks: {
              onBatchEnd: async (batch) => {
                if (batch === step) model.stopTraining = true;
              },
            },
          });
          await fit(model, x, y, { ...options, epochs: 2, seed: 99 });
          (
            model.optimizer as unknown as { learningRate: number }
          ).learningRate = 0.5;
          await fit(model, x, y, kept);
        });
        assert.equal(digestOf(model), digestOf(whole), `${engine} ${step}`);
      }
    }
    setEngine("on");
  });

  test("with early stopping: the best epoch may be before the checkpoint", async () => {
    const base = { epochs: 30, earlyStopping: { patience: 2 } };
    // So large a learning rate that the loss rises after some epochs.
    const optimizer = () => tf.train.sgd(3);
    const whole = await train({ optimizer, options: base });
    assert.ok(whole.history.restoredEpoch !== undefined);
    assert.ok(whole.history.epochs.length < 30);
    const options = { ...base, checkpoints: newFolder() };
    const last = whole.history.epochs.length - 1;
    await train({ optimizer, options, stopAt: [last, 1] });
    const resumed = await train({ optimizer, options });
    assert.deepEqual(resumed.end, whole.end);
    assert.equal(resumed.history.restoredEpoch, whole.history.restoredEpoch);
    const again = await train({ optimizer, options });
    assert.deepEqual(again.seen, []);
    assert.deepEqual(again.end, whole.end);
    assert.equal(again.history.restoredEpoch, whole.history.restoredEpoch);
  });

  test("a finished run trains nothing; more epochs continue it", async () => {
    const options = { checkpoints: { folder: newFolder(), keep: 2 } };
    const first = await train({ options });
    const again = await train({ options });
    assert.match(again.text, /Finished before, after epoch 4 of 4/);
    assert.deepEqual(again.seen, []);
    assert.deepEqual(again.end, first.end);
    assert.deepEqual(again.history.seconds, first.history.seconds);
    const files = readdirSync(options.checkpoints.folder).sort();
    assert.deepEqual(files, [
      "lock.json",
      "step-00000015.safetensors",
      "step-00000020.safetensors",
    ]);
    const more = await train({ options: { ...options, epochs: 6 } });
    const whole = await train({ options: { epochs: 6 } });
    assert.deepEqual(more.end, whole.end);
    await assert.rejects(
      train({ options: { ...options, epochs: 5 } }),
      errorWith("ERR_INVALID_VALUE", "epochs", 6, 5),
    );
  });
});

test("the state of callbacks is saved: a learning rate that falls with each step", async () => {
  class Decay extends tf.Callback {
    #steps = 0;
    override async onBatchEnd(): Promise<void> {
      this.#steps += 1;
      const { optimizer } = (this as unknown as { model: tf.LayersModel })
        .model;
      const rate = optimizer as unknown as { learningRate: number };
      rate.learningRate = 0.01 / (1 + this.#steps / 5);
    }
    checkpointState(): unknown {
      return { steps: this.#steps };
    }
    restoreCheckpointState(state: unknown): void {
      this.#steps = (state as { steps: number }).steps;
    }
  }
  class Stop extends tf.Callback {
    #epoch = 0;
    override async onEpochBegin(epoch: number): Promise<void> {
      this.#epoch = epoch;
    }
    override async onBatchEnd(batch: number): Promise<void> {
      if (this.#epoch !== 2 || batch !== 1) return;
      (this as unknown as { model: tf.LayersModel }).model.stopTraining = true;
    }
  }
  const whole = await train({ options: { callbacks: [new Decay()] } });
  const plain = await train({});
  assert.notEqual(whole.end.weights, plain.end.weights);
  const options = { checkpoints: newFolder() };
  const stopping = { ...options, callbacks: [new Decay(), new Stop()] };
  await train({ options: stopping });
  const resumed = await train({
    options: { ...options, callbacks: [new Decay()] },
  });
  assert.match(resumed.text, /Resumed after epoch 2 of 4, step 2/);
  assert.deepEqual(resumed.end, whole.end);
});

test("the state of reduceLROnPlateau is saved", async () => {
  // No improvement is large enough, so the rate falls after every second epoch.
  const plateau = () =>
    keras.callbacks.reduceLROnPlateau({
      ...{ monitor: "loss", patience: 2, minDelta: 1000, factor: 0.5 },
    });
  const whole = await train({ options: { epochs: 6, callbacks: [plateau()] } });
  const rates = whole.history.curve("learning_rate");
  assert.deepEqual(new Set(rates).size, 3);
  for (const stopAt of [1, 2, 3]) {
    const checkpoints = newFolder();
    await train({
      options: { epochs: stopAt, checkpoints, callbacks: [plateau()] },
    });
    const resumed = await train({
      options: { epochs: 6, checkpoints, callbacks: [plateau()] },
    });
    assert.deepEqual(resumed.end, whole.end);
  }
});

test("a run that an interrupt has ended without its end gives the folder back", async () => {
  const whole = await train({});
  const options = { checkpoints: newFolder() };
  const ended = new AbortController();
  class Endless extends tf.Callback {
    override async onEpochEnd(epoch: number): Promise<void> {
      if (epoch !== 2) return;
      // As the kernel does when it has ended the code of a cell.
      (this as unknown as { model: { isTraining: boolean } }).model.isTraining =
        false;
      ended.abort();
      await new Promise(() => undefined);
    }
  }
  void train({ options: { ...options, callbacks: new Endless() } });
  await once(ended.signal, "abort");
  const resumed = await train({ options });
  assert.match(resumed.text, /Resumed after epoch 2 of 4/);
  assert.deepEqual(resumed.end, whole.end);
});

test("Math.random is the process's own again, if no seed was set", async () => {
  const { random } = Math;
  const native = () => 0.25;
  Math.random = native;
  try {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), {
      epochs: 1,
      verbose: 0,
      callbacks: checkpoints(newFolder()),
    });
    assert.equal(Math.random, native);
  } finally {
    Math.random = random;
  }
});
