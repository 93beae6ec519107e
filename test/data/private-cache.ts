/**
 * An environment in which nobody's own data sets are found.
 */
import path from "node:path";
import { afterEach, beforeEach, type TestContext } from "node:test";
import { temporaryFolder } from "./temporary-folder";

const variables = ["CONVNOTES_DATA", "XDG_CACHE_HOME"] as const;

/** For tests that move the cache: elsewhere than on Linux they would have to write into the user's own. */
export const skipElsewhere =
  process.platform === "linux"
    ? false
    : "only on Linux can the cache be moved by an environment variable";

/** Gives each test of the file a cache of its own, and no CONVNOTES_DATA. */
export function usePrivateCache(): void {
  const before = variables.map((name) => process.env[name]);
  beforeEach(async (context) => {
    delete process.env.CONVNOTES_DATA;
    process.env.XDG_CACHE_HOME = await temporaryFolder(context as TestContext);
  });
  afterEach(() => {
    variables.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  });
}

/** The cache of the running test. */
export function privateCache(): string {
  return path.join(process.env.XDG_CACHE_HOME!, "convnotes");
}
