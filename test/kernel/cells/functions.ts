/** Cells with functions, closures and generators. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { FUNCTION_NAME, SLOPPY } from "./reasons";

export const functions: Topic = {
  title: "Functions and closures",
  notebooks: [
    notebook(
      "of an earlier cell",
      ["function f() { return 3; }", nothing],
      ["f()", "3"],
      ["f", "[Function: f]"],
    ),
    notebook(
      "used before it is declared",
      ["const early = late(); function late() { return 1; }", nothing],
      ["early", "1"],
    ),
    notebook(
      "recursive and mutually recursive",
      [
        "function even(n: number): boolean { return n === 0 || odd(n - 1); } function odd(n: number): boolean { return n !== 0 && even(n - 1); }",
        nothing,
      ],
      ["[even(10), odd(10)]", "[ true, false ]"],
    ),
    notebook(
      "names of functions and classes",
      [
        "const arrow = () => 1, Type = class {}; let named = function other() {};",
        nothing,
      ],
      ["[arrow.name, Type.name, named.name]", "[ 'arrow', 'Type', 'other' ]"],
      ["const wrapped = (() => 1); wrapped.name", "'wrapped'"],
      ["const cast = (() => 1) as () => number; cast.name", "'cast'"],
      ["const { part = () => 1 } = {}; part.name", "'part'"],
      [
        "let later: () => number; later = () => 1; later.name",
        "'later'",
        tslab("''", FUNCTION_NAME),
      ],
      [
        "later = function () { return 2; }; later.name",
        "'later'",
        tslab("''", FUNCTION_NAME),
      ],
    ),
    notebook(
      "a counter",
      [
        "const counter = () => { let n = 0; return () => ++n; }; const next = counter();",
        nothing,
      ],
      ["next()", "1"],
      ["next()", "2"],
    ),
    notebook(
      "closures of a loop",
      [
        "const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i);",
        nothing,
      ],
      ["fs.map((f) => f())", "[ 0, 1, 2 ]"],
      [
        "const gs: (() => number)[] = []; for (var k = 0; k < 3; k++) gs.push(() => k);",
        nothing,
      ],
      ["gs.map((g) => g())", "[ 3, 3, 3 ]"],
    ),
    notebook(
      "parameters",
      ["const base = 3;", nothing],
      [
        "function f(a: number, b = base, ...rest: number[]) { return [a, b, rest]; }",
        nothing,
      ],
      ["f(1)", "[ 1, 3, [] ]"],
      ["f(1, 2, 3, 4)", "[ 1, 2, [ 3, 4 ] ]"],
      ["f.length", "1"],
      ["f()", wrong("2555 1:1")],
    ),
    notebook(
      "a parameter hides a variable",
      ["const x = 1;", nothing],
      ["const f = (x: string) => x; f('inner')", "'inner'"],
      ["((x: number, y = x) => y)(8)", "8"],
    ),
    notebook(
      "overloads",
      [
        "function pick(a: string): string;\nfunction pick(a: number): number;\nfunction pick(a: unknown) { return a; }",
        nothing,
      ],
      ["pick(1).toFixed(1)", "'1.0'"],
      ["pick('a').toFixed(1)", wrong("2551 1:11")],
      ["pick(true)", wrong("2769 1:6")],
    ),
    notebook(
      "this",
      ["typeof this", "'undefined'", tslab("'object'", SLOPPY)],
      ["function f(this: unknown) { return this; }", nothing],
      [
        "f() === undefined",
        "true",
        tslab(
          "false",
          "tslab reads a variable of another cell as a property of `exports`, so that a call passes `exports` as `this`.",
        ),
      ],
      [
        "(f)() === undefined",
        "true",
        tslab(
          "false",
          "tslab reads a variable of another cell as a property of `exports`, so that a call passes `exports` as `this`.",
        ),
      ],
      [
        "f!() === undefined",
        "true",
        tslab(
          "false",
          "tslab reads a variable of another cell as a property of `exports`, so that a call passes `exports` as `this`.",
        ),
      ],
      [
        "(f as () => unknown)() === undefined",
        "true",
        tslab(
          "false",
          "tslab reads a variable of another cell as a property of `exports`, so that a call passes `exports` as `this`.",
        ),
      ],
      ["f.call(1)", "1", tslab("[Number: 1]", SLOPPY)],
      ["const o = { n: 2, f() { return this.n; } }; o.f()", "2"],
      ["(o.f)()", "2"],
      ["function g() { return this; }", wrong("2683 1:23")],
      ["typeof (() => this)()", "'undefined'", tslab("'object'", SLOPPY)],
    ),
    notebook(
      "arguments",
      ["function f() { return arguments.length; }", nothing],
      ["(f as (...a: number[]) => number)(1, 2, 3)", "3"],
      ["arguments", wrong("2304 1:1")],
    ),
    notebook(
      "tagged templates",
      [
        "const tag = (s: TemplateStringsArray, ...v: number[]) => s.join('|') + v;",
        nothing,
      ],
      ["tag`a${1}b`", "'a|b1'"],
    ),
    notebook(
      "optional calls",
      [
        "const f: (() => number) | undefined = Math.random() < 2 ? () => 5 : undefined;",
        nothing,
      ],
      ["f?.()", "5"],
    ),
    notebook(
      "currying and composition",
      [
        "const compose = <A, B, C>(f: (b: B) => C, g: (a: A) => B) => (a: A) => f(g(a));",
        nothing,
      ],
      ["compose((n: number) => n + 1, (s: string) => s.length)('abc')", "4"],
    ),
    notebook("callbacks in a chain over lines", [
      "[3, 1, 2]\n  .sort()\n  .map((n) => n * 2)\n  .join()",
      "'2,4,6'",
    ]),
    notebook(
      "a local variable of a nested function",
      ["function f() { let a = 1; return a; } let a = 2;", nothing],
      ["a = 3; f()", "1"],
    ),
    notebook(
      "a stack overflow",
      ["function down(): number { return 1 + down(); }", nothing],
      ["down()", throws("RangeError")],
    ),
  ],
};

export const generators: Topic = {
  title: "Generators and iteration",
  notebooks: [
    notebook(
      "a generator",
      ["function* g() { yield 1; yield 2; return 3; }", nothing],
      ["[...g()]", "[ 1, 2 ]"],
      [
        "const it = g(); it.next(); it.next(); it.next()",
        "{ value: 3, done: true }",
      ],
    ),
    notebook(
      "yield* and values sent in",
      [
        "function* inner(): Generator<string, string, number> { const n = yield 'a'; return 'got ' + n; } function* outer(): Generator<string, void, number> { yield yield* inner(); }",
        nothing,
      ],
      [
        "const o = outer(); [o.next().value, o.next(5).value]",
        "[ 'a', 'got 5' ]",
      ],
    ),
    notebook(
      "a custom iterable",
      [
        "class Range { constructor(readonly n: number) {} *[Symbol.iterator]() { for (let i = 0; i < this.n; i++) yield i; } }",
        nothing,
      ],
      ["[...new Range(3)]", "[ 0, 1, 2 ]"],
      ["const [first, , third] = new Range(5); [first, third]", "[ 0, 2 ]"],
      ["Math.max(...new Range(4))", "3"],
    ),
    notebook(
      "a value that is not iterable",
      ["[...5]", wrong("2488 1:5")],
      ["[...(5 as any)]", throws("TypeError")],
      ["yield 1", wrong("1163 1:1")],
    ),
  ],
};
