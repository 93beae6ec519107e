/**
 * Finds the user's Jupyter data folder, by the rules of jupyter_core's paths.py
 * (https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files).
 */
import { homedir } from "node:os";
import { join } from "node:path";

/** The system properties that the folders depend on. */
export interface SystemProperties {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** Returns the properties of the current system. */
export function systemProperties(): SystemProperties {
  return {
    variables: process.env,
    platform: process.platform,
    home: homedir(),
  };
}

/** Returns the folder. */
export function userDataFolder({
  variables,
  platform,
  home,
}: SystemProperties): string {
  if (variables.JUPYTER_DATA_DIR) return variables.JUPYTER_DATA_DIR;
  const platformFolders = variables.JUPYTER_PLATFORM_DIRS?.toLowerCase();
  // The values that jupyter_core treats as false. The variable has an effect on macOS and Windows
  // only.
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
