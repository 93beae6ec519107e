/** Cells with exports and ambient declarations. */
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
  DEFAULT_EXPORT,
  ES_MODULE,
  EXPORT_OF_ITS_OWN,
  FOLLOWS,
} from "./reasons";

export const exported: Topic = {
  title: "Exports and ambient declarations",
  notebooks: [
    notebook(
      "exported declarations",
      [
        "export const a = 1, b = 2; export let { c } = { c: 3 };",
        nothing,
        tslab(
          wrong(
            "2323 1:14",
            "2323 1:21",
            "2323 1:41",
            "2323 2:9",
            "2323 2:12",
            "2323 2:15",
          ),
          EXPORT_OF_ITS_OWN,
        ),
      ],
      [
        "[a, b, c]",
        "[ 1, 2, 3 ]",
        tslab(wrong("2304 1:2", "2304 1:5", "2304 1:8"), FOLLOWS),
      ],
      [
        "export function f() { return a; } export async function g() { return b; }",
        nothing,
        tslab(
          wrong(
            "2323 1:17",
            "2304 1:30",
            "2323 1:57",
            "2304 1:70",
            "2323 2:9",
            "2323 2:12",
          ),
          EXPORT_OF_ITS_OWN,
        ),
      ],
      [
        "[f(), await g()]",
        "[ 1, 2 ]",
        tslab(wrong("2304 1:2", "2304 1:13"), FOLLOWS),
      ],
      [
        "export class A { n = f(); } export abstract class B { static m = 5; }",
        nothing,
        tslab(
          wrong("2323 1:14", "2304 1:22", "2323 1:51", "2323 2:9", "2323 2:12"),
          EXPORT_OF_ITS_OWN,
        ),
      ],
      ["new A().n + B.m", "6", tslab(wrong("2304 1:5", "2304 1:13"), FOLLOWS)],
      [
        "export enum E { X = 4 } export const enum C { Y = 5 } export namespace N { export const z = 6; }",
        nothing,
        tslab(wrong("2484 2:9", "2484 2:12", "2484 2:15"), EXPORT_OF_ITS_OWN),
      ],
      [
        "[E.X, C.Y, N.z]",
        "[ 4, 5, 6 ]",
        tslab(wrong("2304 1:2", "2304 1:7", "2304 1:12"), FOLLOWS),
      ],
      [
        "export interface I { i: number } export type T = I['i'];",
        nothing,
        tslab(wrong("2484 2:9", "2484 2:12"), EXPORT_OF_ITS_OWN),
      ],
      ["const t: T = 9; t", "9", tslab(wrong("2304 1:10"), FOLLOWS)],
    ),
    notebook(
      "default exports",
      ["export default function named() { return 1; }", nothing],
      ["named()", "1"],
      ["export default class Named { n = 2 }", nothing],
      [
        "new Named().n",
        "2",
        tslab(
          throws("ReferenceError"),
          "tslab's declarations contain the default exports of two cells, and no variable for the second.",
        ),
      ],
      ["export default { a: 1 }", "{ a: 1 }", tslab(nothing, DEFAULT_EXPORT)],
      ["export default 1; 2", "2"],
      ["export default interface I { a: number }", nothing],
      [
        "const i: I = { a: 3 }; i",
        "{ a: 3 }",
        tslab(
          wrong("2304 1:10"),
          "tslab does not keep a default-exported type.",
        ),
      ],
    ),
    notebook(
      "export lists",
      [
        "const a = 1; let b = 2; export { a, b as renamed };",
        nothing,
        tslab(wrong("2300 1:34", "2300 2:9"), EXPORT_OF_ITS_OWN),
      ],
      ["a + b", "3", tslab(wrong("2304 1:1", "2304 1:5"), FOLLOWS)],
      ["export {}; a", "1", tslab(wrong("2304 1:12"), FOLLOWS)],
      ["export { nowhere }", wrong("2304 1:10")],
    ),
    notebook(
      "export *",
      ['export * from "only-esm"', nothing, tslab(throws("Error"), ES_MODULE)],
      ['export * as ns from "node:path"', wrong("2498 1:21")],
    ),
    notebook("export =", ["const a = 1; export = a", wrong("1203 1:14")]),
    notebook(
      "ambient names",
      [
        "declare const ambient: number; declare function far(): void; declare class Far {}",
        nothing,
      ],
      ["type A = typeof ambient; const n: A = 1; n", "1"],
    ),
    notebook("an ambient module", [
      'declare module "virtual" { export interface V { v: number } }',
      wrong("2664 1:16"),
      tslab(wrong("2664 1:16", "1003 2:9", "1128 2:18"), AUGMENTATION),
    ]),
    notebook(
      "a module augmentation",
      [
        'declare module "node:path" { interface PlatformPath { extra?: number } }',
        nothing,
        tslab(wrong("1003 2:9", "1128 2:20"), AUGMENTATION),
      ],
      [
        'import path from "node:path"; typeof path.extra',
        "'undefined'",
        tslab(wrong("2339 1:43"), FOLLOWS),
      ],
    ),
  ],
};
