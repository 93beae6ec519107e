// Unit tests of setup's modules.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { errorWith } from "../error-with";
import { setupModule } from "./checkout";

const temporaryFolder = fs.mkdtempSync(
  path.join(os.tmpdir(), "convnotes-modules-"),
);
process.on("exit", () =>
  fs.rmSync(temporaryFolder, { recursive: true, force: true }),
);

interface LockModule {
  withLock<T>(
    file: string,
    interruption: AbortSignal,
    onWait: (holder: number) => void,
    work: () => Promise<T>,
  ): Promise<T>;
}

describe("lock", () => {
  const never = new AbortController().signal;
  const noWait = (): void => assert.fail("nobody holds the lock");

  it("exists during the work and is removed afterwards, also if the work fails", async () => {
    const { withLock } = await setupModule<LockModule>("setup/lock.mjs");
    const file = path.join(temporaryFolder, "held", "lock");
    const held = await withLock(file, never, noWait, async () =>
      fs.readFileSync(file, "utf8"),
    );
    assert.match(held, new RegExp(`^${process.pid}\\b`));
    await assert.rejects(
      withLock(file, never, noWait, async () => {
        throw new Error("the work failed");
      }),
      /the work failed/,
    );
    assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
  });

  it("is taken over from a process that has ended, or whose id was reused", async () => {
    const { withLock } = await setupModule<LockModule>("setup/lock.mjs");
    const file = path.join(temporaryFolder, "stale", "lock");
    fs.mkdirSync(path.dirname(file));
    for (const content of ["4194305 1", `${process.pid} 1`, "", "scribble"]) {
      fs.writeFileSync(file, content);
      assert.equal(await withLock(file, never, noWait, async () => 7), 7);
    }
  });

  it("admits one holder at a time", async () => {
    const { withLock } = await setupModule<LockModule>("setup/lock.mjs");
    const file = path.join(temporaryFolder, "many", "lock");
    let inside = 0;
    let waits = 0;
    await Promise.all(
      Array.from({ length: 4 }, () =>
        withLock(
          file,
          never,
          () => waits++,
          async () => {
            assert.equal(++inside, 1);
            await new Promise((resolve) => setTimeout(resolve, 30));
            inside--;
          },
        ),
      ),
    );
    assert.equal(waits, 3);
  });

  it("stops waiting when interrupted", async () => {
    const { withLock } = await setupModule<LockModule>("setup/lock.mjs");
    const file = path.join(temporaryFolder, "waiting", "lock");
    const controller = new AbortController();
    await withLock(file, never, noWait, async () => {
      await assert.rejects(
        withLock(
          file,
          controller.signal,
          () => controller.abort(new Error("enough")),
          async () => assert.fail("the lock is held"),
        ),
        /enough/,
      );
    });
  });
});

interface StampModule {
  hashFiles(files: string[]): string;
  hashText(text: string): string;
  readStamp(file: string): Record<string, string> | undefined;
  writeStamp(file: string, inputs: Record<string, string>): void;
  difference(
    then: Record<string, string>,
    now: Record<string, string>,
  ): string | undefined;
}

describe("stamp", () => {
  it("is read as it was written, and is undefined if it is incomplete or missing", async () => {
    const { readStamp, writeStamp } =
      await setupModule<StampModule>("setup/stamp.mjs");
    const file = path.join(temporaryFolder, "artifact", "stamp.json");
    assert.equal(readStamp(file), undefined);
    writeStamp(file, { Python: "3.12" });
    assert.deepEqual(readStamp(file), { Python: "3.12" });
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ["stamp.json"]);
    fs.writeFileSync(file, '{ "Pyth');
    assert.equal(readStamp(file), undefined);
  });

  it("describes the difference", async () => {
    const { difference } = await setupModule<StampModule>("setup/stamp.mjs");
    const stamp = { lock: "sha256:12", "Node.js": "v20" };
    assert.equal(difference(stamp, { ...stamp }), undefined);
    assert.equal(
      difference(stamp, { ...stamp, lock: "sha256:34" }),
      "lock changed",
    );
    assert.equal(
      difference(stamp, { ...stamp, "Node.js": "v24" }),
      "Node.js changed from v20 to v24",
    );
    assert.equal(
      difference(stamp, { ...stamp, CXX: "g++" }),
      "CXX changed from nothing to g++",
    );
  });

  it("distinguishes files by content, name and order", async () => {
    const { hashFiles } = await setupModule<StampModule>("setup/stamp.mjs");
    const [a, b, ab] = [
      path.join(temporaryFolder, "a"),
      path.join(temporaryFolder, "b"),
      path.join(temporaryFolder, "ab"),
    ] as const;
    fs.writeFileSync(a, "x");
    fs.writeFileSync(b, "y");
    fs.writeFileSync(ab, "xy");
    const hashes = [[a, b], [b, a], [a], [ab], [a, b, ab], []].map(hashFiles);
    assert.equal(new Set(hashes).size, hashes.length);
    assert.equal(hashFiles([a, b]), hashes[0]);
    for (const hash of hashes) assert.match(hash, /^sha256:[0-9a-f]{16}$/);
  });
});

