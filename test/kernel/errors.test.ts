/**
 * Tests the errors of cells that fail: their messages and positions.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../until";
import { type Answer, KernelClient, withoutColors } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

/** Runs a cell that fails and returns its error. */
async function failure(kernel: KernelClient, code: string) {
  const answer = await kernel.execute(code);
  assert.equal(answer.content.status, "error", code);
  assert.ok(answer.error);
  return {
    ...answer.error,
    lines: answer.error.traceback.split("\n"),
    cell: `In[${answer.content.execution_count}]`,
    answer,
  };
}

/** Asserts that a traceback has no frames of the kernel or Node and no internal names. */
function assertOwnFramesOnly(traceback: string): void {
  const frames = traceback.match(/^\s*at .*$/gm) ?? [];
  for (const frame of frames) {
    assert.doesNotMatch(
      frame,
      /node:|kernel\/|Proxy|evalmachine|runInThisContext/,
    );
  }
}

describe("runtime errors", () => {
  let kernel: KernelClient;
  let folder: ProjectFolder;
  before(async () => {
    folder = new ProjectFolder({
      "helper.ts": `/** A helper of a student. */
interface Vanishes {
  a: number;
}

export function half(n: number): number {
  const options: Vanishes = { a: n };
  if (options.a % 2 !== 0) {
    throw new RangeError(\`Expected an even number, received \${n}.\`);
  }
  return n / 2;
}
`,
      "broken.ts": 'export const size: number = "large";\n',
    });
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(async () => {
    await kernel?.close();
    folder?.remove();
  });

  test("the error message, the reply and the end of the traceback have the name and message", async () => {
    const { answer, traceback } = await failure(
      kernel,
      'throw new RangeError("too big");',
    );
    const published = answer.messages.find(({ type }) => type === "error");
    for (const content of [published?.content, answer.content]) {
      assert.equal(content?.ename, "RangeError");
      assert.equal(content?.evalue, "too big");
      assert.ok(Array.isArray(content?.traceback));
    }
    assert.match(traceback, /^RangeError: too big$/m);
    assertOwnFramesOnly(traceback);
  });

  test("the excerpt shows the cell's line, with a caret at the column", async () => {
    const { lines, cell } = await failure(
      kernel,
      'const a = 1;\nconst b = 2;\nif (b > a) throw new Error("here");\nconst c = 3;',
    );
    assert.equal(lines[0], `Cell ${cell}, line 3`);
    assert.ok(lines.includes('> 3 | if (b > a) throw new Error("here");'));
    const caret = lines.find((line) => /^\s*\|\s*\^$/.test(line));
    assert.equal(caret?.indexOf("^"), "> 3 | if (b > a) throw ".length);
    assert.ok(lines.includes("  1 | const a = 1;"));
    assert.ok(lines.some((line) => line.includes(`at ${cell}:3:18`)));
  });

  test("lines are those of TypeScript even after removed types and comments", async () => {
    const { lines, cell } = await failure(
      kernel,
      `/* a comment
   of two lines */
interface Options {
  a: number;
  b?: {
    c: string;
  };
}
type Many =
  | "one"
  | "two";
import type { Server } from "node:http";

const options: Options = {
  a: 1,
};
function check<T extends Options>(
  value: T,
  name: Many,
): asserts value is T {
  // says no
  throw new TypeError(\`\${name} is \${value.a}\`);
}
check(options, "one");`,
    );
    assert.equal(lines[0], `Cell ${cell}, line 22`);
    assert.ok(lines.some((line) => line.includes(`at check (${cell}:22:9)`)));
    assert.ok(lines.some((line) => line.includes(`at ${cell}:24:1`)));
  });

  test("columns are correct after astral characters and tabs", async () => {
    const { lines, cell } = await failure(
      kernel,
      '\tconst face = "\u{1F600}"; throw new Error(face);',
    );
    assert.ok(
      lines.some((line) => line.includes(`${cell}:1:27`)),
      lines.join("\n"),
    );
  });

  test("an error in a function of an earlier cell names that cell and the caller's", async () => {
    const earlier = await kernel.run(
      '// first line\nfunction fails(): never { throw new Error("inside"); }',
    );
    const { lines, cell } = await failure(kernel, "\nfails();");
    const first = `In[${earlier.content.execution_count}]`;
    assert.equal(lines[0], `Cell ${first}, line 2`);
    assert.ok(lines.some((line) => line.includes(`at fails (${first}:2:33)`)));
    assert.ok(lines.some((line) => line.includes(`at ${cell}:2:1`)));
  });

  test("an error after an await names the cell's line", async () => {
    const { lines, cell, traceback } = await failure(
      kernel,
      'await new Promise((resolve) => setTimeout(resolve, 5));\n\nthrow new Error("afterwards");',
    );
    assert.equal(lines[0], `Cell ${cell}, line 3`);
    assertOwnFramesOnly(traceback);
  });

  test("an error in an async function that the cell awaits names both lines", async () => {
    const { traceback, cell } = await failure(
      kernel,
      `async function inner(): Promise<void> {
  await Promise.resolve();
  throw new Error("deep");
}
await inner();`,
    );
    assert.match(traceback, new RegExp(`at inner \\(${escape(cell)}:3:9\\)`));
    assert.match(traceback, new RegExp(`at async ${escape(cell)}:5:1`));
    assertOwnFramesOnly(traceback);
  });

  test("an error thrown by JavaScript names the line", async () => {
    const { ename, lines, cell } = await failure(
      kernel,
      "\nconst nothing = null as unknown as { a: number };\nnothing.a;",
    );
    assert.equal(ename, "TypeError");
    assert.equal(lines[0], `Cell ${cell}, line 3`);
  });

  test("an error thrown deep inside a library names the cell's line", async () => {
    const { lines, cell, traceback } = await failure(
      kernel,
      `function down(n: number): number { return n === 0 ? JSON.parse("{") : 1 + down(n - 1); }

down(15);`,
    );
    assert.equal(lines[0], `Cell ${cell}, line 1`);
    assert.match(traceback, new RegExp(`at ${escape(cell)}:3:1`));
    assertOwnFramesOnly(traceback);
  });

  test("an endless recursion is an ordinary error", async () => {
    const { ename, lines, cell } = await failure(
      kernel,
      "function forever(): number { return 1 + forever(); }\nforever();",
    );
    assert.equal(ename, "RangeError");
    assert.equal(lines[0], `Cell ${cell}, line 1`);
    assert.ok(lines.length < 200);
  });

  test("an error in a method of the kernel shows the cell's line, not the kernel's", async () => {
    const { lines, cell, traceback } = await failure(
      kernel,
      'import { display } from "tslab";\ndisplay.png(undefined as unknown as Uint8Array);',
    );
    assert.equal(lines[0], `Cell ${cell}, line 2`);
    assertOwnFramesOnly(traceback);
  });

  for (const [code, shown] of [
    ['throw "a text"', "'a text'"],
    ["throw 42", "42"],
    ["throw null", "null"],
    ["throw undefined", "undefined"],
    ["throw { code: 7 }", "{ code: 7 }"],
  ] as const) {
    test(`${code} shows the value`, async () => {
      const { ename, evalue, traceback } = await failure(kernel, code);
      assert.equal(ename, "Thrown value");
      assert.equal(evalue, shown);
      assert.ok(traceback.includes(shown));
    });
  }

  test("unusual errors do not disturb the kernel", async () => {
    for (const code of [
      "throw Object.create(null)",
      "throw new Proxy({}, { get() { throw new Error('trap'); } })",
      "const odd = new Error('x'); odd.stack = undefined; throw odd",
      "const named = new Error('x'); (named as any).name = 7; throw named",
      "throw Object.assign(new Error(), { get message(): string { throw 1; } })",
      "const worse = new Error(); Object.defineProperty(worse, 'message', { get() { throw new Error('no'); } }); throw worse",
      "const ring = new Error('ring'); ring.cause = ring; throw ring",
      "Promise.reject(Symbol('s')); await Promise.reject(Symbol('t'))",
    ]) {
      await failure(kernel, code);
    }
    assert.equal((await kernel.run("1 + 1")).result, "2");
  });

  test("an error of a custom class has that class's name", async () => {
    const { ename, evalue } = await failure(
      kernel,
      `class ShapeError extends Error { override name = "ShapeError"; }
       throw new ShapeError("(2, 3) and (4, 5)");`,
    );
    assert.equal(ename, "ShapeError");
    assert.equal(evalue, "(2, 3) and (4, 5)");
  });

  test("the chain of causes is shown", async () => {
    const { traceback, evalue } = await failure(
      kernel,
      `const first = new TypeError("first");
const second = new Error("second", { cause: first });
throw new Error("third", { cause: second });`,
    );
    assert.equal(evalue, "third");
    assert.match(
      traceback,
      /Error: third[^]*Caused by: Error: second[^]*Caused by: TypeError: first/,
    );
  });

  test("a cause that is not an error is shown", async () => {
    const { traceback } = await failure(
      kernel,
      'throw new Error("outer", { cause: { status: 404 } });',
    );
    assert.match(traceback, /Caused by: .*\{ status: 404 \}/);
  });

  test("the errors of an AggregateError are shown", async () => {
    const { ename, traceback } = await failure(
      kernel,
      'await Promise.any([Promise.reject(new Error("a")), Promise.reject(new RangeError("b"))]);',
    );
    assert.equal(ename, "AggregateError");
    assert.match(
      traceback,
      /Error 1 of 2: Error: a[^]*Error 2 of 2: RangeError: b/,
    );
  });

  const closing =
    'function open(n: string): Disposable { return { [Symbol.dispose]() { throw new Error("closing " + n); } }; }';
  const closingLater =
    'function openLater(n: string): AsyncDisposable { return { async [Symbol.asyncDispose]() { await null; throw new Error("closing " + n); } }; }';
  const quiet =
    "const quiet = (): Disposable => ({ [Symbol.dispose]() {} });\nconst quietLater = (): AsyncDisposable => ({ async [Symbol.asyncDispose]() {} });";

  for (const [what, code, line, expected] of [
    [
      "a body and a disposer that throw",
      '{\n  using a = open("a");\n  throw new Error("body");\n}',
      3,
      /^SuppressedError: .*\n[^]*error: Error: closing a\n[^]*suppressed: Error: body$/m,
    ],
    [
      "a body and two disposers that throw",
      'console.log(1);\nusing a = open("a"), b = open("b");\nconst y: number = 1;\nthrow new Error("body");',
      4,
      /error: Error: closing a\n[^]*suppressed: SuppressedError: [^]*error: Error: closing b\n[^]*suppressed: Error: body$/m,
    ],
    [
      "an asynchronous disposer and a body that throw",
      '{\n  await using a = openLater("a");\n  await Promise.resolve();\n  throw new Error("body", { cause: new RangeError("why") });\n}',
      4,
      /error: Error: closing a\n[^]*suppressed: Error: body\n[^]*Caused by: RangeError: why$/m,
    ],
    [
      "asynchronous disposers at the cell's top",
      'await using a = openLater("a");\nusing b = open("b");\nthrow new AggregateError([new Error("one"), new Error("two")], "body");',
      3,
      /error: Error: closing a\n[^]*error: Error: closing b\n[^]*suppressed: AggregateError: body\n[^]*Error 1 of 2: Error: one\n[^]*Error 2 of 2: Error: two$/m,
    ],
    [
      "a body that throws",
      'using a = quiet();\nawait using b = quietLater();\nthrow new Error("body");',
      3,
      /^Error: body$/m,
    ],
    [
      "a value without a disposer",
      "// first\nusing c = {} as unknown as Disposable;\nconsole.log(1);",
      2,
      /^TypeError: (Object not disposable|Property \[Symbol\.dispose\] is not a function|Symbol\(.*\) is not a function)/m,
    ],
    [
      "a disposer that is not a function",
      "{\n  await using c = { [Symbol.asyncDispose]: 5 } as unknown as AsyncDisposable;\n}",
      2,
      /^TypeError: /m,
    ],
    [
      "a value that is not an object",
      "\n\nusing z = 5 as unknown as Disposable;",
      3,
      /^TypeError: /m,
    ],
  ] as const) {
    test(`using: ${what}`, async () => {
      await kernel.run(`${closing}\n${closingLater}\n${quiet}`);
      const { lines, cell, traceback } = await failure(kernel, code);
      assert.equal(lines[0], `Cell ${cell}, line ${line}`, traceback);
      assert.match(traceback, expected);
      assert.doesNotMatch(traceback, /__\w+|:[1-9]\d+:/);
      assertOwnFramesOnly(traceback);
    });
  }

  test("using: an error of a disposer alone names its line and the cell's", async () => {
    const earlier = await kernel.run(closing);
    const { lines, cell, traceback } = await failure(
      kernel,
      '{\n  using a = open("a");\n}\nconsole.log(1);',
    );
    const first = `In[${earlier.content.execution_count}]`;
    assert.equal(lines[0], `Cell ${first}, line 1`);
    assert.match(traceback, new RegExp(`at ${escape(cell)}:2:\\d+$`, "m"));
  });

  test("using: null and undefined are not disposed", async () => {
    const { stdout } = await kernel.run(
      '{ using n = null; using u = undefined; await using m = null; console.log("ok"); }',
    );
    assert.equal(stdout, "ok\n");
  });

  test("an error's own properties are shown as Node prints them", async () => {
    const { traceback, evalue } = await failure(
      kernel,
      'throw Object.assign(new Error("validation"), { issues: ["a is required"], status: 422, [Symbol("s")]: 1 })',
    );
    assert.equal(evalue, "validation");
    assert.match(
      traceback,
      /\n\{ issues: \[ 'a is required' \], status: 422, \[?Symbol\(s\)\]?: 1 \}$/,
    );
  });

  test("a system error shows its code, even as a cause", async () => {
    const { traceback } = await failure(
      kernel,
      'import { readFileSync } from "node:fs";\ntry { readFileSync("/no/such/file"); } catch (cause) { throw new Error("no settings", { cause }); }',
    );
    assert.match(
      traceback,
      /Caused by: Error: ENOENT[^]*code: 'ENOENT',\s+syscall: 'open',\s+path: '\/no\/such\/file'/,
    );
  });

  test("an error's properties are shortened, and their getters are not called", async () => {
    const { traceback } = await failure(
      kernel,
      `const wide = Object.assign(new Error("wide"), {
  rows: Array.from({ length: 100_000 }, (_, row) => ({ row })),
  text: "x".repeat(1_000_000),
});
Object.defineProperty(wide, "bad", { enumerable: true, get() { throw new Error("called"); } });
throw wide;`,
    );
    assert.match(traceback, /Error: wide\n/);
    assert.match(traceback, /more items/);
    assert.doesNotMatch(traceback, /called/);
    assert.ok(traceback.length < 10_000);
  });

  test("a long chain of causes and a message of megabytes are shortened", async () => {
    const chain = await failure(
      kernel,
      'let last = new Error("0"); for (let n = 1; n < 5_000; n += 1) last = new Error(String(n), { cause: last }); throw last;',
    );
    assert.match(chain.traceback, /Caused by: Error: 4990/);
    assert.match(chain.traceback, /… and more errors$/);
    const long = await failure(
      kernel,
      'throw new Error("x".repeat(5_000_000))',
    );
    assert.match(long.evalue, /\n… 4,900,000 more characters$/);
    assert.ok(long.traceback.length < 110_000);
  });

  test("an error is shown even if its related errors cannot be inspected", async () => {
    const { ename, evalue, traceback } = await failure(
      kernel,
      `const trap = new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; } });
throw Object.assign(new RangeError("outer", { cause: trap }), { trap });`,
    );
    assert.equal(`${ename}: ${evalue}`, "RangeError: outer");
    assert.match(traceback, /line 2\n[^]*RangeError: outer\n/);
    const { traceback: second } = await failure(
      kernel,
      'throw new AggregateError([new Error("first"), Object.defineProperty(new Error(), "message", { get() { throw 1; } })], "both");',
    );
    assert.match(second, /Error 1 of 2: Error: first\n/);
    assert.match(
      second,
      /Error 2 of 2: Thrown value: a value that throws when it is inspected/,
    );
  });

  test("a message with lines that look like frames is shown once", async () => {
    const { traceback, lines, cell } = await failure(
      kernel,
      '\nthrow new Error("first\\n    at nowhere (In[1]:7:1)");',
    );
    assert.equal(lines[0], `Cell ${cell}, line 2`);
    assert.equal(traceback.match(/^\s+at nowhere/gm)?.length, 1);
  });

  for (const [what, code] of [
    ["console.log", 'console.log(new Error("x"));'],
    ["a last value", 'new Error("x")'],
    ["console.trace", 'console.trace("x");'],
    [
      "an error inside a value",
      'console.log({ a: [new Error("x", { cause: new TypeError("y") })] });',
    ],
    ["an error after an await", 'await 0; console.log(new Error("x"));'],
    [
      "an error of a function of an earlier cell",
      "console.log(makes().stack);",
    ],
    [
      "Error.captureStackTrace",
      "const own: { stack?: string } = {}; Error.captureStackTrace(own); console.log(own.stack);",
    ],
    [
      "a display method",
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": new Error("x").stack }) })',
    ],
    [
      "a method of the kernel",
      "try { display.png(undefined as unknown as Uint8Array); } catch (error) { console.log(error); }",
    ],
    [
      "an error of a helper",
      "try { using c = {} as unknown as Disposable; } catch (error) { console.log((error as Error).stack); }",
    ],
  ] as const) {
    test(`${what} shows the cell's frames and none of the kernel's`, async () => {
      await kernel.run(
        'import { display } from "tslab"; const makes = () => new Error("made");',
      );
      const answer = await kernel.run(code);
      const text = `${answer.stdout}${answer.stderr}${answer.result ?? ""}`;
      assert.match(
        text,
        new RegExp(
          `at (async )?(.* \\()?${escape(`In[${answer.content.execution_count}]`)}:1:\\d+`,
        ),
      );
      assert.doesNotMatch(text, /kernel\/|cell-runner|node:vm|__\w+|Proxy/);
    });
  }

  test("an error in a TypeScript file shows the lines of that file and of the cell", async () => {
    const { lines, traceback, cell, ename } = await failure(
      kernel,
      '\nimport { half } from "./helper";\nhalf(3);',
    );
    assert.equal(ename, "RangeError");
    assert.equal(lines[0], `Cell ${cell}, line 3`);
    assert.match(
      traceback,
      /at half \(out\/kernel-test-\w+\/helper\.ts:9:11\)/,
    );
    assert.match(traceback, new RegExp(`at ${escape(cell)}:3:\\d`));
    assertOwnFramesOnly(traceback);
  });

  test("error.stack names the cell's line for the cell's own code, too", async () => {
    const { stdout, content } = await kernel.run(
      'interface A { a: 1 }\ntry { throw new Error("x"); } catch (error) { console.log((error as Error).stack); }',
    );
    assert.match(stdout, new RegExp(`In\\[${content.execution_count}\\]:2:13`));
  });

  test("cells that are not stored share their count, but each error shows its own line", async () => {
    const options = { store_history: false };
    const first = await kernel.execute('throw new Error("one");', options);
    const second = await kernel.execute(
      '// a line\ninterface B { b: 1 }\nthrow new Error("two");',
      options,
    );
    assert.match(
      first.error?.traceback ?? "",
      /line 1\n[^]*> 1 \| throw new Error\("one"\)/,
    );
    assert.match(
      second.error?.traceback ?? "",
      /line 3\n[^]*> 3 \| throw new Error\("two"\)/,
    );
  });

  test("an exception in a timer is shown in its cell, and the kernel keeps running", async () => {
    const cell = kernel.start(
      'const stays = 5;\nsetTimeout(() => {\n  throw new Error("in a timer");\n}, 100);',
    );
    await cell.done;
    await kernel.run("1");
    const shown = await kernel.until(() =>
      kernel.iopub.find(({ content }) =>
        String(content.text).includes("in a timer"),
      ),
    );
    assert.equal(shown.type, "stream");
    assert.equal(shown.content.name, "stderr");
    assert.equal(shown.parentHeader.msg_id, cell.id);
    const text = withoutColors(String(shown.content.text));
    assert.match(text, /Error: in a timer/);
    assert.match(text, /> 3 \| {3}throw new Error/);
    assertOwnFramesOnly(text);
    assert.equal((await kernel.run("stays")).result, "5");
  });

  test("an unhandled rejection is shown in its cell, and the kernel keeps running", async () => {
    const cell = kernel.start(
      `void (async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  throw new Error("not handled");
})();`,
    );
    await cell.done;
    await kernel.run("2");
    const shown = await kernel.until(() =>
      kernel.iopub.find(({ content }) =>
        String(content.text).includes("not handled"),
      ),
    );
    assert.equal(shown.parentHeader.msg_id, cell.id);
    assert.equal(shown.content.name, "stderr");
    assert.match(
      withoutColors(String(shown.content.text)),
      /> 3 \| {3}throw new Error/,
    );
    assert.equal((await kernel.run("1")).result, "1");
  });

  test("a value that cannot be sent to the notebook is an error of its cell", async () => {
    for (const bundle of [
      '{ "text/plain": "x", "application/json": { big: 1n } }',
      '{ "text/plain": "x", "application/json": ring }',
    ]) {
      const code = `const ring: Record<string, unknown> = {}; ring.self = ring;
        ({ [Symbol.for("Jupyter.display")]: () => (${bundle}) })`;
      const { answer } = await failure(kernel, code);
      assert.ok(!answer.messages.some(({ type }) => type === "execute_result"));
      await failure(
        kernel,
        `const host = (globalThis as any)[Symbol.for("convnotes.notebook")];
         host.display(${bundle});`,
      );
    }
    assert.equal((await kernel.run("1 + 1")).result, "2");
  });
});

describe("errors of types and grammar", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("a type error is reported before any code of the cell runs", async () => {
    await kernel.run("let touched = false;");
    const { ename, evalue, lines, cell, answer } = await failure(
      kernel,
      'touched = true; console.log("ran");\nconst size: number = "large";',
    );
    assert.equal(ename, "TypeScriptError");
    assert.equal(
      evalue,
      "TS2322: Type 'string' is not assignable to type 'number'.",
    );
    assert.equal(lines[0], `Cell ${cell}, line 2`);
    assert.ok(lines.includes('> 2 | const size: number = "large";'));
    const caret = lines.find((line) => line.includes("^"));
    assert.equal(caret, "    |       ^^^^");
    assert.equal(answer.stdout, "");
    assert.equal((await kernel.run("touched")).result, "false");
    const unknown = await failure(kernel, "size");
    assert.match(unknown.evalue, /TS2304: Cannot find name 'size'/);
  });

  test("all type errors of a cell are reported, with TypeScript's explanations", async () => {
    const { evalue, traceback } = await failure(
      kernel,
      `const one: number = "1";
const two: { a: { b: string } } = { a: { b: 2 } };
const three: (n: number) => string = (n: string) => n;`,
    );
    assert.match(evalue, /\(and 2 more\)$/);
    assert.match(traceback, /line 1\n/);
    assert.match(traceback, /line 2\n/);
    assert.match(traceback, /Types of parameters 'n' and 'n' are incompatible/);
  });

  test("strict mode applies", async () => {
    for (const [code, number] of [
      ["function implicit(a) { return a; }", 7006],
      ["const nullable: string = null;", 2322],
      ["let maybe: string | undefined = undefined as any; maybe.length", 18048],
      ["class Late { field: number }", 2564],
    ] as const) {
      const { evalue } = await failure(kernel, code);
      assert.ok(evalue.startsWith(`TS${number}: `), evalue);
    }
  });

  test("a wrong argument to a function of an earlier cell is a type error", async () => {
    await kernel.run("function twice(n: number): number { return 2 * n; }");
    const { evalue } = await failure(kernel, 'twice("2")');
    assert.match(evalue, /^TS2345: /);
  });

  test("a syntax error is reported as one, with its position", async () => {
    const { ename, evalue, lines, cell } = await failure(
      kernel,
      "const ok = 1;\nconst = 2;",
    );
    assert.equal(ename, "SyntaxError");
    assert.match(evalue, /^TS1\d{3}: /);
    assert.equal(lines[0], `Cell ${cell}, line 2`);
    assert.ok(lines.includes("> 2 | const = 2;"));
    assert.equal((await failure(kernel, "ok")).ename, "TypeScriptError");
  });

  test("a module that does not exist is a type error", async () => {
    const { evalue } = await failure(
      kernel,
      'import { nothing } from "no-such-package";',
    );
    assert.match(evalue, /^TS2307: /);
  });

  test("a cell with type errors does not change earlier declarations", async () => {
    await kernel.run("const steady = 1; type Kept = string;");
    await failure(
      kernel,
      'const steady = "a"; type Kept = number; steady.nope;',
    );
    assert.equal(
      (await kernel.run('const kept: Kept = "k"; steady + 1')).result,
      "2",
    );
  });

  test("a type error in an imported file names that file", async () => {
    const folder = new ProjectFolder({
      "broken.ts": '\nexport const size: number = "large";\n',
    });
    const other = await KernelClient.start({ folder: folder.path });
    try {
      const { traceback, evalue } = await failure(
        other,
        'import { size } from "./broken"; size',
      );
      assert.match(evalue, /^TS2322: /);
      assert.match(traceback, /broken\.ts, line 2/);
    } finally {
      await other.close();
      folder.remove();
    }
  });
});

describe("the end of the runtime", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  const assertGone = async (answer: Answer) => {
    assert.equal(answer.content.status, "error");
    assert.equal(answer.error?.ename, "RuntimeEnded");
    assert.match(String(answer.error?.evalue), /variables are lost/);
    const next = await kernel.execute("held");
    assert.match(String(next.error?.evalue), /Cannot find name 'held'/);
    assert.equal((await kernel.run("const held = 1; held")).result, "1");
  };

  test("process.exit ends only the runtime, and earlier output is shown", async () => {
    await kernel.run("const held = 1;");
    const answer = await kernel.execute(
      'console.log("last words"); process.exit(3);',
    );
    assert.match(String(answer.error?.evalue), /exited with code 3/);
    assert.equal(answer.stdout, "last words\n");
    await assertGone(answer);
  });

  test("a crash, as in native code, ends only the runtime", async () => {
    const answer = await kernel.execute("process.abort();");
    assert.match(String(answer.error?.evalue), /SIGABRT/);
    await assertGone(answer);
  });

  test("killing the runtime ends the running cell and aborts the queued ones", async () => {
    const cell = kernel.start('console.log("running"); while (true) {}');
    const waits = kernel.start("1");
    await cell.until(({ type }) => type === "stream");
    process.kill(kernel.runtimePid ?? assert.fail("no runtime"), "SIGKILL");
    const answer = await cell.done;
    assert.match(String(answer.error?.evalue), /SIGKILL/);
    assert.equal((await waits.done).content.status, "aborted");
    await assertGone(answer);
  });

  test("killing an idle runtime is reported in the last cell", async () => {
    const last = kernel.start("const held = 2; held");
    await last.done;
    process.kill(kernel.runtimePid ?? assert.fail("no runtime"), "SIGKILL");
    const message = await kernel.until(() =>
      kernel.iopub.find(
        ({ parentHeader, content }) =>
          parentHeader.msg_id === last.id && content.name === "stderr",
      ),
    );
    assert.match(String(message.content.text), /variables are lost/);
    assert.equal((await kernel.run("const held = 3; held")).result, "3");
  });

  test("a cell that closes the connection to the kernel ends only the runtime", async () => {
    const answer = await kernel.execute(
      "process.disconnect?.(); await new Promise((r) => setTimeout(r, 60_000));",
    );
    await assertGone(answer);
  });

  test("after ten runtimes have ended in a row, another one works", async () => {
    for (let i = 0; i < 10; i += 1) {
      const { content } = await kernel.execute("process.exit(0);");
      assert.equal(content.ename, "RuntimeEnded");
      await new Promise(setImmediate);
    }
    assert.equal((await kernel.run("5 * 5")).result, "25");
  });
});

