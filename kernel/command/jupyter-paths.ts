/**
 * Finds the folders in which Jupyter looks for kernelspecs.
 */
import { resolve } from "node:path";
import {
  type SystemProperties,
  systemProperties,
  userDataFolder,
} from "../jupyter-data";
import { CommandError, type Option, type OptionValues } from "./subcommand";

/** Command-line options that select the folder of a kernelspec. */
export const locationOptions: Readonly<Record<string, Option>> = {
  user: {
    type: "boolean",
    help: "For the current user, and every Jupyter that this user starts.",
  },
  prefix: {
    type: "string",
    value: "PATH",
    help: "For the Jupyter installed in PATH: PATH/share/jupyter/kernels.",
  },
};

/** Help text about the folder that is used without an option. */
export const defaultLocation =
  "Without --user or --prefix, uses the active Python environment (VIRTUAL_ENV, else CONDA_PREFIX), where its Jupyter\nlooks first. If no environment is active, --user is the default.";

/**
 * Returns the folder of kernelspecs that the options select.
 *
 * @throws {CommandError} If both options are given, or --prefix is empty.
 */
export function kernelsFolder(
  { user, prefix }: OptionValues,
  system: SystemProperties = systemProperties(),
): string {
  if (user === true && prefix !== undefined) {
    throw new CommandError(
      "ERR_USAGE",
      "Expected --user or --prefix, received both.",
    );
  }
  if (prefix === "") {
    throw new CommandError(
      "ERR_USAGE",
      "Expected the path of a folder after --prefix, received an empty string.",
    );
  }
  const environment =
    user === true
      ? undefined
      : typeof prefix === "string"
        ? prefix
        : environmentFolder(system);
  return environment === undefined
    ? userKernels(system)
    : environmentKernels(environment);
}

/**
 * Returns the folders in which this command may have installed a kernelspec, except those of other
 * prefixes.
 */
export function knownKernelsFolders(
  system: SystemProperties = systemProperties(),
): readonly string[] {
  const environment = environmentFolder(system);
  const folders = [
    ...(environment === undefined ? [] : [environmentKernels(environment)]),
    userKernels(system),
    ...(system.platform === "win32"
      ? []
      : ["/usr/local", "/usr"].map(environmentKernels)),
  ];
  return [...new Set(folders)];
}

/** Returns the option that selects a folder of kernelspecs, or undefined if there is none. */
export function locationOption(
  folder: string,
  system: SystemProperties = systemProperties(),
): string | undefined {
  if (folder === userKernels(system)) return "--user";
  const prefix = resolve(folder, "..", "..", "..");
  return folder === environmentKernels(prefix)
    ? `--prefix ${prefix}`
    : undefined;
}

/** Returns whether a folder of kernelspecs is that of the current user. */
export function isUserFolder(
  folder: string,
  system: SystemProperties = systemProperties(),
): boolean {
  return folder === userKernels(system);
}

function environmentKernels(prefix: string): string {
  return resolve(prefix, "share", "jupyter", "kernels");
}

function environmentFolder({
  variables,
}: SystemProperties): string | undefined {
  return variables.VIRTUAL_ENV || variables.CONDA_PREFIX || undefined;
}

function userKernels(system: SystemProperties): string {
  return resolve(userDataFolder(system), "kernels");
}
