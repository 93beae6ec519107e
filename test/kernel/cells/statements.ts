/** Cells that end with different kinds of statements. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import {
  DEFAULT_EXPORT,
  EXPORT_OF_ITS_OWN,
  FOLLOWS,
  LAST_EXPRESSION_NAME,
  USING,
} from "./reasons";

export const statements: Topic = {
  title: "Final statements",
  notebooks: [
    notebook("if", ["if (true) 1; else 2;", nothing]),
    notebook(
      "loops",
      ["for (let i = 0; i < 3; i++) i", nothing],
      ["let n = 3; while (n) n--;", nothing],
      ["do { n++; } while (n < 2); n", "2"],
    ),
    notebook(
      "switch",
      [
        "let s = ''; switch (2 as number) { case 1: s += 'a'; case 2: s += 'b'; case 3: s += 'c'; break; default: s += 'd'; }",
        nothing,
      ],
      ["s", "'bc'"],
    ),
    notebook(
      "try",
      [
        "let order = ''; try { order += 't'; throw 1; } catch { order += 'c'; } finally { order += 'f'; }",
        nothing,
      ],
      ["order", "'tcf'"],
    ),
    notebook(
      "throw",
      ["throw new TypeError('t')", throws("TypeError")],
      ["throw 'text'", throws("Thrown value")],
      [
        "class Own extends Error { override name = 'Own' } throw new Own('x')",
        throws("Own"),
      ],
    ),
    notebook(
      "assignments",
      ["let a = 1; a = 2", "2"],
      ["let b = 1, c = 2; [b, c] = [c, b]", "[ 2, 1 ]"],
      ["a += b", "4"],
    ),
    notebook("an expression after a declaration without semicolons", [
      "const a = 1\nconst b = [a]\nb.length",
      "1",
    ]),
    notebook("an expression, then a declaration", [
      "1 + 1; const a = 2;",
      nothing,
    ]),
    notebook("an expression, then a type", ["1 + 1; type T = number", nothing]),
    notebook("an expression, then an empty statement", ["1 + 1;;", nothing]),
    notebook(
      "a comment at the end",
      ["1 // one", "1"],
      ["2 /* two */", "2"],
      ["3\n// three\n/* 3 */", "3"],
    ),
    notebook("comments around", [
      "/* a */ const a /* b */ : /* c */ number /* d */ = /* e */ 1 /* f */ // g\na // h",
      "1",
    ]),
    notebook(
      "only comments",
      ["// nothing", nothing],
      ["/* nothing\n at all */", nothing],
      ["", nothing],
      [" \n\t\n", nothing],
      [";", nothing],
    ),
    notebook(
      "directives",
      ['"use strict"', "'use strict'"],
      [
        "'use strict'; 010",
        wrong("1121 1:15"),
        tslab(
          wrong("1085 1:15"),
          "tslab is built on TypeScript 5.0, which reports 1085 here; later versions report 1121.",
        ),
      ],
    ),
    notebook("an arrow function", [
      "(n: number) => n",
      "[Function (anonymous)]",
      tslab("[Function: tsLastExpr]", LAST_EXPRESSION_NAME),
    ]),
    notebook(
      "a function expression in parentheses, called",
      ["(function () { return 7; })()", "7"],
      ["(() => { return 8; })()", "8"],
      ["!function () { return 0; }()", "true"],
    ),
    notebook("an object literal's last member", [
      "({ a: { b: { c: 1 } } }).a.b",
      "{ c: 1 }",
    ]),
    notebook("a conditional", ["1 < 2 ? 'yes' : 'no'", "'yes'"]),
    notebook("a template over lines", ["`a\n  b`", "'a\\n  b'"]),
    notebook("Windows line ends", [
      "const a = 1;\r\nconst b = 2;\r\na + b",
      "3",
    ]),
    notebook("a label", ["outer: for (;;) { for (;;) break outer; } 1", "1"]),
    notebook("debugger", ["debugger; 1", "1"]),
    notebook(
      "exports",
      [
        "export const a = 1; export function f() { return a; }",
        nothing,
        tslab(
          wrong("2323 1:14", "2323 1:37", "2323 2:9", "2323 2:12"),
          EXPORT_OF_ITS_OWN,
        ),
      ],
      ["f()", "1", tslab(wrong("2304 1:1"), FOLLOWS)],
      ["export default 1 + 1", "2", tslab(nothing, DEFAULT_EXPORT)],
      ["export { a as b }", nothing, tslab(wrong("2304 1:10"), FOLLOWS)],
      ["export default class { x = 1 }", nothing],
      [
        "export type T = string; const t: T = 't'; export { t }; t",
        "'t'",
        tslab(wrong("2300 1:52", "2484 2:9", "2300 2:12"), EXPORT_OF_ITS_OWN),
      ],
    ),
    notebook("return", ["return 1", wrong("1108 1:1")]),
    notebook(
      "using",
      [
        "const log: string[] = []; const open = (name: string) => ({ name, [Symbol.dispose]() { log.push(name); } });",
        nothing,
      ],
      [
        "{ using a = open('a'); using b = open('b'); log.push(a.name + b.name); }",
        nothing,
        tslab(
          wrong(
            "1434 1:3",
            "2304 1:9",
            "1434 1:24",
            "2304 1:30",
            "2304 1:54",
            "2304 1:63",
          ),
          USING,
        ),
      ],
      ["log", "[ 'ab', 'b', 'a' ]", tslab("[]", FOLLOWS)],
      [
        "using c = open('c'); log.length",
        "3",
        tslab(wrong("1434 1:1", "2304 1:7"), USING),
      ],
      ["log.at(-1)", "'c'", tslab(nothing, FOLLOWS)],
    ),
    notebook(
      "await using",
      [
        "let closed = 0; const open = () => ({ n: 1, async [Symbol.asyncDispose]() { closed += 1; } });",
        nothing,
      ],
      [
        "{ await using a = open(); a.n; }",
        nothing,
        tslab(wrong("2304 1:9", "1005 1:15", "2304 1:27"), USING),
      ],
      ["closed", "1", tslab("0", FOLLOWS)],
      [
        "await using b = open(); b.n",
        "1",
        tslab(wrong("2304 1:7", "1005 1:13", "2304 1:25"), USING),
      ],
      ["closed", "2", tslab("0", FOLLOWS)],
    ),
  ],
};

