/**
 * Replaces or drops the options of a tsconfig.json that this TypeScript version does not support,
 * and warns about them.
 *
 * A configuration may be written for a newer TypeScript, or for an older one whose options have
 * since been removed. All other options of it apply.
 */
import type * as typescript from "typescript";

/** TypeScript's error codes for invalid configurations. */
enum Code {
  UnknownOption = 5023,
  UnknownOptionSuggestion = 5025,
  Removed = 5102,
  RemovedValue = 5108,
  BadReactNamespace = 5059,
  BadFactory = 5067,
  BadFragmentFactory = 18035,
  UnknownValue = 6046,
  NoInputs = 18003,
  EmptyFiles = 18002,
}

/** TypeScript's error codes for invalid patterns in `paths`. */
const PATH_CODES: ReadonlySet<number> = new Set([
  5061, 5062, 5063, 5064, 5066, 5090,
]);

/**
 * Matches an option's name in TypeScript's messages: "Option 'charset' has …", "Argument for
 * '--lib' option …".
 */
const OPTION_NAME = /'(?:--)?(\w+)/;

/** The supported options, with warnings about the others. */
interface SupportedOptions {
  readonly options: typescript.CompilerOptions;
  readonly warnings: readonly string[];
}

/**
 * Returns the options of a configuration that this TypeScript version supports.
 *
 * @param parsed The configuration as parsed by TypeScript.
 * @param nameOf Returns the name of a configuration file for warnings.
 */
export function supportedOptions(
  ts: typeof typescript,
  parsed: typescript.ParsedCommandLine,
  nameOf: (path: string) => string,
): SupportedOptions {
  const { configFilePath } = parsed.options;
  const path =
    typeof configFilePath === "string" ? configFilePath : "tsconfig.json";
  const options: typescript.CompilerOptions = {};
  for (const [name, value] of Object.entries(parsed.options)) {
    if (value !== undefined) options[name] = value;
  }
  const unknown = new Map<string, string[]>();
  const warnings: string[] = [];
  const withSyntaxErrors = new Set<string>();
  const warn = ({ code, file, start, messageText }: typescript.Diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    const name = nameOf(file?.fileName ?? path);
    let place = name;
    // Errors after the first syntax error are consequences of it.
    if (file !== undefined && withSyntaxErrors.has(name)) return;
    if (file !== undefined && code < FIRST_SEMANTIC_CODE) {
      withSyntaxErrors.add(name);
      const { line } = ts.getLineAndCharacterOfPosition(file, start ?? 0);
      place = `${name}: line ${line + 1}`;
    }
    const text = `${place}: ${shortened(message)}`;
    if (!warnings.includes(text)) warnings.push(text);
  };
  for (const error of parsed.errors) {
    const value = unknownValue(ts, error);
    if (error.code === Code.NoInputs || error.code === Code.EmptyFiles) {
      continue;
    } else if (value === undefined) {
      warn(error);
    } else {
      const values = unknown.get(value.option) ?? [];
      unknown.set(value.option, [...values, value.text]);
    }
  }
  for (const [name, values] of unknown) {
    const substitutes = substitute(ts, options, name, values);
    const [major, minor] = ts.version.split(".");
    warnings.push(
      shortened(
        `${nameOf(path)}: ${name}: TypeScript ${major}.${minor} does not support ${values.join(", ")}; ` +
          (substitutes.length > 0
            ? `${substitutes.join(", ")} is used instead.`
            : "the option is ignored."),
      ),
    );
  }
  options.ignoreDeprecations = `${ts.version.split(".")[0]}.0`;
  const program = ts.createProgram({ rootNames: [], options });
  for (const error of program.getOptionsDiagnostics()) {
    const message = ts.flattenDiagnosticMessageText(error.messageText, " ");
    const isDropped = DROPPED_CODES.has(error.code);
    if (isDropped) delete options[OPTION_NAME.exec(message)?.[1] ?? ""];
    if (isDropped || PATH_CODES.has(error.code)) warn(error);
  }
  if (options.paths) options.paths = validPaths(options.paths);
  return { options, warnings };
}

/**
 * Returns the entries of `paths` whose values are lists of strings; TypeScript later relies on
 * this.
 */
function validPaths(paths: typescript.MapLike<string[]>) {
  const isValid = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === "string");
  return Object.fromEntries(
    Object.entries(paths).filter(([, value]) => isValid(value)),
  );
}