describe("pip's settings for uv", () => {
  const load = (): Promise<{
    uvVariables(settings: string): NodeJS.ProcessEnv;
    uvOptions(settings: string): string[];
  }> => setupModule("setup/pip-settings.mjs");

  it("are those of the most specific section", async () => {
    const { uvVariables } = await load();
    const settings = [
      ":env:.index-url='https://variable/simple'",
      "global.index-url='https://global/simple'",
      "install.index-url='https://install/simple'",
      "global.proxy='http://proxy:8080'",
    ];
    const without = settings.slice(1);
    assert.equal(
      uvVariables(settings.join("\n")).UV_DEFAULT_INDEX,
      "https://variable/simple",
    );
    const { UV_DEFAULT_INDEX, ALL_PROXY } = uvVariables(without.join("\n"));
    assert.equal(UV_DEFAULT_INDEX, "https://install/simple");
    assert.equal(ALL_PROXY, "http://proxy:8080");
  });

  it("are lists with uv's separators, without missing folders", async () => {
    const { uvVariables } = await load();
    const found = uvVariables(
      `global.extra-index-url='\\nhttps://a/simple\\nhttps://b/simple'
global.find-links='${temporaryFolder} /nowhere https://c/wheels'
global.trusted-host='a b:8080'`,
    );
    assert.equal(found.UV_INDEX, "https://a/simple https://b/simple");
    assert.equal(found.UV_FIND_LINKS, `${temporaryFolder},https://c/wheels`);
    assert.equal(found.UV_INSECURE_HOST, "a b:8080");
  });

  it("name no index if there are none", async () => {
    const { uvOptions, uvVariables } = await load();
    assert.ok(!("UV_DEFAULT_INDEX" in uvVariables("")));
    assert.deepEqual(uvOptions(""), []);
    assert.deepEqual(uvOptions("global.no-index='true'"), ["--no-index"]);
  });
});

describe("diagnosis", () => {
  const load = (): Promise<{
    explain(
      what: string,
      output: string,
      tool: {
        registry: string;
        settings: string;
        causes?: { pattern: RegExp; reason: string; remedy: string }[];
      },
    ): Error & { remedy: string; evidence: string[] };
    explainFileError(error: unknown): (Error & { remedy: string }) | undefined;
    lastLines(output: string): string[];
  }> => setupModule("setup/diagnosis.mjs");
  const tool = { registry: "the registry", settings: "SOME_PROXY" };

  it("ignores a network error from which the tool recovered", async () => {
    const { explain } = await load();
    const output =
      "connection broken by 'NewConnectionError'\n" +
      "Collecting x\n".repeat(60) +
      "ERROR: it broke\n";
    const error = explain("It failed", output, tool);
    errorWith("ERR_PROCESS", "It failed.")(error);
    assert.deepEqual(error.evidence.at(-1), "ERROR: it broke");
  });

  it("recognizes a tool's own causes, with their remedies", async () => {
    const { explain } = await load();
    const error = explain("It failed", "code EINTEGRITY", {
      ...tool,
      causes: [
        { pattern: /EINTEGRITY/, reason: "wrong bytes", remedy: "do this" },
      ],
    });
    errorWith("ERR_PROCESS", "It failed: wrong bytes.")(error);
    assert.equal(error.remedy, "do this");
  });

  it("explains file system errors, and no others", async () => {
    const { explainFileError } = await load();
    const failure = (code: string): Error =>
      Object.assign(new Error(code), { code, path: "/folder/file" });
    for (const [code, reason] of [
      ["ENOSPC", "no space"],
      ["EROFS", "permission"],
    ] as const) {
      const error = explainFileError(failure(code));
      errorWith("ERR_DISK", "/folder/file", reason)(error);
    }
    assert.equal(explainFileError(failure("EMFILE")), undefined);
    assert.equal(explainFileError(new TypeError("a mistake")), undefined);
    assert.equal(explainFileError(undefined), undefined);
  });

  it("omits stack traces and cuts long lines", async () => {
    const { lastLines } = await load();
    const lines = lastLines(
      [
        "npm error code E404",
        "npm error     at onResponse (/npm/index.js:1:1)",
        "npm error",
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in <module>',
        "    import nothing",
        "ModuleNotFoundError: nothing",
        "w".repeat(1_000),
        "",
      ].join("\n"),
    );
    assert.deepEqual(lines, [
      "npm error code E404",
      "ModuleNotFoundError: nothing",
      "w".repeat(200),
    ]);
  });
});

describe("progress", () => {
  const load = (): Promise<{
    Progress: new (output: unknown) => {
      start(name: string, reason: string): void;
      show(detail: string): void;
      done(): void;
      stop(): void;
    };
  }> => setupModule("setup/progress.mjs");

  class Screen {
    text = "";
    readonly columns = 40;
    constructor(readonly isTTY: boolean) {}
    write(text: string): boolean {
      this.text += text;
      return true;
    }
  }

  it("rewrites one line on a terminal, never wider than it", async () => {
    const { Progress } = await load();
    const screen = new Screen(true);
    const progress = new Progress(screen);
    progress.start("a step", "not created yet");
    progress.show("d".repeat(100));
    progress.done();
    assert.match(screen.text, / {2}a step: done in [\d.]+ s\n$/);
    assert.equal(screen.text.split("\n").length, 2);
    // eslint-disable-next-line no-control-regex
    const drawn = screen.text.trimEnd().split(/\u001b\[[0-9]*[A-Z]/);
    for (const line of drawn) assert.ok(line.length < screen.columns, line);
  });

  it("writes plain lines elsewhere", async () => {
    const { Progress } = await load();
    const screen = new Screen(false);
    const progress = new Progress(screen);
    progress.start("a step", "not created yet");
    progress.show("a detail");
    progress.done();
    progress.stop();
    assert.match(
      screen.text,
      /^ {2}a step: not created yet\n {2}a step: done in [\d.]+ s\n$/,
    );
  });
});
