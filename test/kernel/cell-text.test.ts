/**
 * Tests unusual cell texts: awaits in unusual positions, operators that a script would treat as a
 * comment, and nesting too deep for recursion.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { notebook, throws } from "./cells/notebook";
import { Player } from "./cells/player";
import { ProjectFolder } from "./project-folder";

describe("a cell's text", () => {
  const folder = new ProjectFolder({
    "tsconfig.json":
      '{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }',
  });
  let player: Player;
  before(() => {
    player = new Player("checked", folder.path);
  });
  after(async () => {
    await player?.close();
    folder.remove();
  });

  /** Returns the outcome of the last of several cells. */
  async function outcome(...cells: readonly string[]): Promise<unknown> {
    const played = await player.play(
      notebook("cells", ...cells.map((cell) => [cell, ""] as const)),
    );
    return played.at(-1);
  }

  describe("whose only await is", () => {
    const logging =
      "const log: string[] = []; const note = Promise.resolve((target: object, key?: string, place?: unknown) => { log.push(`${key} ${typeof place}`); });";
    for (const [what, source, shown] of [
      [
        "a method's name",
        '({ [await Promise.resolve("k")]() { return 1; } })',
        "{ k: [Function: k] }",
      ],
      [
        "a getter's name",
        '({ get [await Promise.resolve("k")]() { return 1; } })',
        "{ k: [Getter] }",
      ],
      [
        "a setter's name",
        '({ set [await Promise.resolve("k")](n: number) {} })',
        "{ k: [Setter] }",
      ],
      [
        "a generator's name",
        '({ *[await Promise.resolve("k")]() {} })',
        "{ k: [GeneratorFunction: k] }",
      ],
      [
        "an async method's name",
        '({ async [await Promise.resolve("k")]() {} })',
        "{ k: [AsyncFunction: k] }",
      ],
      [
        "an async generator's name",
        '({ async *[await Promise.resolve("k")]() {} })',
        "{ k: [AsyncGeneratorFunction: k] }",
      ],
      [
        "a property's name",
        '({ [await Promise.resolve("k")]: 1 })',
        "{ k: 1 }",
      ],
      [
        "a name in a pattern",
        'const { [await Promise.resolve("k")]: n } = { k: 1 } as Record<string, number>; n',
        "1",
      ],
      [
        "a default in a pattern",
        "const { k = await Promise.resolve(1) } = {} as { k?: number }; k",
        "1",
      ],
      [
        "a method's name in a class",
        'class A { [await Promise.resolve("k")]() { return 1; } } (new A() as any).k()',
        "1",
      ],
      [
        "a static method's name",
        'class A { static [await Promise.resolve("k")]() { return 1; } } (A as any).k()',
        "1",
      ],
      [
        "a getter's name in a class expression",
        'const A = class { get [await Promise.resolve("k")]() { return 1; } }; (new A() as any).k',
        "1",
      ],
      [
        "a method's name in an exported class",
        'export class A { [await Promise.resolve("k")]() { return 1; } } (new A() as any).k()',
        "1",
      ],
      [
        "a field's name",
        'class A {\n// @ts-ignore\n[await Promise.resolve("k")] = 1; } new A()',
        "A { k: 1 }",
      ],
      [
        "a static field's name",
        'class A {\n// @ts-ignore\nstatic [await Promise.resolve("k")] = 1; } (A as any).k',
        "1",
      ],
      [
        "the name of a method of a class in a name",
        'class A { [class { static [await Promise.resolve("k")]() {} }.name]() {} } Object.getOwnPropertyNames(A.prototype).length',
        "2",
      ],
      [
        "a heritage clause",
        "class A extends (await Promise.resolve(Array))<number> {} new A(2).length",
        "2",
      ],
      [
        "a class's decorator",
        "@(await Promise.resolve((c: Function) => { log.push(c.name); })) class A {} log.splice(0)",
        "[ 'A' ]",
      ],
      [
        "a method's decorator",
        "class A { @(await note) m() {} } log.splice(0)",
        "[ 'm object' ]",
      ],
      [
        "a static method's decorator",
        "class A { @(await note) static m() {} } log.splice(0)",
        "[ 'm object' ]",
      ],
      [
        "a field's decorator",
        "class A { @(await note) m = 1; } log.splice(0)",
        "[ 'm undefined' ]",
      ],
      [
        "a getter's decorator",
        "class A { @(await note) get m() { return 1; } } log.splice(0)",
        "[ 'm object' ]",
      ],
      [
        "an accessor's decorator",
        "class A { @(await note) accessor m = 1; } log.splice(0)",
        "[ 'm object' ]",
      ],
      [
        "a parameter's decorator",
        "class A { m(@(await note) n: number) {} } log.splice(0)",
        "[ 'm number' ]",
      ],
      [
        "a constructor parameter's decorator",
        "class A { constructor(@(await note) n: number) {} } log.splice(0)",
        "[ 'undefined number' ]",
      ],
      [
        "a heritage clause of a class expression",
        "class A { m = 1 } const B = class extends (await Promise.resolve(A)) {}; new B().m",
        "1",
      ],
      ["a default export", "export default await Promise.resolve(1)", "1"],
      ["a template", "`<${await Promise.resolve(1)}>`", "'<1>'"],
      [
        "a tagged template",
        "String.raw`<${await Promise.resolve(1)}>`",
        "'<1>'",
      ],
      ["an argument", "Math.max(await Promise.resolve(1), 0)", "1"],
      ["an argument of new", "new Set([await Promise.resolve(1)]).size", "1"],
      ["an element", "[...(await Promise.resolve([1]))].length", "1"],
      ["an index", '({ k: 1 })[(await Promise.resolve("k")) as "k"]', "1"],
      ["a branch", "true ? await Promise.resolve(1) : 0", "1"],
      [
        "a loop over promises",
        "let sum = 0; for await (const n of [Promise.resolve(1)]) sum += n; sum",
        "1",
      ],
      [
        "a loop over promises in a block",
        "let sum = 0; { for await (const n of [Promise.resolve(1)]) sum += n; } sum",
        "1",
      ],
      [
        "a loop's head",
        "let sum = 0; for (const n of await Promise.resolve([1])) sum += n; sum",
        "1",
      ],
      [
        "a case",
        "let hit = 0; switch (1) { case await Promise.resolve(1): hit = 1; } hit",
        "1",
      ],
      [
        "a disposed resource",
        "let n = 0; { await using r = { async [Symbol.asyncDispose]() { n = 1; } }; } n",
        "1",
      ],
      [
        "a resource disposed by a loop",
        "let n = 0; for (await using r of [{ async [Symbol.asyncDispose]() { n = 1; } }]); n",
        "1",
      ],
      ["a part of a sum", "1 + 1 + (await Promise.resolve(1)) + 1", "4"],
    ] as const) {
      test(`in ${what} runs`, async () => {
        assert.equal(await outcome(logging, source), shown);
      });
    }

    test("in a function does not make the cell async", async () => {
      const source =
        "const o = { async m() { return await Promise.resolve(1); } }; class A { p = async () => await o.m(); } new A().p() instanceof Promise";
      assert.equal(await outcome(source), "true");
    });

    test("in an invalid position is an error", async () => {
      for (const source of [
        "enum E { A = await Promise.resolve(1) }",
        "namespace N { export const a = await Promise.resolve(1); }",
        "class A { static { await 1; } }",
        "class A { f = await 1; }",
        "function f(a = await 1) {}",
        "const f = (a = await 1) => a;",
        "const f = async (a = await 1) => a;",
      ]) {
        const found = (await outcome(source)) as { objections?: unknown };
        assert.ok(found.objections, source);
      }
    });
  });

  describe("with an operator that would start a comment in a script:", () => {
    const values = "const x: any = 5; let n = 3;";
    for (const [source, shown] of [
      ["const r = x<!--n; [r, n]", "[ false, 2 ]"],
      ["const r: boolean = x<!--n; [r, n]", "[ false, 2 ]"],
      ["x<!--n", "false"],
      ["x\n<!--n", "false"],
      ["const f = () => x<!--n; [f(), n]", "[ false, 2 ]"],
      ["class A { static p = x<!--n; } A.p", "false"],
      ["[`${x<!--n}`, n]", "[ 'false', 2 ]"],
      ["({ [String(x<!--n)]: x<!--n, n })", "{ false: false, n: 1 }"],
      ["let r = 0; if (x<!--n) r = 1; else r = 2; r", "2"],
      ["1 + 1 < 3 && (x<!--n)", "false"],
      ["await 1; x<!--n", "false"],
      ["let c = 0; while (n --> 0) c += 1; c", "3"],
      ['"<!-- a -->"', "'<!-- a -->'"],
      ["`<!--\n--> ${n}`", "'<!--\\n--> 3'"],
      ["/<!--(.*)-->/.exec('<!--a-->')![1]", "'a'"],
      ["/* <!-- */ n // <!-- -->", "3"],
      ["x</**/!--n", "false"],
      ["x<(!--n)", "false"],
    ] as const) {
      test(`${JSON.stringify(source)} shows ${JSON.stringify(shown)}`, async () => {
        assert.equal(await outcome(values, source), shown);
      });
    }
  });

  describe("that is deeply nested", () => {
    const names =
      "const one: number = 1; const t: boolean = true; const s: string = 'a'; const f = (n: number): number => n; class Count { n = 0; add(n: number): this { this.n += n; return this; } }";
    const many = (count: number, text: string, between: string) =>
      Array.from({ length: count }, () => text).join(between);
    for (const [what, source, shown] of [
      ["a sum of 3,000 names", many(3_000, "one", " + "), "3000"],
      [
        "a sum of 3,000 names in a variable",
        `const sum: number = ${many(3_000, "one", " + ")}; sum`,
        "3000",
      ],
      [
        "a sum of 3,000 names and an await",
        `await 1; ${many(3_000, "one", " + ")}`,
        "3000",
      ],
      [
        "a sum of 3,000 names and an import",
        `import { join } from "node:path"; ${many(3_000, "one", " + ")}`,
        "3000",
      ],
      ["a sum of 5,000 numbers", many(5_000, "1", " + "), "5000"],
      ["3,000 strings", `(${many(3_000, "s", " + ")}).length`, "3000"],
      [
        "a text of 20,000 strings",
        `let text = ""; text = ${many(20_000, "'x'", " + ")}; text.length`,
        "20000",
      ],
      [
        "a product in a function",
        `function product() { return ${many(3_000, "one", " * ")}; } product()`,
        "1",
      ],
      ["800 conditions", many(800, "t", " && "), "true"],
      ["400 chained calls", `new Count()${".add(1)".repeat(400)}.n`, "400"],
      ["400 nested calls", `${"f(".repeat(400)}1${")".repeat(400)}`, "1"],
      ["400 brackets", `${"(".repeat(400)}one${")".repeat(400)}`, "1"],
      ["800 choices", `${"!t ? 0 : ".repeat(800)}one`, "1"],
      ["400 arrays", `${"[".repeat(400)}one${"]".repeat(400)}.length`, "1"],
      [
        "400 functions",
        `typeof ${"(() => ".repeat(400)}one${")".repeat(400)}`,
        "'function'",
      ],
      [
        "800 else-if branches",
        `let r = 0; ${many(800, "if (!t) { r = 1; }", " else ")} else { r = 2; } r`,
        "2",
      ],
      ["a list of 20,000", `[${many(20_000, "one", ", ")}].length`, "20000"],
      [
        "3,000 variables",
        `${Array.from({ length: 3_000 }, (_, index) => `const v${index} = ${index};`).join("\n")}\nv2999`,
        "2999",
      ],
    ] as const) {
      test(`as ${what}, runs`, async () => {
        assert.equal(await outcome(names, source), shown);
      });
    }

    for (const [what, source] of [
      ["nested calls", `${"f(".repeat(5_000)}1${")".repeat(5_000)}`],
      ["conditions", many(5_000, "t", " && ")],
      ["brackets", `${"(".repeat(20_000)}one${")".repeat(20_000)}`],
    ] as const) {
      test(`as ${what} beyond the limit of tsc, is an error, and the next cell runs`, async () => {
        const played = await player.play(
          notebook("deep", [names, ""], [source, ""], ["f(one)", ""]),
        );
        assert.deepEqual(played[1], { objections: ["0 1:1"] });
        assert.equal(played[2], "1");
        assert.notDeepEqual(played[1], throws("KernelError"));
      });
    }
  });
});

