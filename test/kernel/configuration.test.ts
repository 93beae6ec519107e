/**
 * Tests what the kernel reads from a project's tsconfig.json.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import * as ts from "typescript";
import {
  type Configuration,
  readConfiguration,
} from "../../kernel/compiler/project/configuration";
import { FilePatterns } from "../../kernel/compiler/project/file-patterns";

type Files = Readonly<Record<string, string | object>>;

const base = realpathSync(mkdtempSync(join(tmpdir(), "convnotes-config-")));
after(() => rmSync(base, { recursive: true }));
let projects = 0;

/** Creates a project with these files, with an empty package.json by default. */
function project(files: Files): string {
  projects += 1;
  const folder = join(base, `project${projects}`);
  for (const [name, content] of Object.entries({
    "package.json": {},
    ...files,
  })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return folder;
}

/**
 * Returns the configuration of a notebook in a folder of such a project, and the project's folder.
 */
function read(
  files: Files,
  notebooks = ".",
): Configuration & { readonly folder: string } {
  const folder = project(files);
  const place = join(folder, notebooks);
  mkdirSync(place, { recursive: true });
  return { ...readConfiguration(ts, place), folder };
}

const config = (compilerOptions: object, more: object = {}) => ({
  "tsconfig.json": { compilerOptions, ...more },
});

/** The newest numbered edition that TypeScript supports, such as "es2024". */
const newest = Object.keys(ts.ScriptTarget)
  .filter((name) => /^ES20\d\d$/.test(name))
  .sort()
  .at(-1)!
  .toLowerCase();

describe("a project without a configuration", () => {
  test("gives an empty configuration", () => {
    const { files, options, declarations, warnings } = read({ "a.d.ts": "" });
    assert.deepEqual(
      [files, options, declarations, warnings],
      [[], {}, [], []],
    );
  });
});

describe("extends", () => {
  const strictness = ({ options }: Configuration) => options.strictNullChecks;

  test("accepts a string, a list, a package, several levels and comments", () => {
    const bases = {
      "base.json":
        '{ /* a */ "compilerOptions": { "strictNullChecks": false } }',
      "step.json": { extends: "./base" },
      "other.json": '{ "compilerOptions": { "removeComments": true, }, }',
      "node_modules/@shared/tsconfig/package.json": {
        name: "@shared/tsconfig",
      },
      "node_modules/@shared/tsconfig/tsconfig.json": {
        extends: "./deep/base.json",
      },
      "node_modules/@shared/tsconfig/deep/base.json": {
        compilerOptions: { strictNullChecks: false },
      },
    };
    for (const [given, ...read_] of [
      ["./base.json", "base.json"],
      ["./step.json", "step.json", "base.json"],
      [["./base.json"], "base.json"],
      [["./base.json", "./other.json"], "base.json", "other.json"],
      [
        "@shared/tsconfig",
        "node_modules/@shared/tsconfig/tsconfig.json",
        "node_modules/@shared/tsconfig/deep/base.json",
      ],
    ] as [string | string[], ...string[]][]) {
      const found = read({
        ...bases,
        "tsconfig.json": `// "extends": "./nothing.json"\n${JSON.stringify({ extends: given })}`,
      });
      assert.equal(strictness(found), false, JSON.stringify(given));
      assert.deepEqual(found.warnings, []);
      assert.deepEqual(
        found.files,
        ["tsconfig.json", ...read_].map((name) => join(found.folder, name)),
      );
    }
  });

  test("in a cycle causes a warning, and the rest applies", () => {
    const found = read({
      ...config({ noImplicitAny: false }, { extends: "./a.json" }),
      "a.json": {
        extends: "./tsconfig.json",
        compilerOptions: { strictNullChecks: false },
      },
    });
    assert.equal(found.options.noImplicitAny, false);
    assert.equal(strictness(found), false);
    assert.equal(found.warnings.length, 1);
    assert.match(found.warnings[0]!, /^tsconfig\.json: Circularity detected/);
    const itself = read(config({ strict: false }, { extends: "./tsconfig" }));
    assert.equal(itself.options.strict, false);
    assert.equal(itself.warnings.length, 1);
  });

  test("of a file that is missing or invalid JSON causes a warning, and the rest applies", () => {
    const missing = read(config({ strict: false }, { extends: "./none.json" }));
    assert.equal(missing.options.strict, false);
    assert.equal(missing.warnings.length, 1);
    assert.match(missing.warnings[0]!, /none\.json/);
    const broken = read({
      ...config({ strict: false }, { extends: "./base.json" }),
      "base.json": '{\n "compilerOptions": {\n',
    });
    assert.equal(broken.options.strict, false);
    assert.equal(broken.warnings.length, 1);
    assert.match(broken.warnings[0]!, /^base\.json: line 3: /);
  });

  test("may refer to the project's own folder by ${configDir}", () => {
    const { options, folder } = read({
      ...config({}, { extends: "./shared/base.json" }),
      "shared/base.json": {
        compilerOptions: { paths: { "@/*": ["${configDir}/src/*"] } },
      },
    });
    assert.deepEqual(options.paths, { "@/*": [join(folder, "src/*")] });
  });
});

describe("lib and target", () => {
  const libraries = (compilerOptions: object) => {
    const { options, warnings } = read(config(compilerOptions));
    const names = (options.lib ?? []).map((file) => file.slice(4, -5));
    for (const each of warnings) assert.ok(each.length <= 200, each);
    return [names, warnings.length];
  };

  test("newer than TypeScript are replaced with its newest ones", () => {
    assert.deepEqual(libraries({ lib: ["es2049"] }), [[newest], 1]);
    assert.deepEqual(libraries({ lib: ["ES2049", "DOM"] }), [
      ["dom", newest],
      1,
    ]);
    assert.deepEqual(libraries({ lib: ["es2020", "es2049"] }), [
      ["es2020", newest],
      1,
    ]);
    assert.deepEqual(libraries({ lib: ["esnext", "es2049"] }), [["esnext"], 1]);
    assert.deepEqual(libraries({ lib: ["es2049", "es2050"] }), [[newest], 1]);
    assert.deepEqual(libraries({ lib: ["es2023", "es2049.disposable"] }), [
      ["es2023", "esnext.disposable"],
      1,
    ]);
    assert.deepEqual(libraries({ lib: ["es2049.nothing"] }), [["es2023"], 1]);
    assert.deepEqual(libraries({ lib: ["nothing"] }), [["es2023"], 1]);
    const { options } = read(config({ target: "es2049" }));
    const edition = newest.toUpperCase() as keyof typeof ts.ScriptTarget;
    assert.equal(options.target, ts.ScriptTarget[edition]);
  });

  test("that TypeScript supports are unchanged", () => {
    assert.deepEqual(libraries({ lib: ["es2022", "dom"] }), [
      ["es2022", "dom"],
      0,
    ]);
    assert.deepEqual(libraries({ target: "es2020" }), [[], 0]);
  });
});

describe("options of another TypeScript version", () => {
  test("cause a warning of one sentence each, and the others apply", () => {
    const { options, warnings } = read(
      config({
        strict: false,
        charset: "utf8",
        keyofStringsOnly: true,
        ignoreDeprecations: "7.0",
        invented: true,
        moduleDetection: "sometimes",
        jsxFactory: "h(",
        strictNullChecks: "yes",
        noImplicitAny: true,
      }),
    );
    assert.equal(options.strict, false);
    assert.equal(options.noImplicitAny, true);
    for (const name of [
      "charset",
      "keyofStringsOnly",
      "invented",
      "moduleDetection",
      "jsxFactory",
      "strictNullChecks",
    ]) {
      assert.ok(!(name in options), name);
      const about = warnings.filter((each) => each.includes(name));
      assert.equal(about.length, 1, name);
      assert.ok(about[0]!.length <= 220 && !about[0]!.includes("\n"));
    }
    assert.equal(warnings.length, 6);
  });

  test("that depend on others or are deprecated cause no warning", () => {
    for (const each of [
      { customConditions: ["source"] },
      { resolvePackageJsonExports: true, resolvePackageJsonImports: true },
      { isolatedDeclarations: true },
      { inlineSourceMap: true, sourceMap: true },
      { preserveConstEnums: false, isolatedModules: true },
      { ignoreDeprecations: "6.0" },
      { ignoreDeprecations: "5.0", baseUrl: "." },
      { target: "es5", moduleResolution: "node10", module: "commonjs" },
      { emitDecoratorMetadata: true },
      { composite: true, declarationMap: true },
    ]) {
      assert.deepEqual(read(config(each)).warnings, [], JSON.stringify(each));
    }
  });

  test("for modules and JSX are replaced with the nearest ones", () => {
    const { module, moduleResolution, jsx } = read(
      config({
        module: "node99",
        moduleResolution: "node99",
        jsx: "react-jsx2",
      }),
    ).options;
    assert.equal(module, ts.ModuleKind.NodeNext);
    assert.equal(moduleResolution, ts.ModuleResolutionKind.NodeNext);
    assert.equal(jsx, ts.JsxEmit.ReactJSX);
    const unknown = read(config({ module: "nothing" }));
    assert.ok(!("module" in unknown.options));
    assert.match(
      unknown.warnings.join(),
      /module: .*nothing; the option is ignored/,
    );
    for (const name of ["node16", "node20", "nodenext", "preserve"]) {
      assert.deepEqual(read(config({ module: name })).warnings, [], name);
    }
  });
});

test("a configuration with invalid JSON causes a warning with the line", () => {
  const { warnings, files } = read({ "tsconfig.json": '{\n "a": 1 "b" }\n x' });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^tsconfig\.json: line 2: /);
  assert.equal(files.length, 1);
});

