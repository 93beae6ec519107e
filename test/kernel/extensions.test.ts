/**
 * Tests extensions: packages that declare and register something for the kernel. The library and
 * its extension are made up; the extension uses only the registered symbol.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readDeclaration } from "../../kernel/extensions/declaration";
import { KernelClient } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

/** A library that knows no kernel. */
const library = `
class Sample { constructor(value) { this.sampled = value; } }
const state = { depth: 0 };
const work = { stops: false, rounds: 0 };
module.exports = {
  Sample, state, work,
  within(run) { state.depth += 1; try { return run(); } finally { state.depth -= 1; } },
  async run() {
    work.stops = false;
    while (!work.stops) {
      work.rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
};
`;

const libraryTypes = `
export class Sample { constructor(value: unknown); sampled: unknown; }
export const state: { depth: number };
export const work: { stops: boolean; rounds: number };
export function within<Result>(run: () => Result): Result;
export function run(): Promise<void>;
`;

const extension = `
exports.extend = (library) => {
  const { Sample, state, work } = library;
  let changed = () => undefined;
  let reason;
  const run = library.run;
  library.run = async () => {
    changed(1);
    reason = undefined;
    try {
      await run();
      if (reason) throw reason;
    } finally {
      changed(0);
    }
  };
  globalThis[Symbol.for("convnotes.extensions")].register({
    displays: [{
      matches: (value) => value instanceof Sample,
      toMimeBundle: ({ sampled }) => {
        if (sampled === "bad") throw new Error("This cannot be shown.");
        return { "text/plain": "sample " + sampled };
      },
    }],
    runs: {
      watch: (listener) => { changed = listener; },
      interrupt: (error) => { reason = error; work.stops = true; },
      ended: () => undefined,
    },
    state: {
      mark: () => state.depth,
      repair: (depth = 0) => { state.depth = depth; },
    },
  });
};
`;

/** A shared object that this process has not loaded. */
const sharedObject = "libtensorflow_framework.so.2";

const declaration = {
  extensions: { sampler: "./extension.js", broken: "./no-such-file.js" },
  preload: {
    package: "@tensorflow/tfjs-node",
    files: ["no/such/file.so", `deps/lib/${sharedObject}`],
    environment: { SAMPLER_THREADS: "3" },
  },
  quietLines: ["^sampler: "],
  helpLinks: [{ text: "Sampler", url: "https://example.org/" }],
};

/** Creates a folder with packages; each is a record of files with their texts. */
function folderWith(
  packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
): ProjectFolder {
  const folder = new ProjectFolder();
  for (const [name, files] of Object.entries(packages)) {
    for (const [file, text] of Object.entries(files)) {
      const path = join("node_modules", name, file);
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      folder.write(path, text);
    }
  }
  return folder;
}

const packages = {
  sampler: { "index.js": library, "index.d.ts": libraryTypes },
  broken: {
    "index.js": "exports.one = 1;",
    "index.d.ts": "export const one: number;",
  },
  // Loads the library only when it is called.
  lazy: {
    "index.js": 'exports.make = () => new (require("sampler").Sample)("lazy");',
    "index.d.ts": "export function make(): object;",
  },
  "@convnotes/sampler": {
    "package.json": JSON.stringify({ convnotes: declaration }),
    "extension.js": extension,
  },
  client: {
    "package.json": JSON.stringify({
      dependencies: { "@convnotes/sampler": "1.0.0" },
    }),
    "index.js": "",
    "index.d.ts": "export {};",
  },
};

