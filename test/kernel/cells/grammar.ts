/** Cells with syntax errors, newer syntax and JSX. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import {
  AUGMENTATION,
  ES2022_LIBRARY,
  ES2023_HINT,
  FOLLOWS,
  NO_JSX,
  REGULAR_EXPRESSIONS,
  TRUTHINESS,
  TYPES_TOO,
} from "./reasons";

export const grammar: Topic = {
  title: "Syntax errors",
  notebooks: [
    notebook("a name that is missing", [
      "const = 1",
      wrong("1134 1:7", "1134 1:9"),
    ]),
    notebook("a value that is missing", ["let x = ;", wrong("1109 1:9")]),
    notebook(
      "brackets",
      [
        "f(1",
        wrong("1005 1:4"),
        tslab(wrong("2304 1:1", "1005 1:4"), TYPES_TOO),
      ],
      ["[1, 2", wrong("1005 1:6")],
      ["if (true) {", wrong("1005 1:12")],
      ["}", wrong("1128 1:1")],
    ),
    notebook(
      "strings",
      ["'abc", wrong("1002 1:5")],
      ["`abc", wrong("1160 1:5")],
      [
        "/abc",
        wrong("1161 1:1"),
        tslab(
          wrong("1161 1:2"),
          "tslab is built on TypeScript 5.0, which reports the position after the slash.",
        ),
      ],
      ["/* abc", wrong("1010 1:7")],
    ),
    notebook(
      "words",
      [
        "let let = 1",
        wrong("1214 1:5", "2480 1:5"),
        tslab(
          wrong("1214 1:5"),
          "tslab is built on TypeScript 5.0, which only reports that `let` is reserved.",
        ),
      ],
      ["class enum {}", wrong("1005 1:7", "1003 1:12")],
      ["const class = 1", wrong("1389 1:7", "1005 1:13")],
      [
        "this is prose",
        wrong("1005 1:6"),
        tslab(wrong("1005 1:6", "2552 1:9"), TYPES_TOO),
      ],
    ),
    notebook("on the second line", [
      "const a = 1;\nconst b = ;\n",
      wrong("1109 2:11"),
    ]),
    notebook("grammar before types", [
      "const a: string = 1; let = ;",
      wrong("1109 1:28"),
      tslab(wrong("2322 1:7", "2304 1:22", "1109 1:28"), TYPES_TOO),
    ]),
    notebook("a shell escape", ["!ls", wrong("2304 1:2")]),
    notebook(
      "numbers",
      ["1_", wrong("6188 1:2")],
      ["3in []", wrong("1351 1:2")],
      ["0b2", wrong("1177 1:3")],
    ),
    notebook(
      "misplaced statements",
      ["continue", wrong("1104 1:1")],
      ["break", wrong("1105 1:1")],
      ["super.x", wrong("2660 1:1")],
      ["new.target", wrong("17013 1:1")],
    ),
    notebook(
      "regular expressions",
      [
        "/(/",
        wrong("1005 1:3"),
        tslab(throws("SyntaxError"), REGULAR_EXPRESSIONS),
      ],
      [
        "/a{2,1}/",
        wrong("1506 1:4"),
        tslab(throws("SyntaxError"), REGULAR_EXPRESSIONS),
      ],
      [
        "/[\\p{L}--q]/v",
        wrong("1501 1:13"),
        tslab("/[\\p{L}--q]/v", REGULAR_EXPRESSIONS),
      ],
      ["new RegExp('(')", throws("SyntaxError")],
    ),
  ],
};

export const syntax: Topic = {
  title: "Newer syntax and JSX",
  notebooks: [
    notebook("arithmetic on a literal object", [
      "({ a: 1 }) + 1",
      wrong("2365 1:1"),
    ]),
    notebook(
      "comparisons that are always false",
      ["const a = 1 as 1 | 2; (a as number) === 3", "false"],
      ["'a' === 'b'", wrong("2367 1:1")],
      ["NaN === NaN", wrong("2845 1:1")],
    ),
    notebook(
      "conditions that are always true",
      ["(/a/) ? 1 : 2", wrong("2872 1:1"), tslab("1", TRUTHINESS)],
      ["({}) ?? 1", wrong("2869 1:2"), tslab("{}", TRUTHINESS)],
    ),
    notebook("return types that do not hold", [
      "const pick = (o: any, yes: boolean): URL => yes ? new URL('http://a') : 'text';",
      wrong("2322 1:73"),
      tslab(
        wrong("2322 1:45"),
        "tslab is built on TypeScript 5.0; 5.8 and later check each branch of a returned conditional.",
      ),
    ]),
    notebook("a variable that is never set", [
      "function f() { let v: number; return () => v; } let w: number; function g() { return w; }",
      wrong("2454 1:44", "2454 1:86"),
      tslab(
        nothing,
        "tslab is built on TypeScript 5.0; 5.7 and later report a variable that is never assigned.",
      ),
    ]),
    notebook(
      "switch (true)",
      [
        "const f = (v: string | number) => { switch (true) { case typeof v === 'string': return v.length; default: return v; } };",
        nothing,
        tslab(
          wrong("2339 1:90"),
          "tslab is built on TypeScript 5.0; 5.3 and later narrow by `switch (true)`.",
        ),
      ],
      ["f('abc')", "3", tslab(wrong("2304 1:1"), FOLLOWS)],
    ),
    notebook(
      "copying array methods",
      [
        "[3, 1].toSorted()",
        "[ 1, 3 ]",
        tslab(wrong("2339 1:8"), ES2022_LIBRARY),
      ],
      ["[3, 1].at(-1)", "1"],
      [
        "Object.groupBy([1], () => 'a')",
        wrong("2550 1:8"),
        tslab(wrong("2339 1:8"), ES2023_HINT),
      ],
    ),
    notebook(
      "JSX",
      [
        "declare global { namespace JSX { interface IntrinsicElements { b: { id?: string } } } }",
        nothing,
        tslab(wrong("2552 2:9"), AUGMENTATION),
      ],
      [
        "const React = { createElement: (...parts: unknown[]) => parts };",
        nothing,
      ],
      [
        '<b id="x">text</b>',
        "[ 'b', { id: 'x' }, 'text' ]",
        tslab(
          wrong(
            "2304 1:2",
            "1005 1:4",
            "1005 1:6",
            "2365 1:7",
            "2304 1:11",
            "1161 1:17",
          ),
          NO_JSX,
        ),
      ],
      [
        '<b href="x" />',
        wrong("2322 1:4"),
        tslab(
          wrong(
            "2304 1:2",
            "1005 1:4",
            "1005 1:8",
            "2362 1:9",
            "1109 1:14",
            "1109 1:15",
          ),
          NO_JSX,
        ),
      ],
      ["const n = <number>1; n", "1"],
    ),
    notebook(
      "JSX with components",
      [
        "declare global { namespace JSX { interface IntrinsicElements { i: {} } interface Element { } } } const React = { createElement: (type: unknown, ..._: unknown[]) => (typeof type === 'function' ? type() : type) };",
        nothing,
        tslab(wrong("2552 2:9"), AUGMENTATION),
      ],
      [
        "const Tag = () => 'one' as unknown as JSX.Element;",
        nothing,
        tslab(wrong("2503 1:39"), FOLLOWS),
      ],
      [
        "<Tag />",
        "'one'",
        tslab(wrong("2304 1:2", "1005 1:6", "1161 1:7"), NO_JSX),
      ],
      [
        "let Tag = (_: { n?: number }) => 'two' as unknown as JSX.Element;",
        nothing,
        tslab(wrong("2503 1:54"), FOLLOWS),
      ],
      [
        "<Tag n={1} />",
        "'two'",
        tslab(wrong("2304 1:2", "1005 1:6", "1005 1:7", "1161 1:13"), NO_JSX),
      ],
      [
        "function Tag(_: { text: string }) { return 'three' as unknown as JSX.Element; }",
        nothing,
        tslab(wrong("2503 1:66"), FOLLOWS),
      ],
      [
        '<Tag text="t" />',
        "'three'",
        tslab(
          wrong(
            "2304 1:2",
            "1005 1:6",
            "1005 1:10",
            "2362 1:11",
            "1109 1:16",
            "1109 1:17",
          ),
          NO_JSX,
        ),
      ],
    ),
    notebook("JSX without a factory", [
      "<b />",
      wrong("7026 1:1", "2874 1:2"),
      tslab(wrong("2304 1:2", "1005 1:4", "1161 1:5"), NO_JSX),
    ]),
    notebook(
      "angle brackets that are not JSX",
      ["const id = <T,>(t: T) => t; id<string>('s')", "'s'"],
      ["1 < 2 && 3 > 2", "true"],
    ),
    notebook("class members of one name", [
      "class A { a = 1; a = 2 }",
      wrong("2300 1:18"),
    ]),
    notebook("hashbang", [
      "#!/usr/bin/env node\n1",
      "1",
      tslab(
        wrong("18026 1:1", "2362 1:2", "2304 1:12", "1005 1:16"),
        "tslab adds a line before the cell, so that the hashbang is not on the first line.",
      ),
    ]),
    notebook("HTML comments", ["1 // <!-- no -->", "1"]),
  ],
};