/** TypeScript's error codes below this one concern syntax. */
const FIRST_SEMANTIC_CODE = 2000;

/** Errors whose options are dropped. */
const DROPPED_CODES: ReadonlySet<number> = new Set([
  Code.Removed,
  Code.RemovedValue,
  Code.BadReactNamespace,
  Code.BadFactory,
  Code.BadFragmentFactory,
]);

/**
 * Returns the option and the text of a value that TypeScript does not know; undefined for other
 * errors.
 */
function unknownValue(
  ts: typeof typescript,
  { code, file, start, length, messageText }: typescript.Diagnostic,
): { readonly option: string; readonly text: string } | undefined {
  if (code !== Code.UnknownValue || file === undefined) return undefined;
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  const option = OPTION_NAME.exec(message)?.[1];
  if (option === undefined || start === undefined) return undefined;
  const text = file.text.slice(start, start + (length ?? 0));
  return { option, text: text.replace(/^["']|["']$/g, "") };
}

/** Sets an option to the nearest supported values, and returns these. */
function substitute(
  ts: typeof typescript,
  options: typescript.CompilerOptions,
  name: string,
  values: readonly string[],
): readonly string[] {
  if (name === "lib") {
    const substitutes = librariesFor(ts, options.lib ?? [], values);
    options.lib = [...(options.lib ?? []), ...substitutes.map(libraryFile)];
    return substitutes;
  }
  const value = values.at(-1) ?? "";
  if (options[name] !== undefined) return [];
  if (name === "target" && isNewEdition(value)) {
    const edition = newestEdition(ts);
    options.target =
      ts.ScriptTarget[
        edition.toUpperCase() as keyof typeof typescript.ScriptTarget
      ];
    return [edition];
  }
  if (name === "module" && /^node\w+$/i.test(value)) {
    options.module = ts.ModuleKind.NodeNext;
    return ["nodenext"];
  }
  if (name === "moduleResolution" && /^node\w+$/i.test(value)) {
    options.moduleResolution = ts.ModuleResolutionKind.NodeNext;
    return ["nodenext"];
  }
  if (name === "jsx" && /^react\W?jsx/i.test(value)) {
    options.jsx = ts.JsxEmit.ReactJSX;
    return ["react-jsx"];
  }
  return [];
}

/** Returns libraries to replace unknown entries of `lib`, in addition to the known ones. */
function librariesFor(
  ts: typeof typescript,
  known: readonly string[],
  values: readonly string[],
): string[] {
  const has = (name: string) => isLibrary(ts, name);
  const substitutes = new Set<string>();
  for (const value of values) {
    // A part of a newer edition may have been a part of esnext before.
    const part = /^es\d{4}\.(\w+)$/i.exec(value)?.[1]?.toLowerCase();
    if (part !== undefined && has(`esnext.${part}`))
      substitutes.add(`esnext.${part}`);
  }
  const names = new Set(known.map((file) => file.slice(4, -5)));
  const hasEdition = [...names].some((name) => /^es(\d+|next)$/.test(name));
  const isNewest = values.some(isNewEdition);
  if (isNewest && !names.has("esnext") && !names.has(newestEdition(ts))) {
    substitutes.add(newestEdition(ts));
  } else if (!hasEdition) {
    substitutes.add(DEFAULT_EDITION);
  }
  return [...substitutes].filter((name) => !names.has(name));
}

/** The default edition; see `../checker/cell-file.ts`. */
const DEFAULT_EDITION = "es2023";

function isNewEdition(value: string): boolean {
  return /^es20\d\d$/i.test(value);
}

/** Returns the newest edition that TypeScript knows, such as "es2025". */
function newestEdition(ts: typeof typescript): string {
  const editions = Object.keys(ts.ScriptTarget).filter(isNewEdition);
  return editions.sort().at(-1)!.toLowerCase();
}

function libraryFile(name: string): string {
  return `lib.${name}.d.ts`;
}

/** Whether TypeScript accepts a name as an entry of `lib`. */
function isLibrary(ts: typeof typescript, name: string): boolean {
  const { errors } = ts.convertCompilerOptionsFromJson({ lib: [name] }, "/");
  return errors.length === 0;
}

/** Shortens a text to the maximum length of a warning. */
function shortened(text: string): string {
  return text.length > MAX_WARNING_LENGTH
    ? `${text.slice(0, MAX_WARNING_LENGTH - 1)}…`
    : text;
}

const MAX_WARNING_LENGTH = 200;
