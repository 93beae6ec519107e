/**
 * Values and options of a tsconfig.json that this TypeScript does not have: what is taken in their place, and how the user is told.
 *
 * A configuration may be written for a newer TypeScript, or for an older one whose options have been removed since. What it says
 * beside them holds.
 */
import type * as typescript from "typescript";

/** TypeScript's numbers for what can be wrong with a configuration. */
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

/** TypeScript's numbers for patterns of `paths` that lead nowhere. */
const PATH_CODES: ReadonlySet<number> = new Set([
  5061, 5062, 5063, 5064, 5066, 5090,
]);

/** An option's name in TypeScript's text: "Option 'charset' has …", "Argument for '--lib' option …". */
const OPTION_NAME = /'(?:--)?(\w+)/;

/** Options that hold, and what is to be said of the others. */
export interface HeldOptions {
  readonly options: typescript.CompilerOptions;
  readonly warnings: readonly string[];
}

/**
 * Keeps of the options of a configuration what this TypeScript can hold to.
 *
 * @param parsed As TypeScript has read them.
 * @param nameOf How a configuration's file is called in a warning.
 */
export function heldOptions(
  ts: typeof typescript,
  parsed: typescript.ParsedCommandLine,
  nameOf: (path: string) => string,
): HeldOptions {
  const path = String(parsed.options["configFilePath"] ?? "tsconfig.json");
  const options: typescript.CompilerOptions = {};
  for (const [name, value] of Object.entries(parsed.options)) {
    if (value !== undefined) options[name] = value;
  }
  const unknown = new Map<string, string[]>();
  const warnings: string[] = [];
  const misread = new Set<string>();
  const say = ({ code, file, start, messageText }: typescript.Diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    const name = nameOf(file?.fileName ?? path);
    let place = name;
    // What comes after the first fault of grammar follows from it.
    if (file !== undefined && misread.has(name)) return;
    if (file !== undefined && code < FIRST_OF_TYPES) {
      misread.add(name);
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
      say(error);
    } else {
      const values = unknown.get(value.option) ?? [];
      unknown.set(value.option, [...values, value.text]);
    }
  }
  for (const [name, values] of unknown) {
    const taken = substitute(ts, options, name, values);
    const [major, minor] = ts.version.split(".");
    warnings.push(
      shortened(
        `${nameOf(path)}: ${name}: TypeScript ${major}.${minor} does not know ${values.join(", ")}; ` +
          (taken.length > 0
            ? `${taken.join(", ")} is taken.`
            : "it is left out."),
      ),
    );
  }
  options.ignoreDeprecations = `${ts.version.split(".")[0]}.0`;
  const program = ts.createProgram({ rootNames: [], options });
  for (const error of program.getOptionsDiagnostics()) {
    const message = ts.flattenDiagnosticMessageText(error.messageText, " ");
    const isLost = LOST_CODES.has(error.code);
    if (isLost) delete options[OPTION_NAME.exec(message)?.[1] ?? ""];
    if (isLost || PATH_CODES.has(error.code)) say(error);
  }
  if (options.paths) options.paths = soundPaths(options.paths);
  return { options, warnings };
}

/** The entries of `paths` whose values are lists of texts, as TypeScript takes for granted later. */
function soundPaths(paths: typescript.MapLike<string[]>) {
  const isSound = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === "string");
  return Object.fromEntries(
    Object.entries(paths).filter(([, value]) => isSound(value)),
  );
}

/** Below it are TypeScript's numbers for grammar. */
const FIRST_OF_TYPES = 2000;

/** Options that are left out if TypeScript says this of them. */
const LOST_CODES: ReadonlySet<number> = new Set([
  Code.Removed,
  Code.RemovedValue,
  Code.BadReactNamespace,
  Code.BadFactory,
  Code.BadFragmentFactory,
]);

/** The option and the text of a value that TypeScript does not know. */
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

/** Puts into the options what comes nearest to values that TypeScript does not know, and names it. */
function substitute(
  ts: typeof typescript,
  options: typescript.CompilerOptions,
  name: string,
  values: readonly string[],
): readonly string[] {
  if (name === "lib") {
    const taken = librariesFor(ts, options.lib ?? [], values);
    options.lib = [...(options.lib ?? []), ...taken.map(libraryFile)];
    return taken;
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

/** Libraries for entries of `lib` that TypeScript does not know, beside those that it knows. */
function librariesFor(
  ts: typeof typescript,
  known: readonly string[],
  values: readonly string[],
): string[] {
  const has = (name: string) => isLibrary(ts, name);
  const taken = new Set<string>();
  for (const value of values) {
    // A part of a newer edition was one of the next edition before.
    const part = /^es\d{4}\.(\w+)$/i.exec(value)?.[1]?.toLowerCase();
    if (part !== undefined && has(`esnext.${part}`))
      taken.add(`esnext.${part}`);
  }
  const names = new Set(known.map((file) => file.slice(4, -5)));
  const hasEdition = [...names].some((name) => /^es(\d+|next)$/.test(name));
  const isNewest = values.some(isNewEdition);
  if (isNewest && !names.has("esnext") && !names.has(newestEdition(ts))) {
    taken.add(newestEdition(ts));
  } else if (!hasEdition) {
    taken.add(DEFAULT_EDITION);
  }
  return [...taken].filter((name) => !names.has(name));
}

/** The edition that counts where a configuration names none; see `../checker/cell-file.ts`. */
const DEFAULT_EDITION = "es2022";

function isNewEdition(value: string): boolean {
  return /^es20\d\d$/i.test(value);
}

/** The newest edition that TypeScript has a name for, such as "es2025". */
function newestEdition(ts: typeof typescript): string {
  const editions = Object.keys(ts.ScriptTarget).filter(isNewEdition);
  return editions.sort().at(-1)!.toLowerCase();
}

function libraryFile(name: string): string {
  return `lib.${name}.d.ts`;
}

/** Whether TypeScript takes a name as an entry of `lib`. */
function isLibrary(ts: typeof typescript, name: string): boolean {
  const { errors } = ts.convertCompilerOptionsFromJson({ lib: [name] }, "/");
  return errors.length === 0;
}

/** At most as long as what is read at a glance. */
function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const LONGEST = 200;
