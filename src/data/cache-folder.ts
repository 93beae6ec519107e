/**
 * Locates the cache folder for downloaded data sets.
 */
import envPaths from "env-paths";

/**
 * Returns the cache folder for data sets, in the platform's standard location.
 *
 * On Linux this is `$XDG_CACHE_HOME/convnotes`, by default `~/.cache/convnotes`.
 */
export function cacheFolder(): string {
  return envPaths("convnotes", { suffix: "" }).cache;
}