export const lines: Topic = {
  title: "Lines without semicolons",
  notebooks: [
    notebook(
      "a call in a block",
      ["let n = 0; const up = () => { n++ }", nothing],
      ["if (true) {\n const x = n\n up()\n}\nn", "1"],
    ),
    notebook(
      "a call as the only statement of a branch",
      ["let n = 0; function up() { n++ }", nothing],
      ["if (n === 0) up()\nelse up()\nn", "1"],
    ),
    notebook("a bracket after a semicolon", [
      "const a = 1\nfunction f() { return a }\nlet b = a\nf()\n;[b].push(2)\nb",
      "1",
    ]),
    notebook(
      "a bracket after an import",
      ["const out: number[] = []", nothing],
      [
        'out.push(1)\nimport { sep } from "node:path"\n[2, 3].forEach((n) => out.push(n))\nout',
        "[ 1, 2, 3 ]",
      ],
    ),
    notebook(
      "a bracket after an uninitialized variable",
      ["const out: number[] = []", nothing],
      [
        "let a: number | undefined\n[2, 3].forEach((n) => out.push(n))\nout",
        "[ 2, 3 ]",
      ],
      ["let b\n;[4].forEach((n) => out.push(n))\nout", "[ 2, 3, 4 ]"],
    ),
    notebook(
      "a parenthesis after an export",
      ["const out: number[] = []", nothing],
      [
        "const a = 1\nexport { a }\n(() => out.push(4))()\nout",
        "[ 4 ]",
        tslab(wrong("2300 2:10", "2300 5:9"), EXPORT_OF_ITS_OWN),
      ],
    ),
    notebook(
      "a parenthesis after a type",
      ["let n = 0", nothing],
      ["n++\ninterface I { a: number }\n(() => { n++ })()\nn", "2"],
    ),
    notebook(
      "a continued line",
      ["const a = 1\n+ 2\na", "3"],
      ["let x = 5\nlet y = x\n++x\n;[x, y]", "[ 6, 5 ]"],
    ),
  ],
};
