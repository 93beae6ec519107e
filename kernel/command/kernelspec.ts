/**
 * Reads, writes and removes kernelspecs, which tell Jupyter how to start a kernel
 * (https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs).
 */
import { newDraft } from "@convnotes/notebook/draft";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PROTOCOL_VERSION } from "../wire/message";
import { CommandError, type Option } from "./subcommand";

/** Default name by which notebooks refer to the kernel. */
export const DEFAULT_NAME = "convnotes";

/** Option of a command for the name of an installed kernelspec. */
export const nameOption: Option = {
  type: "string",
  value: "NAME",
  help: `The name of the kernelspec. Default: ${DEFAULT_NAME}.`,
};

/** Default name that is shown in Jupyter. */
export const DEFAULT_DISPLAY_NAME = "TypeScript (convnotes)";

/** The kernel's logo in JupyterLab's launcher; setup installs the same file. */
const LOGO = join(__dirname, "..", "..", "logo.svg");

/** The program that Jupyter starts. */
export const kernelProgram = join(__dirname, "..", "main.js");

/** The fields of kernel.json that are used here. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Validates the name of a kernelspec.
 *
 * @throws {CommandError} If Jupyter would not accept the name.
 */
export function kernelspecName(name: string = DEFAULT_NAME): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name)) {
    throw new CommandError(
      "ERR_USAGE",
      `Expected --name to consist of letters, digits, "-", "." and "_", received ${JSON.stringify(name)}.`,
    );
  }
  return name;
}

/** Returns whether a folder of kernelspecs has an entry of that name, including a broken link. */
export function kernelspecExists(folder: string, name: string): boolean {
  try {
    lstatSync(join(folder, name));
    return true;
  } catch {
    return false;
  }
}

/** Returns the kernelspec of that name, or undefined if it does not exist or is unreadable. */
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

/**
 * Returns whether a kernelspec was written for this kernel, by this command or by the setup of a
 * checkout.
 */
export function isOurs(spec: Kernelspec | undefined): boolean {
  return (
    spec !== undefined &&
    (spec.metadata?.convnotes !== undefined ||
      spec.argv.includes(kernelProgram))
  );
}

/** Returns whether a folder of kernelspecs has one of this kernel. */
export function hasOurs(folder: string): boolean {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.some((name) => isOurs(readKernelspec(folder, name)));
}

/**
 * Writes the kernelspec of this kernel and this Node into a folder, atomically. Replaces one of the
 * same name.
 *
 * @throws {CommandError} If the folder is not writable.
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
    metadata: { debugger: true, convnotes: { version } },
  };
  withTemporaryFolder(folder, (temporary) => {
    const fresh = join(temporary, "new");
    mkdirSync(fresh);
    writeFileSync(
      join(fresh, "kernel.json"),
      JSON.stringify(spec, undefined, 2) + "\n",
    );
    copyFileSync(LOGO, join(fresh, "logo-svg.svg"));
    const place = join(folder, name);
    const old = join(temporary, "old");
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
 * Removes a kernelspec, atomically.
 *
 * @throws {CommandError} If the folder is not writable.
 */
export function removeKernelspec(folder: string, name: string): void {
  withTemporaryFolder(folder, (temporary) =>
    renameSync(join(folder, name), join(temporary, "old")),
  );
}

/**
 * Calls `use` with a temporary folder on the same file system as the kernelspecs, and then removes
 * it. The folder is not among the kernelspecs, where Jupyter would list it.
 */
function withTemporaryFolder(
  folder: string,
  use: (temporary: string) => void,
): void {
  try {
    mkdirSync(folder, { recursive: true });
    const draft = join(dirname(folder), "convnotes-draft");
    const temporary = newDraft(draft);
    try {
      mkdirSync(temporary);
      use(temporary);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(
      "ERR_DISK",
      `Expected a writable folder ${folder}: ${message}. Use --user or --prefix to choose another folder.`,
    );
  }
}
