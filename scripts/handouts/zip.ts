/**
 * The step `zip`: all handouts in one file, for a learning platform or a USB stick.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zipSync, type Zippable } from "fflate";
import { coded } from "../../src/notebook/coded-error";
import { dataSetsIn, licensesText } from "./data-sets";
import { megabytes } from "./export-pages";
import { filesIn } from "./files";
import type { Chapter, HandoutStep } from "./handout";
import { indexPage } from "./index-page";
import { root, throwIfStopped } from "./program";
import { readmeText } from "./readme-text";
import { madeIn } from "./staging";

/** The file's name. */
export const zipName = "convnotes-handouts.zip";

/** Formats that are compressed already. */
const compressed = /\.(png|jpe?g|gif|webp|avif|woff2?|pdf|zip)$/i;
/** Formats in which captions of figures can be searched. */
const searched = /\.(html?|ipynb|json|md|js)$/i;
const portable = /^[A-Za-z0-9_@+~][A-Za-z0-9._@+~-]*$/;
/** The longest path: Windows allows 260 characters with the folder in which it is unpacked. */
const longestPath = 160;

/** Makes `convnotes-handouts.zip` of everything that is in the folder of handouts. */
export const zip: HandoutStep = {
  name: "zip",
  about: `all handouts in one file, ${zipName}, with licenses and a README`,
  takesOpenNotebooks: true,
  run: async ({ chapters, out, log, signal }) => {
    const names = filesIn(out).filter((name) => name !== zipName);
    if (names.length === 0) {
      throw coded(
        "ERR_FILE_MISSING",
        new Error(
          "Expected handouts to pack, received none; make them first: npm run handouts",
        ),
      );
    }
    const files = new Map(
      names.map((name) => [name, readFileSync(path.join(out, name))]),
    );
    throwIfStopped(signal);
    add(files, "LICENSE", readFileSync(path.join(root, "LICENSE")));
    add(files, "DATA-LICENSES.md", licensesText(shownSets(files, chapters)));
    add(files, "README.txt", readmeText(names));
    const made = madeIn(out);
    add(files, "index.html", indexPage(made, [...files.keys()]));
    const bytes = zipped(files);
    throwIfStopped(signal);
    writeFileSync(path.join(out, zipName), bytes);
    log(`${zipName}  ${files.size} files  ${megabytes(bytes.length)}`);
    return [zipName];
  },
};

/**
 * Returns a zip file. The same files give the same bytes, on any machine and at any time.
 *
 * @param files Contents by path, with "/".
 * @throws Error `ERR_INVALID_VALUE` if a path is not portable: letters, digits and few other
 *   characters, not too long, and no two paths that differ in upper and lower case only.
 */
export function zipped(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...files.keys()].sort((one, other) => (one < other ? -1 : 1));
  checkNames(names);
  // Zip files have local times without a zone, so this is the same everywhere.
  const mtime = new Date(1980, 0, 1);
  const entries: Zippable = {};
  for (const name of names) {
    entries[name] = [
      files.get(name)!,
      {
        mtime,
        level: compressed.test(name) ? 0 : 6,
        // A file of Unix that everybody may read.
        os: 3,
        attrs: (0o100644 << 16) >>> 0,
      },
    ];
  }
  return zipSync(entries);
}

function checkNames(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    const isPortable =
      name.length <= longestPath &&
      name.split("/").every((part) => portable.test(part)) &&
      other === undefined;
    if (!isPortable) {
      throw coded(
        "ERR_INVALID_VALUE",
        new Error(
          `Expected paths of at most ${longestPath} ASCII letters, digits and ._@+~-, which differ not in case alone, received ${name}${other === undefined ? "" : ` beside ${other}`}.`,
        ),
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}

function add(
  files: Map<string, Uint8Array>,
  name: string,
  content: string | Uint8Array,
): void {
  files.set(name, typeof content === "string" ? Buffer.from(content) : content);
}

/**
 * Returns the files that show images of each data set. Files that cannot be searched, such as PDFs,
 * show what their chapter's notebook shows, and the book what all do.
 */
function shownSets(
  files: ReadonlyMap<string, Uint8Array>,
  chapters: readonly Chapter[],
): Record<string, string[]> {
  const ofChapter = new Map(
    chapters.map(({ name, file }) => [
      name,
      dataSetsIn(readFileSync(file, "utf8")),
    ]),
  );
  const all = [...new Set([...ofChapter.values()].flat())];
  const shown: Record<string, string[]> = {};
  for (const [name, content] of files) {
    const chapter = path.posix.basename(name, path.posix.extname(name));
    const sets = searched.test(name)
      ? dataSetsIn(Buffer.from(content).toString("utf8"))
      : name.endsWith(".pdf")
        ? (ofChapter.get(chapter) ?? all)
        : [];
    for (const set of sets) (shown[set.name] ??= []).push(name);
  }
  return shown;
}
