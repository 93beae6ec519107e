/**
 * Files of tensors: read back bit by bit, by Python as well; damage of any byte is noticed.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { crc32, crc32ByTable } from "../../../src/engine/extension/checksum";
import {
  readTensors,
  writeTensors,
  type StoredTensor,
  type TensorFile,
} from "../../../src/training/checkpoints/tensor-file";
import { errorWith } from "../../error-with";

const folder = mkdtempSync(join(tmpdir(), "convnotes-tensors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = join(__dirname, "..", "..", "..", ".venv", "bin", "python");

function write(name: string, content: TensorFile): string {
  const path = join(folder, name);
  const file = openSync(path, "w");
  writeTensors(file, content);
  closeSync(file);
  return path;
}

const tensors = new Map<string, StoredTensor>([
  [
    "weights/0/dense/kernel",
    {
      shape: [2, 3],
      values: Float32Array.of(1.5, -0, NaN, Infinity, 1e-45, 0.1),
    },
  ],
  ["totals", { shape: [2], values: Float64Array.of(Math.PI, -5e-324) }],
  ["order", { shape: [3], values: Int32Array.of(-1, 2 ** 31 - 1, 0) }],
  ["flags", { shape: [3], values: Uint8Array.of(1, 0, 255) }],
  ["none", { shape: [0, 4], values: new Float32Array(0) }],
  ["scalar", { shape: [], values: Float32Array.of(7) }],
]);
const content: TensorFile = { metadata: { note: 'é "quoted"' }, tensors };

describe("checksum", () => {
  test("is the published one of the digits 1 to 9, in both ways", () => {
    for (const way of [crc32, crc32ByTable]) {
      assert.equal(way(Buffer.from("123456789")), 0xcbf43926);
      assert.equal(way(new Uint8Array(0)), 0);
    }
  });
});

describe("files of tensors", () => {
  test("are read as they were written, bit by bit", () => {
    const read = readTensors(write("whole", content));
    assert.equal(read.metadata["note"], content.metadata["note"]);
    assert.deepEqual([...read.tensors.keys()], [...tensors.keys()]);
    for (const [name, { shape, values }] of tensors) {
      const found = read.tensors.get(name)!;
      assert.deepEqual(found.shape, shape);
      assert.equal(found.values.constructor, values.constructor);
      assert.deepEqual(
        Buffer.from(found.values.buffer),
        Buffer.from(values.buffer),
      );
    }
  });

  test("a view of a larger array is written, not the array", () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const one = new Map([["view", { shape: [2], values }]]);
    const path = write("view", { metadata: {}, tensors: one });
    assert.deepEqual(
      readTensors(path).tensors.get("view")!.values,
      Float32Array.of(2, 3),
    );
  });

  test("damage of any byte and any lost end is noticed", () => {
    const path = write("damaged", content);
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      writeFileSync(path, changed);
      assert.throws(
        () => readTensors(path),
        errorWith("ERR_FILE_DAMAGED", path),
        `byte ${at}`,
      );
      if (at % 9 !== 0) continue;
      writeFileSync(path, bytes.subarray(0, at));
      assert.throws(
        () => readTensors(path),
        errorWith("ERR_FILE_DAMAGED", path),
        `${at} bytes`,
      );
    }
    writeFileSync(path, Buffer.concat([bytes, Buffer.from("\0")]));
    assert.throws(() => readTensors(path), errorWith("ERR_FILE_DAMAGED"));
  });

  test("a file of another program is refused as such", () => {
    const header = Buffer.from(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ',
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const path = join(folder, "foreign");
    writeFileSync(path, Buffer.concat([length, header, Buffer.alloc(4)]));
    assert.throws(() => readTensors(path), errorWith("ERR_FILE_FORMAT"));
  });

  const skip = existsSync(python) ? false : "needs .venv";
  test("have the layout of safetensors, and zlib's checksums", { skip }, () => {
    // Reads the file as the format's description says, with NumPy and Python's zlib.
    const program = `
import json, struct, sys, zlib
import numpy as np
data = open(sys.argv[1], "rb").read()
length, = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + length])
assert length % 8 == 0
values = data[8 + length:]
metadata = header.pop("__metadata__")
assert all(type(value) is str for value in metadata.values())
sums = json.loads(metadata["crc32"])
types = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "U8": "u1"}
end = 0
out = {}
for name, entry in header.items():
    begin, to = entry["data_offsets"]
    assert begin == end, "a gap"
    end = to
    part = values[begin:to]
    array = np.frombuffer(part, types[entry["dtype"]]).reshape(entry["shape"])
    if name == "crc32/header":
        assert struct.unpack("<I", part)[0] == zlib.crc32(data[8:8 + length])
    else:
        assert sums[name] == zlib.crc32(part)
        out[name] = [entry["dtype"], list(array.shape), array.tobytes().hex()]
assert end == len(values)
print(json.dumps(out))
`;
    const path = write("python", content);
    const { stdout, stderr } = spawnSync(python, ["-c", program, path], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    const expected = [...tensors].map(([name, { shape, values }]) => [
      name,
      [
        { Float32Array: "F32", Float64Array: "F64", Int32Array: "I32" }[
          values.constructor.name
        ] ?? "U8",
        shape,
        Buffer.from(values.buffer).toString("hex"),
      ],
    ]);
    assert.deepEqual(JSON.parse(stdout), Object.fromEntries(expected));
  });
});
