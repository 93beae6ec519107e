/**
 * Tests `%install`, with packages of a registry and of a folder that the test makes; no network is
 * needed.
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
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PACKAGES_TYPE } from "../../../kernel/magics/host-key";
import { npmProgram } from "../../../kernel/magics/runtime/install/npm-program";
import { notedPackages } from "../../../kernel/magics/noted-packages";
import {
  pinned,
  specifiers,
} from "../../../kernel/magics/runtime/install/package-specifier";
import { errorWith } from "../../error-with";
import { type Answer, KernelClient, projectFolder } from "../kernel-client";
import { Registry, writeFiles } from "./registry";

const root = mkdtempSync(join(tmpdir(), "convnotes-install-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A folder above the notebooks that npm would install into, if it looked above. */
writeFiles(root, { "package.json": '{ "workspaces": ["*"] }' });

/** A package in the notebook's folder, which would leave traces if its scripts ran. */
const FOLDER_PACKAGE = {
  "seven/package.json": JSON.stringify({
    name: "seven",
    version: "1.2.3",
    types: "index.d.ts",
    scripts: Object.fromEntries(
      ["preinstall", "install", "postinstall", "prepare"].map((name) => [
        name,
        "node -e \"require('fs').writeFileSync('ran', '')\"",
      ]),
    ),
  }),
  "seven/index.d.ts": "export declare const seven: 7;\n",
  "seven/index.js": "exports.seven = 7;\n",
  "untyped/package.json": '{ "name": "untyped", "version": "0.1.0" }',
  "untyped/index.js": "module.exports = 1;\n",
};

/** The packages that the last output of a cell notes. */
function noted({ messages }: Answer): unknown {
  return messages
    .filter(({ type }) => type === "display_data")
    .map(
      ({ content }) => (content.data as Record<string, unknown>)[PACKAGES_TYPE],
    )
    .at(-1);
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  return JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Readonly<Record<string, unknown>>;
}

// Compiled, because the folders of the course are found from where it is.
const { PackageFolder } = createRequire(__filename)(
  join(projectFolder, "kernel/dist/magics/runtime/install/package-folder.js"),
) as typeof import("../../../kernel/magics/runtime/install/package-folder");

let registry: Registry;
before(async () => {
  registry = await Registry.start();
  const typed = (version: string, value: string) =>
    registry.add(
      { name: "typed", version, types: "index.d.ts" },
      {
        "index.d.ts": `export declare const value: ${value};\n`,
        "index.js": `exports.value = ${value};\n`,
      },
    );
  typed("1.0.0", "1");
  typed("1.1.0", "11");
  registry.add(
    { name: "@scope/plain", version: "2.4.0" },
    { "index.js": "exports.half = (n) => n / 2;\n" },
  );
  for (const version of ["1.9.0", "2.0.3", "3.0.0"]) {
    registry.add(
      { name: "@types/scope__plain", version, types: "index.d.ts" },
      { "index.d.ts": "export declare function half(n: number): number;\n" },
    );
  }
});
after(() => registry?.close());

/** Starts a kernel in a new folder with these files. */
async function kernelIn(
  name: string,
  files: Readonly<Record<string, string>> = {},
  { variables = {}, parameters = [] as readonly string[] } = {},
): Promise<KernelClient> {
  const folder = join(root, name);
  writeFiles(folder, { "notebook.txt": "", ...files });
  return KernelClient.start({
    folder,
    parameters,
    variables: {
      npm_config_registry: registry.url,
      npm_config_cache: join(root, "cache"),
      ...variables,
    },
  });
}

