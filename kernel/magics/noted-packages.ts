/**
 * Reads and writes the packages that a notebook notes, with exact versions.
 *
 * A kernel cannot write a notebook's metadata, because Jupyter's protocol has no message for it. So
 * `%install` notes the versions in its output, which the notebook stores; `convnotes kernel
 * packages` copies them to `metadata.convnotes.packages`, which stays when outputs are cleared.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { readFileSync } from "node:fs";
import { PACKAGES_TYPE } from "./host-key";

/** Versions, or places such as "file:../folder", by the names of packages. */
export type NotedPackages = Readonly<Record<string, string>>;

/** The parts of a notebook that are read. Other parts are kept. */
interface Notebook {
  metadata?: {
    convnotes?: { packages?: unknown; [name: string]: unknown };
    [name: string]: unknown;
  };
  readonly cells?: readonly {
    readonly outputs?: readonly {
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/**
 * Reads a notebook.
 *
 * @throws {Error} ERR_FILE_MISSING or ERR_FILE_FORMAT if that is not possible.
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected a notebook that can be read, received ${path}: ${(error as Error).message}`,
      ),
    );
  }
  try {
    const notebook = JSON.parse(text) as Notebook | null;
    if (notebook !== null && Array.isArray(notebook.cells)) return notebook;
  } catch {
    // Not JSON.
  }
  throw coded(
    "ERR_FILE_FORMAT",
    new Error(`Expected a notebook (.ipynb), received ${path}.`),
  );
}

/**
 * Returns the packages that a notebook notes: in its outputs, the last of which takes precedence,
 * and metadata.
 */
export function notedPackages(notebook: Notebook): NotedPackages {
  const outputs = (notebook.cells ?? []).flatMap((cell) => cell.outputs ?? []);
  return Object.assign(
    {},
    versionsIn(notebook.metadata?.convnotes?.packages),
    ...outputs.map(({ data }) => versionsIn(data?.[PACKAGES_TYPE])),
  ) as NotedPackages;
}

/** Returns a notebook whose metadata notes these packages. */
export function withPackages(
  notebook: Notebook,
  packages: NotedPackages,
): Notebook {
  const { metadata = {} } = notebook;
  const convnotes = { ...metadata.convnotes, packages };
  return { ...notebook, metadata: { ...metadata, convnotes } };
}

function versionsIn(value: unknown): NotedPackages {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
