/**
 * Projects about decorators: ECMAScript decorators, TypeScript's experimental ones, and their type
 * metadata.
 */
import { type Project, packageOf, strict } from "./project";

/** Stores metadata like the package `reflect-metadata`, as far as needed here. */
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

const newer: readonly Project[] = [
  {
    name: "decorators: standard ones of every kind, one class in a helper and in a cell",
    files: {
      ...strict("nodenext", { experimentalDecorators: false }),
      ...packageOf("module"),
      "h.ts":
        'export const log: string[] = [];\nexport function twice<T>(_: undefined, c: ClassFieldDecoratorContext<T, number>): (n: number) => number { c.addInitializer(function () { log.push(`field ${String(c.name)}`); }); return (n) => n * 2; }\nexport function loud<T, A extends unknown[]>(f: (this: T, ...a: A) => string, c: ClassMethodDecoratorContext): (this: T, ...a: A) => string { return function (...a) { return f.apply(this, a).toUpperCase() + String(c.name) + c.static + c.private; }; }\nexport function clamp<T>(t: ClassAccessorDecoratorTarget<T, number>, _: ClassAccessorDecoratorContext<T, number>): ClassAccessorDecoratorResult<T, number> { return { get() { return t.get.call(this); }, set(n) { t.set.call(this, Math.min(n, 10)); }, init: (n) => n + 1 }; }\nexport function named<C extends new (...a: any[]) => object>(Class: C, c: ClassDecoratorContext<C>): C { c.addInitializer(function () { log.push(`class ${c.name}`); }); return class extends Class { extra = 1; }; }\n@named export class A { @twice n = 2; @clamp accessor m = 3; @loud #p(): string { return "p"; } @loud static s(): string { return "s"; } p(): string { return this.#p(); } }\n',
    },
    cells: [
      'import { A, clamp, log, loud, named, twice } from "./h.js";',
      '@named class B { @twice n = 2; @clamp accessor m = 3; @loud #p(): string { return "p"; } @loud static s(): string { return "s"; } p(): string { return this.#p(); } }',
      "const told = (made: A | B): unknown[] => { made.m = 50; return [made.n, made.m, made.p(), Object.keys(made)]; };\n[told(new A()), told(new B()), A.s(), B.s(), log]",
    ],
  },
  {
    name: "decorators: metadata of standard ones",
    files: {
      ...strict("nodenext", { lib: ["es2022", "esnext.decorators"] }),
      ...packageOf("module"),
      "shim.ts":
        '(Symbol as { metadata?: symbol }).metadata ??= Symbol("Symbol.metadata");\n',
      "h.ts":
        'import "./shim.js";\nexport function tag(_: unknown, c: DecoratorContext): void { c.metadata[String(c.name)] = c.kind; }\n@tag export class A { @tag n = 1; @tag f(): void {} }\n',
    },
    cells: [
      'import { A, tag } from "./h.js";\nclass B extends A { @tag own = 1; }',
      "const told = (type: Function): unknown => { const all = type[Symbol.metadata]; return [Object.keys(all ?? {}), all?.n]; };\n[told(A), told(B)]",
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
    name: "decorators: older ones of parameters and classes, in their order",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: false,
      }),
      "h.ts":
        'export const log: string[] = [];\nexport const on = (name: string) => { log.push(`read ${name}`); return (_: object, key?: string | symbol, at?: unknown): void => { log.push(`${name} ${String(key)} ${typeof at}`); }; };\n@on("class") export class A { constructor(@on("first") readonly n: number) {} @on("method") f(@on("parameter") _: number): void {} @on("field") g = 1; }\nexport function sealed<C extends new (...a: any[]) => object>(Class: C): C { return class extends Class { sealed = true; }; }\n',
    },
    entry: "ts",
    cells: [
      'import { log, on, sealed } from "./h";',
      "const before = log.length;\nlog.length = 0;",
      '@sealed @on("class") class B { constructor(@on("first") readonly n: number) {} @on("method") f(@on("parameter") _: number): void {} @on("field") g = 1; }',
      "[before, log, Object.keys(new B(1))]",
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

/** All projects of this file. */
export const decorators: readonly Project[] = [...standard, ...newer, ...older];
