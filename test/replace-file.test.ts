/**
 * A file is replaced as a whole or not at all.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { replaceFile } from "../src/replace-file";
import { temporaryFolder } from "./formats/temporary-folder";

test("replaceFile writes the parts one after another", async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, "file");
  await replaceFile(file, ["a", Uint8Array.of(0, 255)]);
  await replaceFile(file, ["bé", Uint8Array.of(1), "c"]);
  assert.deepEqual(readFileSync(file), Buffer.from("bé\u0001c"));
  assert.deepEqual(readdirSync(folder), ["file"]);
});

test("replaceFile keeps the old file until the last part is written", async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, "file");
  writeFileSync(file, "old");
  const names: string[][] = [];
  function* parts(): Generator<string> {
    yield "half";
    names.push(readdirSync(folder));
    assert.equal(readFileSync(file, "utf8"), "old");
    throw new Error("the disk is full");
  }
  await assert.rejects(replaceFile(file, parts()), /the disk is full/);
  assert.equal(names[0]!.length, 2);
  assert.equal(readFileSync(file, "utf8"), "old");
  assert.deepEqual(readdirSync(folder), ["file"]);
});