test("every invalid configuration causes a warning", () => {
  const wrong: (string | object)[] = [
    "[]",
    "null",
    "<<<<<<< HEAD",
    { references: [null] },
    { extends: 5 },
    { include: ["**"] },
    { compilerOptions: 5 },
    { compilerOptions: { paths: { a: "b" } } },
    { compilerOptions: { types: ["nothing"] } },
    { compilerOptions: { target: "es3" } },
    { compilerOptions: { reactNamespace: "a b" } },
    { compilerOptions: { lib: [5] } },
  ];
  for (const each of wrong) {
    const { warnings } = read({ "tsconfig.json": each });
    assert.equal(warnings.length, 1, JSON.stringify([each, warnings]));
    assert.match(warnings[0]!, /^tsconfig\.json: /);
  }
  const { options } = read(
    config({ paths: { a: "b", c: ["./d"], e: [5] } as object }),
  );
  assert.deepEqual(options.paths, { c: ["./d"] });
  assert.deepEqual(read({ "tsconfig.json": "" }).warnings, []);
  const folder = project({ "tsconfig.json/file": "" });
  assert.equal(readConfiguration(ts, folder).warnings.length, 1);
});

describe("references", () => {
  const solution = (...names: string[]) => ({
    files: [],
    references: names.map((path) => ({ path })),
  });
  const part = (strict: boolean, include?: string[]) => ({
    compilerOptions: { strict },
    ...(include ? { include } : {}),
  });

  test("lead to the configuration that includes the notebook's folder", () => {
    const files = {
      "tsconfig.json": solution("./tsconfig.app.json", "./tsconfig.node.json"),
      "tsconfig.node.json": part(true, ["vite.config.ts"]),
      "tsconfig.app.json": part(false, ["src", "notebooks"]),
      "src/main.ts": "",
      "vite.config.ts": "",
    };
    const found = read(files, "notebooks");
    assert.equal(found.options.strict, false);
    assert.deepEqual(found.warnings, []);
    assert.deepEqual(
      found.files.map((path) => path.slice(found.folder.length + 1)),
      ["tsconfig.json", "tsconfig.app.json", "tsconfig.node.json"],
    );
    assert.equal(found.path, join(found.folder, "tsconfig.app.json"));
    const reversed = {
      ...files,
      "tsconfig.json": solution("./tsconfig.node.json", "./tsconfig.app.json"),
    };
    assert.equal(read(reversed, "notebooks").options.strict, false);
    // A configuration that lists single files does not apply to others.
    assert.equal(read(reversed, "elsewhere").options.strict, false);
    assert.deepEqual(read(reversed, "elsewhere").warnings, []);
  });

  test("are ignored if the configuration includes the folder itself", () => {
    const found = read({
      "tsconfig.json": {
        ...part(false),
        references: [{ path: "./tsconfig.node.json" }],
      },
      "tsconfig.node.json": part(true),
    });
    assert.equal(found.options.strict, false);
  });

  test("may be indirect, to folders, and cyclic", () => {
    const found = read(
      {
        "tsconfig.json": solution("./packages"),
        "packages/tsconfig.json": solution("./a", "./b", "../tsconfig.json"),
        "packages/a/tsconfig.json": part(true),
        "packages/b/tsconfig.json": part(false, [".", "../../notebooks"]),
      },
      "notebooks",
    );
    assert.equal(found.options.strict, false);
    assert.equal(found.path, join(found.folder, "packages/b/tsconfig.json"));
  });

  test("that are ambiguous cause a warning; missing ones are ignored", () => {
    const found = read(
      {
        "tsconfig.json": solution("./none", "./a", "./b"),
        "a/tsconfig.json": part(false),
        "a/index.ts": "",
        "b/tsconfig.json": part(true),
        "b/index.ts": "",
      },
      "notebooks",
    );
    assert.equal(found.options.strict, false);
    assert.equal(found.warnings.length, 1);
    assert.match(found.warnings[0]!, /a\/tsconfig\.json is used/);
  });
});

