/**
 * A file is replaced as a whole or not at all.
 */
import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { replaceFile, replaceFolder } from "../src/replace-file";
import { errorWith } from "./error-with";
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

test("replaceFolder keeps the old folder if the new one cannot be moved to its place", async (context) => {
  const parent = temporaryFolder(context);
  const folder = path.join(parent, "model");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "weights"), "old");
  const { rename } = fs;
  context.mock.method(fs, "rename", async (from: string, to: string) => {
    // The last step: the old folder has been moved away.
    if (to === folder && !existsSync(folder) && !from.endsWith(".old")) {
      throw new Error("the disk has failed");
    }
    await rename(from, to);
  });
  await assert.rejects(replaceFolder(folder, { weights: "new" }), {
    message: "the disk has failed",
  });
  assert.equal(readFileSync(path.join(folder, "weights"), "utf8"), "old");
  assert.deepEqual(readdirSync(parent), ["model"]);
});

test("a link stays, and what it names is replaced", async (context) => {
  const folder = temporaryFolder(context);
  const disk = path.join(folder, "disk");
  mkdirSync(disk);
  const at = (name: string) => path.join(folder, name);
  for (const [link, target] of [
    ["file", "disk/old"],
    ["new file", "disk/new"],
    ["model", "disk/model"],
  ] as const) {
    symlinkSync(target, at(link));
  }
  writeFileSync(at("disk/old"), "old");
  for (const link of ["file", "new file"]) {
    await replaceFile(at(link), ["text"]);
    assert.equal(readFileSync(at(link), "utf8"), "text");
  }
  for (const weights of ["one", "two"]) {
    await replaceFolder(at("model"), { weights });
    assert.equal(readFileSync(at("model/weights"), "utf8"), weights);
  }
  assert.deepEqual(readdirSync(disk).sort(), ["model", "new", "old"]);
  for (const link of ["file", "new file", "model"]) {
    assert.ok(lstatSync(at(link)).isSymbolicLink());
  }
});

test("replaceFile does not replace a folder or a device", async (context) => {
  const folder = temporaryFolder(context);
  await assert.rejects(
    replaceFile(folder, ["text"]),
    errorWith("ERR_INVALID_VALUE", folder, "a folder"),
  );
  const device = "/dev/null";
  if (!existsSync(device)) return;
  await assert.rejects(
    replaceFile(device, ["text"]),
    errorWith("ERR_INVALID_VALUE", device, "a device or pipe"),
  );
});