describe("an extension of a library", () => {
  let folder: ProjectFolder;
  let kernel: KernelClient;
  before(async () => {
    folder = folderWith(packages);
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(async () => {
    await kernel?.close();
    folder?.remove();
  });

  test("displays its values, however the library was loaded", async () => {
    const lazy = await kernel.run('import { make } from "lazy";\nmake()');
    assert.equal(lazy.result, "sample lazy");
    await kernel.run('import { Sample } from "sampler";');
    assert.equal((await kernel.run("new Sample(7)")).result, "sample 7");
    assert.match(
      (await kernel.run('new Sample("bad")')).result!,
      /^Sample \{ sampled: 'bad' \}$/,
    );
  });

  test("stops its work, and the awaiting cell is interrupted", async () => {
    await kernel.run('import * as sampler from "sampler";');
    const cell = kernel.start('console.log("begun"); await sampler.run();');
    await cell.until(({ type }) => type === "stream");
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    const { result } = await kernel.run(
      "const { rounds } = sampler.work;\nawait new Promise((resolve) => setTimeout(resolve, 50));\n[sampler.work.stops, sampler.work.rounds - rounds]",
    );
    assert.equal(result, "[ true, 0 ]");
  });

  test("repairs its state after an interrupt, to that before the cell", async () => {
    await kernel.run("sampler.state.depth = 2;");
    const cell = kernel.start(
      'console.log("begun"); sampler.within(() => { for (;;); });',
    );
    await cell.until(({ type }) => type === "stream");
    await kernel.interrupt();
    assert.equal((await cell.done).content.ename, "Interrupt");
    assert.equal((await kernel.run("sampler.state.depth")).result, "2");
  });

  test("that cannot be loaded is reported, and the cell goes on", async () => {
    const { result, stderr } = await kernel.run(
      'import { one } from "broken";\none + 1',
    );
    assert.equal(result, "2");
    assert.match(stderr, /extension of broken by @convnotes\/sampler/);
    assert.match(stderr, /no-such-file/);
  });

  test("names lines of native code that are not shown, and help", async () => {
    const { stderr } = await kernel.run(
      'import { writeSync } from "node:fs";\nwriteSync(2, "sampler: started\\nshown\\n");\nawait new Promise((resolve) => setTimeout(resolve, 100));',
    );
    assert.equal(stderr, "shown\n");
    const { content } = await kernel.request("kernel_info_request");
    const links = content.help_links as readonly { text: string }[];
    assert.ok(links.some(({ text }) => text === "Sampler"));
  });
});

test("without an extension, a library's values are displayed as any others", async () => {
  const folder = folderWith({ sampler: packages.sampler });
  const kernel = await KernelClient.start({ folder: folder.path });
  try {
    const { result } = await kernel.run(
      'import { Sample } from "sampler";\nnew Sample(7)',
    );
    assert.equal(result, "Sample { sampled: 7 }");
  } finally {
    await kernel.close();
    folder.remove();
  }
});

test(
  "a shared object is loaded, with its variables set, while a cell with a type error is checked",
  {
    skip: existsSync("/proc/self/maps")
      ? false
      : "Only Linux tells which libraries a process has loaded.",
  },
  async () => {
    const folder = folderWith(packages);
    const kernel = await KernelClient.start({ folder: folder.path });
    try {
      const isLoaded = () =>
        readFileSync(`/proc/${kernel.runtimePid}/maps`, "utf8").includes(
          sharedObject,
        );
      const threads = async () =>
        (await kernel.run("String(process.env.SAMPLER_THREADS)")).result;
      const importing = async (name: string) => {
        const { content } = await kernel.execute(
          `import "${name}";\nconst wrong: number = "text";`,
        );
        assert.equal(content.status, "error");
      };
      await importing("lazy");
      assert.equal(await threads(), "'undefined'");
      assert.equal(isLoaded(), false);
      // It depends on the package that declares the shared object.
      await importing("client");
      assert.equal(await threads(), "'3'");
      assert.equal(isLoaded(), true);
    } finally {
      await kernel.close();
      folder.remove();
    }
  },
);

test("parts of a declaration with a wrong type are left out", () => {
  for (const field of [undefined, null, "text", 7, []]) {
    assert.equal(readDeclaration(field), undefined);
  }
  assert.deepEqual(
    readDeclaration({
      extensions: { a: "./a.js", b: 7 },
      preload: { package: 7, files: [] },
      quietLines: ["^a", "(", 7],
      helpLinks: [{ text: "A" }, { text: "B", url: "https://example.org/" }],
    }),
    {
      extensions: { a: "./a.js" },
      preload: undefined,
      quietLines: [/^a/],
      helpLinks: [{ text: "B", url: "https://example.org/" }],
    },
  );
  assert.deepEqual(
    readDeclaration({ preload: { package: "a", files: ["b", 7] } })?.preload,
    { package: "a", files: ["b"], environment: {} },
  );
});
