/**
 * Safetensors files in which bytes of the header were changed at random are read if and only if
 * the reference reads them, except for the rules that the reference does not check.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readSafetensors, writeSafetensors } from "../../src";
import { duplicateKey } from "../../src/formats/safetensors/duplicate-key";
import { drawing } from "../formats/onnx-trial";
import { askReference } from "../formats/safetensors-reference";
import { temporaryFolder } from "../formats/temporary-folder";

const count = 4000;

/** Bytes that a header has, which more often give another valid header. */
const likely = Buffer.from('0123456789"{}[]:,.-_ abFU8I32"\\');

/** Whether a header breaks a rule that only the text of the format has. */
function isUnchecked(bytes: Uint8Array): boolean {
  const length = Number(Buffer.from(bytes).readBigUInt64LE());
  const text = Buffer.from(bytes).toString("utf8", 8, 8 + length);
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return !text.startsWith("{") || duplicateKey(text) !== undefined;
}

test("changed files are read as by the reference", async (context) => {
  const folder = temporaryFolder(context);
  const source = path.join(folder, "source");
  await writeSafetensors(
    source,
    [
      ["a", { dtype: "float32", shape: [1, 2], data: Float32Array.of(1, 2) }],
      ["b", { dtype: "int32", shape: [], data: Int32Array.of(3) }],
      ["c", { dtype: "uint8", shape: [3], data: Uint8Array.of(0, 1, 1) }],
    ],
    { metadata: { k: "v" } },
  );
  const original = readFileSync(source);
  const headerEnd = 8 + Number(original.readBigUInt64LE());
  const draw = drawing(7);
  const integer = (below: number) => Math.floor(draw() * below);
  const names: string[] = [];
  const isRead: boolean[] = [];
  for (let index = 0; index < count; index += 1) {
    const bytes = Buffer.from(original);
    for (let change = integer(2); change >= 0; change -= 1) {
      // The length is changed seldom: nearly all its changes are refused.
      const place = draw() < 0.02 ? integer(8) : 8 + integer(headerEnd - 8);
      bytes[place] = likely[integer(likely.length)]!;
    }
    const name = `file-${index}`;
    writeFileSync(path.join(folder, name), bytes);
    if (isUnchecked(bytes)) continue;
    names.push(name);
    isRead.push(
      await readSafetensors(path.join(folder, name)).then(
        () => true,
        () => false,
      ),
    );
  }
  const read = isRead.filter((each) => each).length;
  assert.ok(read > count / 50 && read < count / 2, `${read} were read`);
  const answer = await askReference(context, { folder, judge: names });
  if (answer === undefined) return;
  const unlike = names.filter(
    (name, index) => (answer.verdicts[name] === "read") !== isRead[index],
  );
  assert.deepEqual(
    unlike.map((name) => [
      answer.verdicts[name],
      readFileSync(path.join(folder, name), "latin1").slice(8, headerEnd),
    ]),
    [],
  );
});
