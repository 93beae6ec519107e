/**
 * Tests the function around a cell's JavaScript: its names do not clash with those of cells and do
 * not appear in messages, and `eval` has access to variables.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  CELLS,
  IMPORT,
  SCOPE,
  STOP,
  withoutWrapperNames,
} from "../../kernel/wrapper-names";
import { KernelClient } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

describe("the function around a cell", () => {
  const folder = new ProjectFolder({
    "tsconfig.json": '{ "compilerOptions": { "strict": true } }',
    "helper.ts": 'export const imported = "imported";\n',
  });
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(async () => {
    await kernel?.close();
    folder.remove();
  });

  const shows = async (code: string, text: string | undefined) =>
    assert.equal((await kernel.run(code)).result, text, code);

  describe("does not clash with names of a cell:", () => {
    test("globals of the user", async () => {
      await kernel.run(
        `declare global { var ${CELLS}: number; var ${STOP}: number; } globalThis.${CELLS} = 1; globalThis.${STOP} = 2;`,
      );
      await shows(`[${CELLS}, ${STOP}]`, "[ 1, 2 ]");
    });

    for (const name of [
      CELLS,
      IMPORT,
      STOP,
      SCOPE,
      "__cells",
      "__import",
      "__stop",
      "exports",
      "module",
      "require",
    ]) {
      test(name, async () => {
        await kernel.run("const base = 1; let count = 0;");
        await shows(
          `function ${name}() { return base; } ${name}() + base`,
          "2",
        );
        await shows(
          `class ${name} { static n = base; } await 1; for (const n of [1, 2]) count += n; [count, ${name}.n]`,
          "[ 3, 1 ]",
        );
        await shows(
          `count = 0; const f = (${name}: number) => { count += base; return ${name} + base + count; }; f(1)`,
          "3",
        );
        await shows(
          `const ${name} = "mine"; [${name}, base, count]`,
          "[ 'mine', 1, 1 ]",
        );
        await shows(
          `[${name}.length, await Promise.all([1].map(async (n) => { for (;;) { return n; } }))]`,
          "[ 4, [ 1 ] ]",
        );
        await shows(
          `{ let ${name} = base; for (const ${name} of [1]) count += ${name}; await 0; } count`,
          "2",
        );
        await shows(
          `try { throw 5; } catch (${name}) { count = ${name} as number; } count`,
          "5",
        );
        await shows(
          `import { imported as ${name} } from "./helper"; [${name}, base]`,
          "[ 'imported', 1 ]",
        );
        await shows(
          `(await import("./helper")).imported + ${name}`,
          "'importedimported'",
        );
        await shows(
          `const { ${name} = base, ...rest } = {} as { ${name}?: number }; [${name}, rest]`,
          "[ 1, {} ]",
        );
        await shows(`enum ${name} { A = 1 } ${name}.A + base`, "2");
        await shows(
          `namespace ${name} { export const n = 1; } ${name}.n + base`,
          "2",
        );
        await shows(`${name}: for (;;) { await 0; break ${name}; } base`, "1");
        await shows(`typeof import.meta.url`, "'string'");
      });
    }

    test("names with escapes", async () => {
      await kernel.run("const base = 1;");
      await shows("function \\u00bacells() { return base; } ºcells()", "1");
      await shows(
        "const g = (\\u{ba}cells: number) => \\u{ba}cells + base; g(1)",
        "2",
      );
    });
  });

  describe("is not visible in errors:", () => {
    before(() =>
      kernel.run(
        "const five: any = 5; const o: any = { g: 1 }; const nothing: any = undefined; function named() {}",
      ),
    );
    for (const [code, message] of [
      ["five()", "five is not a function"],
      ["five`a`", "five is not a function"],
      ["five?.()", "five is not a function"],
      ["five(1).b()", "five is not a function"],
      ["o.g()", "o.g is not a function"],
      ["o.g.h.i()", "Cannot read properties of undefined (reading 'i')"],
      ["o[five]()", "o[five] is not a function"],
      ["new five()", "five is not a constructor"],
      ["for (const n of five);", "five is not iterable"],
      [
        "Math.max(...five)",
        "Spread syntax requires ...iterable[Symbol.iterator] to be a function",
      ],
      [
        "const [first] = five;",
        "number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
      ],
      [
        "const f = ({ a }: any) => a; f(nothing)",
        "Cannot destructure property 'a' of 'undefined' as it is undefined.",
      ],
      [
        "(import.meta as any).nothing()",
        "import.meta.nothing is not a function",
      ],
      [
        "class A extends five {}",
        "Class extends value 5 is not a constructor or null",
      ],
      ["await five()", "five is not a function"],
      [
        "const later = async () => five(); await later()",
        "five is not a function",
      ],
      ['const five: any = "again"; five()', "five is not a function"],
      ["const $a1: any = 1, ä: any = 1; $a1()", "$a1 is not a function"],
      ["ä()", "ä is not a function"],
    ] as const) {
      test(code, async () => {
        const { error } = await kernel.execute(code);
        if (!message.startsWith("Cannot destructure")) {
          assert.equal(error?.evalue, message);
        }
        assert.doesNotMatch(`${error?.evalue}\n${error?.traceback}`, /º/);
      });
    }

    test("stack traces and printed errors", async () => {
      const { stdout } = await kernel.run(
        "try { five(); } catch (error) { console.log(error); console.log((error as Error).stack); }",
      );
      assert.match(stdout, /^TypeError: five is not a function\n/);
      assert.doesNotMatch(stdout, /º/);
    });

    test("but a cell's own text is unchanged", async () => {
      await shows('"ºcells"', "'ºcells'");
      assert.equal(
        withoutWrapperNames("an º of one's own"),
        "an º of one's own",
      );
      assert.equal(
        withoutWrapperNames(
          "(0 , ºcells1.fº2)(...).g is no ºcells.h, ºimport.meta.x",
        ),
        "f(...).g is no h, import.meta.x",
      );
    });
  });

  describe("gives eval access to", () => {
    before(() =>
      kernel.run(
        `const secret = 42; let open = 1; function twice(n: number) { return 2 * n; }
         import { imported } from "./helper"; class Box { n = 1 } enum Color { Red = "red" } type OnlyAType = 1;`,
      ),
    );
    for (const [what, code, text] of [
      ["a constant of an earlier cell", 'eval("secret")', "42"],
      ["one of this cell", 'const mine = 7; eval("mine + secret")', "49"],
      [
        "a function, a class, an enum and an import",
        'eval("[twice(2), new Box().n, Color.Red, imported]")',
        "[ 4, 1, 'red', 'imported' ]",
      ],
      [
        "a parameter with precedence",
        '((secret: number) => eval("secret") as number)(1)',
        "1",
      ],
      [
        "a local variable with precedence",
        '{ const secret = 2; open = eval("secret") } open',
        "2",
      ],
      ["a variable to change", 'eval("open = 5"); open', "5"],
      [
        "a value that a function changes later",
        'const look = () => eval("open") as number; open = 6; look()',
        "6",
      ],
      [
        "a variable if eval has parentheses and a type assertion",
        '(eval as (text: string) => unknown)("secret")',
        "42",
      ],
      [
        "a variable inside a class",
        'class Look { n = eval("secret") as number; static s = eval("secret") as number; } [new Look().n, Look.s]',
        "[ 42, 42 ]",
      ],
      ["it after an await", 'await 1; eval("secret")', "42"],
      ["no variable of its own outside", 'eval("var inner = 1; inner")', "1"],
      ["an undefined this", 'String(eval("this"))', "'undefined'"],
      [
        "globals",
        'eval("typeof process + typeof console.log")',
        "'objectfunction'",
      ],
      [
        "strict code",
        'let strict = ""; try { eval("undeclared = 1"); } catch (error) { strict = (error as Error).name; } strict',
        "'ReferenceError'",
      ],
    ] as const) {
      test(what, async () => {
        await shows(code, text);
      });
    }

    test("a constant without changing it", async () => {
      const { error } = await kernel.execute('eval("secret = 1")');
      assert.equal(error?.ename, "TypeError");
      assert.equal(error?.evalue, "Assignment to constant variable.");
      await shows("secret", "42");
    });

    test("nothing if it is called indirectly", async () => {
      for (const call of ["(0, eval)", "globalThis.eval", "eval?."]) {
        await shows(`${call}("typeof secret")`, "'undefined'");
      }
      await shows('new Function("return typeof secret")()', "'undefined'");
    });

    test("errors with the line of the cell", async () => {
      const { error } = await kernel.execute(
        "1 + 1;\n\nconst fails = () => eval(\"throw new Error('inner')\");\nfails();",
      );
      assert.equal(error?.evalue, "inner");
      assert.match(error?.traceback ?? "", /In\[\d+\]:4:1/);
      assert.doesNotMatch(error?.traceback ?? "", /In\[\d+\]:1:\d/);
    });
  });
});
