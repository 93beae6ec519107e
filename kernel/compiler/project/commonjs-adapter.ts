/**
 * Generates ES modules that export the values of a CommonJS module under the names that the checker
 * knows.
 */
import { pathToFileURL } from "node:url";
import { LAST_STATEMENT } from "./compiled-modules";
import { isIdentifier } from "../../identifier";

/** The CommonJS module behind an adapter. */
interface AdapterTarget {
  /** The file of the CommonJS module, or a JSON file. */
  readonly path: string;
  /** The imported names, which may include `default`. */
  readonly names: readonly string[];
  /**
   * Whether Node can import the file directly, so that the exports that Node detects are available,
   * too.
   */
  readonly isNative: boolean;
  /**
   * Whether the default export is always `module.exports`, as in Node, even if the module was
   * compiled from an ES module.
   */
  readonly usesNodeInterop: boolean;
}

/** Returns the source text of the adapter. */
export function adapterText({
  path,
  names,
  isNative,
  usesNodeInterop,
}: AdapterTarget): string {
  const named = names.filter((name) => name !== "default");
  const place = JSON.stringify(path);
  return [
    'import { createRequire } from "node:module";',
    `const all = createRequire(${place})(${place});`,
    usesNodeInterop
      ? "export default all;"
      : "export default all?.__esModule ? all.default : all;",
    ...(isNative
      ? [`export * from ${JSON.stringify(pathToFileURL(path).href)};`]
      : []),
    ...named.map((name, index) => {
      const exported = isIdentifier(name) ? name : JSON.stringify(name);
      return `const name${index} = all?.[${JSON.stringify(name)}]; export { name${index} as ${exported} };`;
    }),
    LAST_STATEMENT,
    "",
  ].join("\n");
}
