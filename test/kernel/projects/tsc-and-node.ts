/**
 * Runs a project with tsc and Node.
 *
 * TypeScript compiles in place with the project's own options, so that specifiers resolve as in the
 * project; Node then runs the notebook's file. Projects that need a bundler are bundled by esbuild.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as typescript from "typescript";
import { projectFolder } from "../kernel-client";
import { entryText, showScript } from "./entry";
import { Folder } from "./folder";
import type { Project, Result } from "./project";

type TypeScript = typeof typescript;

/** The kernel's own defaults, for a project without a configuration. */
const withoutConfiguration = {
  compilerOptions: {
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["es2022"],
    strict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    jsx: "react",
  },
};

/** Node's arguments and the file to run. */
interface Program {
  readonly file: string;
  readonly parameters: readonly string[];
}

/** A compiled project, or TypeScript's errors. */
export type Compiled = Program | { readonly objections: string };

/** Compiles projects with one version of TypeScript. */
export class Oracle {
  readonly #ts: TypeScript;
  readonly #tsc: string;

  /**
   * @param packageFolder The folder of the package `typescript`; that of the checkout by default.
   */
  constructor(
    packageFolder = join(projectFolder, "node_modules", "typescript"),
  ) {
    this.#ts = createRequire(__filename)(packageFolder) as TypeScript;
    this.#tsc = join(packageFolder, "bin", "tsc");
  }

  /** The TypeScript version. */
  get version(): string {
    return this.#ts.version;
  }

  /** Compiles a project and runs it with each of these Node commands. */
  results(project: Project, nodes: readonly string[]): Result[] {
    const folder = new Folder(project);
    try {
      const compiled = this.#compile(project, folder);
      return nodes.map((node) =>
        "objections" in compiled ? compiled : run(node, compiled, folder),
      );
    } finally {
      folder.remove();
    }
  }

  #compile(project: Project, folder: Folder): Compiled {
    for (const each of project.builds ?? []) {
      execFileSync(
        process.execPath,
        [this.#tsc, "-b", join(folder.path, each)],
        {
          encoding: "utf8",
        },
      );
    }
    const { entry: extension = "mts", runner = "node" } = project;
    const entry = folder.write(
      join(project.folder ?? ".", `notebook.${extension}`),
      entryText(project.cells, extension),
    );
    const configuration = this.#configuration(project, folder, entry);
    const { options, projectReferences } = configuration;
    const program = this.#ts.createProgram({
      rootNames: [...new Set([...configuration.fileNames, entry])],
      options,
      ...(projectReferences && { projectReferences }),
    });
    const objections = this.#objections(program, entry);
    if (objections.length > 0) return { objections: objections.join(" ") };
    const conditions = options.customConditions ?? [];
    if (runner === "esbuild") return bundle(folder, entry, conditions, project);
    this.#emit(program);
    for (const [from, to] of Object.entries(project.copies ?? {})) {
      folder.copy(from, to);
    }
    const output = this.#ts
      .getOutputFileNames(
        { ...configuration, fileNames: [entry] },
        entry,
        false,
      )
      .find((name) => /\.[cm]?jsx?$/.test(name));
    return {
      file: output ?? "",
      parameters: conditions.map((name) => `--conditions=${name}`),
    };
  }

  #configuration(project: Project, folder: Folder, entry: string) {
    const ts = this.#ts;
    const path =
      project.config === undefined
        ? ts.findConfigFile(folder.notebooks, ts.sys.fileExists)
        : join(folder.path, project.config);
    const file =
      path ??
      folder.write("tsconfig.json", JSON.stringify(withoutConfiguration));
    const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
    if (error) throw this.#error(project, [error]);
    const older = ts.version.startsWith("5.") ? project.older : undefined;
    const parsed = ts.parseJsonConfigFileContent(
      config,
      ts.sys,
      dirname(file),
      {
        ...(older && this.#convert(older, dirname(file))),
      },
      file,
    );
    // A configuration without files only defines how files are compiled, which is sufficient here.
    const errors = parsed.errors.filter(
      ({ code }) => code !== 18002 && code !== 18003,
    );
    if (errors.length > 0 && !older) throw this.#error(project, errors);
    const { options } = parsed;
    Object.assign(options, {
      noEmit: project.runner === "esbuild",
      emitDeclarationOnly: false,
      composite: false,
      incremental: false,
      tsBuildInfoFile: undefined,
      skipLibCheck: true,
      inlineSourceMap: true,
      sourceMap: undefined,
      ignoreDeprecations: ts.version.startsWith("5.") ? "5.0" : "6.0",
      types: options.types ?? (options.typeRoots ? undefined : ["node"]),
    });
    // No other file imports the file of the cells.
    parsed.fileNames = [...parsed.fileNames, entry];
    return parsed;
  }

  #convert(options: Readonly<Record<string, unknown>>, folder: string) {
    return this.#ts.convertCompilerOptionsFromJson(options, folder).options;
  }

  #objections(program: typescript.Program, entry: string): string[] {
    const ts = this.#ts;
    const all = ts.getPreEmitDiagnostics(program);
    const elsewhere = all.filter(({ file }) => file?.fileName !== entry);
    if (elsewhere.length > 0) {
      throw new Error(
        `Expected files that are right, received:\n${ts.formatDiagnostics(elsewhere, formatHost)}`,
      );
    }
    return all.map(({ code }) => `TS${code}`);
  }

  #emit(program: typescript.Program): void {
    const { diagnostics } = program.emit();
    if (diagnostics.length > 0) {
      throw new Error(
        `Expected files that can be written, received:\n${this.#ts.formatDiagnostics(diagnostics, formatHost)}`,
      );
    }
  }

  #error(project: Project, errors: readonly typescript.Diagnostic[]): Error {
    return new Error(
      `Expected a configuration that is right, received in ${project.name}:\n${this.#ts.formatDiagnostics(errors, formatHost)}`,
    );
  }
}

const formatHost = {
  getCanonicalFileName: (name: string) => name,
  getCurrentDirectory: () => "",
  getNewLine: () => "\n",
};

function bundle(
  folder: Folder,
  entry: string,
  conditions: readonly string[],
  { config }: Project,
): Program {
  const file = join(folder.path, "bundle.mjs");
  execFileSync(
    join(projectFolder, "node_modules", ".bin", "esbuild"),
    [
      entry,
      "--bundle",
      "--platform=node",
      "--format=esm",
      "--target=node20",
      "--sourcemap=inline",
      "--log-level=error",
      `--outfile=${file}`,
      ...(conditions.length > 0
        ? [`--conditions=${conditions.join(",")}`]
        : []),
      ...(config === undefined
        ? []
        : [`--tsconfig=${join(folder.path, config)}`]),
    ],
    { encoding: "utf8" },
  );
  return { file, parameters: [] };
}

function run(
  node: string,
  { file, parameters }: Program,
  folder: Folder,
): Result {
  const script = folder.write("show-value.cjs", showScript);
  const { status, stdout, stderr, error } = spawnSync(
    node,
    [...parameters, "--enable-source-maps", "--require", script, file],
    {
      cwd: folder.notebooks,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
      timeout: 60_000,
    },
  );
  if (error) throw error;
  if (status === 0) return { stdout };
  const message = /^(?:Uncaught )?(\w*Error.*)$/m.exec(stderr)?.[1];
  if (message === undefined) {
    throw new Error(`Expected an error, received:\n${stdout}${stderr}`);
  }
  return { throws: message };
}
