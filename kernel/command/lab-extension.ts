/**
 * Writes and removes the extension of JupyterLab that shows the variables of a notebook. JupyterLab
 * finds it in the folder `labextensions` beside that of the kernelspecs.
 */
import {
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The module that lists the files, which setup uses too, before anything is compiled. */
const FILES = join(__dirname, "..", "..", "lab-extension", "files.mjs");

interface Files {
  readonly extensionFolder: string;
  extensionFiles(): Readonly<Record<string, string>>;
}

/**
 * Writes the extension, in place of a former one.
 *
 * @param kernels The folder of the kernelspecs, `share/jupyter/kernels`.
 */
export async function writeLabExtension(kernels: string): Promise<void> {
  await removeLabExtension(kernels);
  const { extensionFiles } = await files();
  for (const [name, text] of Object.entries(extensionFiles())) {
    const path = join(dirname(kernels), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Removes the extension; does nothing if it is not there. */
export async function removeLabExtension(kernels: string): Promise<void> {
  const { extensionFolder } = await files();
  const folder = join(dirname(kernels), extensionFolder);
  rmSync(folder, { recursive: true, force: true });
  for (const parent of [dirname(folder), dirname(dirname(folder))]) {
    if (isEmptyFolder(parent)) rmdirSync(parent);
  }
}

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false; // It does not exist.
  }
}

function files(): Promise<Files> {
  // TypeScript would compile `import()` to `require`, which loads no ES modules in Node 20.
  const load = new Function("name", "return import(name)") as (
    name: string,
  ) => Promise<Files>;
  return load(pathToFileURL(FILES).href);
}
