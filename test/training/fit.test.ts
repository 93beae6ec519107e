/**
 * Training with `fit`: displays, history, and interrupts.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { stepsOf } from "../../src/engine/models/install";
import { setEngine } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay } from "../../src/notebook/mime";
import { evaluate } from "../../src/training/evaluate";
import { fit, historyOf } from "../../src/training/fit";
import { History } from "../../src/training/history";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";
import { clock } from "../../src/notebook/clock";
import { Progress } from "../../src/training/progress";
import { Recorder } from "../../src/training/recorder";
import { errorWith } from "../error-with";
import { withHost } from "../notebook/notebook-host";

function smallModel(): tf.Sequential {
  const model = tf.sequential();
  model.add(
    tf.layers.dense({ units: 3, inputShape: [4], activation: "softmax" }),
  );
  compileFromLogits(model, { optimizer: "adam" });
  return model;
}

function samples(count: number): [tf.Tensor, tf.Tensor] {
  return [
    tf.randomUniform([count, 4], 0, 1, "float32", 21),
    tf.tensor2d(
      Array.from({ length: count }, (_, row) => row % 3),
      [count, 1],
      "int32",
    ),
  ];
}

describe("fit", () => {
  test("returns tfjs's curves under Keras's names, one value per epoch", async () => {
    const [x, y] = samples(50);
    const options = { epochs: 4, batchSize: 16, shuffle: false };
    const plain = smallModel();
    const watched = smallModel();
    watched.setWeights(plain.getWeights());
    const expected = await plain.fit(x, y, {
      ...options,
      validationData: [x, y],
      verbose: 0,
    });
    const { result } = await withHost(() =>
      fit(watched, x, y, { ...options, validationData: [x, y] }),
    );
    assert.deepEqual(Object.keys(result.curves), [
      "loss",
      "accuracy",
      "val_loss",
      "val_accuracy",
    ]);
    assert.deepEqual(result.epochs, [1, 2, 3, 4]);
    for (const [name, values] of Object.entries(result.curves)) {
      assert.deepEqual(values, expected.history[name], name);
    }
    assert.equal(result.val_loss.at(-1), evaluate(watched, x, y, options).loss);
    assert.equal(result.seconds.length, 4);
    assert.ok(result.secondsPerEpoch > 0);
    assert.equal(result.interruptedEpoch, undefined);
    assert.equal(historyOf(watched).loss.at(-1), result.loss.at(-1));
  });

  test("updates one output block, and shows the table of epochs at the end", async () => {
    const [x, y] = samples(40);
    const { result, shown } = await withHost(() =>
      fit(smallModel(), x, y, { epochs: 3, batchSize: 8 }),
    );
    const [first, ...rest] = shown;
    assert.ok(first!.options.displayId);
    assert.notEqual(first!.options.update, true);
    assert.ok(rest.length >= 1);
    for (const { options } of rest) {
      assert.equal(options.update, true);
      assert.equal(options.displayId, first!.options.displayId);
    }
    for (const { bundle } of shown.slice(0, -1)) {
      const text = bundle["text/plain"] as string;
      assert.match(text, /^epoch \d+\/3 · step \d+\/5/);
      assert.ok(!text.includes("\n") && text.length < 120, text);
      assert.match(bundle["text/html"] as string, /<progress max="5"/);
    }
    const last = shown.at(-1)!.bundle;
    const { "text/html": html, ...others } = result[jupyterDisplay]();
    const { "text/html": shownHtml, ...shownOthers } = last;
    assert.deepEqual(shownOthers, others);
    assert.ok(String(shownHtml).startsWith(String(html)));
    const lines = (last["text/plain"] as string).split("\n");
    assert.match(lines[0]!, /^epoch +time +loss +accuracy$/);
    assert.equal(lines.length, 2 + 3 + 1);
    assert.match(
      lines.at(-1)!,
      /^40 training samples in 5 steps of 8; no validation/,
    );
    assert.equal((last["text/html"] as string).match(/<tr>/g)!.length, 4);
  });

  test("updates the block at most four times per second", async () => {
    const [x, y] = samples(4000);
    const began = performance.now();
    const { shown } = await withHost(() =>
      fit(smallModel(), x, y, { epochs: 1, batchSize: 8 }),
    );
    const seconds = (performance.now() - began) / 1000;
    assert.ok(
      shown.length <= 2 + 4 * seconds,
      `${shown.length} outputs in ${seconds} s for 500 steps`,
    );
  });

  test("calls further callbacks, functions and objects, before onEpochEnd", async () => {
    const [x, y] = samples(20);
    const model = smallModel();
    const events: string[] = [];
    class Watcher extends tf.Callback {
      override async onEpochEnd(epoch: number): Promise<void> {
        events.push(`object ${epoch}`);
      }
    }
    const functions = {
      onEpochEnd: async (epoch: number, logs?: tf.Logs) => {
        events.push(`functions ${epoch} ${Object.keys(logs!).join(" ")}`);
      },
    };
    for (const callbacks of [functions, [functions, new Watcher()]]) {
      await withHost(() =>
        fit(model, x, y, {
          epochs: 1,
          callbacks,
          onEpochEnd: (epoch) => void events.push(`own ${epoch}`),
        }),
      );
    }
    const names = events.map((event) => event.replace("accuracy", "acc"));
    assert.deepEqual(names, [
      ...["functions 0 loss acc", "own 1"],
      ...["functions 0 loss acc", "object 0", "own 1"],
    ]);
  });

  test("keeps complete epochs when stopped within an epoch, and states where it stopped", async () => {
    const [x, y] = samples(64);
    const model = smallModel();
    const reported: number[] = [];
    let steps = 0;
    const { result, shown } = await withHost(() =>
      fit(model, x, y, {
        epochs: 10,
        batchSize: 8,
        validationData: [x, y],
        onEpochEnd: (epoch) => void reported.push(epoch),
        callbacks: {
          onBatchEnd: async () => {
            // Like the kernel on an interrupt, in the third step of the third epoch.
            if (++steps === 2 * 8 + 3) model.stopTraining = true;
          },
        },
      }),
    );
    assert.equal(steps, 19);
    assert.deepEqual(reported, [1, 2]);
    assert.deepEqual(result.epochs, [1, 2]);
    for (const values of Object.values(result.curves)) {
      assert.equal(values.length, 2);
    }
    assert.deepEqual(result.interruptedEpoch, { epoch: 3, steps: 3 });
    assert.deepEqual(historyOf(model).curves, result.curves);
    const text = shown.at(-1)!.bundle["text/plain"] as string;
    assert.match(
      text,
      /Stopped in epoch 3 after 3 steps, 2 of 10 epochs done$/,
    );
    // The model can be trained again.
    const { result: further } = await withHost(() =>
      fit(model, x, y, { epochs: 1, batchSize: 64 }),
    );
    assert.equal(further.epochs.length, 1);
  });

  test("counts exactly the applied steps when stopped while several short steps run at once", async () => {
    const [x, y] = samples(240);
    const model = smallModel();
    const timer = setInterval(() => {
      const counts = stepsOf(model)?.trainGathered.counts;
      if (counts && counts.runs < counts.compiled) model.stopTraining = true;
    }, 20);
    // Native steps run one at a time.
    setEngine("graph");
    const { result } = await withHost(() =>
      fit(model, x, y, { epochs: 100_000, batchSize: 4 }),
    ).finally(() => {
      setEngine("on");
      clearInterval(timer);
    });
    const { compiled, runs, stepByStep } = stepsOf(model)!.trainGathered.counts;
    assert.ok(runs < compiled, `${runs} runs of ${compiled} steps`);
    const { epoch, steps } = result.interruptedEpoch ?? {
      epoch: result.epochs.length + 1,
      steps: 0,
    };
    assert.equal((epoch - 1) * 60 + steps, compiled + stepByStep);
    assert.equal(result.epochs.length, epoch - 1);
  });

  test("a failed run shows its history and the error", async () => {
    const [x, y] = samples(16);
    const model = smallModel();
    const shapes = tf.zeros([16, 5]);
    await withHost(() => fit(model, x, y, { epochs: 1 }));
    await assert.rejects(
      withHost(() => fit(model, shapes, y, { epochs: 2 })),
      /each example has shape \[4\]/,
    );
    assert.deepEqual(historyOf(model).epochs, []);
    assert.match(historyOf(model).toString(), /Stopped after 0 of 2 epochs/);
  });

  test("the same seed reproduces the order of samples", async () => {
    const [x, y] = samples(60);
    const start = smallModel().getWeights();
    const run = async () => {
      const model = smallModel();
      model.setWeights(start);
      Math.random();
      const { result } = await withHost(() =>
        fit(model, x, y, { epochs: 2, batchSize: 7, seed: 4 }),
      );
      return result.loss;
    };
    assert.deepEqual(await run(), await run());
  });

  test("leaks no tensors", async () => {
    const [x, y] = samples(40);
    const model = smallModel();
    const options = {
      epochs: 2,
      batchSize: 8,
      validationData: [x, y] as const,
    };
    await withHost(() => fit(model, x, y, options));
    const before = tf.memory().numTensors;
    await withHost(() => fit(model, x, y, options));
    evaluate(model, x, y);
    // There may be fewer if tensors of earlier tests were garbage collected.
    assert.ok(tf.memory().numTensors <= before);
  });

  test("rejects lists of inputs", async () => {
    const [x, y] = samples(4);
    await assert.rejects(
      fit(smallModel(), [x] as never, y, { epochs: 1 }),
      errorWith("ERR_INVALID_TYPE", "`x`", "a list", "model.fit"),
    );
  });

  test("rejects epochs and batch sizes that are not positive integers", async () => {
    const [x, y] = samples(4);
    await assert.rejects(
      fit(smallModel(), x, y, { epochs: 0 }),
      errorWith("ERR_INVALID_VALUE", "epochs", 0),
    );
    await assert.rejects(
      fit(smallModel(), x, y, { epochs: 1, batchSize: 2.5 }),
      errorWith("ERR_INVALID_VALUE", "batchSize", 2.5),
    );
    assert.throws(
      () => historyOf(smallModel()),
      errorWith("ERR_INVALID_STATE", "fit"),
    );
  });
});

describe("History", () => {
  const config = {
    epochs: 2,
    batchSize: 32,
    samples: 50_000,
    validationSamples: 10_000,
  };

  test("counts steps like Keras, including the last partial one", () => {
    const history = new History(config, { loss: [1, 0.5] }, [10, 14]);
    assert.equal(history.secondsPerEpoch, 12);
    assert.match(
      history.toString(),
      /50,000 training samples in 1,563 steps of 32; 10,000 validation samples in 313 steps; 12\.0 s an epoch/,
    );
    assert.match(history.toString(), /^ +2 +14\.0 s +0\.5000$/m);
  });

  test("lists its curves in the error for an unknown one", () => {
    const history = new History(config, { loss: [1], val_loss: [2] }, [1]);
    assert.throws(
      () => history.accuracy,
      errorWith("ERR_UNKNOWN_NAME", '"loss", "val_loss"', '"accuracy"'),
    );
  });

  test("rejects curves of unequal length", () => {
    assert.throws(
      () => new History(config, { loss: [1] }, [1, 2]),
      errorWith("ERR_SHAPE", '"loss"', 2, 1),
    );
  });
});

describe("Progress", () => {
  const config = {
    epochs: 10,
    batchSize: 32,
    samples: 50_000,
    validationSamples: 10_000,
  };

  test("estimates rate and remaining time from steps, then from completed epochs", () => {
    const first = new Progress(config, {
      epoch: 1,
      step: 500,
      means: { loss: 1.5, accuracy: 0.4 },
      epochSeconds: 16,
      finishedSeconds: [],
      secondsBetween: 0,
    });
    assert.equal(first.samplesPerSecond, 1000);
    assert.equal(first.secondsLeft, 10 * (50 + 10 / 3) - 16);
    assert.equal(
      first.toString(),
      "epoch 1/10 · step 500/1,563 · loss 1.5000 · accuracy 0.4000 · 1,000 samples/s · 8:37 left",
    );
    const third = new Progress(config, {
      epoch: 3,
      step: 1,
      means: {},
      epochSeconds: 1,
      finishedSeconds: [30, 48],
      secondsBetween: 2,
    });
    assert.equal(third.secondsLeft, 8 * 40 - 1);
  });

  test("counts the time between epochs, in which onEpochEnd runs", async () => {
    const recorder = new Recorder({
      epochs: 1000,
      batchSize: 8,
      samples: 8,
      validationSamples: 0,
    });
    recorder.beginEpoch();
    recorder.addStep({ size: 8, loss: 1 });
    recorder.endEpoch({ loss: 1 });
    await sleep(50);
    recorder.beginEpoch();
    recorder.addStep({ size: 8, loss: 1 });
    // 999 epochs; timers may fire a millisecond early.
    const left = recorder.progress().secondsLeft!;
    assert.ok(left >= 999 * 0.049, `${left} s`);
  });

  test("does not count more samples than exist", () => {
    const progress = new Progress(config, {
      epoch: 1,
      step: 1563,
      means: {},
      epochSeconds: 50,
      finishedSeconds: [],
      secondsBetween: 0,
    });
    assert.equal(progress.samplesPerSecond, 1000);
  });

  test("has no estimate before the first step, and escapes names in HTML", () => {
    const progress = new Progress(config, {
      epoch: 1,
      step: 0,
      means: { "<b>": 1 },
      epochSeconds: 0,
      finishedSeconds: [],
      secondsBetween: 0,
    });
    assert.ok(!progress.toString().includes("left"));
    const html = progress[jupyterDisplay]()["text/html"] as string;
    assert.ok(html.includes("&lt;b&gt; 1.0000") && !html.includes("<b>"));
  });

  test("formats seconds as a clock", () => {
    assert.deepEqual([0, 59.4, 65, 3599.6, 7389].map(clock), [
      "0:00",
      "0:59",
      "1:05",
      "1:00:00",
      "2:03:09",
    ]);
  });
});

describe("fit with options", () => {
  test("shows nothing with progress false, and returns the same history", async () => {
    const [x, y] = samples(50);
    const model = smallModel();
    const { result, shown } = await withHost(() =>
      fit(model, x, y, { epochs: 2, progress: false }),
    );
    assert.deepEqual(result.epochs, [1, 2]);
    assert.deepEqual(shown, []);
    assert.equal(historyOf(model).loss.length, 2);
  });

  test("ends before an epoch would exceed the time limit, but trains at least one", async () => {
    const [x, y] = samples(64);
    const model = smallModel();
    const { result } = await withHost(() =>
      fit(model, x, y, { epochs: 1000, minutes: 1e-9 }),
    );
    assert.deepEqual(result.epochs, [1]);
    assert.equal(result.config.epochs, 1000);
    assert.equal(result.interruptedEpoch, undefined);
    // Three seconds: many epochs, but far from all.
    const { result: longer } = await withHost(() =>
      fit(model, x, y, { epochs: 1_000_000, minutes: 1 / 20 }),
    );
    const { length } = longer.epochs;
    assert.ok(length > 1 && length < 1_000_000, `${length} epochs`);
    // The time limit does not affect the next run.
    const { result: whole } = await withHost(() =>
      fit(model, x, y, { epochs: 3, minutes: 5 }),
    );
    assert.equal(whole.epochs.length, 3);
  });

  test("awaits onEpochEnd after each epoch, and is not affected by operations in it", async () => {
    const [x, y] = samples(50);
    const options = {
      epochs: 3,
      batchSize: 16,
      validationData: [x, y] as const,
    };
    setSeed(6);
    const initial = smallModel().getWeights();
    const runs = [];
    for (const watched of [false, true]) {
      const model = smallModel();
      model.setWeights(initial);
      const reported: [number, Readonly<Record<string, number>>][] = [];
      const { result } = await withHost(() =>
        fit(model, x, y, {
          ...options,
          seed: 5,
          ...(watched && {
            onEpochEnd: async (epoch, values) => {
              await new Promise(setImmediate);
              const { accuracy } = evaluate(model, x, y, { batchSize: 16 });
              assert.equal(accuracy, values.val_accuracy);
              setSeed(epoch);
              const weights = model.getWeights().map((each) => each.clone());
              model.setWeights(weights.map((each) => each.mul(0)));
              model.setWeights(weights);
              reported.push([epoch, values]);
            },
          }),
        }),
      );
      if (watched) {
        assert.deepEqual(
          reported,
          result.epochs.map((epoch, index) => [
            epoch,
            Object.fromEntries(
              Object.entries(result.curves).map(([name, values]) => [
                name,
                values[index],
              ]),
            ),
          ]),
        );
      }
      runs.push(result.curves);
    }
    assert.deepEqual(runs[0], runs[1]);
  });

  test("keeps the history if onEpochEnd never settles", async () => {
    const [x, y] = samples(8);
    const model = smallModel();
    await new Promise<void>((resolve) => {
      void withHost(() =>
        fit(model, x, y, {
          epochs: 5,
          onEpochEnd: (epoch) =>
            epoch < 2
              ? undefined
              : new Promise(() => {
                  resolve();
                }),
        }),
      );
    });
    assert.deepEqual(historyOf(model).epochs, [1, 2]);
  });

  test("fails with the error of onEpochEnd", async () => {
    const [x, y] = samples(8);
    await assert.rejects(
      withHost(() =>
        fit(smallModel(), x, y, {
          epochs: 5,
          onEpochEnd: (epoch) => {
            if (epoch === 2) throw new Error("enough");
          },
        }),
      ),
      { message: "enough" },
    );
  });

  test("accepts int32 labels for tfjs's own sparse loss, as does evaluate", async () => {
    const [x, y] = samples(48);
    const losses: number[][] = [];
    for (const labels of [y, y.toFloat()]) {
      const model = smallModel();
      model.setWeights([tf.ones([4, 3]).mul(0.1), tf.tensor1d([0, 0.1, 0.2])]);
      model.compile({
        optimizer: "sgd",
        loss: "sparseCategoricalCrossentropy",
      });
      const { result } = await withHost(() =>
        fit(model, x, labels, {
          epochs: 2,
          shuffle: false,
          validationData: [x, labels],
        }),
      );
      losses.push([
        ...result.loss,
        ...result.val_loss,
        evaluate(model, x, labels).loss,
      ]);
    }
    assert.equal(losses[0]!.length, 5);
    assert.deepEqual(losses[0], losses[1]);
  });

  test("rejects an invalid time limit", async () => {
    const [x, y] = samples(4);
    await assert.rejects(
      () => fit(smallModel(), x, y, { epochs: 1, minutes: 0 }),
      errorWith("ERR_INVALID_VALUE", "minutes", 0),
    );
  });
});
