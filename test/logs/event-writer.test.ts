/**
 * Event files: bytes, values, and what is left of a file when the process ends.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { crc32, crc32c } from "../../src/engine/extension/checksum";
import { tf } from "../../src/engine/tensorflow";
import { EventWriter } from "../../src/logs/event-writer";
import { histogramOf } from "../../src/logs/histogram";
import { temporaryFolder } from "../data/temporary-folder";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";
import { readRuns } from "./events";

describe("check values", () => {
  const bytes = (values: readonly number[]) => Uint8Array.from(values);
  const digits = Buffer.from("123456789");

  test("are the published ones of the digits 1 to 9", () => {
    assert.equal(crc32c(digits), 0xe3069283);
    assert.equal(crc32(digits), 0xcbf43926);
  });

  test("are those of RFC 3720, appendix B.4", () => {
    const ascending = Array.from({ length: 32 }, (_, index) => index);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
    assert.equal(crc32c(bytes(ascending)), 0x46dd794e);
    assert.equal(crc32c(bytes([...ascending].reverse())), 0x113fdb5c);
  });
});

describe("histograms", () => {
  test("have the rows of TensorBoard's own", async (context) => {
    const random = Float32Array.from({ length: 500 }, (_, index) =>
      Math.sin(index * 12.9898),
    );
    const lists = [
      [...random],
      [3, 3, 3],
      [],
      [-1, 1],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [1e-30, 2e-30],
    ];
    const expected = await runNumpy<number[][][]>(
      context,
      `
import sys, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
from tensorboard.plugins.histogram import summary_v2
from tensorboard.util import tensor_util
result = [
    tensor_util.make_ndarray(summary_v2.histogram_pb("h", np.array(values, dtype=np.float64), buckets=10).value[0].tensor).tolist()
    for values in given
]
`,
      lists,
    );
    if (expected === undefined) return;
    for (const [index, values] of lists.entries()) {
      const rows = histogramOf(values, 10);
      assert.deepEqual(
        rows.map(([, , count]) => count),
        expected[index]!.map(([, , count]) => count),
      );
      for (const [row, [left, right]] of rows.entries()) {
        const [leftOther = NaN, rightOther = NaN] = expected[index]![row]!;
        const near = Math.max(...values.map(Math.abs), 0) * 1e-12;
        assert.ok(Math.abs(left - leftOther) <= near, `left edge ${row}`);
        assert.ok(Math.abs(right - rightOther) <= near, `right edge ${row}`);
      }
    }
  });

  test("leave out values that are not finite", () => {
    assert.deepEqual(histogramOf([NaN, 1, Infinity, 2, -Infinity], 2), [
      [1, 1.5, 1],
      [1.5, 2, 1],
    ]);
    assert.deepEqual(histogramOf([NaN], 1), [[0, 0, 0]]);
  });
});

describe("an event writer", () => {
  test("writes what TensorBoard reads", async (context) => {
    const folder = path.join(await temporaryFolder(context), "new", "run");
    const writer = new EventWriter(folder);
    const gray = new NdArray(
      Uint8Array.from([0, 50, 100, 150, 200, 250]),
      [2, 3],
    );
    const colors = Array.from({ length: 2 * 2 * 2 * 3 }, (_, at) => at / 23);
    writer.scalar("loss", 0.1, 0);
    writer.scalar("loss", Number.MAX_SAFE_INTEGER, 2 ** 40);
    writer.image("gray", gray, 5);
    writer.image("colors", tf.tensor4d(colors, [2, 2, 2, 3]), 6);
    writer.image("grid", tf.zeros([3, 4, 5, 1]), 7, { columns: 2 });
    writer.image(
      "clipped",
      tf.tensor2d(
        [
          [-5, 300],
          [1, 2],
        ],
        [2, 2],
        "int32",
      ),
      8,
    );
    writer.histogram("numbers", [1, 2, 3], 9, { buckets: 2 });
    writer.histogram("tensor", tf.tensor1d([1, 2, 3]), 9, { buckets: 2 });
    writer.close();
    const runs = await readRuns(context, [folder]);
    if (runs === undefined) return;
    const [{ scalars, images, histograms, graph } = assert.fail()] = runs;
    assert.deepEqual(scalars, {
      loss: [
        [0, Math.fround(0.1)],
        [2 ** 40, Math.fround(Number.MAX_SAFE_INTEGER)],
      ],
    });
    assert.equal(graph, null);
    assert.deepEqual(images["gray"], [
      [
        5,
        "3",
        "2",
        [
          [
            [[0], [50], [100]],
            [[150], [200], [250]],
          ],
        ],
      ],
    ]);
    const [[, , , pictures] = assert.fail()] = images["colors"]!;
    assert.deepEqual(
      pictures.flat(3),
      colors.map((value) => Math.floor(Math.fround(value) * 255.5)),
    );
    const [[, width, height, [grid]] = assert.fail()] = images["grid"]!;
    assert.equal(width, String(2 * 5 + 2));
    assert.equal(height, String(2 * (4 + 2)));
    const white = grid!.flat(2).filter((value) => value === 255).length;
    assert.equal(white, 3 * (12 * 12 - 3 * 4 * 5), "all but three images");
    assert.deepEqual(images["clipped"]![0]![3].flat(3), [0, 255, 1, 2]);
    const rows = [
      [1, 2, 1],
      [2, 3, 2],
    ];
    assert.deepEqual(histograms, { numbers: [[9, rows]], tensor: [[9, rows]] });
  });

  test("leaves a file that can be read up to its last whole record", async (context) => {
    const all = await temporaryFolder(context);
    const whole = path.join(all, "whole");
    const writer = new EventWriter(whole);
    const ends = Array.from({ length: 3 }, (_, step) => {
      writer.scalar("loss", step, step);
      writer.flush();
      return fs.statSync(writer.file).size;
    });
    writer.close();
    const bytes = fs.readFileSync(writer.file);
    // The length, its check value, the record or its check value are incomplete.
    const cuts = [1, 4, 9, 30].flatMap((more) => [ends[0]! + more]);
    const folders = [...cuts, ends[1]! - 1, ends[1]!].map((size) => {
      const folder = path.join(all, `cut-${size}`);
      fs.mkdirSync(folder);
      const file = path.join(folder, path.basename(writer.file));
      fs.writeFileSync(file, bytes.subarray(0, size));
      return folder;
    });
    const runs = await readRuns(context, folders);
    if (runs === undefined) return;
    const counts = runs.map(({ scalars }) => scalars["loss"]!.length);
    assert.deepEqual(counts, [1, 1, 1, 1, 1, 2]);
  });

  test("has written what was flushed when the process is killed", async (context) => {
    const folder = path.join(await temporaryFolder(context), "killed");
    const register =
      require.resolve("../../kernel/dist/typescript-register.js");
    const program = `
      const { EventWriter } = require(${JSON.stringify(require.resolve("../../src/logs/event-writer"))});
      const writer = new EventWriter(${JSON.stringify(folder)});
      writer.scalar("loss", 1, 0);
      writer.flush();
      writer.scalar("loss", 2, 1);
      console.log("flushed");
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ["-r", register, "-e", program], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const runs = await readRuns(context, [folder]);
    if (runs === undefined) return;
    assert.deepEqual(runs[0]!.scalars, { loss: [[0, 1]] });
  });

  test("rejects wrong use", async (context) => {
    const folder = await temporaryFolder(context);
    const writer = new EventWriter(folder);
    assert.throws(
      () => writer.scalar("loss", 1, -1),
      errorWith("ERR_INVALID_VALUE", "`step`", -1),
    );
    assert.throws(
      () => writer.scalar("", 1, 0),
      errorWith("ERR_INVALID_VALUE", "`tag`"),
    );
    assert.throws(
      () => writer.histogram("h", [1], 0, { buckets: 0 }),
      errorWith("ERR_INVALID_VALUE", "`buckets`", 0),
    );
    for (const shape of [[4], [2, 2, 2], [0, 2, 2, 1]]) {
      assert.throws(
        () => writer.image("image", tf.zeros(shape), 0),
        errorWith("ERR_SHAPE", ...shape),
      );
    }
    assert.throws(
      () => writer.image("image", tf.zeros([2, 2, 2, 1]), 0, { columns: 0 }),
      errorWith("ERR_INVALID_VALUE", "`columns`", 0),
    );
    writer.close();
    writer.close();
    assert.throws(
      () => writer.scalar("loss", 1, 0),
      errorWith("ERR_INVALID_STATE", writer.file),
    );
    assert.throws(
      () => new EventWriter(path.join(writer.file, "within a file")),
      errorWith("ERR_DISK", "within a file"),
    );
  });
});
