/**
 * Isolates tests from the user's own data sets.
 */
import path from "node:path";
import { afterEach, beforeEach, type TestContext } from "node:test";
import { temporaryFolder } from "./temporary-folder";

const variables = ["CONVNOTES_DATA", "XDG_CACHE_HOME"] as const;

/** Skip option for tests that move the cache, which is only possible on Linux. */
export const skipElsewhere =
  process.platform === "linux"
    ? false
    : "only on Linux can the cache be moved by an environment variable";

/** Gives each test in the file an empty cache and unsets CONVNOTES_DATA. */
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

/** Returns the cache folder of the running test. */
export function privateCache(): string {
  return path.join(process.env.XDG_CACHE_HOME!, "convnotes");
}
