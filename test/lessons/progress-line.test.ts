/**
 * The progress display of a lesson: one updated line on a terminal, otherwise one line per cell.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProgressLine } from "../../scripts/lessons/progress-line";

class FakeStream {
  readonly writes: string[] = [];
  constructor(
    readonly isTTY: boolean,
    readonly columns?: number,
  ) {}
  write(text: string): void {
    this.writes.push(text);
  }
}

/** Simulates a lesson of two cells; the second takes 25 seconds and reports progress. */
function runThrough(stream: FakeStream): void {
  let time = 0;
  const line = new ProgressLine("Lesson 1", stream, () => time);
  line.handle({ event: "start", notebook: "n", kernel: "k", cells: 2 });
  line.handle({ event: "cell", index: 1, label: "Load", source: "import" });
  line.handle({ event: "done", index: 1, seconds: 0.25 });
  line.handle({ event: "cell", index: 2, label: "", source: "await fit()" });
  for (let second = 1; second <= 25; second += 1) {
    time += 1000;
    line.handle({ event: "progress", text: `epoch 1/3 · step ${second}/25` });
  }
  line.handle({ event: "done", index: 2, seconds: 25 });
  line.close();
}

describe("progress", () => {
  test("updates one line on a terminal and clears it at the end", () => {
    const stream = new FakeStream(true, 80);
    runThrough(stream);
    for (const write of stream.writes) {
      assert.ok(write.startsWith("\r\x1b[2K"), JSON.stringify(write));
      assert.ok(!write.includes("\n"));
    }
    const lines = stream.writes.map((write) => write.slice("\r\x1b[2K".length));
    assert.match(lines[0]!, /^Lesson 1 {2}░{16} .* starting the kernel$/);
    assert.ok(
      lines.includes(
        `Lesson 1  ${"█".repeat(8)}${"░".repeat(8)}  1/2  0:00  Load`,
      ),
    );
    assert.ok(
      lines.includes(
        `Lesson 1  ${"█".repeat(8)}${"░".repeat(8)}  1/2  0:05  await fit() · epoch 1/3 · step 5/25`,
      ),
    );
    assert.match(lines.at(-2)!, /^Lesson 1 {2}█{16} {2}2\/2 {2}0:25/);
    assert.equal(lines.at(-1), "");
  });

  test("keeps the line shorter than the terminal, so that it can be rewritten", () => {
    for (const columns of [20, 40, 60, undefined]) {
      const stream = new FakeStream(true, columns);
      runThrough(stream);
      const widths = stream.writes.map(
        (write) => [...write.slice("\r\x1b[2K".length)].length,
      );
      assert.ok(Math.max(...widths) < (columns ?? 80), `${columns} columns`);
    }
  });

  test("otherwise prints a line per cell, and one every ten seconds in a long cell", () => {
    const stream = new FakeStream(false);
    runThrough(stream);
    assert.deepEqual(stream.writes, [
      "Lesson 1 starts\n",
      "Lesson 1  1/2     0.3 s  Load\n",
      "Lesson 1         epoch 1/3 · step 10/25\n",
      "Lesson 1         epoch 1/3 · step 20/25\n",
      "Lesson 1  2/2    25.0 s  await fit()\n",
    ]);
  });
});
