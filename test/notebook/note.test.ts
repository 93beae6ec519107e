/**
 * Destinations of notes and warnings: a notebook's display, or standard error.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { resetNotes, note, warn } from "../../src/notebook/note";
import { KernelClient } from "../kernel/kernel-client";
import { errorWith } from "../error-with";
import { withHost } from "./notebook-host";

const project = join(__dirname, "..", "..");

/** Runs a program that uses `note` and `warn`, and returns its output. */
function output(program: string, notes?: string) {
  const environment = { ...process.env };
  delete environment["CONVNOTES_NOTES"];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "-r",
      join(project, "kernel", "dist", "typescript-register.js"),
      "-e",
      `const { note, warn } = require(${JSON.stringify(join(project, "src", "notebook", "note.ts"))}); ${program}`,
    ],
    {
      cwd: project,
      encoding: "utf8",
      env: {
        ...environment,
        ...(notes === undefined ? {} : { CONVNOTES_NOTES: notes }),
      },
    },
  );
  return { stdout, stderr, status };
}

describe("without a notebook", () => {
  test("writes each note once to standard error", () => {
    const program = 'note("slow"); note("slow"); note("small");';
    const expected = { stdout: "", stderr: "slow\nsmall\n", status: 0 };
    assert.deepEqual(output(program), expected);
    assert.deepEqual(output(program, "on"), expected);
  });

  test("can disable notes, but not warnings", () => {
    const program = 'note("slow"); warn("wrong"); warn("wrong");';
    assert.deepEqual(output(program, "off"), {
      stdout: "",
      stderr: "wrong\nwrong\n",
      status: 0,
    });
  });

  test("rejects other values of CONVNOTES_NOTES at startup", () => {
    for (const word of ["", "0", "Off"]) {
      const { stdout, stderr, status } = output('console.log("here")', word);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.ok(
        stderr.includes(
          `CONVNOTES_NOTES to be "on" or "off", received ${JSON.stringify(word)}`,
        ),
      );
    }
  });
});

describe("in a notebook", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env["CONVNOTES_NOTES"];
    delete process.env["CONVNOTES_NOTES"];
    resetNotes();
  });
  afterEach(() => {
    if (before === undefined) delete process.env["CONVNOTES_NOTES"];
    else process.env["CONVNOTES_NOTES"] = before;
  });

  /** Runs a function, and returns the displays and what was written to standard error. */
  async function outputsOf(run: () => void) {
    const written: unknown[] = [];
    const { warn: original } = console;
    console.warn = (text: unknown) => written.push(text);
    try {
      const { shown } = await withHost(run);
      return { shown: shown.map(({ bundle }) => bundle), written };
    } finally {
      console.warn = original;
    }
  }

  test("displays a note once, and writes nothing to standard error", async () => {
    const noteTwice = () => {
      note("slow");
      note("slow");
    };
    const shown = [{ "text/plain": "slow" }];
    assert.deepEqual(await outputsOf(noteTwice), { shown, written: [] });
    assert.deepEqual(await outputsOf(noteTwice), { shown: [], written: [] });
  });

  test("writes warnings to standard error", async () => {
    const outputs = await outputsOf(() => warn("wrong"));
    assert.deepEqual(outputs, { shown: [], written: ["wrong"] });
  });

  test("can disable notes from within the program", async () => {
    process.env["CONVNOTES_NOTES"] = "off";
    assert.deepEqual(await outputsOf(() => note("slow")), {
      shown: [],
      written: [],
    });
    process.env["CONVNOTES_NOTES"] = "no";
    assert.throws(
      () => note("slow"),
      errorWith("ERR_INVALID_VALUE", '"on" or "off"', 'received "no"'),
    );
  });

  test("displays notes in a cell of the kernel", async () => {
    const kernel = await KernelClient.start();
    try {
      const answer = await kernel.run(
        'import { note } from "convnotes/notebook/note"; note("slow"); note("slow");',
      );
      assert.equal(answer.stderr, "");
      assert.deepEqual(
        answer.outputs.map(({ type, content }) => [type, content["data"]]),
        [["display_data", { "text/plain": "slow" }]],
      );
    } finally {
      await kernel.close();
    }
  });
});