describe("a package of a workspace", () => {
  const strictness = (root: object, more: Files = {}) =>
    read(
      {
        "package.json": root,
        ...config({ strict: false }),
        "packages/a/package.json": {},
        ...more,
      },
      "packages/a/notebooks",
    ).options.strict;

  test("uses the configuration of the workspace if it has none", () => {
    assert.equal(strictness({ workspaces: ["packages/*"] }), false);
    assert.equal(strictness({ workspaces: ["./packages/a/"] }), false);
    assert.equal(strictness({ workspaces: { packages: ["**"] } }), false);
    const listed = {
      "pnpm-workspace.yaml": "packages:\n  # all\n  - 'packages/*'\n",
    };
    assert.equal(strictness({}, listed), false);
    const between = {
      "packages/tsconfig.json": { compilerOptions: { strict: true } },
    };
    assert.equal(strictness({ workspaces: ["packages/*"] }, between), true);
    const own = { "packages/a/tsconfig.json": {} };
    assert.equal(strictness({ workspaces: ["packages/*"] }, own), undefined);
  });

  test("is a package that the workspace lists", () => {
    assert.equal(strictness({}), undefined);
    assert.equal(strictness({ workspaces: ["libraries/*"] }), undefined);
    assert.equal(strictness({ workspaces: ["packages"] }), undefined);
    const but = ["packages/*", "!packages/a"];
    assert.equal(strictness({ workspaces: but }), undefined);
    assert.equal(strictness({ workspaces: 5 }), undefined);
  });
});