describe("%install", () => {
  let kernel: KernelClient;
  const folder = join(root, "notebooks");
  before(async () => {
    kernel = await kernelIn("notebooks", FOLDER_PACKAGE);
  });
  after(() => kernel?.close());

  test("is offered for an import that is not found", async () => {
    const { error } = await kernel.execute('import { value } from "typed";');
    assert.match(error!.traceback, /%install typed installs it/);
    const deep = await kernel.execute('await import("@scope/plain/deep");');
    assert.match(deep.error!.traceback, /%install @scope\/plain installs/);
    for (const code of ['import "./missing";', 'import "node:missing";']) {
      const other = await kernel.execute(code);
      assert.doesNotMatch(other.error!.traceback, /%install/);
    }
  });

  test("installs a package for the same cell, with its types", async () => {
    const answer = await kernel.run(
      '%install typed@1.0.0\nimport { value } from "typed";\nconst one: 1 = value;\none',
    );
    assert.equal(answer.result, "1");
    assert.match(answer.stdout, /^Installing typed@1\.0\.0\n/);
    assert.deepEqual(noted(answer), { typed: "1.0.0" });
    assert.deepEqual(manifestOf(folder).dependencies, { typed: "1.0.0" });
    assert.ok(existsSync(join(folder, "package-lock.json")));
    assert.deepEqual(manifestOf(root), { workspaces: ["*"] });
    assert.ok(!readdirSync(root).includes("node_modules"));
    const wrong = await kernel.execute("const two: 2 = value;");
    assert.match(wrong.error!.evalue, /TS2322/);
  });

  test("keeps the recorded version unless another is asked for", async () => {
    const asked = registry.asked.length;
    const same = await kernel.run("%install typed");
    assert.equal(same.stdout, "Already installed.\n");
    assert.deepEqual(noted(same), { typed: "1.0.0" });
    assert.equal(registry.asked.length, asked);
    const later = await kernel.run("%install typed@latest");
    assert.deepEqual(noted(later), { typed: "1.1.0" });
    const display = later.messages.find(({ type }) => type === "display_data");
    const data = display!.content.data as Record<string, string>;
    assert.match(data["text/plain"]!, /typed 1\.1\.0\nRestart the kernel/);
  });

  test("adds the types of a package without any", async () => {
    const answer = await kernel.run(
      '%install @scope/plain\nimport { half } from "@scope/plain";\nhalf(3)',
    );
    assert.equal(answer.result, "1.5");
    // Those of the same major version.
    assert.deepEqual(noted(answer), {
      "@scope/plain": "2.4.0",
      "@types/scope__plain": "2.0.3",
    });
  });

  test("installs a folder, and runs no scripts", async () => {
    const answer = await kernel.run(
      '%install ./seven\nimport { seven } from "seven";\nseven',
    );
    assert.equal(answer.result, "7");
    assert.deepEqual(noted(answer), { seven: "file:seven" });
    assert.ok(!existsSync(join(folder, "seven", "ran")));
    assert.ok(!existsSync(join(folder, "ran")));
  });

  test("says that a package has no types", async () => {
    const { stdout } = await kernel.run("%install ./untyped");
    assert.match(stdout, /Expected types of untyped, but it has none\./);
    const { error } = await kernel.execute('import one from "untyped";');
    assert.match(error!.traceback, /TS7016[^]*%install @types\/untyped/);
  });

  test("changes nothing if it fails", async () => {
    const before = readFileSync(join(folder, "package.json"), "utf8");
    for (const [code, expected] of [
      ["%install missing-package", /packages that the registry has.*E404/],
      ["%install typed@9.9.9", /versions that the registry has.*typed@9\.9\.9/],
      ["%install --global typed", /received the option --global/],
    ] as const) {
      const { error } = await kernel.execute(code);
      assert.match(error!.evalue, expected);
    }
    assert.equal(readFileSync(join(folder, "package.json"), "utf8"), before);
  });

  test("an interrupt ends npm and leaves everything as it was", async () => {
    const before = readFileSync(join(folder, "package.json"), "utf8");
    registry.hangsOn = (name) => name === "slow-package";
    const pending = kernel.start("%install slow-package\nconst ran = 1;");
    await pending.until(({ type }) => type === "stream");
    while (!registry.asked.includes("slow-package")) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await kernel.interrupt();
    const { error } = await pending.done;
    assert.equal(error?.ename, "Interrupt");
    assert.equal(readFileSync(join(folder, "package.json"), "utf8"), before);
    assert.equal((await kernel.run("seven")).result, "7");
    const next = await kernel.run("%install typed@1.0.0");
    assert.deepEqual(noted(next), { typed: "1.0.0" });
  });
});

test("without names, the recorded packages are installed on another machine", async () => {
  const record = join(root, "record");
  const files = Object.fromEntries(
    ["package.json", "package-lock.json"].map((name) => [
      name,
      readFileSync(join(root, "notebooks", name), "utf8"),
    ]),
  );
  const kernel = await kernelIn("record", { ...FOLDER_PACKAGE, ...files });
  try {
    const answer = await kernel.run(
      '%install\nimport { value } from "typed";\nvalue',
    );
    assert.equal(answer.result, "1");
    assert.deepEqual(manifestOf(record), manifestOf(join(root, "notebooks")));
    const again = await kernel.run("%install");
    assert.equal(again.stdout, "Already installed.\n");
  } finally {
    await kernel.close();
  }
});

test("without a package.json, the packages that the notebook notes are installed", async () => {
  const cell = { cell_type: "code", source: "", outputs: [] as unknown[] };
  const notebook = {
    cells: [
      { ...cell, outputs: [{ data: { [PACKAGES_TYPE]: { typed: "1.0.0" } } }] },
    ],
    metadata: { convnotes: { packages: { seven: "file:seven" } } },
  };
  const kernel = await kernelIn(
    "noted",
    { ...FOLDER_PACKAGE, "a.ipynb": JSON.stringify(notebook) },
    { variables: { JPY_SESSION_NAME: join(root, "noted", "a.ipynb") } },
  );
  try {
    const answer = await kernel.run("%install");
    assert.deepEqual(noted(answer), { seven: "file:seven", typed: "1.0.0" });
  } finally {
    await kernel.close();
  }
});

