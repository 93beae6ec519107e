// A temporary checkout for the tests of setup: the real scripts, with stubs for Python, npm and the
// compiler.
// The search path contains nothing else. A whole setup in it takes a second and downloads nothing.

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const project = path.resolve(__dirname, "../..");
const stubs = path.join(__dirname, "stubs");
const engine = path.join(project, "node_modules/@tensorflow/tfjs-node");
const addon = path.join(engine, "lib/napi-v8/tfjs_binding.node");

/** Why setup cannot run here, for a test's `skip`; false if it can. */
export const cannotTry: string | false =
  process.platform !== "linux"
    ? "the stubs work on Linux only"
    : fs.existsSync(addon)
      ? false
      : "the engine's addon is not built in this checkout";

/**
 * Variables with which setup loads the real engine: this checkout's addon and its libtensorflow.
 */
export const realEngine = { NODE_OPTIONS: "", STUB_ADDON: addon };

/** The result of a run. */
export interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A run in progress. */
export interface Run {
  readonly child: ChildProcess;
  /** Returns its output so far. */
  readonly written: () => string;
  readonly ending: Promise<Ending>;
}

/** A temporary checkout. */
export class Checkout {
  /** The folder that contains the checkout and its search path. */
  readonly parent: string;
  folder: string;
  /** A copy of the stubs, which other users can read wherever the project is. */
  readonly #stubs: string;

  constructor() {
    this.parent = fs.realpathSync(
      fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-setup-")),
    );
    this.folder = path.join(this.parent, "checkout");
    this.#stubs = path.join(this.parent, "stubs");
    fs.cpSync(stubs, this.#stubs, { recursive: true });
    fs.mkdirSync(path.join(this.folder, "kernel"), { recursive: true });
    fs.mkdirSync(path.join(this.parent, "bin"));
    for (const name of [
      "scripts",
      "src/engine/setup",
      "notebooks/template",
      "kernel/lab-extension",
    ])
      fs.cpSync(path.join(project, name), this.inside(name), {
        recursive: true,
      });
    for (const name of [
      "requirements.txt",
      "requirements-compiler.txt",
      "requirements-uv.txt",
    ])
      this.write(name, "tensorflow-cpu==2.21.0\n");
    this.write("package.json", '{ "devDependencies": {} }');
    this.write("package-lock.json", '{ "packages": {} }');
    this.write("tsconfig.json", "{}");
    this.write("src/index.ts", "// the library\n");
    this.write("kernel/package.json", '{ "version": "0.1.0" }');
    this.write("kernel/main.ts", "// the kernel\n");
    this.write("kernel/logo.svg", "<svg/>\n");
    this.link("python3.12", "python");
    this.link("npm", "npm");
    this.link("c++", "c++");
  }

  /** Puts a stub on the search path under a name. */
  link(name: string, stub: string): void {
    fs.symlinkSync(
      path.join(this.#stubs, stub),
      path.join(this.parent, "bin", name),
    );
  }

  /** Removes a program from the search path. */
  unlink(name: string): void {
    fs.rmSync(path.join(this.parent, "bin", name));
  }

  inside(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  write(name: string, content: string): void {
    const file = this.inside(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }

  has(name: string): boolean {
    return fs.existsSync(this.inside(name));
  }

  /** Whether the file exists and is not empty. */
  isWritten(name: string): boolean {
    return this.has(name) && fs.statSync(this.inside(name)).size > 0;
  }

  /** Renames the checkout's folder. */
  move(name: string): void {
    const folder = path.join(this.parent, name);
    fs.renameSync(this.folder, folder);
    this.folder = folder;
  }

  /** Returns the calls of the stubs since the last call of this method, one per line. */
  calls(): string[] {
    const file = path.join(this.parent, "calls");
    if (!fs.existsSync(file)) return [];
    const lines = fs.readFileSync(file, "utf8").trim().split("\n");
    fs.rmSync(file);
    return lines;
  }

  /** Starts one of the scripts; `variables` select what the stubs do. */
  start(
    script: string,
    variables: NodeJS.ProcessEnv = {},
    more: { uid?: number; parameters?: string[] } = {},
  ): Run {
    const child = spawn(
      process.execPath,
      [this.inside("scripts", script), ...(more.parameters ?? [])],
      {
        cwd: this.folder,
        stdio: ["ignore", "pipe", "pipe"],
        uid: more.uid,
        env: {
          PATH: path.join(this.parent, "bin"),
          HOME: this.parent,
          STUB_FOLDER: this.#stubs,
          STUB_CALLS: path.join(this.parent, "calls"),
          NODE_OPTIONS: `--require "${path.join(this.#stubs, "addon.cjs")}"`,
          STUB_TENSORFLOW: path.dirname(
            fs.realpathSync(path.join(engine, "deps/include")),
          ),
          ...variables,
        },
      },
    );
    let output = "";
    let errors = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    const ending = new Promise<Ending>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output, errors }));
    });
    return { child, written: () => output, ending };
  }

  /** Starts a setup whose uv waits for {@link goOn}. */
  startWaiting(): Run {
    return this.start("setup.mjs", {
      STUB_UV: "waits",
      STUB_SIGN: this.#sign,
    });
  }

  goOn(): void {
    fs.writeFileSync(this.#sign, "");
  }

  get #sign(): string {
    return path.join(this.parent, "sign");
  }

  /** Runs setup to its end. */
  setup(variables: NodeJS.ProcessEnv = {}): Promise<Ending> {
    return this.start("setup.mjs", variables).ending;
  }

  /** Returns the command lines of the processes that still run in this checkout. */
  processes(): string[] {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((id) => {
        try {
          const here = fs.readlinkSync(`/proc/${id}/cwd`);
          const line = fs.readFileSync(`/proc/${id}/cmdline`, "utf8");
          return here.startsWith(this.folder) && line !== "" ? [line] : [];
        } catch {
          return [];
        }
      });
  }

  remove(): void {
    fs.rmSync(this.parent, { recursive: true, force: true });
  }
}

/**
 * Loads a module of setup into this process: "setup/NAME.mjs" of the scripts or of the engine.
 *
 * The modules are ES modules, and tests are compiled to CommonJS, where `import()` would become
 * `require()`.
 */
export async function setupModule<Module>(name: string): Promise<Module> {
  const load = new Function("file", "return import(file)") as (
    file: string,
  ) => Promise<Module>;
  const folder = ["src/engine", "scripts"].find((candidate) =>
    fs.existsSync(path.join(project, candidate, name)),
  );
  return load(path.join(project, folder ?? "scripts", name));
}
