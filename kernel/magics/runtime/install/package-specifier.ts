/**
 * Reads the packages that `%install` names, such as `name@1.2.3`, `./folder` and `name@latest`.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { resolve } from "node:path";

/** A package to install. */
export interface Specifier {
  /** As npm understands it. */
  readonly text: string;
  /** The name of a package of the registry; undefined for folders, archives and URLs. */
  readonly name?: string;
  /** What follows the name and `@`; undefined for the name alone. */
  readonly version?: string | undefined;
}

/** Matches a name, perhaps with a version, a range, a tag or an alias. */
const NAMED = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)(?:@(.+))?$/;

/** Matches archives, which npm takes for files although they look like names. */
const ARCHIVE = /\.(?:tgz|tar|tar\.gz)$/;

/**
 * Returns the packages that the argument of `%install` names.
 *
 * @throws {Error} ERR_USAGE for an option: npm's options could install elsewhere or run scripts.
 */
export function specifiers(argument: string): readonly Specifier[] {
  const words = argument.split(/\s+/).filter((word) => word !== "");
  const option = words.find((word) => word.startsWith("-"));
  if (option !== undefined) {
    throw coded(
      "ERR_USAGE",
      new Error(
        `Expected names of packages such as name or name@1.2.3, received the option ${option}.`,
      ),
    );
  }
  return words.map((text) => {
    const plain = text.replace(/^(["'])(.*)\1$/, "$2");
    if (ARCHIVE.test(plain)) return { text: plain };
    const [, name, version] = NAMED.exec(plain) ?? [];
    return name === undefined
      ? { text: plain }
      : { text: plain, name, version };
  });
}

/** Returns whether a version is exact, such as "1.2.3". */
export function isExact(version: string | undefined): version is string {
  return (
    version !== undefined && /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version)
  );
}

/**
 * Returns a specifier with the recorded version, if it is a name alone and the record is exact.
 *
 * @param specifier The package.
 * @param recorded Versions by name.
 */
export function pinned(
  specifier: Specifier,
  recorded: Readonly<Record<string, string>>,
): Specifier {
  const { name, version } = specifier;
  const known = name === undefined ? undefined : recorded[name];
  if (name === undefined || version !== undefined || !isExact(known)) {
    return specifier;
  }
  return { text: `${name}@${known}`, name, version: known };
}

/**
 * Returns whether an entry of package.json is for a specifier.
 *
 * @param specifier A folder or an archive.
 * @param value The entry's value, such as "file:../folder".
 * @param folder The folder of package.json.
 */
export function isEntryOf(
  { text }: Specifier,
  value: string,
  folder: string,
): boolean {
  const place = (path: string) => resolve(folder, path.replace(/^file:/, ""));
  return value.startsWith("file:") && place(value) === place(text);
}
