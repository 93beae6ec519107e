/**
 * Tests that TensorFlow's native library is loaded while the cell that imports TensorFlow.js is
 * still checked, and only then.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient, projectFolder } from "./kernel-client";

const skip = existsSync("/proc/self/maps")
  ? false
  : "Only Linux tells which libraries a process has loaded.";

describe("TensorFlow's library", { skip }, () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  const isLoaded = () =>
    readFileSync(`/proc/${kernel.runtimePid}/maps`, "utf8").includes(
      "libtensorflow",
    );

  test("is not loaded for cells that do not import it", async () => {
    const { content } = await kernel.execute(
      'import path from "node:path";\nconst text = "@tensorflow/tfjs-node";\nimport type { Stats } from "./no-such-file";',
    );
    assert.equal(content.status, "error");
    assert.equal(isLoaded(), false);
  });

  test("is loaded by a cell that imports TensorFlow.js but has a type error; the module is not", async () => {
    const { content } = await kernel.execute(
      'import * as tf from "@tensorflow/tfjs-node";\nconst wrong: number = "text";',
    );
    assert.equal(content.status, "error");
    assert.match(String((content.traceback as string[]).join("\n")), /2322/);
    // The runtime processes messages in order, so it has loaded the library when it answers.
    const cached = await kernel.execute(
      'import { createRequire } from "node:module";\nObject.keys(createRequire(process.cwd() + "/cell.js").cache).filter((path) => path.includes("tfjs")).length',
    );
    assert.equal(isLoaded(), true);
    assert.equal(cached.result, "0");
  });

  test("computes correct results afterwards", async () => {
    const answer = await kernel.execute(
      'import * as tf from "@tensorflow/tfjs-node";\ntf.tensor([1, 2, 3]).square().arraySync()',
    );
    assert.equal(answer.result, "[ 1, 4, 9 ]");
  });
});

/**
 * A training step whose last bits depend on the selected TensorFlow kernels. Prints a digest of the
 * weights.
 */
const step = `
import { createHash } from "node:crypto";
import { setSeed, tf } from "convnotes";
setSeed(1);
const model = tf.sequential({ layers: [
  tf.layers.conv2d({ filters: 8, kernelSize: 4, activation: "relu", inputShape: [28, 28, 1] }),
  tf.layers.flatten(),
  tf.layers.dense({ units: 10 }),
] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const images = tf.randomUniform([256, 28, 28, 1], 0, 1, "float32", 1);
const training = model.fit(images, tf.ones([256, 10]), { batchSize: 256, verbose: 0 });
void training.then(() => {
  const digest = createHash("sha256");
  for (const weights of model.getWeights()) digest.update(weights.dataSync());
  console.log("weights " + digest.digest("hex"));
});
`;

describe("TensorFlow's library in the kernel", { skip }, () => {
  test("selects the same kernels as outside of the kernel: a training step has the same bits", async () => {
    const digestIn = (text: string) => /weights \w{64}/.exec(text)?.[0];
    mkdirSync(path.join(projectFolder, "out"), { recursive: true });
    const folder = mkdtempSync(path.join(projectFolder, "out", "step-"));
    try {
      const file = path.join(folder, "step.ts");
      writeFileSync(file, step);
      const register = path.join(
        projectFolder,
        "kernel/dist/typescript-register.js",
      );
      const environment: NodeJS.ProcessEnv = { ...process.env };
      delete environment["TF_ENABLE_ONEDNN_OPTS"];
      const plain = spawnSync(process.execPath, ["-r", register, file], {
        encoding: "utf8",
        env: environment,
      });
      const kernel = await KernelClient.start();
      try {
        await kernel.run(step);
        const { messages } = await kernel.run("await training; 1");
        const cells = [...kernel.iopub, ...messages];
        const printed = cells
          .filter(({ type }) => type === "stream")
          .map(({ content }) => String(content.text))
          .join("");
        assert.ok(digestIn(plain.stdout) !== undefined, plain.stderr);
        assert.equal(digestIn(printed), digestIn(plain.stdout));
      } finally {
        await kernel.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe(
  "TensorFlow's library, of a package that depends on it",
  { skip },
  () => {
    test("is also loaded by a cell with a type error", async () => {
      const kernel = await KernelClient.start();
      try {
        const { content } = await kernel.execute(
          'import { scale } from "convnotes";\nconst wrong: number = "text";',
        );
        assert.equal(content.status, "error");
        await kernel.execute("1");
        const wanted = await kernel.run(
          "process.env.TF_ENABLE_ONEDNN_OPTS ?? 'not set'",
        );
        assert.equal(wanted.result, "'1'");
        const maps = readFileSync(`/proc/${kernel.runtimePid}/maps`, "utf8");
        assert.ok(maps.includes("libtensorflow"));
      } finally {
        await kernel.close();
      }
    });
  },
);
