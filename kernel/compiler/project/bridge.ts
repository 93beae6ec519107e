/**
 * An ES module that stands for a CommonJS module: what a file imports from it, under the names by which the checker knows it.
 */
import { pathToFileURL } from "node:url";
import { LAST_STATEMENT } from "./compiled-modules";

/** What a bridge leads to. */
export interface BridgeTarget {
  /** The file of the CommonJS module, or of JSON. */
  readonly path: string;
  /** Names that are asked for, `default` perhaps among them. */
  readonly names: readonly string[];
  /** Whether Node itself can import the file, for the names that it finds in it. */
  readonly isNative: boolean;
  /** Whether `default` is all that the module exports, as in Node, also if it was compiled from an ES module. */
  readonly isNodes: boolean;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The text of the module. */
export function bridgeText({
  path,
  names,
  isNative,
  isNodes,
}: BridgeTarget): string {
  const named = names.filter((name) => name !== "default");
  const place = JSON.stringify(path);
  return [
    'import { createRequire } from "node:module";',
    `const all = createRequire(${place})(${place});`,
    isNodes
      ? "export default all;"
      : "export default all?.__esModule ? all.default : all;",
    ...(isNative
      ? [`export * from ${JSON.stringify(pathToFileURL(path).href)};`]
      : []),
    ...named.map((name, index) => {
      const exported = NAME.test(name) ? name : JSON.stringify(name);
      return `const name${index} = all?.[${JSON.stringify(name)}]; export { name${index} as ${exported} };`;
    }),
    LAST_STATEMENT,
    "",
  ].join("\n");
}
