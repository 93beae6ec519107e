/**
 * Tests how cells are compiled with the checker's information and the project's options: enums,
 * decorators, class fields, JSX.
 *
 * The values are those that tsc and Node give for a file with the same text.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { notebook, nothing, type Outcome } from "./cells/notebook";
import { Player } from "./cells/player";
import { ProjectFolder } from "./project-folder";

type Files = Readonly<Record<string, string | object>>;

/** Players by the project's options and files; each notebook starts without names. */
const players = new Map<string, Player>();
const folders: ProjectFolder[] = [];
after(async () => {
  for (const player of players.values()) await player.close();
  for (const folder of folders) folder.remove();
});

function playerIn(compilerOptions: object, files: Files): Player {
  const all: Files = { "tsconfig.json": { compilerOptions }, ...files };
  const key = JSON.stringify(all);
  const known = players.get(key);
  if (known) return known;
  const folder = new ProjectFolder();
  folders.push(folder);
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    const text =
      typeof content === "string" ? content : JSON.stringify(content);
    folder.write(name, text);
  }
  const player = new Player("checked", folder.path);
  players.set(key, player);
  return player;
}

/** Returns the outcomes of cells in a project with these options and files. */
function outcomes(
  compilerOptions: object,
  files: Files,
  cells: readonly string[],
): Promise<Outcome[]> {
  const texts = cells.map((source) => [source, nothing] as const);
  return playerIn(compilerOptions, files).play(notebook("cells", ...texts));
}

/** Returns the displayed text of the last cell; the cells before it must not fail. */
async function shown(
  cells: readonly string[],
  compilerOptions: object = {},
  files: Files = {},
): Promise<Outcome> {
  const found = await outcomes(compilerOptions, files, cells);
  for (const each of found.slice(0, -1)) {
    assert.ok(
      each === nothing || typeof each === "string",
      JSON.stringify(found),
    );
  }
  return found.at(-1)!;
}

describe("enums", () => {
  const base = "enum Base { First = 10 } enum Text { A = 'a' }";

  test("treat members of other enums and constants as constants", async () => {
    for (const [cells, value] of [
      [
        [
          base,
          "enum More { A = Base.First, B, C }",
          "[More.A, More.B, More.C]",
        ],
        "[ 10, 11, 12 ]",
      ],
      [
        [`${base} enum More { A = Base["First"], B } More`],
        "{ '10': 'A', '11': 'B', A: 10, B: 11 }",
      ],
      [
        [base, "enum T { A = Text.A, B = `${Text.A}b` } T"],
        "{ A: 'a', B: 'ab' }",
      ],
      [
        ["const n = 5;", "enum N { A = n, B } [N.A, N.B, N[6]]"],
        "[ 5, 6, 'B' ]",
      ],
      [["const t = 'k';", "enum N { A = t } N"], "{ A: 'k' }"],
      [
        [
          base,
          "function f() { enum In { A = Base.First, B } return In[11]; } f()",
        ],
        "'B'",
      ],
      [
        [
          base,
          "namespace Space { export enum E { A = Base.First, B } } Space.E.B",
        ],
        "11",
      ],
      [["enum E { A = 1 / 0, B = -1, C = A > 1 ? 3 : 4 } E.B"], "-1"],
      [
        ["enum E { A = 'abc'.length, B = A + 1, 'c d' = 7 } [E.A, E.B, E[7]]"],
        "[ 3, 4, 'c d' ]",
      ],
      [
        ["let base = 2;", "enum E { A = base * 2 } base = 5; E"],
        "{ '4': 'A', A: 4 }",
      ],
    ] as [string[], string][]) {
      assert.equal(await shown(cells), value, cells.join("\n"));
    }
  });

  test("from imported declarations are constants, too", async () => {
    const files = {
      "base.d.ts": "export declare enum Base { First = 10, Text = 't' }\n",
      "base.js": "exports.Base = { First: 10, Text: 't' };\n",
    };
    const cells = [
      'import { Base } from "./base"; enum E { A = Base.First, B, C = Base.Text } E',
    ];
    assert.equal(
      await shown(cells, {}, files),
      "{ '10': 'A', '11': 'B', A: 10, B: 11, C: 't' }",
    );
  });
});

