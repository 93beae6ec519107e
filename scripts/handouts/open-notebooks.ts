/**
 * Says which notebooks cannot be shown as a run, and how to run them.
 */
import path from "node:path";
import type { FoundChapter } from "./chapters";
import type { HandoutStep } from "./handout";
import { root } from "./program";

/**
 * Returns what to tell the user about notebooks without outputs, or with the error of a run that
 * failed. Empty if there are none, or if no step minds.
 */
export function openNotebooks(
  chapters: readonly FoundChapter[],
  steps: readonly HandoutStep[],
): string {
  if (steps.every(({ takesOpenNotebooks = false }) => takesOpenNotebooks))
    if (!steps.some(({ name }) => name === "copies")) return "";
  const open = chapters.filter(({ state }) => state !== "executed");
  if (open.length === 0) return "";
  const taken = steps
    .filter(({ takesOpenNotebooks = false }) => takesOpenNotebooks)
    .map(({ name }) => name);
  const without = open.filter(({ state }) => state === "open");
  const failed = open.filter(({ state }) => state === "failed");
  const names = (some: readonly FoundChapter[]) =>
    some.map(({ name }) => name).join(", ");
  return [
    ...(without.length === 0
      ? []
      : [`Without outputs, because not run: ${names(without)}.`]),
    ...(failed.length === 0
      ? []
      : [`With the error of a run that failed: ${names(failed)}.`]),
    taken.includes("copies")
      ? "They are in the copies only: labs as pages and notebooks, others as notebooks."
      : "They are left out.",
    "To run one, and to use it here:",
    `  ${runCommand(open[0]!)}`,
    "  npm run handouts -- --notebooks out --notebooks notebooks",
  ].join("\n");
}

/** Returns the command that runs a notebook and writes it to out/. */
function runCommand({ name, kind, file }: FoundChapter): string {
  if (kind === "lesson")
    return `npm start -- --lesson ${name.replace("lesson-", "")}`;
  const place = path.relative(root, file);
  return `.venv/bin/jupyter nbconvert --to notebook --execute --output-dir out ${place}`;
}