describe("the end of the compiler", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  const kill = () =>
    process.kill(kernel.compilerPid ?? assert.fail("no compiler"), "SIGKILL");

  test("has no effect: its replacement knows earlier declarations, and variables keep their values", async () => {
    await kernel.run("const kept = { n: 41 }; type Kept = typeof kept;");
    await kernel.run("const kept = { n: 42 };");
    const before = kernel.compilerPid;
    kill();
    await until(
      () => ![undefined, before].includes(kernel.compilerPid),
      "another compiler",
    );
    const { result } = await kernel.run("const same: Kept = kept; same.n");
    assert.equal(result, "42");
    const { error } = await kernel.execute("const wrong: string = kept");
    assert.match(error?.evalue ?? "", /TS2322/);
  });

  test("during a check is reported in the cell, and the cell can be run again", async () => {
    // A type that takes long to compute.
    const slow =
      "type Long<N extends 0[]> = N['length'] extends 900 ? N : Long<[...N, 0]>; type Wide<T> = { [K in keyof T]: Long<[]> extends infer L ? [K, L] : never }; const wide: Wide<Long<[]>> | 1 = 1;";
    const cell = kernel.start(slow);
    kill();
    const { content } = await cell.done;
    if (content.status === "ok") return; // It was faster than the signal.
    assert.match(
      String(content.evalue),
      /terminated by SIGKILL.*run this cell again/,
    );
    assert.equal((await kernel.run("kept.n")).result, "42");
  });
});

