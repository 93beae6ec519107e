/**
 * Where Jupyter looks for kernelspecs, as jupyter_core's paths.py has it
 * (https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files).
 */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CommandError, type Option, type OptionValues } from "./subcommand";

/** The options by which a person says where a kernelspec goes. */
export const placeOptions: Readonly<Record<string, Option>> = {
  user: {
    type: "boolean",
    help: "For you alone, and for every Jupyter that you start.",
  },
  prefix: {
    type: "string",
    value: "PATH",
    help: "For the Jupyter installed in PATH: PATH/share/jupyter/kernels.",
  },
};

/** What the help says of the place where there is no option. */
export const defaultPlace =
  "Without --user or --prefix that is the active Python environment (VIRTUAL_ENV, else CONDA_PREFIX), whose Jupyter looks\nthere first; where none is active, it is as with --user.";

/** What the place depends on. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The surroundings of this process. */
export function surroundings(): Surroundings {
  return {
    variables: process.env,
    platform: process.platform,
    home: homedir(),
  };
}

/**
 * The folder of kernelspecs that the options mean.
 *
 * @throws {CommandError} If both options are given, or --prefix is empty.
 */
export function kernelsFolder(
  { user, prefix }: OptionValues,
  around: Surroundings = surroundings(),
): string {
  if (user === true && prefix !== undefined) {
    throw new CommandError("Expected --user or --prefix, received both.");
  }
  if (prefix === "") {
    throw new CommandError(
      "Expected the path of a folder after --prefix, received an empty one.",
    );
  }
  const environment =
    user === true
      ? undefined
      : typeof prefix === "string"
        ? prefix
        : environmentFolder(around);
  return environment === undefined
    ? userKernels(around)
    : environmentKernels(environment);
}

/** The folders in which a kernelspec may be that this command has installed, besides those of other prefixes. */
export function knownKernelsFolders(
  around: Surroundings = surroundings(),
): readonly string[] {
  const environment = environmentFolder(around);
  const folders = [
    ...(environment === undefined ? [] : [environmentKernels(environment)]),
    userKernels(around),
    ...(around.platform === "win32"
      ? []
      : ["/usr/local", "/usr"].map(environmentKernels)),
  ];
  return [...new Set(folders)];
}

/** The option that means a folder of kernelspecs; undefined if none does. */
export function placeOption(
  folder: string,
  around: Surroundings = surroundings(),
): string | undefined {
  if (folder === userKernels(around)) return "--user";
  const prefix = resolve(folder, "..", "..", "..");
  return folder === environmentKernels(prefix)
    ? `--prefix ${prefix}`
    : undefined;
}

function environmentKernels(prefix: string): string {
  return resolve(prefix, "share", "jupyter", "kernels");
}

function environmentFolder({ variables }: Surroundings): string | undefined {
  return variables.VIRTUAL_ENV || variables.CONDA_PREFIX || undefined;
}

function userKernels(around: Surroundings): string {
  return resolve(userDataFolder(around), "kernels");
}

function userDataFolder({ variables, platform, home }: Surroundings): string {
  if (variables.JUPYTER_DATA_DIR) return variables.JUPYTER_DATA_DIR;
  const platformFolders = variables.JUPYTER_PLATFORM_DIRS?.toLowerCase();
  // jupyter_core's list of what means no; the variable makes a difference on macOS and Windows.
  const byPlatform =
    platformFolders !== undefined &&
    !["no", "n", "false", "off", "0", "0.0"].includes(platformFolders);
  if (platform === "darwin") {
    return byPlatform
      ? join(home, "Library", "Application Support", "Jupyter")
      : join(home, "Library", "Jupyter");
  }
  if (platform === "win32") {
    return byPlatform
      ? join(
          variables.LOCALAPPDATA || join(home, "AppData", "Local"),
          "Jupyter",
        )
      : join(variables.APPDATA || join(home, "AppData", "Roaming"), "jupyter");
  }
  return join(
    variables.XDG_DATA_HOME || join(home, ".local", "share"),
    "jupyter",
  );
}
