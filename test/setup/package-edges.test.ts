/**
 * What the packages contain and depend on: every module that their compiled code imports is a
 * declared dependency, every file of the manifest exists, and nothing depends on this machine.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";

const root = join(__dirname, "..", "..");

interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly types: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Matches what compiled code loads by name. */
const loads = /\b(?:require|import)\("([^"]+)"\)/g;

const comments = /^\s*(?:\/?\*|\/\/).*$/gm;

/** Optional packages, which the code looks for and can do without. */
const optional = new Set(["convnotes"]);

function javaScriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?js$/.test(name) && !name.startsWith("snapshot"))
    .map((name) => join(folder, name));
}

/** What setup writes beside compiled code, for this machine only. */
const generatedHere = /^dist\/(?:snapshot\/|convnotes\.json$)/;

/** Returns the packed files of a package, by the patterns of its manifest. */
function packedFiles(folder: string, { files }: Manifest): string[] {
  return files.flatMap((pattern) => {
    const [fixed = pattern, end = ""] = pattern.split("*");
    const path = join(folder, fixed);
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(end))
      .filter((name) => !generatedHere.test(`${fixed}/${name}`))
      .map((name) => join(path, name))
      .filter((file) => statSync(file).isFile());
  });
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

for (const folder of ["src/notebook", "kernel"]) {
  describe(folder, () => {
    const manifest = JSON.parse(
      readFileSync(join(root, folder, "package.json"), "utf8"),
    ) as Manifest;

    test("declares every package that it loads, and no other", () => {
      const loaded = new Set<string>();
      for (const file of javaScriptFiles(join(root, folder, "dist"))) {
        const text = readFileSync(file, "utf8").replaceAll(comments, "");
        for (const [, loadedName] of text.matchAll(loads)) {
          const name = loadedName!;
          if (/^[./]|^node:/.test(name)) continue;
          if (!builtinModules.includes(name)) loaded.add(packageOf(name));
        }
      }
      const declared = Object.keys(manifest.dependencies ?? {});
      const undeclared = [...loaded].filter(
        (name) => !declared.includes(name) && !optional.has(name),
      );
      assert.deepEqual(undeclared, []);
      const unused = declared.filter(
        (name) => !loaded.has(name) && !name.startsWith("@types/"),
      );
      assert.deepEqual(unused, []);
    });

    test("has the files that it lists", () => {
      for (const pattern of manifest.files) {
        const [fixed = ""] = pattern.split("*");
        assert.ok(existsSync(join(root, folder, fixed)), pattern);
      }
      assert.ok(existsSync(join(root, folder, manifest.main)));
    });

    test("contains no path of this machine", () => {
      for (const file of javaScriptFiles(join(root, folder, "dist"))) {
        assert.ok(!readFileSync(file, "utf8").includes(root), file);
      }
    });
  });
}

test("the kernel knows no TensorFlow", () => {
  const folder = join(root, "kernel");
  const manifest = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Manifest;
  const files = [
    join(folder, "package.json"),
    ...packedFiles(folder, manifest),
  ];
  assert.ok(files.some((file) => file.endsWith("runtime/main.js")));
  assert.ok(files.some((file) => file.endsWith("translator.py")));
  const naming = files.filter((file) =>
    /tensorflow|tfjs/i.test(readFileSync(file, "utf8")),
  );
  assert.deepEqual(naming, []);
});
