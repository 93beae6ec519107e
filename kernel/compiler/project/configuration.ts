/**
 * A project's configuration, read once into one value for cells and for the files that they import.
 *
 * Which tsconfig.json counts is decided as an editor does it: the nearest one upwards, or of those that it references the one to which a
 * file in the notebook's folder would belong.
 */
import { dirname, join, relative } from "node:path";
import type * as typescript from "typescript";
import { configurationFile } from "../folders";
import { FilePatterns } from "./file-patterns";
import { heldOptions } from "./newer-options";
import { typePackages } from "./type-packages";

/** What a project's tsconfig.json says. */
export interface Configuration {
  /** The tsconfig.json that rules over the notebook and every file that it extends or references: what may change what is below. */
  readonly files: readonly string[];
  /** The tsconfig.json whose options these are; undefined if there is none. */
  readonly path: string | undefined;
  /** The project's own options, as TypeScript understood them, without those that this TypeScript does not have or that cannot hold. */
  readonly options: typescript.CompilerOptions;
  /** The project's declaration files, those that `files` and `include` name. */
  readonly declarations: readonly string[];
  /** The folders in which files of the project were looked for; a file that is added changes one of them. */
  readonly folders: readonly string[];
  /** Names of packages whose global declarations count. */
  readonly types: readonly string[];
  /** What is wrong with the configuration, one sentence each. */
  readonly warnings: readonly string[];
}

/** A configuration and what TypeScript has found in it. */
interface Project {
  readonly path: string;
  readonly parsed: typescript.ParsedCommandLine;
  readonly folders: readonly string[];
  /** The configuration's file and those that it extends. */
  readonly files: readonly string[];
}

/**
 * Reads the configuration that rules over a notebook; without one nothing is said.
 *
 * @param ts TypeScript, which the runtime loads only if it has to.
 * @param notebookFolder The folder in which the notebook lies.
 */
export function readConfiguration(
  ts: typeof typescript,
  notebookFolder: string,
): Configuration {
  const root = configurationFile(notebookFolder);
  if (root === undefined) {
    return {
      files: [],
      path: undefined,
      options: {},
      declarations: [],
      folders: [],
      types: [],
      warnings: [],
    };
  }
  const cell = join(notebookFolder, CELL);
  const { project, files, ambiguity } = rulingProject(ts, root, cell);
  const nameOf = (path: string) => relative(notebookFolder, path);
  const { options, warnings } = heldOptions(ts, project.parsed, nameOf);
  const types = typePackages(ts, options, dirname(project.path));
  return {
    files,
    path: project.path,
    options,
    declarations: project.parsed.fileNames.filter(isDeclarationFile),
    folders: project.folders,
    types: types.found,
    warnings: [
      ...(ambiguity ? [`${nameOf(root)}: ${ambiguity(nameOf)}`] : []),
      ...warnings,
      ...types.missing.map(
        (name) =>
          `${nameOf(project.path)}: types: Cannot find type definition file for '${name}'.`,
      ),
    ],
  };
}

/** The file in the notebook's folder that a cell would be, for the patterns of a configuration. */
const CELL = "cell.ts";

function isDeclarationFile(path: string): boolean {
  return /\.d(?:\.[^./]+)?\.[cm]?ts$/.test(path);
}

/** The files of a project that are asked for here: TypeScript takes its time with each of hundreds. */
function needed(files: readonly string[], cell: string): string[] {
  const all = new Set(files);
  // One that was made from a file beside it says nothing new.
  const isMade = (path: string) =>
    ["ts", "tsx", "mts", "cts"].some((ending) =>
      all.has(path.replace(/d\.[cm]?ts$/, ending)),
    );
  const one = files.find((path) => !isDeclarationFile(path));
  return files.filter(
    (path) =>
      path === one ||
      path === cell ||
      (isDeclarationFile(path) && !isMade(path)),
  );
}