describe("const enums", () => {
  const declared =
    "declare const enum Dir { Up = 1, Down, Text = 't', Less = -1 }";

  test("are inlined wherever they are used", async () => {
    for (const [cells, value] of [
      [["Dir.Down"], "2"],
      [['Dir["Up"].toFixed(1)'], "'1.0'"],
      [["let a = 5\nDir.Up.toFixed(2)"], "'1.00'"],
      [["let b = 5\nDir.Less"], "-1"],
      [["import D = Dir;", "D.Down + Dir.Up - D.Less"], "4"],
      [
        ["({ [Dir.Up]: Dir.Down, text: `${Dir.Text}` })"],
        "{ '1': 2, text: 't' }",
      ],
      [
        [
          "const f = (d: Dir = Dir.Down) => { switch (d) { case Dir.Down: return 'down'; default: return 'other'; } }; f()",
        ],
        "'down'",
      ],
      [["enum E { A = Dir.Down, B } E.B"], "3"],
      [
        ["class C { d = Dir.Up; static t = Dir.Text } [new C().d, C.t]"],
        "[ 1, 't' ]",
      ],
      [["const enum Own { X = Dir.Down, Y } Own.Y"], "3"],
      [["const enum Own { X = Dir.Down, Y }", "Own['Y']"], "3"],
      [
        [
          "namespace N { export const enum E { A = 7 } }",
          "import A = N.E;",
          "A.A",
        ],
        "7",
      ],
      [["declare namespace N { const enum E { A = 8 } }", "N.E.A"], "8"],
      [["declare global { const enum Planet { A = 9 } }", "Planet.A"], "9"],
    ] as [string[], string][]) {
      assert.equal(await shown([declared, ...cells]), value, cells.join("\n"));
    }
  });

  test("from declarations need no loadable module", async () => {
    const files = {
      "kinds.d.ts":
        "export declare const enum Kind { A = 3, B }\nexport default Kind;\nexport interface Shape { kind: Kind }\nexport declare namespace Deep { const enum X { Y = 9 } }\n",
    };
    for (const [cell, value] of [
      ['import { Kind } from "./kinds"; Kind.B', "4"],
      ['import { Kind } from "./kinds"; const f = (n: Kind) => n; f(3)', "3"],
      [
        'import { Shape, Kind as K } from "./kinds"; const s: Shape = { kind: K.A }; s',
        "{ kind: 3 }",
      ],
      ['import Kind from "./kinds"; Kind.A', "3"],
      ['import * as kinds from "./kinds"; kinds.Kind.B + kinds.Deep.X.Y', "13"],
      ['import kinds = require("./kinds"); kinds.Kind.B', "4"],
    ] as const) {
      assert.equal(await shown([cell], {}, files), value, cell);
    }
  });

  test("of a package can be used together with its values", async () => {
    const files = {
      "package.js": "exports.value = 1;\n",
      "package.d.ts":
        "export declare const enum Kind { A = 'a' }\nexport declare const value: number;\n",
    };
    for (const cell of [
      'import { Kind, value } from "./package"; [Kind.A, value]',
      'import * as all from "./package"; [all.Kind.A, all.value]',
      'import all = require("./package"); [all.Kind.A, all.value]',
    ]) {
      assert.equal(await shown([cell], {}, files), "[ 'a', 1 ]", cell);
    }
  });
});

describe("decorators", () => {
  const standard = [
    "const names: string[] = []; function register(_: Function, { name }: ClassDecoratorContext) { names.push(String(name)); }",
    "function loud(method: Function, _: ClassMethodDecoratorContext) { return function (this: unknown) { return `${method.call(this)}!`; } as any; }",
    "const twice = (_: undefined, __: ClassFieldDecoratorContext) => (n: number) => 2 * n;",
    "function fixed(_: unknown, __: ClassAccessorDecoratorContext<any, number>) { return { get: () => 42 }; }",
  ];

  test("are the standard ones by default", async () => {
    for (const options of [{}, { experimentalDecorators: false }]) {
      for (const [cell, value] of [
        ["@register class Q {} names", "[ 'Q' ]"],
        ["@register export class Q {} names", "[ 'Q' ]"],
        ["export @register class Q {} names", "[ 'Q' ]"],
        ["const Q = @register class Named {}; names", "[ 'Named' ]"],
        ["class M { @loud m() { return 'hi'; } } new M().m()", "'hi!'"],
        [
          "class F { @twice a = 4; @twice static b = 5 } [new F().a, F.b]",
          "[ 8, 10 ]",
        ],
        ["class A { @fixed accessor a = 1 } new A().a", "42"],
        ["@register class S { static self = S; } S.self === S", "true"],
      ] as const) {
        assert.equal(await shown([...standard, cell], options), value, cell);
      }
    }
  });

  test("are the experimental ones if the project enables them", async () => {
    const old =
      "const seen: unknown[] = []; function note(target: object, key: string) { seen.push([typeof target, key]); }";
    const cells = [old, "class A { @note x = 1; @note m() {} }", "seen"];
    assert.equal(
      await shown(cells, { experimentalDecorators: true }),
      "[ [ 'object', 'x' ], [ 'object', 'm' ] ]",
    );
    const [, objections] = await outcomes({}, {}, cells);
    assert.match(JSON.stringify(objections), /1240/);
  });
});