test("a runtime that cannot start is given up after three attempts, and the next cell tries again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  const broken = join(folder, "broken.cjs");
  const flag = join(folder, "mended");
  writeFileSync(
    broken,
    `if (process.argv[1]?.includes("runtime") && !require("fs").existsSync(${JSON.stringify(flag)})) process.exit(9);`,
  );
  const kernel = await KernelClient.start({
    variables: { NODE_OPTIONS: `--require ${broken}` },
  });
  try {
    const messages: string[] = [];
    do {
      const { content } = await kernel.execute("1 + 1");
      assert.equal(content.ename, "RuntimeEnded");
      messages.push(String(content.evalue));
      // The number of failures when a cell runs depends on how long its compilation took.
    } while (!messages.at(-1)?.includes("in a row") && messages.length < 3);
    assert.match(
      messages.pop() ?? "",
      /exited with code 9 before it was ready, 3 times in a row\. Run a cell to try again\.$/,
    );
    for (const text of messages) {
      assert.match(
        text,
        /exited with code 9 before it was ready\. A new process is being started; the next cell runs in it\.$/,
      );
    }
    writeFileSync(flag, "");
    assert.equal((await kernel.run("1 + 1")).result, "2");
  } finally {
    await kernel.close();
    rmSync(folder, { recursive: true });
  }
});

function escape(text: string): string {
  return text.replace(/[[\]]/g, "\\$&");
}
