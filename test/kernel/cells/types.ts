/** Cells with types, inference, narrowing, enums and namespaces. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { AUGMENTATION, FOLLOWS, NAMESPACE_FORGOTTEN } from "./reasons";

export const types: Topic = {
  title: "Types",
  notebooks: [
    notebook(
      "an interface of an earlier cell",
      ["interface I { a: number }", nothing],
      ["const i: I = { a: 1 }; i.a", "1"],
      [
        "const j: I = { a: 1, b: 2 };",
        wrong("2353 1:22"),
        tslab(
          wrong("2322 1:22"),
          "tslab is built on TypeScript 5.0, which reports 2322 here; since 5.1 it is 2353.",
        ),
      ],
      ["const k: I = {};", wrong("2741 1:7")],
    ),
    notebook(
      "derived types",
      ["type A = { a: 1 }", nothing],
      ["type B = A & { b: 2 }; const b: B = { a: 1, b: 2 }; b.b", "2"],
      ["const c: B = { a: 1, b: 3 };", wrong("2322 1:22")],
    ),
    notebook(
      "typeof and keyof",
      ["let a = { b: 1 };", nothing],
      ["const c: typeof a = { b: 2 }; c.b", "2"],
      ["const k: keyof typeof a = 'z';", wrong("2322 1:7")],
    ),
    notebook(
      "generic functions",
      ["const id = <T>(t: T): T => t;", nothing],
      ['id("x").length', "1"],
      ["id<number>('x')", wrong("2345 1:12")],
      ["const idNumber = id<number>; idNumber(3)", "3"],
    ),
    notebook(
      "constraints and defaults",
      [
        "function longest<T extends { length: number }>(a: T, b: T): T { return a.length >= b.length ? a : b; }",
        nothing,
      ],
      ["longest('ab', 'c')", "'ab'"],
      ["longest(1, 2)", wrong("2345 1:9")],
    ),
    notebook(
      "conditional, mapped and template types",
      [
        "type Element<T> = T extends (infer E)[] ? E : never; type Getters<T> = { [K in keyof T & string as `get${Capitalize<K>}`]: () => T[K] };",
        nothing,
      ],
      [
        "const e: Element<string[]> = 'x'; const g: Getters<{ size: number }> = { getSize: () => 4 }; g.getSize()",
        "4",
      ],
      ["const bad: Element<string[]> = 1;", wrong("2322 1:7")],
    ),
    notebook(
      "as const, satisfies, !",
      [
        "const c = { a: 1, b: [1, 2] } as const satisfies Record<string, unknown>;",
        nothing,
      ],
      ["c.b.length", "2"],
      ["const two: 2 = c.b.length;", nothing],
      ["({ a: 'x' }) satisfies Record<string, number>", wrong("2322 1:4")],
      ["(c as { a: number }).a! + 1", "2"],
      ["const n = <number>(1 as unknown); n", "1"],
    ),
    notebook(
      "guards",
      [
        "type Shape = { kind: 'square'; side: number } | { kind: 'circle'; radius: number }; const isText = (v: unknown): v is string => typeof v === 'string';",
        nothing,
      ],
      [
        "const area = (s: Shape): number => { switch (s.kind) { case 'square': return s.side ** 2; case 'circle': return Math.round(Math.PI * s.radius ** 2); } };",
        nothing,
      ],
      [
        "[area({ kind: 'square', side: 2 }), area({ kind: 'circle', radius: 1 })]",
        "[ 4, 3 ]",
      ],
      [
        "['a', 1, 'b'].filter(isText).map((s) => s.toUpperCase())",
        "[ 'A', 'B' ]",
      ],
      ["const r = (s: Shape) => s.radius;", wrong("2339 1:27")],
    ),
    notebook(
      "assertion functions",
      [
        "function assertNumber(v: unknown): asserts v is number { if (typeof v !== 'number') throw new TypeError('no number'); }",
        nothing,
      ],
      ["const v: unknown = 5; assertNumber(v); v.toFixed(1)", "'5.0'"],
      [
        "const w: unknown = 'x'; assertNumber(w); w.toFixed(1)",
        throws("TypeError"),
      ],
    ),
    notebook(
      "inferred predicates",
      ["const present = [1, null, 3].filter((n) => n !== null);", nothing],
      [
        "present.map((n) => n.toFixed(1))",
        "[ '1.0', '3.0' ]",
        tslab(
          wrong("18047 1:20"),
          "tslab is built on TypeScript 5.0; 5.5 and later infer the predicate.",
        ),
      ],
    ),
    notebook(
      "narrowing in closures",
      [
        "function f(s?: string) { s ??= 'none'; return [1].map(() => s.length)[0]; }",
        nothing,
        tslab(
          wrong("18048 1:61"),
          "tslab is built on TypeScript 5.0; 5.4 and later preserve narrowing in closures after the last assignment.",
        ),
      ],
      ["f()", "4", tslab(wrong("2304 1:1"), FOLLOWS)],
    ),
    notebook(
      "NoInfer",
      [
        "declare function choose<T extends string>(all: T[], first: NoInfer<T>): void;",
        nothing,
        tslab(
          wrong("2304 1:60"),
          "tslab is built on TypeScript 5.0, and NoInfer was added in 5.4.",
        ),
      ],
      [
        "type Choose = typeof choose; const never: Choose | undefined = undefined; never",
        nothing,
        tslab(wrong("2304 1:22"), FOLLOWS),
      ],
    ),
    notebook(
      "const type parameters",
      [
        "const tuple = <const T extends readonly unknown[]>(t: T): T => t;",
        nothing,
      ],
      ["const [one] = tuple([1, 'a']); const exact: 1 = one; exact", "1"],
    ),
    notebook(
      "unknown, never, any",
      ["const u: unknown = 1; u.toFixed()", wrong("18046 1:23")],
      ["const f = (a) => a", wrong("7006 1:12")],
      ["const n: never = 1;", wrong("2322 1:7")],
      ["const anything: any = { a: { b: 1 } }; anything.a.b.c", nothing],
    ),
    notebook(
      "null and undefined",
      ["let s: string = null", wrong("2322 1:5")],
      [
        "const m = new Map<string, number>(); m.get('a') + 1",
        wrong("2532 1:38"),
      ],
      ["(m.get('a') ?? 0) + 1", wrong("2304 1:2")],
    ),
    notebook(
      "invalid calls",
      ["Math.sqrt('4')", wrong("2345 1:11")],
      ["Math.pow(1)", wrong("2554 1:6")],
      ["(1)()", wrong("2349 1:1")],
      ["new Math()", wrong("2351 1:5")],
    ),
    notebook(
      "unknown names",
      ["nowhere", wrong("2304 1:1")],
      ["({ a: 1 }).b", wrong("2339 1:12")],
      ["const q: Nowhere = 1", wrong("2304 1:10")],
      ["const length = 1; lenght", wrong("2552 1:19")],
    ),
    notebook(
      "several errors, in order",
      ["const a: string = 1;\n\n  nowhere", wrong("2322 1:7", "2304 3:3")],
      ['const a = "\u{1F600}";\n  const size: number = a;', wrong("2322 2:9")],
    ),
    notebook(
      "ts-expect-error and ts-ignore",
      ["// @ts-expect-error\nconst a: number = 'x';\na", "'x'"],
      ["// @ts-ignore\nconst b: number = 'x';", nothing],
      ["// @ts-expect-error\nconst c: number = 1;", wrong("2578 1:1")],
    ),
    notebook(
      "global augmentations",
      [
        "declare global { interface Array<T> { second(): T } }",
        nothing,
        tslab(wrong("2552 2:9"), AUGMENTATION),
      ],
      [
        "Array.prototype.second = function () { return this[1]; };",
        "[Function (anonymous)]",
        tslab(wrong("2339 1:17"), FOLLOWS),
      ],
      [
        "[1, 2].second().toFixed(1)",
        "'2.0'",
        tslab(wrong("2339 1:8"), FOLLOWS),
      ],
      ["delete (Array.prototype as { second?: unknown }).second", "true"],
    ),
  ],
};

export const enumsAndNamespaces: Topic = {
  title: "Enums and namespaces",
  notebooks: [
    notebook(
      "enums",
      ["enum E { A = 5, B, C = 'c' }", nothing],
      ["[E.A, E.B, E.C, E[5]]", "[ 5, 6, 'c', 'A' ]"],
      ["const e: E = E.A; e", "5"],
      ["const f: E = 99;", wrong("2322 1:7")],
      ["Object.keys(E)", "[ '5', '6', 'A', 'B', 'C' ]"],
    ),
    notebook(
      "a const enum",
      ["const enum C { X = 7, Y = X * 2 }", nothing],
      ["C.Y", "14"],
    ),
    notebook(
      "an enum with computed members",
      [
        "const base = 3; enum F { A = base, B = 'xyz'.length, C = A | 4 }",
        nothing,
      ],
      ["[F.A, F.B, F.C]", "[ 3, 3, 7 ]"],
    ),
    notebook(
      "namespaces",
      [
        "namespace N { export const a = 1; export const b = a + 1; export namespace M { export const c = b + 1 } const hidden = 1; }",
        nothing,
      ],
      ["[N.a, N.M.c]", "[ 1, 3 ]"],
      [
        "N.hidden",
        wrong("2339 1:3"),
        tslab(wrong("2304 1:1"), NAMESPACE_FORGOTTEN),
      ],
      [
        "import M = N.M; M.c",
        "3",
        tslab(
          wrong("2303 1:1", "2304 1:12"),
          "tslab keeps the declaration of a namespace for the next cell only, so that the alias refers to itself.",
        ),
      ],
    ),
    notebook(
      "merged with a function, a class, an enum",
      [
        "function f() { return f.count; } namespace f { export let count = 4; }",
        nothing,
      ],
      ["f.count += 1; f()", "5"],
      [
        "class A { kind: A.Kind = 'x' } namespace A { export type Kind = 'x' | 'y'; export const all: Kind[] = ['x', 'y']; }",
        nothing,
      ],
      ["new A().kind + A.all.length", "'x2'"],
      [
        "enum Level { Low, High } namespace Level { export const top = () => Level.High; }",
        nothing,
      ],
      ["Level.top()", "1"],
    ),
    notebook(
      "with only types",
      [
        "namespace T { export type Id = number; export interface Named { name: string } }",
        nothing,
      ],
      ["const id: T.Id = 3; id", "3"],
      ["T", wrong("2708 1:1"), tslab(wrong("2304 1:1"), NAMESPACE_FORGOTTEN)],
    ),
  ],
};
