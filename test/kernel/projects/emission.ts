/**
 * What is written for a file: constants of enums, class fields.
 */
import { type Project, packageOf, strict } from "./project";

const enums: readonly Project[] = [
  {
    name: "enums: members of other enums and constants, across files",
    files: {
      ...strict("nodenext"),
      "base.ts":
        'export enum Base { First = 10 }\nexport enum Text { A = "a", B = `${A}b` }\nexport const three = 3;\nexport const word = "w";\n',
      "more.ts":
        'import { Base, Text, three, word } from "./base.js";\nexport enum More { A = Base.First, B, C = three, D }\nexport enum Named { X = Text.A, Y = Text.B, Z = word }\n',
    },
    cells: [
      'import { More, Named } from "./more.js";\nimport { Base, Text, three } from "./base.js";',
      "enum Here { A = Base.First, B, C = three << 1, D }\nenum Names { X = Text.B, Y = Named.Z }",
      "[More.A, More.B, More.C, More.D, Object.keys(Named), Here.A, Here.B, Here.C, Here.D, Object.entries(Names)]",
    ],
  },
  {
    name: "enums: const enums of declarations and of files",
    files: {
      ...strict("nodenext"),
      "node_modules/kinds/package.json": {
        name: "kinds",
        types: "./kinds.d.ts",
        main: "./kinds.js",
      },
      "node_modules/kinds/kinds.js": "exports.used = 1;\n",
      "node_modules/kinds/kinds.d.ts":
        "export declare const enum Dir { Up = 1, Down }\ndeclare const enum Other { Left = 5 }\nexport default Other;\nexport declare const used: number;\n",
      "local.d.ts": "export declare const enum Kind { One = 11, Two }\n",
      "own.ts": "export const enum Own { A = 21, B = A * 2 }\n",
      "helper.ts":
        'import { Dir } from "kinds";\nimport { Kind } from "./local.js";\nimport { Own } from "./own.js";\nexport const all: number[] = [Dir.Down, Kind.Two, Own.B];\n',
    },
    cells: [
      'import { Dir, used } from "kinds";\nimport * as kinds from "kinds";\nimport { Kind } from "./local.js";\nimport { Own } from "./own.js";\nimport { all } from "./helper.js";',
      "declare const enum Cell { A = 31, B }\nconst same = (kind: Kind) => kind;",
      "[Dir.Down, kinds.Dir.Up, used, Kind.One, same(Kind.Two), Own.A, all, Cell.B]",
    ],
  },
];

const rows =
  "class Row { constructor(d: object) { Object.assign(this, d); } }\nclass User extends Row { name!: string; }";

const fields: readonly Project[] = [
  {
    name: "fields: useDefineForClassFields false",
    files: {
      ...strict("nodenext", { useDefineForClassFields: false }),
      "helper.ts": `${rows}\nexport const helped: string = new User({ name: "Ann" }).name;\n`,
    },
    cells: [
      rows,
      'import { helped } from "./helper.js";\n[new User({ name: "Ann" }).name, helped]',
    ],
  },
  {
    name: "fields: of target es2020",
    files: {
      ...strict("esnext", { target: "es2020", moduleResolution: "bundler" }),
      ...packageOf("module"),
      "helper.ts": `${rows}\nexport const helped: string = new User({ name: "Ann" }).name;\n`,
    },
    cells: [
      'import { helped } from "./helper.js";',
      rows,
      '[new User({ name: "Ann" }).name, helped]',
    ],
  },
];

/** All of them. */
export const emission: readonly Project[] = [...enums, ...fields];
