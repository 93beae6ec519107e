/**
 * Compiles `driver.cc` together with the C++ code of native steps, with additional options, and
 * runs it.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setupModule } from "../../setup/checkout";

const project = path.resolve(__dirname, "../../..");
const sources = path.join(project, "src", "engine", "native", "cpp");
const driverSource = path.join(__dirname, "driver.cc");

interface Width {
  readonly name: string;
}

interface Job {
  readonly title: string;
  readonly source: string;
  readonly object: string;
  readonly parameters: readonly string[];
}

/** The functions of src/engine/setup/native-recipe.mjs that are used here. */
interface Recipe {
  prepare(
    compiler: readonly string[],
    kind?: string,
  ): { compiler: string[]; widths: Width[] };
  trial(width: Width, folder: string): string[];
  jobs(sources: string, objects: string, widths: readonly Width[]): Job[];
}

/** How a driver is compiled. */
export interface Build {
  /** The start of a command line. */
  readonly compiler: readonly string[];
  /** Options besides those of set-up. */
  readonly options: readonly string[];
  /** Target architecture as in `process.arch`; that of the machine by default. */
  readonly kind?: string;
  /** Names of the vector widths; all that the compiler supports by default. */
  readonly widths?: readonly string[];
}

/** Returns the machine's C++ compiler; undefined if there is none. */
export function machineCompiler(): string[] | undefined {
  const named = process.env["CXX"]?.trim().split(/\s+/);
  if (named?.[0]) return named;
  const found = ["c++", "g++", "clang++"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  );
  return found === undefined ? undefined : [found];
}

/**
 * Compiles a driver and logs the progress.
 *
 * @param folder An existing folder for the output.
 * @returns The path of the program.
 * @throws {Error} With the compiler's output, if compilation fails.
 */
export async function buildDriver(
  folder: string,
  build: Build,
): Promise<string> {
  const recipe = await setupModule<Recipe>("setup/native-recipe.mjs");
  const { compiler, widths } = recipe.prepare(build.compiler, build.kind);
  const [program, ...leading] = compiler as [string, ...string[]];
  const objects = path.join(folder, "objects");
  mkdirSync(objects, { recursive: true });
  // Zig caches the libraries that it compiles.
  const env = {
    ...process.env,
    ZIG_GLOBAL_CACHE_DIR: path.join(folder, "zig-cache"),
    ZIG_LOCAL_CACHE_DIR: path.join(folder, "zig-cache"),
  };
  const isKnown = (width: Width) =>
    spawnSync(
      program,
      [...leading, ...build.options, ...recipe.trial(width, objects)],
      { env },
    ).status === 0;
  const compiled = widths.filter(
    (width) => (build.widths?.includes(width.name) ?? true) && isKnown(width),
  );
  const ofStep = recipe
    .jobs(sources, objects, compiled)
    .filter(({ source }) => source !== "addon.cc");
  const driver = path.join(objects, "driver.o");
  const ofDriver: Job = {
    ...{ title: "driver", source: driverSource, object: driver },
    parameters: [
      ...["-std=c++17", "-pthread", "-I", sources],
      ...["-c", driverSource, "-o", driver],
    ],
  };
  const jobs = [...ofStep, ofDriver].map((job) => ({
    ...job,
    parameters: [...job.parameters, ...build.options],
  }));
  const plan = path.join(objects, "plan.json");
  writeFileSync(plan, JSON.stringify({ compiler, folder: sources, jobs }));
  const compile = path.join(project, "src/engine/setup/native-compile.mjs");
  await run([process.execPath, compile, plan], { env });
  const file = path.join(folder, "driver");
  const linked = jobs.map(({ object }) => object);
  await run(
    [...compiler, ...build.options, "-pthread", ...linked, "-o", file],
    { env },
  );
  return file;
}

/**
 * Runs a driver and logs the progress.
 *
 * @param command The command line of the driver, with an emulator if it needs one.
 * @param programs A file written with `encodePrograms`.
 * @param results Path of the result files, without the extension.
 * @param titleOf Returns the title of a program by its index.
 * @throws {Error} With the output of the driver or of a sanitizer, if the driver fails.
 */
export async function runDriver(
  command: readonly string[],
  programs: string,
  results: string,
  titleOf: (program: number) => string,
): Promise<void> {
  let last = "";
  try {
    await run([...command, programs, results], {
      env: {
        ...process.env,
        UBSAN_OPTIONS: "print_stacktrace=1",
      },
      onLine: (line) => (last = line),
    });
  } catch (error) {
    const program = Number(/^program (\d+)/.exec(last)?.[1] ?? 0);
    const { message } = error as Error;
    throw new Error(`${last} (${titleOf(program - 1)}): ${message}`, {
      cause: error,
    });
  }
}

/** Returns the vector widths for which a driver has written results. */
export function widthsOf(results: string): string[] {
  const start = `${path.basename(results)}.`;
  const folder = path.dirname(results);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
}

interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line on standard output. */
  readonly onLine?: (line: string) => void;
}

/** Minimum time between two logged lines, in milliseconds. */
const interval = 5_000;

/** Runs a program and logs a line of its output from time to time. */
async function run(
  [program, ...parameters]: readonly string[],
  { env, onLine }: RunOptions,
): Promise<void> {
  const child = spawn(program!, parameters, {
    ...{ env, cwd: sources },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = performance.now();
  let output = "";
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-10_000);
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onLine?.(line);
    if (performance.now() - said < interval || lines.length === 0) return;
    said = performance.now();
    console.log(lines.at(-1));
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(0, 10_000);
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) {
    const name = path.basename(program!);
    throw new Error(`${name} ended with ${String(code)}: ${errors || output}`);
  }
}
