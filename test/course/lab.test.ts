/**
 * The labs' steps and checks: every check accepts several right answers and explains wrong ones.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check, notWritten, step, type CheckName } from "../../src/course/lab";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay } from "../../src/notebook/mime";
import { errorWith } from "../error-with";
import { convolution, stage } from "../../src/course/lab/stage";
import { setSeed } from "../../src/training/seed";
import { answers } from "./answers";

for (const [name, { right, wrong }] of Object.entries(answers)) {
  describe(`check ${name}`, () => {
    assert.ok(Object.keys(right).length >= 2, "at least two right answers");
    assert.ok(Object.keys(wrong).length >= 3, "at least three wrong answers");
    for (const [form, answer] of Object.entries(right)) {
      test(`accepts: ${form}`, () => {
        const verdict = answer();
        assert.ok(verdict.isRight, String(verdict));
        assert.equal(verdict.advice, "");
      });
    }
    for (const [form, [answer, seen]] of Object.entries(wrong)) {
      test(`explains: ${form}`, () => {
        const verdict = answer();
        assert.ok(!verdict.isRight, String(verdict));
        assert.match(`${verdict.seen} ${verdict.advice}`, seen);
        assert.notEqual(verdict.advice, "");
      });
    }
  });
}

/** Asserts that a check accepts a model and leaves all its weights as they are. */
function keepsWeights(
  name: "lab-4/head" | "lesson-4/smaller-model",
  model: tf.LayersModel,
): void {
  const weights = () => model.weights.map((each) => each.read().arraySync());
  const before = weights();
  const verdict = check(name, model);
  assert.ok(verdict.isRight, String(verdict));
  assert.deepEqual(weights(), before);
}

describe("check", () => {
  test("leaves the weights of a model as they are", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [28, 28] }),
        tf.layers.dense({ units: 128, activation: "relu" }),
        tf.layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    const weights = () => model.getWeights().map((each) => each.arraySync());
    const before = weights();
    const tensors = tf.memory().numTensors;
    assert.ok(check("lab-1/model", model).isRight);
    assert.deepEqual(weights(), before);
    assert.equal(tf.memory().numTensors, tensors);
  });

  test("leaves the weights of a partly frozen model", () => {
    const frozen = tf.sequential({
      layers: [
        tf.layers.inputLayer({ inputShape: [32, 32, 3] }),
        ...stage(32),
        ...stage(64),
        convolution(64),
        tf.layers.flatten(),
      ],
    });
    frozen.trainable = false;
    const model = tf.sequential({
      layers: [
        frozen,
        tf.layers.dense({ units: 64, activation: "relu" }),
        tf.layers.dense({ units: 10 }),
      ],
    });
    keepsWeights("lab-4/head", model);
  });

  test("leaves the weights of a model with batch normalization", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [32, 32, 3],
        }),
        tf.layers.batchNormalization(),
        tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 3 }),
        tf.layers.batchNormalization(),
        tf.layers.flatten(),
        tf.layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    keepsWeights("lesson-4/smaller-model", model);
  });

  test("leaves the random numbers of a seed", () => {
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [28, 28, 1] }), ...stage(32)],
    });
    const drawnAfter = (checks: number) => {
      setSeed(1);
      for (let index = 0; index < checks; index += 1) {
        assert.ok(check("lab-3/first-layer", model).isRight);
      }
      return tf.randomNormal([3]).dataSync().join();
    };
    assert.equal(drawnAfter(1), drawnAfter(0));
    assert.equal(drawnAfter(2), drawnAfter(0));
  });

  test("an unknown name is refused", () => {
    assert.throws(
      () => (check as (name: string) => unknown)("lab-9/nothing"),
      errorWith("ERR_UNKNOWN_NAME", "lab-1/scaled", "lab-9/nothing"),
    );
    assert.throws(
      () => (check as (name: string) => unknown)("toString"),
      errorWith("ERR_UNKNOWN_NAME", "toString"),
    );
  });

  test("throws a wrong verdict while nbgrader grades, and only then", () => {
    process.env["NBGRADER_EXECUTION"] = "autograde";
    try {
      assert.throws(
        () => check("lab-3/by-hand", 288),
        errorWith("ERR_WRONG_ANSWER", "lab-3/by-hand", "288"),
      );
      assert.ok(check("lab-3/by-hand", 320).isRight);
    } finally {
      delete process.env["NBGRADER_EXECUTION"];
    }
    assert.ok(!check("lab-3/by-hand", 288).isRight);
  });

  test("a verdict is shown as text and as HTML, with values escaped", () => {
    const name: CheckName = "lab-2/confused";
    const bundle = check(name, ["<b>", "coat"], matrixOfOne)[jupyterDisplay]();
    assert.match(String(bundle["text/plain"]), /^✗ not yet: lab-2\/confused\n/);
    assert.match(String(bundle["text/html"]), /&lt;b&gt;/);
    assert.doesNotMatch(String(bundle["text/html"]), /<b>", /);
  });
});

const matrixOfOne = {
  classNames: ["coat"],
  counts: [[1]],
} as unknown as Parameters<typeof check<"lab-2/confused">>[2];

describe("step", () => {
  test("returns what the answer returns", async () => {
    assert.equal(
      step("lab-1/scaled", () => 3),
      3,
    );
    assert.equal(await step("lab-1/scaled", async () => 4), 4);
  });

  test("an open step throws one error that names it", async () => {
    assert.throws(
      () => step("lab-1/scaled", (): number => notWritten()),
      errorWith("ERR_NOT_WRITTEN", "lab-1/scaled", "return notWritten();"),
    );
    await assert.rejects(
      step("lab-1/scaled", async (): Promise<number> => notWritten()),
      errorWith("ERR_NOT_WRITTEN", "lab-1/scaled"),
    );
  });

  test("other errors are passed on unchanged", async () => {
    const error = new TypeError("theirs");
    const fails = () => {
      throw error;
    };
    assert.throws(
      () => step("lab-1/scaled", fails),
      (thrown) => thrown === error,
    );
    await assert.rejects(
      step("lab-1/scaled", async () => fails()),
      (thrown) => thrown === error,
    );
  });
});
