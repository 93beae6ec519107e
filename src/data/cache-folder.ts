/**
 * The folder in which data sets stay between runs.
 */
import envPaths from "env-paths";

/**
 * The folder that data sets are kept in, such as `~/.cache/convnotes` on Linux: the platform's own place for such things, or on
 * Linux the one that XDG_CACHE_HOME names.
 */
export function cacheFolder(): string {
  return envPaths("convnotes", { suffix: "" }).cache;
}
