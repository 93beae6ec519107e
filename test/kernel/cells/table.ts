/**
 * The table of all differences between the compilers, as docs/compiler-differences.md has it.
 */
import { join } from "node:path";
import { projectFolder } from "../kernel-client";
import { topics } from "./list";
import { inWords, type Outcome } from "./notebook";

/** Where the table lies. */
export const tablePath = join(projectFolder, "docs", "compiler-differences.md");

/** How many cells the list has, and in how many of them tslab's converter differs. */
export function tally(): { readonly cells: number; readonly differ: number } {
  const cells = topics.flatMap(({ notebooks }) =>
    notebooks.flatMap((notebook) => notebook.cells),
  );
  const differ = cells.filter(([, , difference]) => difference !== undefined);
  return { cells: cells.length, differ: differ.length };
}

/** The page, in Markdown: one line per difference. */
export function differencesPage(): string {
  const { cells, differ } = tally();
  const lines = [
    "# Where the two compilers differ",
    "",
    `The kernel's checked compiler and tslab's converter are given the same ${cells} cells, listed in \`test/kernel/cells/\`. They agree in ${cells - differ};`,
    `below are the ${differ} others, each with the reason. "TS2304 1:7" is an error of TypeScript's with its number, line and column.`,
    "",
    "Written by `node -r ts-node/register/transpile-only test/kernel/cells/write-table.ts`; `test/kernel/cells.test.ts` checks both compilers and this page.",
    "",
    "<!-- prettier-ignore-start -->",
  ];
  for (const { title, notebooks } of topics) {
    const rows = notebooks.flatMap((notebook) =>
      notebook.cells.flatMap(([source, outcome, difference], index) =>
        difference
          ? [
              [
                `${notebook.title}, ${index + 1}`,
                code(source),
                told(outcome),
                told(difference.outcome),
                escaped(difference.reason),
              ],
            ]
          : [],
      ),
    );
    if (rows.length === 0) continue;
    lines.push("", `## ${title}`, "");
    lines.push("| Notebook, cell | Cell | Checked | tslab | Reason |");
    lines.push("| --- | --- | --- | --- | --- |");
    for (const row of rows) lines.push(`| ${row.join(" | ")} |`);
  }
  lines.push("", "<!-- prettier-ignore-end -->");
  return `${lines.join("\n")}\n`;
}

/** What a cell shows, as code; other outcomes in words. */
function told(outcome: Outcome): string {
  return typeof outcome === "string"
    ? `shows ${code(outcome)}`
    : inWords(outcome);
}

/** A text as code in one line of a table. */
function code(text: string): string {
  const line = escaped(text).replaceAll("\n", " ⏎ ");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
