/**
 * Projects about bindings between modules: live bindings, re-exports, evaluation order, cycles,
 * type-only imports.
 */
import { type Project, packageOf, strict } from "./project";

/** Returns the text of a module that logs its evaluation. */
const logging = (name: string, before = "") =>
  `${before}import { log } from "./log.js";\nlog.push("${name}");\nexport interface ${name.toUpperCase()} { n: number }\nexport const ${name}: string = "${name}";\n`;

const log = { "log.ts": "export const log: string[] = [];\n" };

const live: readonly Project[] = [
  {
    name: "bindings: imported names are live",
    files: {
      "counter.ts":
        'export let count = 0;\nexport function inc(): void { count += 1; }\nexport { count as renamed };\nlet shown = "a";\nexport { shown as default };\nexport const show = (): void => { shown = "b"; };\n',
      "again.ts":
        'export { count as passed } from "./counter.js";\nexport * from "./counter.js";\n',
    },
    cells: [
      'import shown, { count, inc, renamed, show } from "./counter.js";\nimport { passed } from "./again.js";\nimport * as again from "./again.js";',
      "inc();\nconst read = (): number => count;",
      "inc();\nshow();\n[count, renamed, passed, again.count, read(), shown]",
    ],
  },
  {
    name: "bindings: live in CommonJS too, without endings",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
      }),
      "counter.ts":
        "export let count = 0;\nexport function inc(): number { return (count += 1); }\n",
      "middle.ts":
        'import { count, inc } from "./counter";\nexport const twice = (): number[] => [count, inc(), count, inc(), count];\nexport { count } from "./counter";\n',
    },
    entry: "ts",
    cells: [
      'import { count } from "./counter";\nimport { twice, count as passed } from "./middle";',
      "const all = twice();\n[all, count, passed]",
    ],
  },
  {
    name: "bindings: defaults, of which some are copies",
    files: {
      ...packageOf("module"),
      "expression.ts":
        "let n = 1;\nexport default n;\nexport const set = (): void => { n = 2; };\nexport const get = (): number => n;\n",
      "named.ts": "export default class {}\nexport const arrow = () => 0;\n",
    },
    cells: [
      'import copy, { set, get } from "./expression.js";\nimport Unnamed, { arrow } from "./named.js";',
      "set();\n[copy, get(), Unnamed.name, arrow.name]",
    ],
  },
];

const passedOn: readonly Project[] = [
  {
    name: "re-exports: every form",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "a.ts":
        'export default "default of a";\nexport const a = 1;\nexport const both = "a";\nexport type T = number;\nexport enum E { X = 5 }\n',
      "b.ts": 'export const both = "b";\nexport const b = 2;\n',
      "star.ts":
        'export * from "./a.js";\nexport * from "./b.js";\nexport const both = "star";\nexport * as ns from "./b.js";\nexport { default } from "./a.js";\nexport { default as named, a as "a name", type T as U } from "./a.js";\nexport type { E as OnlyType } from "./a.js";\n',
    },
    cells: [
      'import all, { a, b, both, ns, named, "a name" as quoted, type U, type OnlyType, E } from "./star.js";\nimport * as star from "./star.js";',
      "const u: U = 3;\nconst e: OnlyType = E.X;",
      "[all, a, b, both, ns.both, named, quoted, u, e, Object.keys(star).join()]",
    ],
  },
  {
    name: "re-exports: export import and namespaces that are merged",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
      }),
      "shapes.ts":
        "export function area(n: number): number { return n * area.factor; }\nexport namespace area { export const factor = 3; export namespace Inner { export let deep = 1; } }\nexport class Box { static of(n: number): Box { return new Box(n); } constructor(readonly n: number) {} }\nexport namespace Box { export interface Options { a: number } export const unit = new Box(1); }\nexport enum Color { Red, Green }\nexport namespace Color { export const parse = (text: string): Color => Color[text as 'Red']; }\nexport import Deep = area.Inner;\n",
      "augment.ts":
        'import { Box } from "./shapes";\ndeclare module "./shapes" { interface Box { twice(): number } }\nBox.prototype.twice = function (): number { return this.n * 2; };\ndeclare global { var ambient: number; }\nglobalThis.ambient = 9;\n',
    },
    entry: "ts",
    cells: [
      'import "./augment";\nimport { area, Box, Color, Deep } from "./shapes";',
      "Deep.deep += 1;\nnamespace Here { export const a = area(2); }\nnamespace Here { export const b = a + 1; }",
      '[area(2), Box.unit.twice(), Box.of(4).n, Color.parse("Green"), area.Inner.deep, Here, ambient]',
    ],
  },
];

