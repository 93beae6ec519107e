/**
 * Tests reading standard input in cells: the lines that the user types into the notebook.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

const asking = { allow_stdin: true };

/**
 * A way of reading: a cell, the typed lines, the expected output, and the prompt if there is one.
 */
interface Way {
  readonly code: string;
  readonly lines: readonly string[];
  /** The result, or the printed text. */
  readonly expected: string;
  readonly prompt?: string;
}

const READLINE =
  'import readline from "node:readline"; const reader = readline.createInterface({ input: process.stdin, output: process.stdout });';

const WAYS: Readonly<Record<string, Way>> = {
  "a question of readline/promises": {
    code: 'import { createInterface } from "node:readline/promises"; const ask = createInterface({ input: process.stdin, output: process.stdout }); const name = await ask.question("name? "); ask.close(); name',
    lines: ["Grace 🚢"],
    expected: "'Grace 🚢'",
    prompt: "name? ",
  },
  "two questions, one after the other": {
    code: 'import { createInterface } from "node:readline/promises"; const two = createInterface({ input: process.stdin }); const both = [await two.question("a? "), await two.question("b? ")]; two.close(); both',
    lines: ["1", "2"],
    expected: "[ '1', '2' ]",
    prompt: "a? ",
  },
  "a question with a callback, which nothing awaits": {
    code: `{ ${READLINE.replace(/import readline from ("[^"]+");/, "const readline = require($1);")} reader.question("old? ", (line: string) => { console.log("got", line); reader.close(); }); }`,
    lines: ["it"],
    expected: "old? got it\n",
    prompt: "old? ",
  },
  "lines of readline": {
    code: `${READLINE} const lines: string[] = []; await new Promise<void>((resolve) => reader.on("line", (line) => { lines.push(line); if (lines.length === 2) { reader.close(); resolve(); } })); lines`,
    lines: ["one", "two"],
    expected: "[ 'one', 'two' ]",
  },
  "a loop over the lines of readline": {
    code: `import { createInterface as create } from "node:readline"; for await (const line of create({ input: process.stdin })) { console.log(line); if (line === "end") break; }`,
    lines: ["one", "end"],
    expected: "one\nend\n",
  },
  "a loop over the stream": {
    code: 'console.log("first"); process.stdout.write("then "); for await (const chunk of process.stdin) { console.log(String(chunk)); break; }',
    lines: ["one"],
    expected: "first\nthen one\n\n",
    prompt: "then ",
  },
  "once data": {
    code: 'await new Promise<void>((resolve) => process.stdin.once("data", (data) => { console.log(String(data)); resolve(); }));',
    lines: ["one"],
    expected: "one\n\n",
  },
  "once data, which nothing awaits": {
    code: 'process.stdin.once("data", (data) => console.log(String(data))); undefined',
    lines: ["one"],
    expected: "one\n\n",
  },
  "read at readable": {
    code: 'process.stdin.setEncoding("utf8"); await new Promise<string>((resolve) => process.stdin.once("readable", () => resolve(process.stdin.read())))',
    lines: ["one"],
    expected: "'one\\n'",
  },
  "all of it, up to Ctrl-D": {
    code: 'import { text } from "node:stream/consumers"; await text(process.stdin)',
    lines: ["one", "two", "\u0004"],
    expected: "'one\\ntwo\\n'",
  },
  "readFileSync(0)": {
    code: 'import * as fs from "node:fs"; fs.readFileSync(0, "utf8")',
    lines: ["one"],
    expected: "'one\\n'",
  },
  "readFileSync of /dev/stdin, by name": {
    code: 'import { readFileSync } from "node:fs"; readFileSync("/dev/stdin").toString()',
    lines: ["one"],
    expected: "'one\\n'",
  },
  "readSync, in pieces": {
    code: 'import { readSync } from "node:fs"; const piece = Buffer.alloc(2); [0, 1].map(() => piece.toString("utf8", 0, readSync(0, piece)))',
    lines: ["abc"],
    expected: "[ 'ab', 'c\\n' ]",
  },
  "readFile of fs/promises": {
    code: 'import { readFile } from "node:fs/promises"; await readFile("/dev/stdin", "utf8")',
    lines: ["one"],
    expected: "'one\\n'",
  },
};

