/**
 * Tests that a cell that fails before its own code runs changes no values, types or declarations,
 * and that one that fails later keeps its declarations.
 */
import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  after,
  afterEach,
  before,
  beforeEach,
  describe,
  test,
} from "node:test";
import { type Answer, KernelClient, type Pending } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

const folder = new ProjectFolder();
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder.path, path)), { recursive: true });
  folder.write(path, text);
};
write("tsconfig.json", '{ "compilerOptions": { "strict": true } }');
write("boom.ts", 'throw new Error("boom");\nexport const never = 1;\n');
write("ok.ts", 'export const a = "imported";\nexport default 7;\n');
// It has types but no code: the check succeeds, and loading fails.
write("node_modules/typed/package.json", '{"name":"typed","version":"1.0.0"}');
write("node_modules/typed/index.d.ts", "export declare const t: number;\n");
// A module that waits until a file exists.
write(
  "node_modules/slow/package.json",
  '{"name":"slow","type":"module","exports":{".":{"types":"./index.d.ts","import":"./index.js"}}}',
);
write("node_modules/slow/index.d.ts", "export declare const s: number;\n");
write(
  "node_modules/slow/index.js",
  `import { existsSync } from "node:fs";
console.log("loading");
while (!existsSync(${JSON.stringify(join(folder.path, "go"))})) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
export const s = 1;
`,
);
write(
  "node_modules/endless/package.json",
  '{"name":"endless","type":"module","exports":{".":{"types":"./index.d.ts","import":"./index.js"}}}',
);
write("node_modules/endless/index.d.ts", "export declare const e: number;\n");
write(
  "node_modules/endless/index.js",
  'console.log("loading");\nawait new Promise((resolve) => setTimeout(resolve, 1e9));\nexport const e = 1;\n',
);
after(() => folder.remove());

