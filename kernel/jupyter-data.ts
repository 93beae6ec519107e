/**
 * Finds the user's Jupyter folders for data and for configuration, by the rules of jupyter_core's
 * paths.py (https://docs.jupyter.org/en/latest/use/jupyter-directories.html).
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

/** Returns the folder for data. */
export function userDataFolder(system: SystemProperties): string {
  const { variables, platform, home } = system;
  if (variables.JUPYTER_DATA_DIR) return variables.JUPYTER_DATA_DIR;
  // The variable has an effect on macOS and Windows only.
  const byPlatform = usesPlatformFolders(system);
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

/** Returns the folder for configuration. */
export function userConfigFolder(system: SystemProperties): string {
  const { variables, platform, home } = system;
  if (variables.JUPYTER_CONFIG_DIR) return variables.JUPYTER_CONFIG_DIR;
  if (!usesPlatformFolders(system)) return join(home, ".jupyter");
  if (platform === "darwin") {
    return join(home, "Library", "Application Support", "Jupyter");
  }
  return platform === "win32"
    ? join(variables.LOCALAPPDATA || join(home, "AppData", "Local"), "Jupyter")
    : join(variables.XDG_CONFIG_HOME || join(home, ".config"), "jupyter");
}

function usesPlatformFolders({ variables }: SystemProperties): boolean {
  const value = variables.JUPYTER_PLATFORM_DIRS?.toLowerCase();
  // The values that jupyter_core treats as false.
  return (
    value !== undefined &&
    !["no", "n", "false", "off", "0", "0.0"].includes(value)
  );
}
