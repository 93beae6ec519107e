/**
 * What a package declares for the kernel, in the field "convnotes" of its package.json.
 *
 * It is data, because most of it is needed before any module of the package is loaded, and some in
 * the front process, which loads none.
 */

/** A shared object that is loaded while the cell that will need it is still checked. */
export interface Preload {
  /** The package that contains it. */
  readonly package: string;
  /** Paths in that package; the first that exists is loaded. */
  readonly files: readonly string[];
  /** Variables to set before, unless they are set; the shared object may read them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A link in the notebook's help menu. */
export interface HelpLink {
  readonly text: string;
  readonly url: string;
}

/** What a package declares. Parts of the wrong type are left out. */
export interface Declaration {
  /** Modules that extend other packages, by the name of the extended package. */
  readonly extensions: Readonly<Record<string, string>>;
  readonly preload: Preload | undefined;
  /** Match lines that native code writes to standard error and that are not shown. */
  readonly quietLines: readonly RegExp[];
  readonly helpLinks: readonly HelpLink[];
}

/** Reads the field of a package.json. Returns undefined if it is not an object. Never throws. */
export function readDeclaration(field: unknown): Declaration | undefined {
  if (!isObject(field)) return undefined;
  return {
    extensions: texts(field["extensions"]),
    preload: preloadOf(field["preload"]),
    quietLines: listOf(field["quietLines"]).flatMap(expressionOf),
    helpLinks: listOf(field["helpLinks"]).filter(isHelpLink),
  };
}

function preloadOf(field: unknown): Preload | undefined {
  if (!isObject(field) || typeof field["package"] !== "string") {
    return undefined;
  }
  return {
    package: field["package"],
    files: listOf(field["files"]).filter(isText),
    environment: texts(field["environment"]),
  };
}

function expressionOf(source: unknown): RegExp[] {
  try {
    return isText(source) ? [new RegExp(source)] : [];
  } catch {
    return [];
  }
}

function isHelpLink(field: unknown): field is HelpLink {
  return isObject(field) && isText(field["text"]) && isText(field["url"]);
}

function texts(field: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isObject(field) ? field : {}).filter(
      (entry): entry is [string, string] => isText(entry[1]),
    ),
  );
}

function listOf(field: unknown): readonly unknown[] {
  return Array.isArray(field) ? field : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
