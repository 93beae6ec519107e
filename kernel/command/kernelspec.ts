/**
 * The kernelspec, by which Jupyter knows how to start this kernel
 * (https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs).
 */
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PROTOCOL_VERSION } from "../wire/message";
import { CommandError } from "./subcommand";

/** The name under which notebooks ask for the kernel unless another is given. */
export const DEFAULT_NAME = "convnotes";

/** The name that people see unless another is given. */
export const DEFAULT_DISPLAY_NAME = "TypeScript (convnotes)";

/** The kernel's picture in JupyterLab's launcher; the set-up installs the same. */
const LOGO = join(__dirname, "..", "..", "logo.svg");

/** The program that Jupyter starts. */
export const kernelProgram = join(__dirname, "..", "main.js");

/** What kernel.json says, as far as it is read here. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * The name of a kernelspec.
 *
 * @throws {CommandError} If Jupyter would not take it.
 */
export function kernelspecName(name: string = DEFAULT_NAME): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name)) {
    throw new CommandError(
      `Expected --name to be letters, digits, "-", "." and "_", received ${JSON.stringify(name)}.`,
    );
  }
  return name;
}

/** Whether there is anything of that name in a folder of kernelspecs, be it a link that leads nowhere. */
export function kernelspecExists(folder: string, name: string): boolean {
  try {
    lstatSync(join(folder, name));
    return true;
  } catch {
    return false;
  }
}

/** The kernelspec of that name in a folder, or undefined if there is none that can be read. */
export function readKernelspec(
  folder: string,
  name: string,
): Kernelspec | undefined {
  try {
    const text = readFileSync(join(folder, name, "kernel.json"), "utf8");
    const spec = JSON.parse(text) as Partial<Kernelspec> | null;
    return Array.isArray(spec?.argv) ? (spec as Kernelspec) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a kernelspec was made for this kernel, by this command or by a checkout's set-up. */
export function isOurs(spec: Kernelspec | undefined): boolean {
  return (
    spec !== undefined &&
    (spec.metadata?.convnotes !== undefined ||
      spec.argv.includes(kernelProgram))
  );
}

/**
 * Puts the kernelspec of this kernel and this Node into a folder, in the place of one of the same name. Nobody ever sees half of it.
 *
 * @throws {CommandError} If there may not be written.
 */
export function writeKernelspec(
  folder: string,
  name: string,
  displayName: string,
): void {
  const { version } = JSON.parse(
    readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
  ) as { version: string };
  const spec = {
    argv: [process.execPath, kernelProgram, "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: PROTOCOL_VERSION,
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
    metadata: { debugger: false, convnotes: { version } },
  };
  withDraftFolder(folder, (draft) => {
    const fresh = join(draft, "new");
    mkdirSync(fresh);
    writeFileSync(
      join(fresh, "kernel.json"),
      JSON.stringify(spec, undefined, 2) + "\n",
    );
    copyFileSync(LOGO, join(fresh, "logo-svg.svg"));
    const place = join(folder, name);
    const old = join(draft, "old");
    const isReplaced = kernelspecExists(folder, name);
    if (isReplaced) renameSync(place, old);
    try {
      renameSync(fresh, place);
    } catch (error) {
      if (isReplaced) renameSync(old, place);
      throw error;
    }
  });
}

/**
 * Takes a kernelspec away, whole and at once.
 *
 * @throws {CommandError} If there may not be written.
 */
export function removeKernelspec(folder: string, name: string): void {
  withDraftFolder(folder, (draft) =>
    renameSync(join(folder, name), join(draft, "old")),
  );
}

/**
 * Calls `use` with a folder on the same disk as the kernelspecs, but not among them, where Jupyter would take it for one.
 * The folder is gone afterwards.
 */
function withDraftFolder(folder: string, use: (draft: string) => void): void {
  try {
    mkdirSync(folder, { recursive: true });
    const draft = mkdtempSync(join(dirname(folder), "convnotes-draft-"));
    try {
      use(draft);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(
      `Expected to be able to write in ${folder}: ${message}. With --user or --prefix it goes elsewhere.`,
    );
  }
}