/** The configuration to which a cell belongs, and all files that had a say in it. */
function rulingProject(
  ts: typeof typescript,
  root: string,
  cell: string,
): {
  readonly project: Project;
  readonly files: readonly string[];
  readonly ambiguity?: (nameOf: (path: string) => string) => string;
} {
  const first = readProject(ts, root, cell);
  if (holds(first, cell) || !first.parsed.projectReferences?.length) {
    return { project: first, files: first.files };
  }
  const referenced = referencedProjects(ts, first, cell);
  const files = [
    ...new Set([first, ...referenced].flatMap((each) => each.files)),
  ];
  const holder = referenced.find((each) => holds(each, cell));
  if (holder) return { project: holder, files };
  if (hasFiles(first)) return { project: first, files };
  const filled = referenced.filter(hasFiles);
  // One that only lists single files, such as a tool's own configuration, is not meant for others.
  const open = filled.filter(
    ({ parsed }) => Object.keys(parsed.wildcardDirectories ?? {}).length > 0,
  );
  const project = open[0] ?? filled[0] ?? first;
  if (open.length < 2) return { project, files };
  return {
    project,
    files,
    ambiguity: (nameOf) =>
      `none of the configurations that it references includes the notebook's folder; ${nameOf(project.path)} is taken.`,
  };
}

/** The configurations that one references, and those that these reference, each once. */
function referencedProjects(
  ts: typeof typescript,
  root: Project,
  cell: string,
): Project[] {
  const seen = new Set([root.path]);
  const found: Project[] = [];
  const visit = ({ parsed }: Project): void => {
    const added = (parsed.projectReferences ?? [])
      .map((reference) => ts.resolveProjectReferencePath(reference) as string)
      .filter((path) => !seen.has(path) && ts.sys.fileExists(path))
      .map((path) => {
        seen.add(path);
        return readProject(ts, path, cell);
      });
    found.push(...added);
    added.forEach(visit);
  };
  visit(root);
  return found;
}

function holds({ parsed }: Project, cell: string): boolean {
  return parsed.fileNames.includes(cell);
}

function hasFiles({ parsed }: Project): boolean {
  return parsed.fileNames.length > 0;
}

function readProject(
  ts: typeof typescript,
  path: string,
  cell: string,
): Project {
  const patterns = new FilePatterns(cell, ts.sys.useCaseSensitiveFileNames);
  const host: typescript.ParseConfigHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    readDirectory: (from, endings, excludes, includes) =>
      needed(patterns.find(from, endings, excludes, includes), cell),
  };
  const source = ts.readJsonConfigFile(path, (name) => ts.sys.readFile(name));
  // Faults of grammar in the file itself are not among those that its content has.
  const { error } = ts.readConfigFile(path, () => source.text);
  const parsed = parsedBy(
    ts,
    () =>
      ts.parseJsonSourceFileConfigFileContent(
        source,
        host,
        dirname(path),
        undefined,
        path,
      ),
    path,
  );
  if (error) {
    parsed.errors = [
      error,
      ...parsed.errors.filter(({ code }) => code !== FAILED),
    ];
  }
  return {
    path,
    parsed,
    folders: [...patterns.folders],
    files: [path, ...(source.extendedSourceFiles ?? [])],
  };
}

/** A number that TypeScript has for no message of its own. */
const FAILED = 0;

/** What TypeScript reads; for a content that it fails at, such as `"references": [null]`, what it reads of an empty one. */
function parsedBy(
  ts: typeof typescript,
  parse: () => typescript.ParsedCommandLine,
  path: string,
): typescript.ParsedCommandLine {
  try {
    return parse();
  } catch (error) {
    return {
      options: { configFilePath: path },
      fileNames: [],
      errors: [
        {
          category: ts.DiagnosticCategory.Error,
          code: FAILED,
          file: undefined,
          start: undefined,
          length: undefined,
          messageText: `Expected a configuration that TypeScript can read, it fails: ${(error as Error).message}`,
        },
      ],
    };
  }
}
