/**
 * Makes the magics available to compiled cells, as a property of `globalThis`. They are loaded at
 * their first use.
 */
import { createRequire } from "node:module";
import { MAGICS_KEY } from "../host-key";
import type { MagicContext, MagicHost } from "./magic-host";

/** Installs the property. */
export function installMagics(context: MagicContext): void {
  let host: MagicHost | undefined;
  Object.defineProperty(globalThis, MAGICS_KEY, {
    get: () => (host ??= create(context)),
  });
}

function create(context: MagicContext): MagicHost {
  const { MagicHost } = createRequire(__filename)(
    "./magic-host",
  ) as typeof import("./magic-host");
  return new MagicHost(context);
}
