import assert from "node:assert/strict";
import { appendFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { SourceFile } from "../../src/data/source-file";
import { temporaryFolder } from "./temporary-folder";

async function found(context: TestContext): Promise<SourceFile> {
  const file = path.join(await temporaryFolder(context), "digits");
  await writeFile(file, "0123456789");
  return SourceFile.find(file);
}

test("bytes come in order, and fewer at the end", async (context) => {
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
    bytes.rewind();
    await bytes.read(target);
    return [...parts, target.toString("latin1")];
  });
  assert.deepEqual(read, ["0123", "4567", "89", "", "0123"]);
});

/** What another program may do to a file while it is read, and how that is called. */
const changes: Record<string, [(file: string) => Promise<void>, string]> = {
  "cut off": [(file) => truncate(file, 7), "its end too early"],
  "made longer": [(file) => appendFile(file, "x"), "another content"],
  "written anew": [
    async (file) => {
      await writeFile(file, "9876543210");
      // The clock of the file system may be too coarse to tell.
      await utimes(file, 1, 1);
    },
    "another content",
  ],
};

for (const [name, [change, received]] of Object.entries(changes)) {
  test(`a file that is ${name} while it is read`, async (context) => {
    const file = await found(context);
    const reading = file.use(async (bytes) => {
      await bytes.read(new Uint8Array(4));
      await change(file.path);
      await bytes.read(new Uint8Array(6));
    });
    await assert.rejects(reading, {
      name: "DatasetError",
      message: `Expected digits to stay as it is while it is read, received ${received} (${file.path})`,
    });
  });
}

test("a file that is gone when it is opened", async (context) => {
  const file = await found(context);
  await rm(file.path);
  await assert.rejects(
    file.use(async () => {}),
    /to be a file that can be read, received no such file/,
  );
});

test("an error of the reader's own goes on", async (context) => {
  const file = await found(context);
  const mine = new Error("mine");
  await assert.rejects(
    file.use(() => Promise.reject(mine)),
    mine,
  );
});