describe("emitDecoratorMetadata", () => {
  const options = {
    strict: true,
    strictPropertyInitialization: false,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const files = {
    // A replacement for the metadata functions of the package reflect-metadata.
    "reflect.js": `const all = (globalThis.convnotesTestTold ??= new Map());
      const at = (target, key) => { const id = target; if (!all.has(id)) all.set(id, {}); return (all.get(id)[String(key)] ??= {}); };
      Reflect.metadata = (name, value) => (target, key) => { at(target, key)[name] = value; };
      exports.told = (target, key) => { const found = at(target, key); return ["type", "paramtypes", "returntype"].map((each) => found["design:" + each]); };`,
    "reflect.d.ts":
      "export declare function told(target: object, key?: string): unknown[];",
    "dep.js": "exports.Dep = class Dep {}; exports.Gen = class Gen {};",
    "dep.d.ts":
      "export declare class Dep { a: 1 }\nexport declare class Gen<T> { x: T }\nexport interface Face { b: 1 }\nexport type Name = string;",
  };
  const setUp = [
    'import { told } from "./reflect"; import { Dep, Gen, type Face, type Name } from "./dep"; import * as deps from "./dep";',
    `const log: string[] = [];
    const nameOf = (value: unknown): string => Array.isArray(value) ? "(" + value.map(nameOf) + ")" : typeof value === "function" ? value.name : String(value);
    function d(target: object, key?: string, index?: unknown): any { log.push([...(typeof index === "number" ? [index] : []), ...told(target, key).filter((each) => each !== undefined).map(nameOf)].join(" ")); }
    class Local { l = 1 } enum Num { A } enum Text { A = "a" } const enum Few { A = 1 } type Alias = Local; type Union = string | number;
    namespace Space { export class In { z = 1 } }`,
  ];

  test("gives properties the run-time values of their types", async () => {
    const types = {
      Local: "Local",
      Alias: "Object",
      Dep: "Dep",
      "Gen<string>": "Gen",
      "deps.Dep": "Dep",
      "Space.In": "In",
      Face: "Object",
      Name: "String",
      Num: "Number",
      Text: "String",
      Few: "Number",
      Union: "Object",
      string: "String",
      "number[]": "Array",
      "[1, 2]": "Array",
      "readonly string[]": "Array",
      "Promise<string>": "Promise",
      "Map<string, number>": "Map",
      Date: "Date",
      "() => void": "Function",
      bigint: "BigInt",
      symbol: "Symbol",
      unknown: "Object",
      '"a" | "b"': "String",
      "string | null": "Object",
      "Local & Dep": "Object",
      never: "",
      "{ a: 1 }": "Object",
      "typeof Local": "Object",
      Own: "Own",
    };
    const members = Object.keys(types).map(
      (type, at) => `@d p${at}!: ${type};`,
    );
    const cell = `class Own { ${members.join("\n")} }`;
    assert.equal(
      await shown([...setUp, cell, 'log.join(";")'], options, files),
      `'${Object.values(types).join(";")}'`,
    );
  });

  test("respects null and undefined only if they are distinct types", async () => {
    const cell =
      'class Own { @d a!: string | null; @d b!: Local | undefined; } log.join(";")';
    const loose = { ...options, strict: false };
    assert.equal(await shown([...setUp, cell], loose, files), "'String;Local'");
    assert.equal(
      await shown([...setUp, cell], options, files),
      "'Object;Object'",
    );
  });

  test("gives classes, methods, accessors and parameters their metadata before other decorators run", async () => {
    for (const [cell, value] of [
      [
        "@d class A { constructor(a: string, private b: Local, ...c: Dep[]) {} }",
        "(String,Local,Dep)",
      ],
      [
        "class A { constructor(@d a: Local, b: number) {} }",
        "0 (Local,Number)",
      ],
      [
        "@d class A { constructor(a: Num, @d b: Face) {} }",
        "1 (Number,Object);(Number,Object)",
      ],
      ["@d class A {}", ""],
      [
        "class A { @d m(a: string, b?: Local): Promise<void> { return Promise.resolve(); } }",
        "Function (String,Local) Promise",
      ],
      ["class A { @d async m() {} }", "Function () Promise"],
      [
        "class A { @d m(this: A, @d a: Local): boolean { return true; } }",
        "0 Function (Local) Boolean;Function (Local) Boolean",
      ],
      [
        "class A { @d static m(a: any): A { return new A(); } }",
        "Function (Object) A",
      ],
      [
        "class A { @d get a(): Local { return new Local(); } set a(_: Local) {} }",
        "Local (Local)",
      ],
      ["class A { @d get a() { return 1; } }", "Object ()"],
      ["class A { @d set a(_: Num) {} }", "Number (Number)"],
      [
        "function make() { class In {} class B { @d a!: In; @d m(_: In): Local { return new Local(); } } return B; } make();",
        "In;Function (In) Local",
      ],
    ] as const) {
      assert.equal(
        await shown([...setUp, cell, 'log.join(";")'], options, files),
        `'${value}'`,
        cell,
      );
    }
  });

  test("is omitted if Reflect.metadata is missing", async () => {
    const cells = [
      "let calls = 0; function d(..._: unknown[]): any { calls += 1; }",
      "@d class A { constructor(@d a: string) {} @d m(@d b: number) {} @d p = 1 }",
      "calls",
    ];
    assert.equal(await shown(cells, options), "5");
  });
});

describe("class fields", () => {
  const row =
    "class Row { constructor(data: object) { Object.assign(this, data); } }";
  const user = "class User extends Row { name!: string; }";
  const accessor = [
    "const log: unknown[] = []; const Base: any = class { set n(value: number) { log.push(value); } };",
    "class Sub extends Base { n = 1 }",
    "[new Sub(), log.length].length + log.length",
  ];

  test("are assigned if the project or its target requires it", async () => {
    for (const options of [
      { useDefineForClassFields: false },
      { target: "es2020" },
      { target: "es2022", useDefineForClassFields: false },
    ]) {
      const name = JSON.stringify(options);
      const cells = [row, user, 'new User({ name: "Ann" }).name'];
      assert.equal(await shown(cells, options), "'Ann'", name);
      assert.equal(await shown(accessor, options), "3", name);
    }
  });

  test("are defined otherwise", async () => {
    for (const options of [
      {},
      { target: "es2022" },
      { target: "es2020", useDefineForClassFields: true },
    ]) {
      const cells = [row, user, 'new User({ name: "Ann" }).name'];
      assert.equal(await shown(cells, options), nothing);
      assert.equal(await shown(accessor, options), "2");
    }
  });
});

describe("JSX", () => {
  /** A package whose JSX elements are strings. */
  const jsx = (name: string) =>
    `const make = (by) => (type, props) => typeof type === "function" ? type(props) : type === undefined ? [].concat(props.children).join("") : by + ":<" + type + " " + Object.entries(props).filter(([key]) => key !== "children").map(([key, value]) => key + "=" + value).join(" ") + ">" + [].concat(props.children ?? []).join("") + "</" + type + ">";
    exports.jsx = exports.jsxs = make("${name}"); exports.jsxDEV = make("${name} dev"); exports.Fragment = undefined;
    exports.createElement = (type, { ...props }, ...children) => make("${name} element")(type, { ...props, children });`;
  const types = `declare const make: (type: any, props: any, ...more: any[]) => JSX.Element;
    export declare namespace JSX { type Element = string; interface IntrinsicElements { p: { class?: string; key?: string; children?: any }; b: { children?: any } } interface ElementChildrenAttribute { children: {} } }
    export { make as jsx, make as jsxs, make as jsxDEV, make as createElement };
    export declare const Fragment: any;`;
  const package_ = (name: string): Files => ({
    [`node_modules/${name}/package.json`]: { name },
    [`node_modules/${name}/index.js`]: jsx(name),
    [`node_modules/${name}/index.d.ts`]: types,
    [`node_modules/${name}/jsx-runtime.js`]:
      'module.exports = require("./index");',
    [`node_modules/${name}/jsx-runtime.d.ts`]: 'export * from "./index";',
    [`node_modules/${name}/jsx-dev-runtime.js`]:
      'module.exports = require("./index");',
    [`node_modules/${name}/jsx-dev-runtime.d.ts`]: 'export * from "./index";',
  });
  const files = { ...package_("tiny"), ...package_("react") };
  const calls =
    "const h = (type: any, props: any, ...children: any[]) => [type, props, ...children]; const Part = 'part'; declare global { namespace JSX { interface IntrinsicElements { p: { class?: string }; b: {} } } }";

  test("calls the functions named in the project's configuration", async () => {
    const automatic = { jsx: "react-jsx", jsxImportSource: "tiny" };
    for (const [options, cells, value] of [
      [automatic, ['<p class="a">hi</p>'], "'tiny:<p class=a>hi</p>'"],
      [
        automatic,
        [
          "const Item = ({ n }: { n: number }) => <b>{n}</b>;",
          "<><Item n={1} /><Item n={2} /></>",
        ],
        "'tiny:<b >1</b>tiny:<b >2</b>'",
      ],
      [
        automatic,
        ["const more = { class: 'c' };", '<p {...more} key="k" />'],
        "'tiny element:<p class=c key=k></p>'",
      ],
      [
        automatic,
        ["const n: number = await 5; <b>{n}</b>"],
        "'tiny:<b >5</b>'",
      ],
      [{ jsx: "react-jsx" }, ["<b>x</b>"], "'react:<b >x</b>'"],
      [{ jsxImportSource: "tiny" }, ["<b>x</b>"], "'tiny:<b >x</b>'"],
      [
        { jsx: "react-jsxdev", jsxImportSource: "tiny" },
        ["<b>x</b>"],
        "'tiny dev:<b >x</b>'",
      ],
      [
        { jsx: "react", jsxFactory: "h" },
        [calls, "<b>x</b>"],
        "[ 'b', null, 'x' ]",
      ],
      [
        { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Part" },
        [calls, "<>x</>"],
        "[ 'part', null, 'x' ]",
      ],
      [
        { jsx: "react", jsxFactory: "lib.h" },
        [calls, "const lib = { h };", "<b>x</b>"],
        "[ 'b', null, 'x' ]",
      ],
      [
        { jsx: "react", reactNamespace: "R" },
        [calls, "const R = { createElement: h };", "<b>x</b>"],
        "[ 'b', null, 'x' ]",
      ],
      [
        { jsx: "preserve" },
        [calls, "const React = { createElement: h };", "<b>x</b>"],
        "[ 'b', null, 'x' ]",
      ],
      [
        { jsx: "react", jsxFactory: "h" },
        [
          calls,
          "const own = (h: (...all: any[]) => unknown) => <b />; own((type) => type + '!')",
        ],
        "'b!'",
      ],
    ] as [object, string[], string][]) {
      assert.equal(
        await shown(cells, options, files),
        value,
        JSON.stringify([options, ...cells]),
      );
    }
  });

  test("calls the functions named in a comment of the cell", async () => {
    for (const [cell, value] of [
      ["/** @jsx h */ <b>x</b>", "[ 'b', null, 'x' ]"],
      ["/** @jsx h */\n/** @jsxFrag Part */\n<>x</>", "[ 'part', null, 'x' ]"],
      [
        "/**\n * @jsxRuntime classic\n * @jsx h\n */\n<b>x</b>",
        "[ 'b', null, 'x' ]",
      ],
      ["/** @jsxImportSource tiny */\n<b>x</b>", "'tiny:<b >x</b>'"],
      ["/** @jsxRuntime automatic */\n<b>x</b>", "'react:<b >x</b>'"],
    ] as const) {
      assert.equal(await shown([calls, cell], {}, files), value, cell);
    }
    assert.equal(
      await shown(
        [calls, "/** @jsxRuntime classic */\n/** @jsx h */\n<b>x</b>"],
        { jsx: "react-jsx", jsxImportSource: "tiny" },
        files,
      ),
      "[ 'b', null, 'x' ]",
    );
  });
});