describe("a cell that fails before its own code runs", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(() => kernel?.close());

  const fails = async (code: string, options = {}): Promise<Answer> => {
    const answer = await kernel.execute(code, options);
    assert.equal(answer.content.status, "error", code);
    return answer;
  };
  const shows = async (code: string, text: string) =>
    assert.equal((await kernel.run(code)).result, text, code);
  const objects = async (code: string, number: number) => {
    const { error } = await kernel.execute(code);
    assert.match(error?.evalue ?? "no error", new RegExp(`^TS${number}`), code);
  };

  beforeEach(async () => {
    await kernel.run("var y: any = undefined; const a: any = 0;");
    await kernel.run(
      'const y = "text"; const readY = () => y; const a = "mine";',
    );
  });

  for (const [what, code] of [
    ["an import that throws", 'import "./boom"; const y = 5;'],
    [
      "names imported from it",
      'import { never } from "./boom"; const y = never;',
    ],
    [
      "an import that cannot be loaded",
      'import { t } from "typed"; const y = t;',
    ],
    [
      "an import in another than the first place",
      'const y = 5; import "./boom"; console.log("ran");',
    ],
    ["an export from it", 'export * from "./boom"; const y = 5;'],
    ["import =", 'import boom = require("./boom"); const y = boom.never;'],
  ] as const) {
    test(`by ${what} does not change the value and type of a variable`, async () => {
      const { stdout } = await fails(code);
      assert.equal(stdout, "");
      await shows("y.toUpperCase()", "'TEXT'");
      await shows("readY()", "'text'");
      await objects("y.toFixed()", 2551);
    });
  }

  test("may be silent or not stored in the history", async () => {
    await fails('import "./boom"; const y = 5;', { silent: true });
    await shows("y.toUpperCase()", "'TEXT'");
    await fails('import "./boom"; const y = 5;', { store_history: false });
    await shows("y.toUpperCase()", "'TEXT'");
  });

  test("does not change the names that it imports, even from loaded modules", async () => {
    await fails(
      'import { a } from "./ok"; import y from "./ok"; import "./boom";',
    );
    await shows("[a, y]", "[ 'mine', 'text' ]");
    await shows('import { a } from "./ok"; a', "'imported'");
    await shows("a", "'imported'");
    await fails('import "./boom"; const a = 1;');
    await shows("a.toUpperCase()", "'IMPORTED'");
  });

  test("does not change functions, classes, enums, namespaces and lets", async () => {
    await kernel.run(
      `function f() { return "old"; }
       class C { old() { return "old"; } }
       enum E { Old = "old" }
       namespace N { export const old = "old"; }
       let l = "old";
       const made = new C();`,
    );
    await fails(
      `import "./boom";
       function f() { return 1; }
       class C { fresh() { return 1; } }
       enum E { Fresh }
       namespace N { export const fresh = 1; }
       let l = 1;`,
    );
    await shows(
      "[f().length, new C().old(), E.Old, N.old, l.length, made instanceof C]",
      "[ 3, 'old', 'old', 'old', 3, true ]",
    );
    await objects("new C().fresh()", 2339);
  });

  test("does not change types", async () => {
    await kernel.run("interface I { old: 1 } type T = 'old';");
    await fails('import "./boom"; interface I { fresh: 1 } type T = "fresh";');
    await shows(
      "const i: I = { old: 1 }; const t: T = 'old'; [i.old, t]",
      "[ 1, 'old' ]",
    );
  });

  test("declares nothing new", async () => {
    await fails('import "./boom"; const brandNew = 1; type BrandNew = 1;');
    await objects("brandNew", 2304);
    await objects("let b: BrandNew", 2304);
  });

  test("adds nothing to the global scope or to a module", async () => {
    await fails(
      'import "./boom"; declare global { interface Array<T> { extra: T } }',
    );
    await objects("[1].extra", 2339);
  });

  test("does not change the slots of repeatedly redeclared names", async () => {
    const versions: string[] = [];
    for (const [index, value] of ["1", '"b"', "true", "[4]"].entries()) {
      await fails(`import "./boom"; const y = ${value};`);
      await shows(
        `const y = ${value}; const read${index} = () => y; y`,
        value.replaceAll('"', "'").replace("[4]", "[ 4 ]"),
      );
      versions.push(`read${index}()`);
    }
    await shows(
      `[readY(), ${versions.join(", ")}]`,
      "[ 'text', 1, 'b', true, [ 4 ] ]",
    );
  });

  test("by an interrupt before it runs", async () => {
    const cell = await kernel.whileCompiling(async () => {
      const started = kernel.start("const y = 5;");
      await started.until(({ type }) => type === "execute_input");
      await kernel.interrupt();
      return started;
    });
    assert.equal((await cell.done).error?.ename, "Interrupt");
    await shows("y.toUpperCase()", "'TEXT'");
  });

  test("by an interrupt of what it imports", async () => {
    const cell = kernel.start(
      'import { a } from "./ok"; import { e } from "endless"; const y = e;',
    );
    await cell.until(({ content }) => String(content.text).includes("loading"));
    await kernel.interrupt();
    assert.equal((await cell.done).error?.ename, "Interrupt");
    await shows("[y.toUpperCase(), a.toUpperCase()]", "[ 'TEXT', 'MINE' ]");
  });

  test("does not change later declarations despite editor requests in between", async () => {
    folder.write("go", "");
    const cell = kernel.start(
      `import { s } from "slow"; import { setTimeout as wait } from "node:timers/promises";
       declare global { interface Array<T> { later: T } }
       const lateOne = { alpha: s };
       console.log("begun");
       await wait(1e9);`,
    );
    await cell.until(({ content }) => String(content.text).includes("begun"));
    // The cell's own code runs, so its declarations are known.
    const { content } = await kernel.request("complete_request", {
      code: "lateOne.",
      cursor_pos: 8,
    });
    assert.deepEqual(content.matches, ["alpha"]);
    await kernel.interrupt();
    await cell.done;
    await shows(
      "const gets = () => [lateOne][0].alpha.toFixed(); gets()",
      "'1'",
    );
    await kernel.run("const typed = (x: string[]) => x.later;");
  });
});

