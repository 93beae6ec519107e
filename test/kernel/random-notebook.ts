/**
 * Generates notebooks of random valid and invalid cells, for which the long-lived checker and new
 * checkers must agree.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import prand from "pure-rand";
import * as ts from "typescript";
import { compilerSettings } from "../../kernel/compiler/settings";
import { CellProgram } from "../../kernel/compiler/checker/cell-program";
import { LiveNames } from "../../kernel/compiler/checker/live-names";
import { projectFolder } from "./kernel-client";

const names = ["a", "b", "c", "d", "e"];
const types = ["number", "string", "boolean", "number[]", "{ p: number }"];
const values = ["1", '"s"', "true", "[1, 2]", "{ p: 3 }", "null", "undefined"];
const members = ["p", "length", "toFixed(1)", "map((x) => x)", "q", "make()"];

/**
 * Templates of random cells; `$` stands for a name, `T` for a type, `V` for a value, `M` for a
 * member.
 */
const templates = [
  "const $ = V",
  "let $: T = V",
  "var $ = V; $ = V",
  "const $ = V",
  "let $ = V",
  "var $: T | undefined",
  "const $ = $",
  "const { p: $ } = $ as any as { p: T }",
  "const [$ = V] = [V]",
  "function $(x: T): T { return x }",
  "function $<X>(x: X) { return [x, $] as const }",
  "class $ { p = V; make() { return new $() } }",
  "class $ extends $ { q = V }",
  "interface $ { p: T }",
  "interface $ extends $ { q: T }",
  "type $ = T | typeof $",
  "enum $ { A, B = 5 }",
  "namespace $ { export const p = V; export type q = T }",
  "import { join as $ } from 'node:path'",
  "$.M",
  "$(V)",
  "$($)",
  "new $().M",
  "$ = V",
  "const $: $ = V",
  "const $: $ = $",
  "const $ = () => $.M",
  "const $ = await $",
  "const $ = [$, $].map((x) => x)",
  "$ satisfies T",
  "if (typeof $ === 'string') { $.length } else { $.M }",
  "for (const x of $) { x.M }",
  "const $ = { ...$, p: V }",
  "let $; $ = V; $.M",
];

/**
 * Checks a notebook of the given number of cells, each with both checkers. Throws an AssertionError
 * at the first difference.
 */
export function checkRandomNotebook(seed: number, cells: number): void {
  const random = prand.xoroshiro128plus(seed);
  const pick = (list: readonly string[]) =>
    list[prand.unsafeUniformIntDistribution(0, list.length - 1, random)]!;
  const kinds = { $: names, T: types, V: values, M: members };
  const write = () =>
    pick(templates).replace(/\$|\b[TVM]\b/g, (letter) =>
      pick(kinds[letter as keyof typeof kinds]),
    );
  const folder = join(projectFolder, "notebooks");
  const program = new CellProgram(compilerSettings("checked", folder));
  const live = new LiveNames();
  let wrong = 0;
  for (let index = 0; index < cells; index += 1) {
    const source = index % 4 === 0 ? `${write()}\n${write()}` : write();
    const cell = program.createCell(`c${index}`, source, live.scope(folder));
    program.prepare(
      source.includes("node:path")
        ? [{ name: "node:path", mode: "import" }]
        : [],
    );
    const [kept, fresh] = [program.checker, program.createChecker()].map(
      (checker) =>
        program.diagnosticsBy(checker, cell).map(({ start, messageText }) => ({
          start,
          // A checker makes suggestions for its first ten errors only. It orders the members of a
          // union by first use, which changes the explanations after the first line.
          words: ts
            .flattenDiagnosticMessageText(messageText, "\n")
            .split("\n")[0]!
            .replace(/ Did you mean.*/s, "")
            .split(/\W+/)
            .sort(),
        })),
    );
    assert.deepEqual(kept, fresh, source);
    if (kept!.length > 0) {
      wrong += 1;
    } else {
      program.add(cell);
      live.add(cell, program.checker);
    }
  }
  // A notebook of only valid or only invalid cells would test nothing.
  assert.ok(
    wrong > cells / 10 && wrong < (9 * cells) / 10,
    `${wrong} of ${cells} are wrong`,
  );
}
