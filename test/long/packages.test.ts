/**
 * The packages as users install them: in an empty folder, from the tarballs of `npm run pack` and
 * the npm and PyPI registries, with npm 10 and 11.
 *
 * - The kernel runs cells, checks types, and imports an ES module, with no TensorFlow in the
 * folder.
 * - The engine sets itself up and trains natively, in programs for Node 20 to 26.
 * - The library loads data, trains, plots and makes a DataFrame, with the engine's TensorFlow.js.
 *
 * Takes about ten minutes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import versions from "./node-versions.json";

const root = join(__dirname, "..", "..");
const environmentPrograms = join(root, ".venv", "bin");

/** npm's options for its defaults: settings files that do not exist. */
const withoutSettings = ["--userconfig=no-user", "--globalconfig=no-global"];

/** The user's cache: libtensorflow and the native step of the second project are in it already. */
const cache = mkdtempSync(join(tmpdir(), "convnotes-cache-"));
after(() => rmSync(cache, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(folder: string, command: string, ...parameters: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: [environmentPrograms, process.env["PATH"]].join(delimiter),
      JUPYTER_PATH: join(folder, "prefix", "share", "jupyter"),
      CONVNOTES_HISTORY: "off",
      XDG_CACHE_HOME: cache,
      PIP_CACHE_DIR: join(
        process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
        "pip",
      ),
    },
    timeout: 30 * 60_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Runs cells with nbconvert; returns the text of their outputs and errors. */
function runCells(folder: string, cells: readonly string[]): string {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "convnotes",
        display_name: "",
        language: "typescript",
      },
    },
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: { tags: ["raises-exception"] },
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  const file = join(folder, "notebook.ipynb");
  writeFileSync(file, JSON.stringify(notebook));
  const ended = run(
    folder,
    join(environmentPrograms, "jupyter"),
    ...["nbconvert", "--execute", "--to", "notebook", "--inplace", file],
  );
  assert.equal(ended.status, 0, ended.output);
  const executed = JSON.parse(readFileSync(file, "utf8")) as typeof notebook;
  return executed.cells
    .map(({ outputs }) => JSON.stringify(outputs))
    .join("\n");
}

before(() => {
  const { status, output } = run(root, "npm", "run", "pack");
  assert.equal(status, 0, output);
});

function tarballs(...names: readonly string[]): string[] {
  return names.map((name) => join(root, "out", `convnotes-${name}0.1.0.tgz`));
}

/** Runs a program and expects success. Returns its output. */
function succeed(
  folder: string,
  command: string,
  ...parameters: string[]
): string {
  const { status, output } = run(folder, command, ...parameters);
  assert.equal(status, 0, output);
  return output;
}

/** Returns the object that a program printed as JSON on a line of its own. */
function printed(output: string): Record<string, unknown> {
  const line = /^\{.*\}$/m.exec(output)?.[0];
  assert.ok(line !== undefined, output);
  return JSON.parse(line) as Record<string, unknown>;
}

/** A package with the binary of a version of Node, under a name of its own. */
function nodePackage(major: string): string {
  const version = versions[major as keyof typeof versions];
  return `node${major}@npm:node-${process.platform}-${process.arch}@${version}`;
}