describe("declaration files", () => {
  const files = {
    "globals.d.ts": "",
    "types/untyped.d.ts": "",
    "types/more.d.mts": "",
    "node_modules/p/index.d.ts": "",
    "dist/out.d.ts": "",
    "src/code.ts": "",
  };
  const names = ({
    declarations,
    folder,
  }: Configuration & { folder: string }) =>
    declarations.map((path) => path.slice(folder.length + 1)).sort();

  test("are selected by include, exclude and files", () => {
    const all = read({ ...files, ...config({ outDir: "dist" }) });
    assert.deepEqual(names(all), [
      "globals.d.ts",
      "types/more.d.mts",
      "types/untyped.d.ts",
    ]);
    const some = read({ ...files, ...config({}, { include: ["types/*.ts"] }) });
    assert.deepEqual(names(some), ["types/untyped.d.ts"]);
    const listed = read({
      ...files,
      ...config({}, { files: ["globals.d.ts"] }),
    });
    assert.deepEqual(names(listed), ["globals.d.ts"]);
    const less = read({
      ...files,
      ...config({}, { exclude: ["types", "dist", "node_modules"] }),
    });
    assert.deepEqual(names(less), ["globals.d.ts"]);
  });

  test("are found as by TypeScript", () => {
    const folder = project({
      ...files,
      ".hidden/a.ts": "",
      "src/.b.ts": "",
      "src/c.min.js": "",
      "src/d.js": "",
      "src/deep/e.ts": "",
      "src/deep/node_modules/f.ts": "",
      "src/deep/x-1.ts": "",
      "src/deep/x-12.ts": "",
    });
    symlinkSync(folder, join(folder, "src", "again"));
    const specs = [
      ["**/*"],
      ["src"],
      ["src/*"],
      ["src/**/*.ts"],
      ["**/deep/*"],
      ["*/e*"],
      ["src/*/x-?.ts"],
      [".hidden"],
      ["src/deep", "types/*"],
      ["node_modules/p"],
      ["./src/../types/**/*.d.ts"],
    ];
    const excludes = [[], ["src/deep"], ["**/*.d.ts"], ["dist", "**/x-*"]];
    const endings = [".ts", ".d.mts", ".js"];
    for (const include of specs) {
      for (const exclude of excludes) {
        const expected = ts.sys
          .readDirectory(folder, endings, exclude, include)
          .filter((path) => !path.includes("/again/"));
        const found = new FilePatterns("/nowhere/cell.ts", true)
          .find(folder, endings, exclude, include)
          .filter((path) => !path.includes("/again/"));
        assert.deepEqual(
          found.sort(),
          expected.sort(),
          JSON.stringify({ include, exclude }),
        );
      }
    }
  });
});

