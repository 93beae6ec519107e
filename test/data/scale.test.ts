/**
 * Tests the scaling of bytes to values from 0 to 1.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { scale } from "../../src/data/scale";
import { tf } from "../../src/engine/tensorflow";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";

const everyByte = new NdArray(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
  [4, 8, 8, 1],
);

function scaledBytes(): Float32Array {
  const tensor = scale(everyByte);
  const values = tensor.dataSync<"float32">();
  tensor.dispose();
  return values;
}

test("returns a float32 tensor of the same shape", () => {
  const tensor = scale(everyByte);
  assert.equal(tensor.dtype, "float32");
  assert.deepEqual(tensor.shape, [4, 8, 8, 1]);
  tensor.dispose();
});

test("maps 0 to 0 and 255 to 1 exactly", () => {
  const values = scaledBytes();
  assert.equal(values[0], 0);
  assert.equal(values[255], 1);
});

test("maps every byte to the float32 nearest to byte / 255", () => {
  scaledBytes().forEach((value, byte) => {
    // 255 times a float32 has at most 32 binary digits, so float64 represents the error exactly.
    const error = Math.abs(value * 255 - byte);
    const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
    for (const neighbor of byte === 0 ? [bits + 1] : [bits - 1, bits + 1]) {
      const other = new Float32Array(Uint32Array.of(neighbor).buffer)[0]!;
      assert.ok(error <= Math.abs(other * 255 - byte), `byte ${byte}`);
    }
  });
});

test("scales every byte as NumPy does", async (context) => {
  const numpy = await runNumpy<{ divided: number[]; cast: number[] }>(
    context,
    `
x = np.arange(256, dtype=np.uint8)
divided = x / np.float32(255)
assert divided.dtype == np.float32
cast = (x / 255.0).astype(np.float32)
result = {"divided": [float(v) for v in divided], "cast": [float(v) for v in cast]}`,
  );
  if (numpy === undefined) return;
  assert.deepEqual([...scaledBytes()], numpy.divided);
  assert.deepEqual([...scaledBytes()], numpy.cast);
});

test("scales a slice", () => {
  const tensor = scale(everyByte.slice(3));
  assert.deepEqual(tensor.shape, [1, 8, 8, 1]);
  assert.equal(tensor.dataSync()[0], Math.fround(192 / 255));
  tensor.dispose();
});

test("allocates only the returned tensor", () => {
  const before = tf.memory().numTensors;
  const tensor = scale(everyByte);
  assert.equal(tf.memory().numTensors, before + 1);
  tensor.dispose();
});

test("rejects labels", () => {
  assert.throws(
    () => scale(new NdArray(new Uint8Array(4), [4, 1])),
    errorWith("ERR_SHAPE", "`images`", "4 axes", "or 3", "received (4, 1)"),
  );
});
