/**
 * Tests the history of earlier sessions on disk.
 */
import assert from "node:assert/strict";
import fs, {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { History } from "../../kernel/front/history";
import { HistoryFile, historyPath } from "../../kernel/front/history-file";
import { KernelClient } from "./kernel-client";

describe("the history file", () => {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  const path = join(folder, "deep", "history.jsonl");
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => rmSync(path, { force: true }));

  const open = (warn: (text: string) => void = assert.fail) =>
    new History(new HistoryFile(path, warn));
  const all = { hist_access_type: "tail" } as const;

  test("provides the input of earlier sessions", () => {
    const first = open();
    first.add(1, "a");
    first.add(2, "line\nbreak 🚢");
    const second = open();
    second.add(1, "b");
    assert.deepEqual(open().find(all), [
      [1, 1, "a"],
      [1, 2, "line\nbreak 🚢"],
      [2, 1, "b"],
    ]);
  });

  test("numbers sessions, including concurrent ones", () => {
    const [one, other] = [open(), open()];
    one.add(1, "one");
    other.add(1, "other");
    one.add(2, "one again");
    const later = open();
    later.add(1, "later");
    assert.deepEqual(later.find(all), [
      [1, 1, "one"],
      [2, 1, "other"],
      [1, 2, "one again"],
      [3, 1, "later"],
    ]);
  });

  test("provides ranges of this session, of a session by number, and of one counted back", () => {
    for (const input of ["a", "b"]) open().add(1, input);
    const history = open();
    history.add(1, "c");
    const range = (session?: number) =>
      history
        .find({ hist_access_type: "range", session })
        .map(([, , input]) => input);
    assert.deepEqual(range(), ["c"]);
    assert.deepEqual(range(0), ["c"]);
    assert.deepEqual(range(-1), ["b"]);
    assert.deepEqual(range(-2), ["a"]);
    assert.deepEqual(range(1), ["a"]);
    assert.deepEqual(range(9), []);
  });

  test("does not store outputs", () => {
    const first = open();
    first.add(1, "1 + 1");
    first.addOutput(1, "2");
    const tail = { ...all, output: true };
    assert.deepEqual(first.find(tail), [[1, 1, ["1 + 1", "2"]]]);
    assert.deepEqual(open().find(tail), [[1, 1, ["1 + 1", null]]]);
  });

  test("is readable by its owner only", () => {
    open().add(1, "secret");
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test("skips truncated and foreign lines only", () => {
    open().add(1, "whole");
    appendFileSync(
      path,
      '{"session":"x","line":1,"inp\n[]\nnull\n{"line":2}\n',
    );
    open().add(1, "after");
    assert.deepEqual(
      open()
        .find(all)
        .map(([, , input]) => input),
      ["whole", "after"],
    );
  });

  test("is shortened to the latest 10,000 cells once it has twice as many", () => {
    open().add(1, "first");
    const line = (n: number) =>
      `${JSON.stringify({ session: "s", line: n, input: `${n}` })}\n`;
    const lines = Array.from({ length: 20_000 }, (_, index) => line(index));
    writeFileSync(path, lines.join(""));
    open().find(all);
    assert.equal(readFileSync(path, "utf8").split("\n").length - 1, 20_000);
    appendFileSync(path, line(20_000));
    open().find(all);
    const kept = readFileSync(path, "utf8").trim().split("\n");
    assert.equal(kept.length, 10_000);
    assert.equal(JSON.parse(kept.at(-1)!).line, 20_000);
  });

  /** Creates a file that is long enough to be shortened when it is read. */
  function writeLongFile(to: string): void {
    const line = (n: number) =>
      `${JSON.stringify({ session: "s", line: n, input: `${n}` })}\n`;
    writeFileSync(
      to,
      Array.from({ length: 20_001 }, (_, index) => line(index)).join(""),
    );
  }

  test("is shortened in place if the path is a symbolic link", () => {
    open().add(1, "makes the folder");
    const target = join(folder, "elsewhere.jsonl");
    writeLongFile(target);
    rmSync(path);
    symlinkSync(target, path);
    open().find(all);
    assert.ok(lstatSync(path).isSymbolicLink());
    assert.equal(
      readFileSync(target, "utf8").trim().split("\n").length,
      10_000,
    );
    open().add(1, "after");
    assert.match(readFileSync(target, "utf8"), /"after"\}\n$/);
  });

  test("keeps lines that another kernel appends while it is shortened", (t) => {
    open().add(1, "makes the folder");
    writeLongFile(path);
    const rename = fs.renameSync.bind(fs);
    const other = open();
    t.mock.method(fs, "renameSync", (from: string, to: string) => {
      other.add(1, "in the last moment");
      rename(from, to);
    });
    open().find(all);
    t.mock.restoreAll();
    other.add(2, "after it");
    const inputs = open()
      .find(all)
      .map(([, , input]) => input);
    assert.equal(inputs.length, 10_002);
    assert.deepEqual(inputs.slice(-3), [
      "20000",
      "in the last moment",
      "after it",
    ]);
  });

  test("is not changed if it cannot be replaced, and leaves no temporary file", () => {
    open().add(1, "makes the folder");
    writeLongFile(path);
    // The temporary file of another kernel, which must not be used.
    writeFileSync(`${path}.new`, "another's");
    open().find(all);
    assert.equal(readFileSync(path, "utf8").trim().split("\n").length, 20_001);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(`${path}.new`, longAgo, longAgo);
    open().find(all);
    assert.equal(readFileSync(path, "utf8").trim().split("\n").length, 10_000);
    assert.deepEqual(readdirSync(dirname(path)), ["history.jsonl"]);
  });

  test("is read on first use, without the lines of this session", () => {
    open().add(1, "of the session before");
    const history = open();
    history.add(1, "of this session");
    history.add(2, "after it");
    open().add(1, "of a session that began later");
    assert.deepEqual(
      history.find(all).map(([, , input]) => input),
      [
        "of the session before",
        "of a session that began later",
        "of this session",
        "after it",
      ],
    );
    const sessions = history.find(all).map(([session]) => session);
    assert.deepEqual(sessions, [1, 2, 3, 3]);
  });

  test("that is not writable is reported once, and the session continues", (t) => {
    if (process.getuid?.() === 0) {
      const warnings: string[] = [];
      // Even root cannot create a file below another file.
      const history = new History(
        new HistoryFile("/dev/null/history.jsonl", (text) =>
          warnings.push(text),
        ),
      );
      history.add(1, "a");
      history.add(2, "b");
      assert.equal(history.find(all).length, 2);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /^Cannot save the history: /);
      t.diagnostic("as root, by a path below a file");
      return;
    }
    chmodSync(folder, 0o500);
    const warnings: string[] = [];
    const history = open((text) => warnings.push(text));
    history.add(1, "a");
    history.add(2, "b");
    chmodSync(folder, 0o700);
    assert.equal(warnings.length, 1);
  });

  test("is at the path of the environment variable, in Jupyter's data folder, or disabled", () => {
    assert.equal(historyPath({ CONVNOTES_HISTORY: "/x/y" }), "/x/y");
    assert.equal(historyPath({ CONVNOTES_HISTORY: "off" }), undefined);
    assert.match(historyPath({}) ?? "", /convnotes.history\.jsonl$/);
  });

  test("is kept between kernels", async () => {
    const variables = { CONVNOTES_HISTORY: path };
    for (const [code, expected] of [
      ["const a = 1; a", []],
      ["const b = 2", ["const a = 1; a"]],
    ] as const) {
      const kernel = await KernelClient.start({ variables });
      try {
        const { content } = await kernel.request("history_request", {
          hist_access_type: "tail",
          n: 10,
        });
        const found = content.history as [number, number, string][];
        assert.deepEqual(
          found.map(([, , input]) => input),
          expected,
        );
        await kernel.run(code);
      } finally {
        await kernel.close();
      }
    }
  });
});
