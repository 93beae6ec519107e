/**
 * What the packages contain and depend on: every module that their code imports is in the package
 * or in a declared dependency, and nothing is packed twice, for nothing, or only for this machine.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setupModule } from "./checkout";

const root = join(__dirname, "..", "..");

type Targets = string | Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly types: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Targets>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: unknown;
  readonly convnotes?: {
    readonly commands?: Readonly<Record<string, { readonly module: string }>>;
    readonly extensions?: Readonly<Record<string, string>>;
  };
}

/** Matches what compiled code loads by name. */
const loads = /\b(?:require|import|require\.resolve)\(["`]([^"`$]+)/g;
/** Matches what declarations and ES modules import. */
const imports = /\b(?:from|import) "([^"]+)"/g;

const comments = /^\s*(?:\/?\*|\/\/).*$/gm;

/** Parts of TensorFlow.js, which @tensorflow/tfjs-node brings. */
const broughtAlong = /^@tensorflow\//;

let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "convnotes-edges-"));
  const { stagePackages } = await setupModule<{
    stagePackages(folder: string): Promise<string[]>;
  }>("pack/stage.mjs");
  await stagePackages(folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

function manifestOf(name: string): Manifest {
  return JSON.parse(
    readFileSync(join(folder, name, "package.json"), "utf8"),
  ) as Manifest;
}

const lists = new Map<string, string[]>();

/** Returns the files that npm would pack, relative to the package. */
function packed(name: string): string[] {
  const known = lists.get(name) ?? listOf(name);
  lists.set(name, known);
  return known;
}

function listOf(name: string): string[] {
  const { stdout, stderr } = spawnSync(
    "npm",
    ["pack", "--dry-run", "--json", "--ignore-scripts"],
    { cwd: join(folder, name), encoding: "utf8" },
  );
  assert.notEqual(stdout, "", stderr);
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

/** Returns the packages that are bundled in a package: their code contains names of others. */
function bundledIn(name: string): string[] {
  const file = join(folder, name, "dist", "danfojs", "LICENSES.txt");
  if (!existsSync(file)) return [];
  const titles = readFileSync(file, "utf8").matchAll(/^(\S+) [\d.]+ \(/gm);
  return [...titles].map(([, title]) => title!);
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Calls back with each import of a package's code and declarations, and the importing file. */
function eachImport(
  name: string,
  found: (specifier: string, file: string) => void,
): void {
  for (const file of packed(name)) {
    if (!/\.(?:m?js|d\.ts)$/.test(file)) continue;
    const path = join(folder, name, file);
    const text = readFileSync(path, "utf8").replaceAll(comments, "");
    const patterns = file.endsWith(".js") ? [loads] : [loads, imports];
    for (const pattern of patterns) {
      for (const [, specifier] of text.matchAll(pattern)) {
        found(specifier!, path);
      }
    }
  }
}

/** Returns the files that a module name of a package stands for, by its `exports`. */
function exported(name: string, specifier: string): string[] {
  const { name: packageName, exports } = manifestOf(name);
  const module = `.${specifier.slice(packageName.length)}`;
  for (const [pattern, targets] of Object.entries(exports)) {
    const [start, end] = pattern.split("*") as [string, string?];
    const matches =
      end === undefined ? module === pattern : module.startsWith(start);
    if (!matches) continue;
    const middle = module.slice(start.length);
    return Object.values(
      typeof targets === "string" ? { default: targets } : targets,
    ).map((target) => join(folder, name, target.replace("*", middle)));
  }
  return [];
}

const names = ["notebook", "engine", "convnotes", "kernel"];

for (const name of names) {
  describe(name, () => {
    test("declares every package that it loads, and no other", () => {
      const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
      const bundled = bundledIn(name);
      const loaded = new Set<string>();
      eachImport(name, (specifier) => {
        if (/^[./]|^node:/.test(specifier)) return;
        if (!builtinModules.includes(specifier)) {
          loaded.add(packageOf(specifier));
        }
      });
      const declared = { ...dependencies, ...peerDependencies };
      const undeclared = [...loaded].filter(
        (each) =>
          !Object.hasOwn(declared, each) &&
          !Object.hasOwn(declared, `@types/${each}`) &&
          !bundled.includes(each) &&
          !(name !== "kernel" && broughtAlong.test(each)),
      );
      assert.deepEqual(undeclared, []);
      const unused = Object.keys(dependencies).filter(
        (each) =>
          !loaded.has(each) &&
          !each.startsWith("@types/") &&
          // Setup finds it by the name of its folder.
          each !== "node-api-headers",
      );
      assert.deepEqual(unused, []);
    });

    test("imports files of its own and modules that other packages export", () => {
      const missing: string[] = [];
      eachImport(name, (specifier, file) => {
        const other = names.find(
          (each) => manifestOf(each).name === packageOf(specifier),
        );
        const found = specifier.startsWith(".")
          ? ["", ".js", ".d.ts", "/index.js", "/index.d.ts"].some((end) =>
              existsSync(join(dirname(file), `${specifier}${end}`)),
            )
          : other === undefined ||
            exported(other, specifier).filter(existsSync).length > 0;
        if (!found) missing.push(`${specifier} in ${file}`);
      });
      assert.deepEqual(missing, []);
    });

    test("has the files that its manifest names", () => {
      const manifest = manifestOf(name);
      assert.equal(manifest.private, undefined);
      assert.equal(manifest.publishConfig, undefined);
      const files = packed(name);
      const named = [
        manifest.main,
        manifest.types,
        ...Object.values(manifest.bin ?? {}),
        ...Object.values(manifest.convnotes?.commands ?? {}).map(
          ({ module }) => module,
        ),
        ...Object.entries(manifest.exports)
          .filter(([pattern]) => !pattern.includes("*"))
          .flatMap(([, targets]) =>
            typeof targets === "string" ? [targets] : Object.values(targets),
          ),
      ].map((file) => file.replace(/^\.\//, ""));
      assert.deepEqual(
        named.filter((file) => !files.includes(file)),
        [],
      );
      for (const file of ["README.md", "LICENSE"]) {
        assert.ok(files.includes(file), file);
      }
    });

    test("contains JavaScript with at most one declaration of it, and no build output", () => {
      const files = packed(name);
      const needless = files.filter(
        (file) =>
          /\.(?:o|node|tgz|tsbuildinfo|map)$|\.test\.|tsconfig|^dist\/(?:snapshot|convnotes\.json|native\/build)|declarations\//.test(
            file,
          ) || /(?<!\.d)\.ts$/.test(file),
      );
      assert.deepEqual(needless, []);
      const stray = files.filter(
        (file) =>
          file.endsWith(".d.ts") &&
          !file.startsWith("dist/danfojs/") &&
          !files.includes(file.replace(/\.d\.ts$/, ".js")),
      );
      assert.deepEqual(stray, []);
    });

    test("contains no path of this machine", () => {
      for (const file of packed(name)) {
        const text = readFileSync(join(folder, name, file), "latin1");
        assert.ok(!text.includes(root) && !text.includes(folder), file);
      }
    });
  });
}

describe("the packages together", () => {
  test("contain each module once", () => {
    const inLibrary = packed("convnotes");
    assert.deepEqual(
      inLibrary.filter((file) => /^dist\/(?:engine|notebook)\//.test(file)),
      ["dist/engine/index.d.ts", "dist/engine/index.js"],
    );
    assert.equal(
      readFileSync(join(folder, "convnotes/dist/engine/index.js"), "utf8"),
      '"use strict";\nmodule.exports = require("@convnotes/engine");\n',
    );
  });

  test("let one package own the program convnotes", () => {
    const owners = names.filter((name) => manifestOf(name).bin !== undefined);
    assert.deepEqual(owners, ["notebook"]);
  });

  test("pack the C++ of the native step and the pinned wheels", () => {
    const files = packed("engine");
    const sources = readdirSync(join(root, "src/engine/native/cpp"));
    for (const file of sources) {
      assert.ok(files.includes(`native/cpp/${file}`), file);
    }
    for (const [file, wheel] of [
      ["tensorflow", /^tensorflow-cpu==[\d.]+ .*\\\n +--hash=sha256:/m],
      ["compiler", /^ziglang==[\d.]+ \\\n +--hash=sha256:/],
    ] as const) {
      assert.match(
        readFileSync(
          join(folder, "engine/setup", `requirements-${file}.txt`),
          "utf8",
        ),
        wheel,
      );
    }
  });

  test("require no TensorFlow.js of npm, and nothing outside the registry", () => {
    for (const name of names) {
      for (const [each, version] of Object.entries(
        manifestOf(name).dependencies ?? {},
      )) {
        assert.ok(!each.startsWith("@tensorflow/"), each);
        assert.match(version, /^(?:\d|\*$|npm:@e965\/xlsx@\d)/);
      }
    }
  });

  test("leave TensorFlow out of the kernel", () => {
    const files = packed("kernel");
    for (const file of ["dist/runtime/main.js", "package.json"]) {
      assert.ok(files.includes(file), file);
    }
    const naming = files.filter(
      (file) =>
        file !== "README.md" &&
        /tensorflow|tfjs/i.test(
          readFileSync(join(folder, "kernel", file), "utf8"),
        ),
    );
    assert.deepEqual(naming, []);
  });

  test("name modules that extend TensorFlow.js in notebooks", () => {
    const { extensions = {} } = manifestOf("engine").convnotes ?? {};
    assert.deepEqual(Object.keys(extensions), [
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-layers",
    ]);
    for (const module of Object.values(extensions)) {
      assert.ok(existsSync(join(folder, "engine", module)), module);
    }
  });

  test("contain the licenses of what is bundled", () => {
    const bundled = bundledIn("convnotes");
    for (const name of ["danfojs-node", "mathjs", "papaparse", "table"]) {
      assert.ok(bundled.includes(name), name);
    }
  });
});
