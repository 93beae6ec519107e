/**
 * Helpers that are ES modules or CommonJS: `import.meta`, await at the top level, packages with `import` alone, live bindings.
 */
import { type Project, packageOf, strict } from "./project";

const esModules: readonly Project[] = [
  {
    name: "ES modules: import.meta in helpers, without a configuration",
    files: {
      "deep/h.ts":
        'import { basename } from "node:path";\nimport { readFileSync } from "node:fs";\nexport const here: string = import.meta.url.split("/").slice(-2)[0] ?? "";\nexport const folder: string = basename(import.meta.dirname);\nexport const file: boolean = import.meta.filename.startsWith(import.meta.dirname);\nexport const text: string = readFileSync(new URL("x.txt", import.meta.url), "utf8");\nexport const other: string = import.meta.resolve("./x.txt").slice(-10);\n',
      "deep/x.txt": "told",
    },
    cells: [
      'import { here, folder, file, text, other } from "./deep/h.js";\n[here, folder, file, text, other, import.meta.resolve("./x.txt") === new URL("x.txt", import.meta.url).href]',
    ],
  },
  {
    name: "ES modules: await at the top level, direct and deep",
    files: {
      ...strict("nodenext"),
      ...packageOf("module"),
      "direct.ts": "export const v: number = await Promise.resolve(3);\n",
      "deep.ts": 'export { v } from "./middle.js";\n',
      "middle.ts":
        'import { v as inner } from "./direct.js";\nexport const v: number = inner + 1;\n',
    },
    cells: [
      'import { v } from "./deep.js";\nimport { v as direct } from "./direct.js";\n[v, direct, (await import("./middle.js")).v]',
    ],
  },
  {
    name: "ES modules: a package with import alone, in a helper",
    files: {
      "node_modules/modern/package.json": {
        name: "modern",
        exports: { ".": { types: "./index.d.mts", import: "./index.mjs" } },
      },
      "node_modules/modern/index.mjs":
        'export const modern = "yes";\nexport default 1;\n',
      "node_modules/modern/index.d.mts":
        "export declare const modern: string;\ndeclare const one: number;\nexport default one;\n",
      "h.ts":
        'import one, { modern } from "modern";\nexport const all: unknown[] = [one, modern];\nexport const later = async (): Promise<string> => (await import("modern")).modern;\n',
      ...strict("nodenext"),
      ...packageOf("module"),
    },
    cells: ['import { all, later } from "./h.js";\n[...all, await later()]'],
  },
];

const bindings: readonly Project[] = [
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
];

/** All of them. */
export const formats: readonly Project[] = [...esModules, ...bindings];