for (const npm of ["npm@10", "npm@11"]) {
  describe(npm, () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-packages-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    test("installs the kernel and the notebook package", () => {
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
      const { status, output } = run(
        folder,
        "npx",
        ...["--yes", npm, "install", "nanoid@5.1.6"],
        ...tarballs("notebook-", "kernel-"),
      );
      assert.equal(status, 0, output);
      assert.ok(!existsSync(join(folder, "node_modules", "@tensorflow")));
      assert.deepEqual(
        readdirSync(join(folder, "node_modules", "@convnotes")).sort(),
        ["kernel", "notebook"],
      );
    });

    test("registers a kernel that the doctor finds in order", () => {
      const prefix = join(folder, "prefix");
      mkdirSync(prefix);
      const convnotes = ["convnotes", "kernel"];
      const installed = run(
        folder,
        "npx",
        ...[...convnotes, "install", "--prefix", prefix],
      );
      assert.equal(installed.status, 0, installed.output);
      const { status, output } = run(folder, "npx", ...convnotes, "doctor");
      assert.equal(status, 0, output);
    });

    test("runs cells with types and an ES module", () => {
      const text = runCells(folder, [
        'import { nanoid } from "nanoid";\nnanoid(7).length',
        "const wrong: number = nanoid();",
        "const answer = 41;",
        "answer + 1",
      ]);
      const [first, second, , fourth] = text.split("\n");
      assert.match(first!, /"7"/);
      assert.match(second!, /TS2322/);
      assert.match(fourth!, /"42"/);
    });

    test("importing the kernel starts nothing", () => {
      const { status, output } = run(
        folder,
        process.execPath,
        ...["-p", 'require("@convnotes/kernel").kernelProgram'],
      );
      assert.equal(status, 0, output);
      assert.match(output, /kernel[\\/]dist[\\/]main\.js/);
    });
  });

  describe(`${npm}, with the engine and the library`, () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-packages-"));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const majors = ["22", "24", "26"] as const;
    const sources = join(__dirname, "consumer");
    // With TypeScript 5.9, ts-node's default writes an ES module that Node 20 then refuses.
    const tsNode = (program: string) =>
      succeed(
        folder,
        "npx",
        ...["ts-node", "-O", '{"module":"commonjs"}', program],
      );
    const convnotes = (...parameters: string[]) =>
      run(folder, "npx", "convnotes", ...parameters);

    test("installs the engine without TensorFlow.js", () => {
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
      succeed(
        folder,
        "npx",
        ...["--yes", npm, "install", "typescript@5.9.3", "ts-node@10.9.2"],
        ...majors.map(nodePackage),
        ...tarballs("notebook-", "engine-"),
      );
      assert.ok(!existsSync(join(folder, "node_modules", "@tensorflow")));
      const help = convnotes("--help").output;
      assert.match(help, /^ {2}engine /m);
      assert.doesNotMatch(help, /^ {2}(?:kernel|data) /m);
    });

    test("says what to do before setup", () => {
      const { status, output } = run(
        folder,
        process.execPath,
        ...["-e", 'require("@convnotes/engine")'],
      );
      assert.equal(status, 1);
      assert.match(
        output,
        /Expected @tensorflow\/tfjs-node among the packages of this project, found none\. Run npx convnotes engine setup\./,
      );
      const doctor = convnotes("engine", "doctor");
      assert.equal(doctor.status, 1);
      assert.match(doctor.output, /^FAIL {2}@tensorflow\/tfjs-node: /m);
      assert.match(doctor.output, /fix: npx convnotes engine setup/);
    });

    test("sets the engine up, once", () => {
      const first = convnotes("engine", "setup");
      assert.equal(first.status, 0, first.output);
      const second = convnotes("engine", "setup");
      assert.match(second.output, /^The engine is ready \([\d.]+ s\)\.\n$/);
      const { status, output } = convnotes("engine", "doctor");
      assert.equal(status, 0, output);
      assert.match(output, /^ok {4}training: \d+ steps .* natively$/m);
    });

    test("trains natively with ts-node, and with Node's own type stripping", () => {
      const program = "train-engine.ts";
      copyFileSync(join(sources, program), join(folder, program));
      const nodes = majors.map((major) =>
        join(folder, "node_modules", `node${major}`, "bin", "node"),
      );
      const outputs = [
        tsNode(program),
        ...nodes.map((node) => succeed(folder, node, program)),
      ];
      for (const output of outputs) {
        assert.deepEqual(printed(output), { native: 4, notNative: [] });
      }
    });

    test("trains, plots and makes a DataFrame with the library", () => {
      succeed(
        folder,
        "npx",
        "--yes",
        npm,
        "install",
        "--ignore-scripts",
        ...tarballs(""),
      );
      const program = "train-library.ts";
      copyFileSync(join(sources, program), join(folder, program));
      const { native, ...others } = printed(tsNode(program));
      assert.ok(Number(native) > 0, `${String(native)} steps`);
      assert.deepEqual(others, {
        isOneTensorFlow: true,
        isOneKeras: true,
        mimeTypes: ["application/vnd.plotly.v1+json", "text/plain"],
        page: join("images", "history.html"),
        columns: ["loss", "accuracy"],
        described: [7, 2],
        grouped: [2, 2],
      });
      const page = readFileSync(join(folder, "images", "history.html"), "utf8");
      assert.match(page, /plotly\.min\.js/);
      assert.match(convnotes("data", "list").output, /^mnist$/m);
    });

    test("has types under each way of resolving modules", () => {
      const tsc = (...options: string[]) =>
        run(
          folder,
          "npx",
          ...["tsc", "--noEmit", "--strict", "--target", "es2022"],
          ...["--skipLibCheck", ...options, "train-library.ts"],
        );
      const ways = [
        ["--module", "nodenext"],
        ["--module", "esnext", "--moduleResolution", "bundler"],
        ["--module", "commonjs", "--moduleResolution", "node10"],
      ];
      for (const way of ways) {
        const { status, output } = tsc(...way);
        assert.equal(status, 0, `${way.join(" ")}\n${output}`);
      }
      const file = join(folder, "train-library.ts");
      const text = readFileSync(file, "utf8");
      const wrong = text.replace("columns: string[]", "columns: number[]");
      writeFileSync(file, wrong);
      for (const way of ways) assert.match(tsc(...way).output, /TS2322/);
    });

    test("has one TensorFlow.js, one of each package, and only the registry's", () => {
      const tree = succeed(
        folder,
        "npx",
        ...["--yes", npm, "ls", "--all", "--parseable"],
      );
      for (const name of [
        "@tensorflow/tfjs-core",
        "@tensorflow/tfjs-node",
        "@convnotes/notebook",
        "@convnotes/engine",
        "convnotes",
      ]) {
        const places = tree
          .split("\n")
          .filter((line) => line.endsWith(join("node_modules", name)));
        assert.equal(places.length, 1, `${name}: ${places.join(", ")}`);
      }
      const { packages } = JSON.parse(
        readFileSync(join(folder, "package-lock.json"), "utf8"),
      ) as { packages: Record<string, { resolved?: string }> };
      const registry = ["npm", "config", "get", "registry"] as const;
      const registries = [
        succeed(folder, ...registry),
        // The default, which a mirror's answers may name.
        succeed(
          folder,
          "env",
          "-u",
          "npm_config_registry",
          ...registry,
          ...withoutSettings,
        ),
      ].map((url) => url.trim());
      const elsewhere = Object.values(packages)
        .map(({ resolved = "" }) => resolved)
        .filter(
          (url) =>
            !/^(?:$|file:.*convnotes-)/.test(url) &&
            !registries.some((each) => url.startsWith(each)),
        );
      assert.deepEqual(elsewhere, []);
    });
  });
}
