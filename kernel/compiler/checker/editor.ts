/**
 * Completes code in a cell that is being edited.
 *
 * `inspection.ts` provides information about existing names.
 */
import ts from "typescript";
import { comesWithKernel } from "../../packages-with-kernel";
import type { CompletionEntry, CompletionList } from "../compiler";
import { isOwnFile } from "./cell-file";
import type { CellProgram } from "./cell-program";
import { EntryWriter, type Proposal } from "./completion-entry";
import { completionHost } from "./completion-host";
import { internals, type InternalCompletion } from "./internal-typescript";
import { segmentAt, stringAt } from "./string-place";

export { inspect } from "./inspection";

/** The number of entries with signatures; few users read more. */
const MOST_SIGNATURES = 100;

const preferences: ts.UserPreferences = {
  // Otherwise TypeScript omits names that need brackets, and members of possibly undefined values.
  includeCompletionsWithInsertText: true,
  includeCompletionsForModuleExports: false,
};

/**
 * TypeScript's sort key of a name declared in the file itself; higher keys, such as those of global
 * names, sort after it.
 */
const LOCAL = "11";

/** The kinds of entries that are segments of a module specifier. */
const PATH_KINDS: ReadonlySet<string> = new Set([
  ts.ScriptElementKind.directory,
  ts.ScriptElementKind.scriptElement,
  ts.ScriptElementKind.externalModuleName,
]);

/** A range of the cell's text with its possible replacements. */
interface Candidates {
  readonly start: number;
  readonly end: number;
  readonly proposals: readonly (Proposal & { readonly sortText: string })[];
}

/** Returns the completions at the offset, the most likely first. */
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
  const place = internals(ts).getTouchingPropertyName(cell, offset);
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
      // TypeScript only completes the last segment of a path; cut off the segments after the
      // cursor.
      const text = cell.text.slice(0, offset) + cell.text.slice(string.end);
      const scope = cell.parent as ts.SourceFile | undefined;
      const cut = program.createCell("path", text, scope);
      return { ...candidates(program, cut, offset), end: segment.end };
    }
  }
  const found = entriesAt(program, cell, offset, string?.literal.text);
  if (string === undefined) return names(cell.text, offset, found);
  const entries = [
    ...found,
    ...entriesWithKernel(program, cell, offset, string.literal.text),
  ];
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

function entriesAt(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
  inString: string | undefined,
): readonly InternalCompletion[] {
  const found = internals(ts).Completions.getCompletionsAtPosition(
    completionHost(program, inString),
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
  return found?.entries ?? [];
}

/**
 * Returns the entries for packages, and modules of packages, that the notebook's folder does not
 * have but the kernel's installation has.
 */
function entriesWithKernel(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
  inString: string,
): readonly InternalCompletion[] {
  if (/^[./#]/.test(inString)) return [];
  const scope = cell.parent as ts.SourceFile | undefined;
  const { folderWithKernel: folder } = program;
  const moved = program.createCell("path", cell.text, scope, folder);
  const typed = inString.slice(0, inString.lastIndexOf("/") + 1);
  return entriesAt(program, moved, offset, inString).filter(
    ({ name, kind }) =>
      PATH_KINDS.has(kind) && comesWithKernel(typed + name, cell.fileName),
  );
}

/** Returns proposals for names, which replace the whole word around the cursor. */
function names(
  text: string,
  offset: number,
  entries: readonly InternalCompletion[],
): Candidates {
  const before = /#?[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))![0];
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(offset))![0];
  const start = offset - before.length;
  const end = offset + after.length;
  const plain = entries.filter(({ insertText }) => insertText === undefined);
  if (plain.length > 0) {
    return { start, end, proposals: plain.map(toProposal) };
  }
  // `maybe.` completes to `maybe?.length`, and `object.` with unusual names only to `object["an odd
  // name"]`; both replace the dot as well.
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

/**
 * Returns proposals for segments of a module specifier. Hidden folders are proposed only after a
 * dot has been typed.
 */
function paths(
  text: string,
  stringStart: number,
  { start }: { readonly start: number },
  entries: readonly InternalCompletion[],
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

function toProposal({ name, kind, symbol, sortText }: InternalCompletion) {
  const isOfCells = symbol?.declarations?.some((declaration) =>
    isOwnFile(declaration.getSourceFile()),
  );
  return {
    text: name,
    kind: String(kind),
    symbol,
    // TypeScript regards names from other files as global; names declared by cells should come
    // before global ones.
    sortText: isOfCells && sortText > LOCAL ? LOCAL : sortText,
  };
}

/**
 * Returns the proposals that start with the typed text, ignoring case only if there are none
 * otherwise.
 */
function fittingTo<Each extends Proposal>(
  typed: string,
  proposals: readonly Each[],
): Each[] {
  const found = proposals.filter(({ text }) => beginsWith(text, typed));
  if (found.length > 0) return found;
  const lower = typed.toLowerCase();
  return proposals.filter(({ text }) => beginsWith(text.toLowerCase(), lower));
}

/** Whether a proposal starts with the typed text, not counting a dot that the proposal replaces. */
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
