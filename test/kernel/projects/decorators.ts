/**
 * Decorators: the standard's and TypeScript's older ones, and what they are told of types.
 */
import { type Project, packageOf, strict } from "./project";

/** Keeps metadata as the package `reflect-metadata` does, as far as it is needed here. */
const metadata = `const kept = new WeakMap<object, Map<string, unknown>>();
const of = (target: object, key = "") => {
  const all = kept.get(target) ?? new Map<string, unknown>();
  kept.set(target, all);
  return { all, key };
};
Object.assign(Reflect, {
  metadata: (name: string, value: unknown) => (target: object, key?: string) => {
    of(target).all.set(name + ":" + String(key), value);
  },
  getMetadata: (name: string, target: object, key?: string) => of(target).all.get(name + ":" + String(key)),
});
declare global {
  namespace Reflect {
    function getMetadata(name: string, target: object, key?: string): unknown;
  }
}
export {};
`;

const standard: readonly Project[] = [
  {
    name: "decorators: standard ones, without a configuration",
    files: {
      "h.ts":
        'export const seen: string[] = [];\nexport function m(_: unknown, c: { kind: string; name: string | symbol | undefined }): void { seen.push(c.kind + " " + String(c.name)); }\n@m export class A { @m x = 1; @m accessor y = 2; @m f() {} @m static s = 3; @m get g() { return 4; } @m set g(_: number) {} }\n',
    },
    cells: [
      'import { A, m, seen } from "./h.js";',
      "const names: string[] = [];\nfunction reg(v: Function, c: ClassDecoratorContext) { names.push(String(c.name)); }",
      "@reg @m class Q { @m own = 1; }\nnew A();\n[names, seen]",
    ],
  },
];

const older: readonly Project[] = [
  {
    name: "decorators: older ones in a helper and in a cell",
    files: {
      ...strict("nodenext", { experimentalDecorators: true }),
      "h.ts":
        'export const seen: string[] = [];\nexport function m(t: object, k?: string, d?: unknown): void { seen.push(typeof t + " " + k + " " + typeof d); }\nexport class A { @m x = 1; @m f(): void {} @m static s = 2; }\n',
    },
    cells: [
      'import { A, m, seen } from "./h.js";',
      "class B { @m x = 1; @m f(): void {} @m get g(): number { return 1; } }",
      "[new A().x, new B().x, seen]",
    ],
  },
  {
    name: "decorators: metadata of types",
    files: {
      ...strict("nodenext", {
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      }),
      ...packageOf("module"),
      "reflect.ts": metadata,
      "h.ts":
        'import "./reflect.js";\nexport function d(_: object, __?: string): void {}\nexport class Engine { cylinders = 4; }\nexport class Car { @d engine!: Engine; @d start(_: string, __: Engine): number { return 1; } }\n',
    },
    cells: [
      'import { Car, d, Engine } from "./h.js";',
      "class Van { @d engine!: Engine; @d names!: string[]; @d load(_: number, __: Engine): Date { return new Date(); } }",
      'const told = (name: string, type: Function, key: string): unknown => Reflect.getMetadata(`design:${name}`, type.prototype as object, key);\n[told("type", Car, "engine") === Engine, told("paramtypes", Car, "start"), told("returntype", Car, "start"), told("type", Van, "engine") === Engine, told("type", Van, "names"), told("paramtypes", Van, "load"), told("returntype", Van, "load")]',
    ],
  },
  {
    name: "decorators: a field that one turns into an accessor",
    files: {
      ...strict("nodenext", {
        experimentalDecorators: true,
        useDefineForClassFields: false,
      }),
      "h.ts":
        'export const changes: string[] = [];\nexport function watched(t: object, k: string): void {\n  Object.defineProperty(t, k, {\n    get(this: Record<string, unknown>) { return this["_" + k]; },\n    set(this: Record<string, unknown>, value: unknown) { this["_" + k] = value; changes.push(`${k} = ${String(value)}`); },\n  });\n}\nexport class A { @watched n = 1; }\n',
    },
    cells: [
      'import { A, changes, watched } from "./h.js";',
      "class B { @watched n = 2; }\nconst b = new B();\nb.n = 3;\n[Object.keys(new A()), Object.keys(b), changes]",
    ],
  },
];

/** All of them. */
export const decorators: readonly Project[] = [...standard, ...older];