describe("while a cell loads its imports", () => {
  let kernel: KernelClient;
  beforeEach(async () => {
    rmSync(join(folder.path, "go"), { force: true });
    kernel = await KernelClient.start({ folder: folder.path });
    await kernel.run('const y = "text";');
  });
  afterEach(() => kernel?.close());

  /** Starts a cell and waits until it is loading its imports. */
  async function startLoading(code: string): Promise<Pending> {
    const cell = kernel.start(code);
    await cell.until(({ content }) => String(content.text).includes("loading"));
    return cell;
  }

  test("the editor may request information about new modules, and augmentations still apply", async () => {
    const cell = await startLoading(
      'import { s } from "slow"; declare global { interface Array<T> { later: T } } const y = s;',
    );
    const code = 'import { basename } from "node:path"; y.';
    const { content } = await kernel.request("complete_request", {
      code,
      cursor_pos: code.length,
    });
    assert.ok((content.matches as string[]).includes("toUpperCase"));
    folder.write("go", "");
    assert.equal((await cell.done).content.status, "ok");
    assert.equal((await kernel.run("y.toFixed()")).result, "'1'");
    await kernel.run("const later = (x: string[]) => x.later;");
  });

  test("the compiler may exit, and still knows the cell once it runs", async () => {
    const cell = await startLoading('import { s } from "slow"; const y = s;');
    process.kill(kernel.compilerPid!, "SIGKILL");
    // A request that the process could not answer before it exited is answered with an error.
    const ask = () =>
      kernel.request("complete_request", { code: "y.", cursor_pos: 2 });
    while ((await ask()).content.status !== "ok");
    folder.write("go", "");
    assert.equal((await cell.done).content.status, "ok");
    assert.equal((await kernel.run("y.toFixed()")).result, "'1'");
  });

  test("the runtime may exit, and all variables are lost", async () => {
    const cell = await startLoading('import { s } from "slow"; const y = s;');
    process.kill(kernel.runtimePid!, "SIGKILL");
    assert.equal((await cell.done).error?.ename, "RuntimeEnded");
    assert.match((await kernel.execute("y")).error?.evalue ?? "", /^TS2304/);
  });
});

describe("cells replayed after the compiler has exited", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(() => kernel?.close());

  test("keep the slots of their variables despite failed cells in between", async () => {
    await kernel.run('const y = "text"; const first = () => y;');
    await kernel.execute('import "./boom"; const y = 5;');
    await kernel.execute('import "./boom"; const y = [1];');
    await kernel.execute("const y: number = 'no';");
    await kernel.run("const y = 6; const second = () => y;");
    await kernel.execute("const y = false; throw new Error();");
    await kernel.run("const y = { last: 7 };");
    const { compilerPid } = kernel;
    process.kill(compilerPid!, "SIGKILL");
    // The first answer afterwards may report the exit.
    let answer = await kernel.execute("[y.last, first(), second()]");
    if (answer.error?.ename === "CompilerExited") {
      answer = await kernel.execute("[y.last, first(), second()]");
    }
    assert.equal(answer.result, "[ 7, 'text', 6 ]");
  });
});

describe("a cell that fails in its own code", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(() => kernel?.close());

  test("keeps its declarations and imports", async () => {
    await kernel.run('const y = "text"; const a = 1;');
    await kernel.execute(
      'import { a } from "./ok"; const y = 5; throw new Error(); const z = 1;',
    );
    assert.equal(
      (await kernel.run("[y.toFixed(), a.length]")).result,
      "[ '5', 8 ]",
    );
    assert.equal((await kernel.run("z")).result, undefined);
  });

  test("may do so by `import()`", async () => {
    await kernel.execute('const y = 6; await import("./boom");');
    assert.equal((await kernel.run("y")).result, "6");
  });
});

describe("a user expression", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
    await kernel.run(
      'let y = "text"; const a = "mine"; function f() { return "old"; }',
    );
  });
  after(() => kernel?.close());

  async function evaluate(expression: string): Promise<unknown> {
    const { content } = await kernel.execute("", {
      user_expressions: { it: expression },
    });
    const { it } = content.user_expressions as Record<
      string,
      { data?: Record<string, string> }
    >;
    return it?.data?.["text/plain"];
  }

  test("declares nothing, and does not change the variables that it hides", async () => {
    assert.equal(await evaluate('const y = "other"; y'), "'other'");
    assert.equal(await evaluate("const y = 5; y"), "5");
    assert.equal(await evaluate('import { a } from "./ok"; a'), "'imported'");
    assert.equal(await evaluate('function f() { return "new"; } f()'), "'new'");
    assert.equal(
      (await kernel.run("[y, a, f()]")).result,
      "[ 'text', 'mine', 'old' ]",
    );
    const again = "const y = 6; const read = () => y; read()";
    assert.equal((await kernel.run(again)).result, "6");
  });

  test("may change a variable like any code", async () => {
    await kernel.run("let n = 1;");
    assert.equal(await evaluate("n += 1"), "2");
    assert.equal((await kernel.run("n")).result, "2");
  });
});
