/**
 * Tests reading a file and detecting changes during reading.
 */
import assert from "node:assert/strict";
import { appendFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { SourceFile } from "../../src/data/source-file";
import { errorWith } from "../error-with";
import { temporaryFolder } from "./temporary-folder";

async function found(context: TestContext): Promise<SourceFile> {
  const file = path.join(await temporaryFolder(context), "digits");
  await writeFile(file, "0123456789");
  return SourceFile.find(file);
}

test("returns bytes in order, and fewer at the end", async (context) => {
  const file = await found(context);
  assert.equal(file.name, "digits");
  assert.equal(file.size, 10);
  const read = await file.use(async (bytes) => {
    const parts: string[] = [];
    const target = Buffer.alloc(4);
    for (;;) {
      const length = await bytes.read(target);
      parts.push(target.toString("latin1", 0, length));
      if (length === 0) break;
    }
    return parts;
  });
  assert.deepEqual(read, ["0123", "4567", "89", ""]);
});

test("returns the bytes again that were peeked at", async (context) => {
  const file = await found(context);
  const read = await file.use(async (bytes) => {
    const head = Buffer.from(await bytes.peek(4)).toString();
    const target = Buffer.alloc(11);
    const first = await bytes.read(target.subarray(0, 3));
    const rest = await bytes.read(target.subarray(3));
    return [head, first, rest, target.toString("latin1", 0, 10)];
  });
  assert.deepEqual(read, ["0123", 3, 7, "0123456789"]);
});

/** Changes made to a file while it is read, and their description in the error. */
const changes: Record<string, [(file: string) => Promise<void>, string]> = {
  truncated: [(file) => truncate(file, 7), "changed content"],
  extended: [(file) => appendFile(file, "x"), "changed content"],
  overwritten: [
    async (file) => {
      await writeFile(file, "9876543210");
      // The file system's timestamps may be too coarse to show the change.
      await utimes(file, 1, 1);
    },
    "changed content",
  ],
};

for (const [name, [change, received]] of Object.entries(changes)) {
  test(`rejects a file that is ${name} while it is read`, async (context) => {
    const file = await found(context);
    const reading = file.use(async (bytes) => {
      await bytes.read(new Uint8Array(4));
      await change(file.path);
      await bytes.read(new Uint8Array(6));
    });
    await assert.rejects(
      reading,
      errorWith(
        "ERR_FILE_DAMAGED",
        "digits",
        `received ${received}`,
        `(${file.path})`,
      ),
    );
  });
}

test("rejects a file that was removed before it is opened", async (context) => {
  const file = await found(context);
  await rm(file.path);
  await assert.rejects(
    file.use(async () => {}),
    errorWith("ERR_FILE_MISSING", "digits", "received no such file"),
  );
});

test("passes on errors of the reader", async (context) => {
  const file = await found(context);
  const error = new Error("failure");
  await assert.rejects(
    file.use(() => Promise.reject(error)),
    error,
  );
});
