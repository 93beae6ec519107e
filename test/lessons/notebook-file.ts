/**
 * Creates notebooks for tests, and locates what is needed to execute and inspect them.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const root = path.join(__dirname, "..", "..");
export const python = path.join(root, ".venv", "bin", "python");

/** The reason why notebooks cannot be executed, or false if they can. */
export const noKernel = existsSync(
  path.join(root, ".venv", "share", "jupyter", "kernels", "convnotes"),
)
  ? false
  : "the kernel is not installed in .venv; run npm run setup";

/** The reason why pages cannot be created, or false if they can. */
export const noPython = existsSync(python)
  ? false
  : "there is no Python environment in .venv; run npm run setup";

/** An output of a code cell. */
export interface CellOutput {
  readonly output_type: string;
  readonly [field: string]: unknown;
}

/** A cell of nbformat 4.5. */
export interface Cell {
  readonly id: string;
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  readonly metadata: Record<string, unknown>;
  readonly outputs?: readonly CellOutput[];
  readonly execution_count?: number | null;
}

let cells = 0;

export function markdown(source: string): Cell {
  cells += 1;
  return { id: `m${cells}`, cell_type: "markdown", source, metadata: {} };
}

export function code(
  source: string,
  outputs: readonly CellOutput[] = [],
): Cell {
  cells += 1;
  return {
    id: `c${cells}`,
    cell_type: "code",
    source,
    metadata: {},
    outputs,
    execution_count: outputs.length > 0 ? 1 : null,
  };
}

/** Creates an output with a MIME bundle. */
export function shown(data: Record<string, unknown>): CellOutput {
  return { output_type: "display_data", data, metadata: {} };
}

/** Creates a temporary folder outside the project, and a function that removes it. */
export function temporaryFolder(parent = tmpdir()): {
  folder: string;
  remove(): void;
} {
  const folder = mkdtempSync(path.join(parent, "convnotes-test-"));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Creates a temporary folder inside the project, where cells have the project's types. */
export function folderInProject(): { folder: string; remove(): void } {
  const out = path.join(root, "out");
  mkdirSync(out, { recursive: true });
  return temporaryFolder(out);
}

/** Writes a TypeScript notebook and returns its path. */
export function writeNotebook(file: string, content: readonly Cell[]): string {
  writeFileSync(
    file,
    JSON.stringify({
      cells: content,
      metadata: {
        kernelspec: {
          name: "convnotes",
          display_name: "TypeScript (convnotes)",
          language: "typescript",
        },
        language_info: { name: "typescript", pygments_lexer: "typescript" },
      },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  return file;
}