describe("standard input of a cell", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  for (const [name, { code, lines, expected, prompt = "" }] of Object.entries(
    WAYS,
  )) {
    test(`asks in the notebook: ${name}`, async () => {
      const asked = kernel.questions.length;
      const cell = kernel.start(code, asking);
      for (const [index, line] of lines.entries()) {
        const question = await kernel.answer(line);
        if (index === 0) assert.equal(question.prompt, prompt);
      }
      const { content, result, stdout, stderr } = await cell.done;
      assert.equal(content.status, "ok");
      assert.equal(stderr, "");
      assert.equal(result ?? stdout, expected);
      assert.equal(kernel.questions.length, asked + lines.length);
    });

    test(`fails immediately if the client does not allow input: ${name}`, async () => {
      const asked = kernel.questions.length;
      const { error } = await kernel.execute(code, { allow_stdin: false });
      assert.equal(error?.ename, "InputNotAllowed");
      assert.match(String(error?.evalue), /allow_stdin is false/);
      assert.equal(kernel.questions.length, asked);
    });
  }

  test("fails with an error that the cell can catch", async () => {
    const { result } = await kernel.run(
      'let refused = ""; try { for await (const line of process.stdin) void line; } catch (error) { refused = (error as Error).name; } refused',
      { allow_stdin: false },
    );
    assert.equal(result, "'InputNotAllowed'");
  });

  test("is ended by an interrupt, and the next question gets its own answer", async () => {
    await kernel.run(
      'import { createInterface as open } from "node:readline/promises"; const kept = open({ input: process.stdin });',
    );
    const asked = kernel.questions.length;
    const cell = kernel.start(
      'console.log("wrong", await kept.question("first? "))',
      asking,
    );
    await kernel.until(() => kernel.questions[asked]);
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    await kernel.answer("too late");
    const next = kernel.start('await kept.question("second? ")', asking);
    assert.equal((await kernel.answer("in time")).prompt, "second? ");
    const { result, stdout } = await next.done;
    assert.equal(result, "'in time'");
    assert.equal(stdout, "");
  });

  test("leaves no listener of an answered question", async () => {
    await kernel.run(
      'import { getEventListeners } from "node:events"; import { createInterface } from "node:readline/promises"; const asker = createInterface({ input: process.stdin });',
    );
    const asked = kernel.questions.length;
    const cell = kernel.start(
      'const { signal } = new AbortController(); for (let n = 0; n < 12; n += 1) await asker.question(`${n}? `, { signal }); getEventListeners(signal, "abort").length',
      asking,
    );
    for (let n = 0; n < 12; n += 1) await kernel.answer("yes");
    const { result, stderr } = await cell.done;
    assert.equal(kernel.questions.length, asked + 12);
    // Node warns about more than ten listeners of one event.
    assert.equal(stderr, "");
    assert.equal(result, "0");
  });

  test("does not ask for a listener of an earlier cell", async () => {
    const asked = kernel.questions.length;
    const cell = kernel.start(
      'process.stdin.on("data", (data) => console.log(String(data)));',
      asking,
    );
    await kernel.until(() => kernel.questions[asked]);
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    await kernel.answer("too late");
    // A question that must not arrive would arrive within this time.
    await kernel.run("await new Promise((r) => setTimeout(r, 50))", asking);
    assert.equal(kernel.questions.length, asked + 1);
  });

  test("is not a terminal", async () => {
    const { result } = await kernel.run(
      "[process.stdin.isTTY === true, typeof (process.stdin as any).setRawMode, process.stdin.fd]",
    );
    assert.equal(result, "[ false, 'undefined', 0 ]");
  });

  test("is at its end for a child process that inherits it", async () => {
    const { result } = await kernel.run(
      `import { execSync, spawnSync } from "node:child_process";
spawnSync("cat", { stdio: "inherit" }).status + execSync("read line; echo got-$line", { stdio: ["inherit", "pipe", "inherit"] }).toString()`,
      asking,
    );
    assert.equal(result, "'0got-\\n'");
  });
});
