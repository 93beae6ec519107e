/**
 * Safetensors files: read and written as the reference does, and refused where a rule is broken.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { readSafetensors, writeSafetensors, type NamedTensor } from "../../src";
import { mostHeaderBytes } from "../../src/formats/safetensors/header";
import { errorWith } from "../error-with";
import { broken, unusual } from "./safetensors-files";
import { askReference, type RawTensor } from "./safetensors-reference";
import { temporaryFolder } from "./temporary-folder";

const hex = (data: NamedTensor["data"]): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");

/** All patterns of 16 bits. */
const halves = Uint16Array.from({ length: 1 << 16 }, (_, index) => index);

const written: readonly (readonly [string, NamedTensor])[] = [
  ["bool", { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ["bytes", { dtype: "uint8", shape: [1, 3], data: Uint8Array.of(0, 7, 255) }],
  [
    "floats/ä 😀",
    {
      dtype: "float32",
      shape: [2, 3],
      data: Float32Array.of(0, -0, 1.5, -Infinity, NaN, 2 ** -149),
    },
  ],
  ["scalar", { dtype: "float32", shape: [], data: Float32Array.of(3) }],
  ["none", { dtype: "float32", shape: [0, 4], data: new Float32Array() }],
  [
    'quote"',
    {
      dtype: "int32",
      shape: [2],
      data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    },
  ],
  // A view into a larger array.
  [
    "view",
    {
      dtype: "float32",
      shape: [2],
      data: Float32Array.of(1, 2, 3, 4).subarray(1, 3),
    },
  ],
];

describe("safetensors files", () => {
  test("are read by the reference as they were written", async (context) => {
    const folder = temporaryFolder(context);
    const metadata = { format: "tf", note: 'quotes " and ä' };
    const file = path.join(folder, "written");
    await writeSafetensors(file, written, { metadata });
    await writeSafetensors(path.join(folder, "none"), []);
    const names = ["written", "none"];
    const answer = await askReference(context, { folder, read: names });
    if (answer === undefined) return;
    assert.deepEqual(answer.read["written"], {
      metadata,
      tensors: Object.fromEntries(
        written.map(([name, { data, dtype, shape }]) => [
          name,
          {
            type: dtype,
            shape,
            bytes: hex(data),
          },
        ]),
      ),
    });
    assert.deepEqual(answer.read["none"], { metadata: {}, tensors: {} });
  });

  test("are read as they were written, each tensor at a multiple of its width", async (context) => {
    const file = path.join(temporaryFolder(context), "file");
    await writeSafetensors(file, written, { metadata: { a: "b" } });
    const { metadata, tensors } = await readSafetensors(file);
    assert.deepEqual(metadata, { a: "b" });
    assert.deepEqual(
      new Map([...tensors].sort()),
      new Map([...written].sort()),
    );
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE());
    assert.equal((8 + length) % 8, 0);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Record<
      string,
      { dtype: string; data_offsets: [number, number] }
    >;
    for (const [name, entry] of Object.entries(header)) {
      if (name === "__metadata__") continue;
      const width = entry.dtype.endsWith("32") ? 4 : 1;
      assert.equal(entry.data_offsets[0] % width, 0, name);
    }
  });

  test("of the reference are read exactly, in all types", async (context) => {
    const folder = temporaryFolder(context);
    const raw = (
      type: string,
      data: ArrayBufferView,
      shape: readonly number[],
    ): RawTensor => ({
      type,
      shape,
      bytes: Buffer.from(
        data.buffer,
        data.byteOffset,
        data.byteLength,
      ).toString("hex"),
    });
    const file = {
      F16: raw(
        "F16",
        halves.filter((bits) => bits % 5 === 0),
        [13108],
      ),
      BF16: raw(
        "BF16",
        halves.filter((bits) => bits % 7 === 0),
        [9363],
      ),
      F32: raw("F32", Float32Array.of(1e-45, 3e38, -0), [3, 1]),
      F64: raw("F64", Float64Array.of(0.5, -Infinity, 2 ** -149, -0), [2, 2]),
      I8: raw("I8", Int8Array.of(-128, 127), [2]),
      U8: raw("U8", Uint8Array.of(0, 255), [2]),
      I16: raw("I16", Int16Array.of(-32768, 32767), [2]),
      U16: raw("U16", Uint16Array.of(0, 65535), [2]),
      I32: raw("I32", Int32Array.of(-(2 ** 31), 2 ** 31 - 1), [2]),
      U32: raw("U32", Uint32Array.of(0, 2 ** 31 - 1), [2]),
      I64: raw("I64", BigInt64Array.of(-(2n ** 31n), 5n), [2]),
      U64: raw("U64", BigUint64Array.of(0n, 2n ** 31n - 1n), [2]),
      BOOL: raw("BOOL", Uint8Array.of(0, 1), [2]),
    };
    const answer = await askReference(context, { folder, write: { file } });
    if (answer === undefined) return;
    const { metadata, tensors } = await readSafetensors(
      path.join(folder, "file"),
    );
    assert.deepEqual(metadata, { writer: "reference" });
    assert.equal(tensors.size, Object.keys(file).length);
    const special: Record<string, number> = {
      nan: NaN,
      inf: Infinity,
      "-inf": -Infinity,
      True: 1,
      False: 0,
    };
    for (const [name, tensor] of tensors) {
      assert.deepEqual(tensor.shape, file[name as "F16"].shape);
      const values: number[] = answer.written["file"]![name]!.map(
        (text) => special[text] ?? Number(text),
      );
      assert.deepEqual([...tensor.data], values, name);
    }
    assert.equal(tensors.get("BF16")!.dtype, "float32");
    assert.equal(tensors.get("I64")!.dtype, "int32");
    assert.equal(tensors.get("BOOL")!.dtype, "bool");
  });

  test("with a value that is not exact are refused by its place", async (context) => {
    const file = path.join(temporaryFolder(context), "file");
    const cases = [
      ["F64", Float64Array.of(1, 0.1), 0.1, "float32"],
      ["F64", Float64Array.of(1, 1e300), 1e300, "float32"],
      ["I64", BigInt64Array.of(1n, 2n ** 31n), 2 ** 31, "32 bits"],
      ["I64", BigInt64Array.of(1n, 2n ** 32n), 2 ** 32, "32 bits"],
      ["U64", BigUint64Array.of(1n, 2n ** 63n), String(2n ** 63n), "32 bits"],
      ["U32", Uint32Array.of(1, 2 ** 31), 2 ** 31, "32 bits"],
    ] as const;
    for (const [type, data, value, rule] of cases) {
      const { byteLength } = data;
      const header = `{"w":{"dtype":"${type}","shape":[2],"data_offsets":[0,${byteLength}]}}`;
      const prefix = Buffer.alloc(8);
      prefix.writeBigUInt64LE(BigInt(header.length));
      const bytes = new Uint8Array(data.buffer);
      writeFileSync(file, Buffer.concat([prefix, Buffer.from(header), bytes]));
      await assert.rejects(
        readSafetensors(file),
        errorWith("ERR_UNSUPPORTED", type, value, rule, "index 1", "tensor w"),
      );
    }
  });

  test("that break a rule are refused, as by the reference", async (context) => {
    const folder = temporaryFolder(context);
    for (const [
      name,
      { bytes, code = "ERR_FILE_FORMAT", names },
    ] of Object.entries(broken)) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      await assert.rejects(
        readSafetensors(file),
        errorWith(code, ...names),
        name,
      );
    }
    const judge = Object.keys(broken);
    const answer = await askReference(context, { folder, judge });
    if (answer === undefined) return;
    const read = judge.filter((name) => answer.verdicts[name] === "read");
    assert.deepEqual(
      read,
      judge.filter((name) => broken[name]!.isReadByReference),
    );
  });

  test("at the edges of the rules are read, as by the reference", async (context) => {
    const folder = temporaryFolder(context);
    for (const [name, { bytes, count }] of Object.entries(unusual)) {
      writeFileSync(path.join(folder, name), bytes);
      const { tensors } = await readSafetensors(path.join(folder, name));
      assert.equal(tensors.size, count, name);
    }
    const judge = Object.keys(unusual);
    const answer = await askReference(context, { folder, judge });
    if (answer === undefined) return;
    const refused = judge.filter((name) => answer.verdicts[name] !== "read");
    // The reference counts places in multiples of a number's width only when it makes an array.
    assert.deepEqual(refused, []);
  });

  test("cut at any byte are refused", async (context) => {
    const folder = temporaryFolder(context);
    const file = path.join(folder, "file");
    await writeSafetensors(file, written);
    const bytes = readFileSync(file);
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(file, bytes.subarray(0, length));
      await assert.rejects(readSafetensors(file), errorWith("ERR_FILE_FORMAT"));
    }
  });

  test("that are missing have an error of their own", async (context) => {
    const file = path.join(temporaryFolder(context), "none.safetensors");
    await assert.rejects(
      readSafetensors(file),
      errorWith("ERR_FILE_MISSING", file),
    );
  });

  test("are not written with wrong names or lengths, and the old file stays", async (context) => {
    const folder = temporaryFolder(context);
    const file = path.join(folder, "file");
    const one = (data = Float32Array.of(1)): NamedTensor => ({
      dtype: "float32",
      shape: [1],
      data,
    });
    await writeSafetensors(file, [["a", one()]]);
    const before = readFileSync(file);
    await assert.rejects(
      writeSafetensors(file, [["a", one(Float32Array.of(1, 2))]]),
      errorWith("ERR_SHAPE", "a", 1, 2),
    );
    await assert.rejects(
      writeSafetensors(file, [["a", one(Float64Array.of(1) as never)]]),
      errorWith("ERR_INVALID_TYPE", "a", "Float32Array", "Float64Array"),
    );
    await assert.rejects(
      writeSafetensors(file, [
        ["a", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 2) }],
      ]),
      errorWith("ERR_INVALID_VALUE", "a", 2, "index 1"),
    );
    for (const name of ["__metadata__", "\ud800"]) {
      await assert.rejects(
        writeSafetensors(file, [[name, one()]]),
        errorWith("ERR_INVALID_VALUE", "__metadata__"),
      );
    }
    await assert.rejects(
      writeSafetensors(file, [
        ["a", one()],
        ["a", one()],
      ]),
      errorWith("ERR_INVALID_VALUE", "unique", '"a"'),
    );
    await assert.rejects(
      writeSafetensors(file, [["a", one()]], {
        metadata: { epochs: 3 } as never,
      }),
      errorWith("ERR_INVALID_TYPE", "metadata", '{"epochs":3}'),
    );
    const text = "x".repeat(mostHeaderBytes);
    await assert.rejects(
      writeSafetensors(file, [["a", one()]], { metadata: { text } }),
      errorWith("ERR_UNSUPPORTED", mostHeaderBytes),
    );
    await assert.rejects(
      writeSafetensors(path.join(folder, "none", "file"), [["a", one()]]),
      /ENOENT/,
    );
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual(readdirSync(folder), ["file"]);
  });
});
