/** Cells with corner cases, such as names with two meanings and slots of redeclared names. */
import { notebook, nothing, type Topic, tslab, wrong } from "./notebook";
import {
  FUNCTION_NAME,
  IMPORT_ASSIGNMENT,
  LAST_EXPRESSION_NAME,
  USING,
} from "./reasons";

export const corners: Topic = {
  title: "Corners",
  notebooks: [
    notebook(
      "a name with another type gets a new slot",
      ["let a = 1;", nothing],
      ["let a = 'x'; const read = () => a;", nothing],
      ["a = 'y';", "'y'"],
      ["read()", "'y'"],
      ["({ a })", "{ a: 'y' }"],
      ["const { b = a } = {} as { b?: string }; b", "'y'"],
      ["let a$2 = true;", nothing],
      ["[a, a$2]", "[ 'y', true ]"],
      ["function a() { return 7; }", nothing],
      ["[a(), a?.(), a$2]", "[ 7, 7, true ]"],
      ["class a { n = 8 }", nothing],
      ["new a().n", "8"],
      ["const a = (s: TemplateStringsArray) => s[0]!;", nothing],
      ["a`t`", "'t'"],
    ),
    notebook(
      "a name that looks like such a slot",
      ["let b$2 = 'mine', b = 1;", nothing],
      ["let b = 'two';", nothing],
      ["[b$2, b]", "[ 'mine', 'two' ]"],
    ),
    notebook(
      "a decorator of another type",
      ["const mark = 1;", nothing],
      [
        "function mark(c: Function) { Object.defineProperty(c, 'marked', { value: true }); }",
        nothing,
      ],
      [
        "@mark class A {} Object.keys(Object.getOwnPropertyDescriptors(A)).includes('marked')",
        "true",
      ],
    ),
    notebook(
      "a type and a value with the same name",
      ["type Foo = number; const Foo: Foo = 3;", nothing],
      ["const f: Foo = Foo; f", "3"],
      ["interface Merged { a: number } class Merged { b = 2 }", nothing],
      ["const m = new Merged(); m.a = 1; m", "Merged { b: 2, a: 1 }"],
    ),
    notebook(
      "contextual keywords as names",
      [
        "let async = 1, of = 2, get = 3, type = 4, as = 5, from = 6, declare = 7;",
        nothing,
      ],
      ["async + of + get + type + as + from + declare", "28"],
      ["type = 5; async = 0", "0"],
      ["[async, type]", "[ 0, 5 ]"],
      ["type type = number; const t: type = 1; t", "1"],
    ),
    notebook(
      "functions and classes that refer to themselves",
      ["const f = (): unknown => f; f() === f", "true"],
      ["const A = class B { who() { return B.name; } }; new A().who()", "'B'"],
      ["class S { static self = S; static make = () => new S(); }", nothing],
      ["[S.self === S, S.make() instanceof S]", "[ true, true ]"],
      ["enum E { A = 1, B = A + 1, C = E.B * 2 } E.C", "4"],
    ),
    notebook(
      "a function of this cell instead of an earlier one",
      ["function f() { return 1; }", nothing],
      ["const r = f(); function f() { return 'x'; } r", "'x'"],
    ),
    notebook(
      "a class in terms of the one before it",
      ["class A { a = 1 }", nothing],
      ["class A extends A { b = 2 }", wrong("2506 1:7")],
    ),
    notebook(
      "blocks that hide a variable",
      ["let a = 1;", nothing],
      ["{ const b = a; { const a = 2; void a; } void b; } a", "1"],
      ["const f = (a: { a: number }) => a.a; f({ a: 9 })", "9"],
      ["try { throw 5; } catch (a) { a = 6; } a", "1"],
      ["(function a() { return typeof a; })()", "'function'"],
    ),
    notebook(
      "names inside strings",
      ["let a = 1;", nothing],
      ["const s = `let a = 2;\\nlet b`; a", "1"],
      ["`${`${a}`}${{ a }.a}`", "'11'"],
      ["/a/.test('a')", "true"],
      ["const b = 1 // one", nothing],
      ["b /* a */ + a", "2"],
    ),
    notebook(
      "members of a variable",
      [
        "let o = { a: { b: 1 }, f() { return this.a.b; }, C: class { n = 3 } };",
        nothing,
      ],
      ["o.a.b++; o.f()", "2"],
      ["[o?.f(), o.f?.(), new o.C().n]", "[ 2, 2, 3 ]"],
      ["o['a']!.b", "2"],
      ["const a = [1, 2, 3]; a[a.length - 1]", "3"],
    ),
    notebook(
      "definite assignment",
      ["let a!: number; const set = () => { a = 1; }; set(); a", "1"],
      ["let u: number; u", wrong("2454 1:16")],
    ),
    notebook(
      "patterns with patterns as defaults",
      [
        "const [a = 1, { b } = { b: 2 }] = [] as [number?, { b: number }?]; [a, b]",
        "[ 1, 2 ]",
      ],
      ["let [c] = [1], d = c + 1; [c, d]", "[ 1, 2 ]"],
      ["const { length } = 'abc'; length", "3"],
    ),
    notebook(
      "assigned functions take the variable's name",
      [
        "let f: (() => number) | undefined; let g: (() => number) | undefined = undefined as (() => number) | undefined;",
        nothing,
      ],
      ["f = () => 1\n;[f.name]", "[ 'f' ]", tslab("[ '' ]", FUNCTION_NAME)],
      ["g ??= () => 2; g?.name", "'g'", tslab("''", FUNCTION_NAME)],
      [
        "[f = () => 3] = []; ({ g = () => 4 } = {} as { g?: () => number }); [f.name, g.name]",
        "[ 'f', 'g' ]",
        tslab("[ '', '' ]", FUNCTION_NAME),
      ],
      [
        "const o = { f: f = () => 5 }; o.f.name",
        "'f'",
        tslab("''", FUNCTION_NAME),
      ],
    ),
    notebook(
      "statements that are expressions",
      ["/x/", "/x/"],
      ["new (class { x = 1 })().x", "1"],
      [
        "async () => 1",
        "[AsyncFunction (anonymous)]",
        tslab("[AsyncFunction: tsLastExpr]", LAST_EXPRESSION_NAME),
      ],
      ["a = 1", wrong("2304 1:1")],
      ["[] + []", wrong("2365 1:1")],
      ["async function last() {}", nothing],
      [
        "(async () => (await last()) === undefined)()\n  .then(String) instanceof Promise",
        "true",
      ],
    ),
    notebook(
      "new.target and enclosing functions",
      [
        "function F(this: unknown) { return new.target === undefined; } F.call(null)",
        "true",
      ],
      [
        "function outer() { const inner = () => arguments.length; return inner(); } (outer as (...n: number[]) => number)(1, 2)",
        "2",
      ],
    ),
    notebook(
      "other forms of import",
      ['import { default as p } from "node:path"; p.sep', "'/'"],
      ['import q, * as all from "node:path"; q.sep + all.sep', "'//'"],
      ['let t: typeof import("node:path") | undefined; t', nothing],
      [
        'const later = import("node:fs"); (await later).existsSync("/")',
        "true",
        tslab(
          wrong("4023 1:7"),
          "tslab emits a declaration for each variable, and the type of this variable cannot be written there.",
        ),
      ],
      [
        'import data = require("./data.json"); data.title',
        "'numbers'",
        tslab(wrong("1202 1:1"), IMPORT_ASSIGNMENT),
      ],
      ['require("./data.json").title', "'numbers'"],
      [
        'import { sep } from "node:path"; import { sep } from "path";',
        wrong("2300 1:10", "2300 1:43"),
      ],
    ),
    notebook("nothing to dispose of", [
      "using nobody = null; nobody",
      "null",
      tslab(wrong("1434 1:1", "2304 1:7", "2304 1:22"), USING),
    ]),
  ],
};