describe("type packages", () => {
  const packages = {
    "typings/one/index.d.ts": "",
    "typings/two/index.d.ts": "",
    "typings/stub/package.json": { typings: null },
    "node_modules/@types/three/package.json": { name: "@types/three" },
  };
  const types = (options: object, more: Files = {}) =>
    read({ ...packages, ...config(options), ...more }).types;

  test("are those listed, or all of the given roots", () => {
    assert.deepEqual(types({ types: ["one"], typeRoots: ["typings"] }), [
      "one",
    ]);
    assert.deepEqual(types({ types: [], typeRoots: ["typings"] }), []);
    assert.deepEqual(types({ typeRoots: ["typings"] }), ["one", "two"]);
    assert.deepEqual(types({ types: ["*"], typeRoots: ["typings"] }), [
      "one",
      "two",
    ]);
    assert.deepEqual(types({ types: ["*"] }), ["three"]);
    assert.deepEqual(types({ types: ["*", "four"] }), ["three"]);
    const own = types({ types: ["./typings/one", "node"] });
    assert.match(own.join(), /^\/.*\/typings\/one,node$/);
  });

  test("are all packages if the project's TypeScript includes all", () => {
    const installed = (version: string) => ({
      "node_modules/typescript/package.json": { version },
    });
    assert.deepEqual(types({}, installed("5.4.2")), ["three"]);
    assert.deepEqual(types({}, installed("6.0.3")), []);
    assert.deepEqual(types({}), []);
  });
});
