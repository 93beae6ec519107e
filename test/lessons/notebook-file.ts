/**
 * Notebooks made for a test, and what is needed to execute and to look at them.
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

/** Why notebooks cannot be executed here, or false where they can. */
export const noKernel = existsSync(
  path.join(root, ".venv", "share", "jupyter", "kernels", "convnotes"),
)
  ? false
  : "the kernel is not installed in .venv: npm run setup does that";

/** Why pages cannot be made here, or false where they can. */
export const noPython = existsSync(python)
  ? false
  : "there is no Python environment in .venv: npm run setup makes it";

/** What stands in a code cell's list of outputs. */
export interface CellOutput {
  readonly output_type: string;
  readonly [field: string]: unknown;
}

/** A cell as nbformat 4.5 has it. */
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

/** An output that shows a MIME bundle. */
export function shown(data: Record<string, unknown>): CellOutput {
  return { output_type: "display_data", data, metadata: {} };
}

/** A folder of its own, far from the project, and how to take it away. */
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

/** A folder inside the project, where cells have the project's types. */
export function folderInProject(): { folder: string; remove(): void } {
  const out = path.join(root, "out");
  mkdirSync(out, { recursive: true });
  return temporaryFolder(out);
}

/** Writes a notebook of the project's language and returns its path. */
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
