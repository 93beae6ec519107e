/**
 * Reads a project's configuration for cells and for the files that they import.
 *
 * The tsconfig.json is chosen as in an editor: the nearest one upwards, or the one among its
 * references that would include a file in the notebook's folder.
 */
import { dirname, join, relative } from "node:path";
import type * as typescript from "typescript";
import { configurationFile } from "../folders";
import { FilePatterns } from "./file-patterns";
import { supportedOptions } from "./supported-options";
import { typePackages } from "./type-packages";

/** The contents of a project's tsconfig.json. */
export interface Configuration {
  /**
   * The notebook's tsconfig.json and every file that it extends or references; a change of any of
   * them may affect the other fields.
   */
  readonly files: readonly string[];
  /** The tsconfig.json that contains these options; undefined if there is none. */
  readonly path: string | undefined;
  /**
   * The project's own options as parsed by TypeScript, without those that this TypeScript version
   * does not support.
   */
  readonly options: typescript.CompilerOptions;
  /** The project's declaration files that `files` and `include` name. */
  readonly declarations: readonly string[];
  /** The folders that were searched for files of the project; an added file changes one of them. */
  readonly folders: readonly string[];
  /** The names of packages whose global declarations are included. */
  readonly types: readonly string[];
  /** Warnings about the configuration, one sentence each. */
  readonly warnings: readonly string[];
}

/** A configuration file with the result of parsing it. */
interface Project {
  readonly path: string;
  readonly parsed: typescript.ParsedCommandLine;
  readonly folders: readonly string[];
  /** The configuration file and those that it extends. */
  readonly files: readonly string[];
}

/**
 * Reads the configuration of a notebook; returns an empty one if there is none.
 *
 * @param ts TypeScript, which the runtime loads only if necessary.
 * @param notebookFolder The folder of the notebook.
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
  const { project, files, ambiguity } = effectiveProject(ts, root, cell);
  const nameOf = (path: string) => relative(notebookFolder, path);
  const { options, warnings } = supportedOptions(ts, project.parsed, nameOf);
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

/**
 * The name that a cell would have as a file in the notebook's folder, to match the patterns of a
 * configuration.
 */
const CELL = "cell.ts";

function isDeclarationFile(path: string): boolean {
  return /\.d(?:\.[^./]+)?\.[cm]?ts$/.test(path);
}

/**
 * Returns the files of a project that are relevant here; processing hundreds of files would take
 * TypeScript long.
 */
function relevantFiles(files: readonly string[], cell: string): string[] {
  const all = new Set(files);
  // Skip a declaration file generated from the file next to it.
  const isGenerated = (path: string) =>
    ["ts", "tsx", "mts", "cts"].some((ending) =>
      all.has(path.replace(/d\.[cm]?ts$/, ending)),
    );
  const one = files.find((path) => !isDeclarationFile(path));
  return files.filter(
    (path) =>
      path === one ||
      path === cell ||
      (isDeclarationFile(path) && !isGenerated(path)),
  );
}

/**
 * Returns the configuration that applies to a cell, and all files that contributed to the choice.
 */
function effectiveProject(
  ts: typeof typescript,
  root: string,
  cell: string,
): {
  readonly project: Project;
  readonly files: readonly string[];
  readonly ambiguity?: (nameOf: (path: string) => string) => string;
} {
  const first = readProject(ts, root, cell);
  if (includes(first, cell) || !first.parsed.projectReferences?.length) {
    return { project: first, files: first.files };
  }
  const referenced = referencedProjects(ts, first, cell);
  const files = [
    ...new Set([first, ...referenced].flatMap((each) => each.files)),
  ];
  const including = referenced.find((each) => includes(each, cell));
  if (including) return { project: including, files };
  if (hasFiles(first)) return { project: first, files };
  const withFiles = referenced.filter(hasFiles);
  // A configuration that only lists single files, such as that of a tool, is not meant for other
  // files.
  const withWildcards = withFiles.filter(
    ({ parsed }) => Object.keys(parsed.wildcardDirectories ?? {}).length > 0,
  );
  const project = withWildcards[0] ?? withFiles[0] ?? first;
  if (withWildcards.length < 2) return { project, files };
  return {
    project,
    files,
    ambiguity: (nameOf) =>
      `none of the configurations that it references includes the notebook's folder; ${nameOf(project.path)} is used.`,
  };
}

/**
 * Returns the configurations that a project references directly or indirectly, without duplicates.
 */
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

function includes({ parsed }: Project, cell: string): boolean {
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
      relevantFiles(patterns.find(from, endings, excludes, includes), cell),
  };
  const source = ts.readJsonConfigFile(path, (name) => ts.sys.readFile(name));
  // Syntax errors of the file itself are not reported with the errors of its content.
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

/** An error code that TypeScript does not use. */
const FAILED = 0;

/**
 * Returns the parsed configuration, or an empty one with an error if TypeScript fails, as for
 * `"references": [null]`.
 */
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
          messageText: `TypeScript cannot read the configuration: ${(error as Error).message}`,
        },
      ],
    };
  }
}
