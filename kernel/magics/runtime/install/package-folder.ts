/**
 * The notebook's folder as npm sees it: its package.json, and the packages in its node_modules.
 */
import { coded } from "@convnotes/notebook/coded-error";
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { installationFolder } from "../../../command/program-path";
import { configurationFile } from "../../../compiler/folders";

/** The folder of the clone that contains the lessons. */
const LESSONS = "notebooks";

/** What is read from a package.json. */
interface Manifest {
  readonly version?: unknown;
  readonly types?: unknown;
  readonly typings?: unknown;
  readonly typesVersions?: unknown;
  readonly exports?: unknown;
  readonly main?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A folder into which packages are installed. */
export class PackageFolder {
  readonly path: string;

  /** @param path The folder of the notebook. */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Checks that packages may be installed here.
   *
   * @throws {Error} ERR_INVALID_STATE in the folders of the course, ERR_DISK in a folder that
   *   cannot be written.
   */
  check(): void {
    const folder = realpathSync(this.path);
    const course = realpathSync(installationFolder());
    const lessons = join(course, LESSONS);
    const isLessons = `${folder}${sep}`.startsWith(`${lessons}${sep}`);
    if ((isLessons && existsSync(lessons)) || folder === course) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          `Expected a notebook in a folder of its own, received one of the course's folders, whose packages stay as they are: ${this.path}. Copy the notebook to another folder and install there.`,
        ),
      );
    }
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw coded(
        "ERR_DISK",
        new Error(
          `Expected a folder that can be written, received ${this.path}. Copy the notebook to a folder of yours and install there.`,
        ),
      );
    }
  }

  /**
   * Writes a package.json if there is none.
   *
   * @returns A function that removes it again unless it lists packages by then, and the
   *   tsconfig.json of a folder above that no longer applies, if any; undefined if there is a
   *   package.json.
   */
  createManifest():
    { undo(): void; lostConfiguration: string | undefined } | undefined {
    const path = join(this.path, "package.json");
    if (existsSync(path)) return undefined;
    const before = configurationFile(this.path);
    writeFileSync(path, '{\n  "private": true\n}\n');
    return {
      undo: () => {
        if (Object.keys(this.recorded()).length === 0) {
          rmSync(path, { force: true });
        }
      },
      lostConfiguration:
        before !== undefined && dirname(before) !== resolve(this.path)
          ? before
          : undefined,
    };
  }

  /** Returns the packages that package.json lists, with their versions or places. */
  recorded(): Readonly<Record<string, string>> {
    const { dependencies, devDependencies } = manifestIn(this.path) ?? {};
    return { ...devDependencies, ...dependencies };
  }

  /** Returns the version of an installed package; undefined if it is not installed here. */
  versionOf(name: string): string | undefined {
    const version = manifestIn(this.#folderOf(name))?.version;
    return typeof version === "string" ? version : undefined;
  }

  /** Returns whether an installed package declares its types itself. */
  hasTypes(name: string): boolean {
    const folder = this.#folderOf(name);
    const manifest = manifestIn(folder) ?? {};
    const { types, typings, typesVersions, exports, main } = manifest;
    if (name.startsWith("@types/")) return true;
    if (types !== undefined || typings !== undefined) return true;
    if (typesVersions !== undefined) return true;
    if (/"types|\.d\.[cm]?ts"/.test(JSON.stringify(exports ?? {}))) return true;
    const entry = typeof main === "string" ? main : "index.js";
    return [
      "index.d.ts",
      entry.replace(/\.([cm]?)js$/, ".d.$1ts"),
      `${entry}.d.ts`,
      join(entry, "index.d.ts"),
    ].some((file) => file.endsWith(".ts") && existsSync(join(folder, file)));
  }

  #folderOf(name: string): string {
    return join(this.path, "node_modules", name);
  }
}

function manifestIn(folder: string): Manifest | undefined {
  let text: string;
  const path = join(folder, "package.json");
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(`Expected a package.json in JSON, received ${path}.`),
    );
  }
}