describe("an await in a class with ECMAScript decorators", () => {
  const folder = new ProjectFolder({
    "tsconfig.json": '{ "compilerOptions": { "strict": true } }',
  });
  let player: Player;
  before(() => {
    player = new Player("checked", folder.path);
  });
  after(async () => {
    await player?.close();
    folder.remove();
  });

  const logging =
    "const log: string[] = []; const note = Promise.resolve((value: unknown, { kind, name }: DecoratorContext) => { log.push(`${kind} ${String(name)}`); }); const seen = () => log.splice(0).join();";
  for (const [what, source, shown] of [
    ["a class's decorator", "@(await note) class A {} seen()", "class A"],
    [
      "an exported class's",
      "export class A { @(await note) m() {} } seen()",
      "method m",
    ],
    [
      "each kind of member's",
      "class A { @(await note) m() {} @(await note) static s() {} @(await note) f = 1; @(await note) accessor a = 1; @(await note) get g() { return 1; } @(await note) #p() {} } seen()",
      "method s,method m,accessor a,getter g,method #p,field f",
    ],
    [
      "two of a member",
      "class A { @(await note) @(await note) m() {} } seen()",
      "method m,method m",
    ],
    [
      "a name next to a decorator",
      'class A { @(await note) [await Promise.resolve("k")]() {} } seen()',
      "method k",
    ],
    [
      "a heritage clause next to a decorator",
      "class A extends (await Promise.resolve(Object)) { @(await note) m() {} } seen()",
      "method m",
    ],
    [
      "an argument of a decorator",
      'const named = (text: string) => (value: unknown, context: DecoratorContext) => { log.push(text); }; class A { @named(await Promise.resolve("given")) m() {} } seen()',
      "given",
    ],
    [
      "a class expression's",
      "const A = class { @(await note) m() {} }; `${A.name} ${seen()}`",
      "A method m",
    ],
    [
      "the last expression's",
      "new (class A { @(await note) m() {} n = seen(); })().n",
      "method m",
    ],
    [
      "a class's in a block",
      "let n = ''; { class A { @(await note) m() {} } n = seen(); } n",
      "method m",
    ],
    [
      "a class's in an async function",
      "async function make() { class A { @(await note) m() {} } return seen(); } await make()",
      "method m",
    ],
    [
      "a default export's",
      "export default class A { @(await note) m() {} } seen()",
      "method m",
    ],
  ] as const) {
    test(`in ${what} runs`, async () => {
      const played = await player.play(
        notebook("decorators", [logging, ""], [source, ""]),
      );
      assert.equal(played[1], `'${shown}'`);
    });
  }
});
