/**
 * What can stand at a place of a cell that is being written.
 *
 * What stands there already is told by `inspection.ts`.
 */
import ts from "typescript";
import type { CompletionEntry, CompletionList } from "../compiler";
import { isOwnFile } from "./cell-file";
import type { CellProgram } from "./cell-program";
import { EntryWriter, type Proposal } from "./completion-entry";
import { completionHost } from "./completion-host";
import { inner, type InnerCompletion } from "./inner-typescript";
import { segmentAt, stringAt } from "./string-place";

export { inspect } from "./inspection";

/** How many entries have their signatures worked out: as many as anyone reads. */
const MOST_SIGNATURES = 100;

const preferences: ts.UserPreferences = {
  // Without, TypeScript leaves out names that need brackets, and members of what may be undefined.
  includeCompletionsWithInsertText: true,
  includeCompletionsForModuleExports: false,
};

/** TypeScript's rank of a name that the file itself declares; a higher one, such as that of a global name, sorts behind. */
const LOCAL = "11";

/** The kinds of entries that are pieces of a module's name. */
const PATH_KINDS: ReadonlySet<string> = new Set([
  ts.ScriptElementKind.directory,
  ts.ScriptElementKind.scriptElement,
  ts.ScriptElementKind.externalModuleName,
]);

/** A piece of the cell's text and what can stand in its place. */
interface Candidates {
  readonly start: number;
  readonly end: number;
  readonly proposals: readonly (Proposal & { readonly sortText: string })[];
}

/** What can stand at the offset, the likeliest first. */
export function complete(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): CompletionList {
  const { start, end, proposals } = candidates(program, cell, offset);
  const typed = cell.text.slice(start, offset);
  const fitting = fittingTo(typed, proposals).sort(
    (one, other) =>
      Number(isKeyword(one)) - Number(isKeyword(other)) ||
      compare(one.sortText, other.sortText) ||
      compare(one.text, other.text),
  );
  const place = inner(ts).getTouchingPropertyName(cell, offset);
  const writer = new EntryWriter(program.checker, place);
  const entries = new Map<string, CompletionEntry>();
  for (const proposal of fitting) {
    if (entries.has(proposal.text)) continue;
    const withSignature = entries.size < MOST_SIGNATURES;
    entries.set(proposal.text, writer.write(proposal, withSignature));
  }
  return { start, end, entries: [...entries.values()] };
}

function candidates(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): Candidates {
  const string = stringAt(cell, offset);
  if (string !== undefined) {
    const segment = segmentAt(cell.text, string, offset);
    if (segment.end < string.end) {
      // TypeScript completes a path's last piece, so that of a piece in the middle has to be made the last.
      const text = cell.text.slice(0, offset) + cell.text.slice(string.end);
      const scope = cell.parent as ts.SourceFile | undefined;
      const cut = program.createCell("path", text, scope);
      return { ...candidates(program, cut, offset), end: segment.end };
    }
  }
  const found = inner(ts).Completions.getCompletionsAtPosition(
    completionHost(program, string?.literal.text),
    program.services,
    () => undefined,
    cell,
    offset,
    preferences,
    undefined,
    undefined,
    undefined,
    undefined,
    true,
  );
  const entries: readonly InnerCompletion[] = found?.entries ?? [];
  if (string === undefined) return names(cell.text, offset, entries);
  if (entries.some(({ kind }) => PATH_KINDS.has(kind))) {
    const span = segmentAt(cell.text, string, offset);
    return {
      ...span,
      proposals: paths(cell.text, string.start, span, entries),
    };
  }
  const { start, end } = string;
  return { start, end, proposals: entries.map(toProposal) };
}

/** Names, with all of the word in which the cursor stands. */
function names(
  text: string,
  offset: number,
  entries: readonly InnerCompletion[],
): Candidates {
  const before = /#?[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))![0];
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(offset))![0];
  const start = offset - before.length;
  const end = offset + after.length;
  const plain = entries.filter(({ insertText }) => insertText === undefined);
  if (plain.length > 0) {
    return { start, end, proposals: plain.map(toProposal) };
  }
  // `maybe.` becomes `maybe?.length`, `object.` with odd names only `object["an odd name"]`: the dot is replaced as well.
  const dot = entries.find(({ replacementSpan }) => replacementSpan)
    ?.replacementSpan?.start;
  const withDot = entries.filter(
    ({ insertText, replacementSpan }) =>
      insertText !== undefined && replacementSpan?.start === dot,
  );
  return {
    start: dot ?? start,
    end,
    proposals: withDot.map((entry) => ({
      ...toProposal(entry),
      text: entry.insertText ?? entry.name,
    })),
  };
}

/** Pieces of a module's name. Hidden folders are proposed to nobody who has not typed the dot. */
function paths(
  text: string,
  stringStart: number,
  { start }: { readonly start: number },
  entries: readonly InnerCompletion[],
): Candidates["proposals"] {
  const folder = text.slice(stringStart, start);
  const isHidden = (name: string) =>
    name === "node_modules" ||
    (name.startsWith(".") && !text.startsWith(".", start));
  const isPackage = folder === "" || /^@[^/]+\/$/.test(folder);
  return entries
    .filter(({ name }) => !isHidden(name))
    .map((entry) => {
      const proposal = toProposal(entry);
      const { name, kind } = entry;
      const isScope = name.startsWith("@") && !name.includes("/");
      return isPackage && !isScope && kind === ts.ScriptElementKind.directory
        ? { ...proposal, kind: ts.ScriptElementKind.externalModuleName }
        : proposal;
    });
}

function toProposal({ name, kind, symbol, sortText }: InnerCompletion) {
  const isOfCells = symbol?.declarations?.some((declaration) =>
    isOwnFile(declaration.getSourceFile()),
  );
  return {
    text: name,
    kind: String(kind),
    symbol,
    // To TypeScript, what stands in no file but this is global; what cells declare comes before that.
    sortText: isOfCells && sortText > LOCAL ? LOCAL : sortText,
  };
}

/** Those that begin with what has been typed; if there are none, those that do but for upper and lower case. */
function fittingTo<Each extends Proposal>(
  typed: string,
  proposals: readonly Each[],
): Each[] {
  const found = proposals.filter(({ text }) => beginsWith(text, typed));
  if (found.length > 0) return found;
  const lower = typed.toLowerCase();
  return proposals.filter(({ text }) => beginsWith(text.toLowerCase(), lower));
}

/** Whether a proposal begins with what was typed, behind the dot that the proposal may replace. */
function beginsWith(text: string, typed: string): boolean {
  const withoutDot = (each: string) => each.replace(/^\?\.|^\.|^\["/, "");
  return withoutDot(text).startsWith(withoutDot(typed));
}

function isKeyword({ kind }: Proposal): boolean {
  return kind === ts.ScriptElementKind.keyword;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
