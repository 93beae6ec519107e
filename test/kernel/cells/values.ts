/** Cells with values and their display. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { FOLLOWS } from "./reasons";

export const values: Topic = {
  title: "Values",
  notebooks: [
    notebook("a number", ["1 + 1", "2"], ["0.1 + 0.2", "0.30000000000000004"]),
    notebook(
      "fractional numbers",
      ["0 / 0", "NaN"],
      ["-0", "-0"],
      ["1 / -0", "-Infinity"],
      ["0xff + 0b11 + 0o7 + 1_000", "1265"],
    ),
    notebook("no value", ["const a = 1;", nothing], ["undefined", nothing]),
    notebook("null is shown", ["null", "null"]),
    notebook("an object in parentheses", [
      "({ a: 1, b: [true, null] })",
      "{ a: 1, b: [ true, null ] }",
    ]),
    notebook("braces at the start are a block", [
      "{ const inner = 1; inner }",
      nothing,
    ]),
    notebook(
      "collections",
      ["new Map([[1, 'a']])", "Map(1) { 1 => 'a' }"],
      ["new Set('aab')", "Set(2) { 'a', 'b' }"],
      ["[, 1]", "[ <1 empty item>, 1 ]"],
      ["new Float32Array([0.5])", "Float32Array(1) [ 0.5 ]"],
    ),
    notebook(
      "bigint",
      ["2n ** 64n", "18446744073709551616n"],
      ["1n + 1", wrong("2365 1:1")],
      ["BigInt(9007199254740993n) > Number.MAX_SAFE_INTEGER", "true"],
      ["BigInt.asIntN(8, 255n)", "-1n"],
      ["1n / 0n", throws("RangeError")],
    ),
    notebook(
      "symbols",
      ["const key = Symbol('key'); const o = { [key]: 1 };", nothing],
      ["o[key]", "1"],
      ["key.description", "'key'"],
      ["Symbol.for('s') === Symbol.for('s')", "true"],
    ),
    notebook(
      "regular expressions",
      ["/a(?<b>.)/.exec('ax')?.groups?.b", "'x'"],
      ["'x1y22'.replace(/\\d+/g, (d) => `<${d.length}>`)", "'x<1>y<2>'"],
      ["[...'a1b2'.matchAll(/[a-z](\\d)/g)].map((m) => m[1])", "[ '1', '2' ]"],
      ["/(?<=\\$)\\d+/u.exec('$42')?.[0]", "'42'"],
      ["/a/y.sticky", "true"],
    ),
    notebook(
      "strings",
      ["'a\\tb'.length", "3"],
      ["`one\ntwo`", "'one\\ntwo'"],
      ["String.raw`\\n${1}`", "'\\\\n1'"],
      ['"exports.a = void 0;"', "'exports.a = void 0;'"],
      ["'\\u{1F600}' === '\u{1F600}'", "true"],
      ["[...'a\u{1F600}'].length", "2"],
    ),
    notebook(
      "names outside ASCII",
      ["const größe = 1, 変数 = 2;", nothing],
      ["größe + 変数", "3"],
      ["const 𝒳 = 4; let \\u0061b = 1;", nothing],
      ["𝒳 + ab", "5"],
      ["({ 𝒳, größe })", "{ '𝒳': 4, 'größe': 1 }"],
    ),
    notebook(
      "property names of objects",
      ["const constructor = 1, toString = 2, hasOwnProperty = 4;", nothing],
      ["constructor + toString + hasOwnProperty", "7"],
      [
        "let __proto__ = 5;",
        nothing,
        tslab(
          wrong("2552 2:9"),
          "tslab exports a name with two leading underscores under TypeScript's internal spelling, with three.",
        ),
      ],
      ["__proto__", "5", tslab(wrong("2304 1:1"), FOLLOWS)],
      ["const valueOf = () => 'mine'; valueOf()", "'mine'"],
    ),
    notebook(
      "operators",
      ["const o: { a?: { b: number } } = {};", nothing],
      ["o.a?.b ?? 9", "9"],
      ["let n: number | null = null as number | null; n ??= 3; n", "3"],
      ["let t = 1; t ||= 2; t &&= 5; t <<= 1; t **= 2; t", "100"],
      ["(1, 2)", wrong("2695 1:2")],
      ["void 0", nothing],
      ["typeof Math", "'object'"],
      ["'a' in { a: 1 }", "true"],
      ["delete (o as { a?: unknown }).a", "true"],
    ),
    notebook(
      "dates and errors as values",
      ["new Date(0)", "1970-01-01T00:00:00.000Z"],
      ["new RangeError('far').message", "'far'"],
    ),
    notebook("promises that are not awaited", [
      "Promise.resolve(1) instanceof Promise",
      "true",
    ]),
  ],
};