test("a command notes the packages of outputs in the notebook, and installs them", () => {
  const folder = join(root, "command");
  const path = join(folder, "a.ipynb");
  const data = { [PACKAGES_TYPE]: { typed: "1.0.0", seven: "file:seven" } };
  const cell = { cell_type: "code", source: "%install typed" };
  const notebook = {
    cells: [{ ...cell, outputs: [{ output_type: "display_data", data }] }],
    metadata: { kernelspec: { name: "convnotes" } },
    nbformat: 4,
  };
  writeFiles(folder, {
    ...FOLDER_PACKAGE,
    "a.ipynb": JSON.stringify(notebook),
  });
  const run = (...options: string[]) =>
    spawnSync(
      process.execPath,
      [
        join(projectFolder, "src/notebook/bin/convnotes.mjs"),
        ...["kernel", "packages", ...options],
      ],
      {
        encoding: "utf8",
        env: {
          ...process.env,
          npm_config_offline: "true",
          npm_config_cache: join(root, "cache"),
          npm_config_registry: "http://127.0.0.1:1/",
        },
      },
    );
  assert.match(
    run("--notebook", path).stdout,
    /typed 1\.0\.0, seven file:seven/,
  );
  const written = JSON.parse(readFileSync(path, "utf8")) as typeof notebook;
  assert.deepEqual(written, {
    ...notebook,
    metadata: {
      ...notebook.metadata,
      convnotes: { packages: data[PACKAGES_TYPE] },
    },
  });
  const cleared = { ...written, cells: [{ ...cell, outputs: [] }] };
  assert.deepEqual(notedPackages(cleared), data[PACKAGES_TYPE]);
  const only = { seven: "file:seven" };
  const offline = {
    ...cleared,
    metadata: { convnotes: { packages: only } },
  };
  writeFiles(folder, { "a.ipynb": JSON.stringify(offline) });
  const installed = run("--install", "--notebook", path);
  assert.match(installed.stdout, /seven 1\.2\.3/, installed.stderr);
  assert.deepEqual(manifestOf(folder).dependencies, only);
  assert.match(run().stderr, /Use --notebook FILE/);
  assert.match(
    run("--notebook", join(root, "package.json")).stderr,
    /Expected a notebook \(\.ipynb\)/,
  );
});

test("offline, one sentence says so, and no package.json stays", async () => {
  const kernel = await kernelIn("offline", FOLDER_PACKAGE, {
    // A port that nothing listens on.
    variables: { npm_config_registry: "http://127.0.0.1:1/" },
  });
  try {
    const { error } = await kernel.execute("%install typed");
    assert.equal(
      error!.evalue,
      "Expected a connection to the packages' registry to install typed, but there is none (ECONNREFUSED). Nothing was changed.",
    );
    assert.ok(!existsSync(join(root, "offline", "package.json")));
    // A folder needs no connection.
    const { result } = await kernel.run(
      '%install ./seven\nimport { seven } from "seven";\nseven',
    );
    assert.equal(result, "7");
  } finally {
    await kernel.close();
  }
});

test("the tslab compiler finds installed packages, too", async () => {
  const kernel = await kernelIn("tslab", FOLDER_PACKAGE, {
    parameters: ["--compiler", "tslab"],
  });
  try {
    await kernel.run("%install ./seven");
    const { result } = await kernel.run(
      'import { seven } from "seven";\n%time seven',
    );
    assert.equal(result, "7");
  } finally {
    await kernel.close();
  }
});

test("the course's folders keep their packages", () => {
  for (const folder of ["notebooks", join("notebooks", "labs"), ""]) {
    assert.throws(
      () => new PackageFolder(join(projectFolder, folder)).check(),
      errorWith("ERR_INVALID_STATE", "folder of its own"),
    );
  }
});

test("a folder that cannot be written is refused", (context) => {
  if (process.getuid?.() === 0) {
    context.skip("root may write to any folder");
    return;
  }
  assert.throws(
    () => new PackageFolder("/").check(),
    errorWith("ERR_DISK", "can be written"),
  );
});

test("npm is found beside Node", () => {
  assert.match(npmProgram(), /npm-cli\.js$/);
  assert.throws(
    () => npmProgram(join(root, "package.json")),
    errorWith("ERR_FILE_MISSING", "npm"),
  );
});

test("names of packages are read as npm reads them", () => {
  assert.deepEqual(specifiers("a @b/c@^2 ./d e.tgz f@npm:g@1"), [
    { text: "a", name: "a", version: undefined },
    { text: "@b/c@^2", name: "@b/c", version: "^2" },
    { text: "./d" },
    { text: "e.tgz" },
    { text: "f@npm:g@1", name: "f", version: "npm:g@1" },
  ]);
  const recorded = { a: "1.2.3", b: "^1.0.0" };
  const [a, b, other] = specifiers("a b a@latest");
  assert.equal(pinned(a!, recorded).text, "a@1.2.3");
  assert.equal(pinned(b!, recorded).text, "b");
  assert.equal(pinned(other!, recorded).text, "a@latest");
});