const order: readonly Project[] = [
  {
    name: "order: modules run once, depth first, whoever imports them",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      ...log,
      "a.ts": logging("a", 'import "./c.js";\nimport "./b.js";\n'),
      "b.ts": logging("b", 'import "./c.js";\n'),
      "c.ts": logging("c"),
    },
    cells: [
      'import "./b.js";\nimport { a } from "./a.js";\nimport { log } from "./log.js";',
      'await import("./c.js");\nconst again = await import("./" + "a.js");',
      'import * as same from "./a.js";\n[a, log, again === same]',
    ],
  },
  {
    name: "order: modules that await, beside each other",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      ...log,
      "slow.ts":
        'import { log } from "./log.js";\nlog.push("slow begins");\nawait new Promise((resolve) => setTimeout(resolve, 30));\nlog.push("slow ends");\nexport const slow = 1;\n',
      "quick.ts":
        'import { log } from "./log.js";\nlog.push("quick");\nexport const quick = 2;\n',
      "both.ts":
        'import { slow } from "./slow.js";\nimport { quick } from "./quick.js";\nimport { log } from "./log.js";\nlog.push("both");\nexport const sum: number = slow + quick;\n',
    },
    cells: [
      'import { sum } from "./both.js";\nimport { log } from "./log.js";\n[sum, log]',
    ],
  },
  {
    name: "order: a cycle of ES modules",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "even.ts":
        'import { isOdd, later } from "./odd.js";\nexport function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }\nexport const limit = 10;\nexport const seen: () => number = later;\nexport class Base { static known = 1; }\n',
      "odd.ts":
        'import { isEven, limit } from "./even.js";\nexport function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); }\nexport const later = (): number => limit;\nexport let early = "";\ntry { early = String(limit); } catch (error) { early = (error as Error).name; }\n',
    },
    cells: [
      'import { isEven, seen } from "./even.js";\nimport { early, isOdd } from "./odd.js";\n[isEven(6), isOdd(6), seen(), early]',
    ],
  },
  {
    name: "order: a cycle in CommonJS",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
      }),
      "even.ts":
        'import { isOdd, early } from "./odd";\nexport function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }\nexport const limit = 10;\nexport const told: string = early;\n',
      "odd.ts":
        'import { isEven, limit } from "./even";\nexport function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); }\nexport const early: string = typeof isEven + " " + String(limit);\n',
    },
    entry: "ts",
    cells: [
      'import { isEven, told } from "./even";\nimport { isOdd } from "./odd";\n[isEven(6), isOdd(6), told]',
    ],
  },
  {
    name: "order: an import that types alone need is not run",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      ...log,
      "a.ts": logging("a"),
      "b.ts": logging("b"),
      "c.ts": logging("c"),
      "helper.ts":
        'import { A } from "./a.js";\nimport { b, B } from "./b.js";\nexport const n = (it: A & B): number => it.n + b.length;\n',
    },
    cells: [
      'import { n } from "./helper.js";\nimport { log } from "./log.js";\nimport { C } from "./c.js";',
      "const c: C = { n: 1 };\n[n(c), log]",
    ],
  },
  {
    name: "order: verbatimModuleSyntax keeps every import",
    files: {
      ...strict("nodenext", { verbatimModuleSyntax: true }),
      ...packageOf("module"),
      ...log,
      "a.ts": logging("a"),
      "b.ts": logging("b"),
      "helper.ts":
        'import { type A } from "./a.js";\nimport type { B } from "./b.js";\nexport const n = (it: A & B): number => it.n;\n',
    },
    cells: [
      'import { n } from "./helper.js";\nimport { log } from "./log.js";\n[n({ n: 1 }), log]',
    ],
  },
  {
    name: "order: a module that throws",
    files: {
      ...packageOf("module"),
      "boom.ts":
        'export const n: number = 1;\nthrow new RangeError("boom " + n);\n',
      "helper.ts": 'export { n } from "./boom.js";\n',
    },
    cells: ['import { n } from "./helper.js";\nn'],
  },
];

/** All projects of this file. */
export const bindings: readonly Project[] = [...live, ...passedOn, ...order];
