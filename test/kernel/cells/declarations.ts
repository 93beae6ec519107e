/** Cells with redeclared names and shared variables. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";

export const declarations: Topic = {
  title: "Redeclared names",
  notebooks: [
    notebook(
      "a const",
      ["const a = 1;", nothing],
      ['const a = "x";', nothing],
      ["a.length", "1"],
    ),
    notebook(
      "a let",
      ["let a = 1;", nothing],
      ['let a = "xy";', nothing],
      ["a.length", "2"],
      ["let a: number | undefined;", nothing],
      ["a", nothing],
    ),
    notebook(
      "a var",
      ["var a = 1;", nothing],
      ["var a: number;", nothing],
      [
        "a",
        "1",
        tslab(
          nothing,
          "tslab exports a `var` without an initializer as `undefined`, which overwrites the previous value.",
        ),
      ],
      ["var a = 2;", nothing],
      ["a", "2"],
    ),
    notebook(
      "a class",
      ["class A { a = 1 }", nothing],
      ["class A { b = 2 }", nothing],
      ["new A().b", "2"],
      ["new A().a", wrong("2339 1:9")],
    ),
    notebook(
      "a function",
      ["function f() { return 1; }", nothing],
      ["function f() { return 'x'; }", nothing],
      ["f().length", "1"],
    ),
    notebook(
      "a type",
      ["type T = string", nothing],
      ["type T = number", nothing],
      ["const t: T = 1; t", "1"],
    ),
    notebook(
      "an interface is replaced, not merged",
      ["interface I { a: number }", nothing],
      ["interface I { b: number }", nothing],
      ["const i: I = { b: 1 }; i", "{ b: 1 }"],
    ),
    notebook(
      "interfaces of one cell are merged",
      ["interface I { a: number } interface I { b: number }", nothing],
      ["const i: I = { b: 1 };", wrong("2741 1:7")],
    ),
    notebook(
      "an enum",
      ["enum E { A, B }", nothing],
      ["enum E { C = 7 }", nothing],
      ["E.C", "7"],
      ["E.A", wrong("2339 1:3")],
    ),
    notebook(
      "an import",
      ['import { sep } from "node:path"', nothing],
      ["const sep = 7;", nothing],
      ["sep", "7"],
    ),
    notebook(
      "a variable by an import",
      ["const sep = 7;", nothing],
      ['import { sep } from "node:path"', nothing],
      ["sep", "'/'"],
    ),
    notebook(
      "a function by a variable, and back",
      ["function f() { return 1; }", nothing],
      ["const f = 2;", nothing],
      ["f + 1", "3"],
      ["function f() { return 4; }", nothing],
      ["f()", "4"],
    ),
    notebook(
      "a class by a type of the same name",
      ["class Shape { sides = 3 }", nothing],
      ["type Shape = string", nothing],
      ["const s: Shape = 'round'; s", "'round'"],
    ),
    notebook(
      "a type here and a value there",
      ["interface Shape { sides: number }", nothing],
      ["const Shape = 4;", nothing],
      ["const square: Shape = { sides: Shape }; square.sides", "4"],
    ),
    notebook(
      "in terms of itself",
      ["const a = 1;", nothing],
      ["const a = String(a);", wrong("7022 1:7", "2448 1:18")],
    ),
    notebook(
      "with the old value in a function that runs later",
      ["const a = 1; const read = () => a;", nothing],
      ["const a = 'new';", nothing],
      ["[a, read()]", "[ 'new', 1 ]"],
    ),
    notebook(
      "with a type that fits, seen by earlier functions",
      ["function twice(n: number) { return 2 * n; }", nothing],
      ["const four = () => twice(2);", nothing],
      ["function twice(n: number) { return n + n + 1; }", nothing],
      ["four()", "5"],
    ),
    notebook(
      "with a type that does not fit, not seen by earlier functions",
      ["function twice(n: number) { return 2 * n; }", nothing],
      ["const four = () => twice(2);", nothing],
      ["function twice(s: string) { return s + s; }", nothing],
      ["[four(), twice('a')]", "[ 4, 'aa' ]"],
    ),
    notebook(
      "twice in one cell",
      ["const d = 1; const d = 2", wrong("2451 1:7", "2451 1:20")],
      ["class C {} class C {}", wrong("2300 1:7", "2300 1:18")],
      ["var v = 1; var v = 2; v", "2"],
      ["var v = 1; var v = 'x';", wrong("2403 1:16")],
      ["function f() {} function f() {}", wrong("2393 1:10", "2393 1:26")],
    ),
  ],
};

export const variables: Topic = {
  title: "Shared variables",
  notebooks: [
    notebook(
      "set by a later cell",
      ["let a = 1;", nothing],
      ["a = 5;", "5"],
      ["a", "5"],
    ),
    notebook(
      "set by a later cell, read by an earlier function",
      ["let a = 1; const read = () => a;", nothing],
      ["a = 5;", "5"],
      ["read()", "5"],
    ),
    notebook(
      "a var, set by a later cell, read by an earlier function",
      ["var a = 1; function read() { return a; }", nothing],
      ["a = 5;", "5"],
      ["read()", "5"],
    ),
    notebook(
      "set by an earlier function",
      ["let n = 0; function up() { n += 1; return n; }", nothing],
      ["up(); up();", "2"],
      ["n", "2"],
    ),
    notebook(
      "two in one statement",
      ["let a = 1, b = a + 1;", nothing],
      ["a += b; b = a;", "3"],
      ["[a, b]", "[ 3, 3 ]"],
    ),
    notebook(
      "counted up and down",
      ["let n = 5;", nothing],
      ["n++", "5"],
      ["--n", "5"],
      ["n -= 2", "3"],
    ),
    notebook(
      "in shorthand properties",
      ["let a = 1;", nothing],
      ["({ a })", "{ a: 1 }"],
      ["let b = 2; b += 1; ({ a, b })", "{ a: 1, b: 3 }"],
    ),
    notebook(
      "in a loop's head",
      ["let item = 0; let key = '';", nothing],
      ["for (item of [1, 2, 3]);", nothing],
      ["for (key in { x: 1, y: 2 }) {}", nothing],
      ["[item, key]", "[ 3, 'y' ]"],
    ),
    notebook(
      "a const that is assigned to",
      ["const c = 1;", nothing],
      ["c = 2", wrong("2588 1:1")],
      ["c++", wrong("2588 1:1")],
    ),
    notebook(
      "an import that is assigned to",
      ['import { sep } from "node:path";', nothing],
      ["sep = 'x'", wrong("2632 1:1")],
    ),
    notebook(
      "a let whose type is narrowed",
      ["let v: string | number = 'x';", nothing],
      ["v.length", wrong("2339 1:3")],
      ["if (typeof v === 'string') v.length", nothing],
      ["v = 3; v.toFixed(1)", "'3.0'"],
    ),
    notebook(
      "an evolving let",
      ["let x; x = 1; x.toFixed(1)", "'1.0'"],
      [
        "x",
        wrong("7005 1:1"),
        tslab(
          "1",
          "tslab declares a variable to later cells with its type at the end of the cell; with the checked compiler they see the declaration itself, which has no type.",
        ),
      ],
    ),
    notebook(
      "a cell that fails before its declarations",
      ["let a = 1; const b = 2;", nothing],
      ["throw new Error('x'); let a = 5; const b = 6;", throws("Error")],
      ["[a, b]", "[ 1, 2 ]"],
    ),
    notebook(
      "a cell that fails after its declarations",
      ["const a = 1; throw new RangeError('x')", throws("RangeError")],
      ["a", "1"],
    ),
    notebook(
      "a cell that does not compile has no effect",
      ["const a = 1; type T = number;", nothing],
      ["const a = 'x'; type T = string; nowhere", wrong("2304 1:33")],
      ["const t: T = a; t", "1"],
    ),
    notebook(
      "declare refers to globals",
      ["declare const process: { readonly pid: number };", nothing],
      [
        "process.pid > 0",
        "true",
        tslab(
          throws("TypeError"),
          "tslab treats an ambient declaration as an export of the cell.",
        ),
      ],
    ),
  ],
};
