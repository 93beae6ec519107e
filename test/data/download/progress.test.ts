/**
 * Tests how download progress is formatted and shown.
 */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test, type TestContext } from "node:test";
import {
  describeEvent,
  type DownloadEvent,
  formatBytes,
} from "../../../src/data/download/download-event";
import {
  DownloadProgress,
  notebookProgress,
} from "../../../src/data/download/notebook-progress";
import { RateMeter } from "../../../src/data/download/rate-meter";
import { terminalProgress } from "../../../src/data/download/terminal-progress";
import { jupyterDisplay } from "../../../src/notebook/mime";

const event: DownloadEvent = {
  stage: "receiving",
  title: "CIFAR-10",
  file: "cifar-10-binary.tar.gz",
  fileNumber: 1,
  fileCount: 1,
  receivedBytes: 12_500_000,
  totalBytes: 170_052_171,
  bytesPerSecond: 52_000,
  secondsLeft: 3_030,
  host: "www.cs.toronto.edu",
};

/** Changes to `event` and the expected line of text. */
const lines: [Partial<DownloadEvent>, string][] = [
  [
    {},
    "CIFAR-10: cifar-10-binary.tar.gz · 12.5 MB of 170.1 MB · 52 kB/s · 50:30 left · www.cs.toronto.edu",
  ],
  [
    { bytesPerSecond: undefined, secondsLeft: undefined, host: undefined },
    "CIFAR-10: cifar-10-binary.tar.gz · 12.5 MB of 170.1 MB",
  ],
  [
    { stage: "connecting" },
    "CIFAR-10: cifar-10-binary.tar.gz · 170.1 MB from www.cs.toronto.edu",
  ],
  [
    { stage: "resuming" },
    "CIFAR-10: cifar-10-binary.tar.gz · resuming after 12.5 MB from www.cs.toronto.edu",
  ],
  [
    { stage: "restarting", note: "the file on the server has changed" },
    "CIFAR-10: cifar-10-binary.tar.gz · restarting: the file on the server has changed",
  ],
  [
    { stage: "changing mirror", note: "expected status 200, received 404" },
    "CIFAR-10: cifar-10-binary.tar.gz · switching to www.cs.toronto.edu: expected status 200, received 404",
  ],
  [
    { stage: "pausing", note: "retrying in 3 s" },
    "CIFAR-10: cifar-10-binary.tar.gz · retrying in 3 s",
  ],
  [
    { stage: "verifying", fileNumber: 2, fileCount: 4 },
    "CIFAR-10: cifar-10-binary.tar.gz (2 of 4) · verifying SHA-256",
  ],
  [{ stage: "unpacking" }, "CIFAR-10: cifar-10-binary.tar.gz · unpacking"],
  [
    { stage: "waiting" },
    "CIFAR-10: waiting for another process that is downloading it",
  ],
  [{ stage: "done" }, "CIFAR-10: complete"],
];

test("formats each kind of event", () => {
  for (const [change, line] of lines) {
    assert.equal(describeEvent({ ...event, ...change }), line);
  }
});

test("formats bytes with the appropriate unit", () => {
  const cases: [number, string][] = [
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1_000, "1 kB"],
    [52_400, "52 kB"],
    [170_052_171, "170.1 MB"],
    [2_345_000_000, "2.35 GB"],
  ];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text);
});

test("measures the rate over the last seconds", () => {
  const meter = new RateMeter(5, 0);
  assert.equal(meter.bytesPerSecond(400), undefined);
  for (let time = 500; time <= 10_000; time += 500) meter.add(1_000, time);
  assert.equal(meter.isFull(4_999), false);
  assert.equal(meter.isFull(5_000), true);
  // Eleven arrivals are within the last five seconds, including both ends.
  assert.equal(meter.bytesPerSecond(10_000), 2_200);
  assert.equal(meter.bytesPerSecond(12_400), 1_200);
  assert.equal(meter.bytesPerSecond(60_000), 0);
});

test("shows a bar, the line and earlier notes in a notebook, with HTML escaped", () => {
  const bundle = new DownloadProgress({ ...event, host: "<b>" }, [
    "<i>note</i>",
  ])[jupyterDisplay]();
  const html = String(bundle["text/html"]);
  assert.match(html, /<progress max="170052171" value="12500000">/);
  assert.ok(html.includes("&lt;b&gt;") && !html.includes("<b>"));
  assert.ok(html.includes("&lt;i&gt;note&lt;/i&gt;"));
  assert.equal(bundle["text/plain"], describeEvent({ ...event, host: "<b>" }));
});

test("updates one block in a notebook a few times per second", (context) => {
  const shown = fakeNotebook(context);
  const view = notebookProgress();
  view.report({ ...event, stage: "connecting" });
  view.report({ ...event, stage: "changing mirror", note: "it hung up" });
  for (let step = 1; step <= 1_000; step++) {
    view.report({ ...event, receivedBytes: step });
  }
  assert.equal(shown.length, 2);
  view.stop();
  assert.equal(shown.length, 3);
  assert.match(shown[2]!.html, /value="1000"/);
  assert.match(shown[2]!.html, /it hung up/);
  view.stop();
  assert.equal(shown.length, 3);
  assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
  assert.deepEqual(
    shown.map(({ update }) => update),
    [false, true, true],
  );
});

test("prints occasional lines if the stream is not a terminal", () => {
  const stream = new Sink();
  const view = terminalProgress({ stream, lineSeconds: 60 });
  view.report({ ...event, stage: "connecting" });
  for (let step = 0; step < 100; step++) view.report(event);
  view.report({ ...event, stage: "verifying" });
  view.report({ ...event, stage: "done" });
  view.stop();
  assert.equal(
    stream.text,
    ["connecting", "verifying", "done"]
      .map(
        (stage) =>
          `${describeEvent({ ...event, stage: stage as DownloadEvent["stage"] })}\n`,
      )
      .join(""),
  );
  const eager = terminalProgress({ stream, lineSeconds: 0 });
  stream.text = "";
  eager.report(event);
  eager.report(event);
  assert.equal(stream.text, `${describeEvent(event)}\n`.repeat(2));
});

test("shows a bar on a terminal and keeps notes above it", () => {
  const stream = new Sink(true);
  const view = terminalProgress({ stream });
  view.report({ ...event, receivedBytes: 85_026_086 });
  assert.match(stream.text, /█{10}░{10} 50% CIFAR-10: cifar-10-binary/);
  view.report({ ...event, stage: "changing mirror", note: "it hung up" });
  assert.ok(
    stream.text.endsWith("switching to www.cs.toronto.edu: it hung up\n"),
  );
  view.report({ ...event, receivedBytes: 170_052_171 });
  assert.match(stream.text, /█{20} 100%/);
  view.report({ ...event, stage: "done" });
  assert.ok(stream.text.endsWith("CIFAR-10: complete\n"));
  // The bar has a timer; without the stop, this test would not end.
  view.stop();
  view.stop();
});

class Sink extends Writable {
  text = "";
  // Properties of Node's terminals that cli-progress reads.
  readonly columns = 200;
  readonly rows = 50;

  constructor(readonly isTTY = false) {
    super();
  }

  override _write(chunk: Buffer, _: unknown, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  cursorTo(): boolean {
    return true;
  }
}

interface Shown {
  readonly html: string;
  readonly displayId: string | undefined;
  readonly update: boolean;
}

/** Installs a fake kernel that records displayed output. */
function fakeNotebook(context: TestContext): Shown[] {
  const shown: Shown[] = [];
  const key = Symbol.for("convnotes.notebook");
  const scope = globalThis as Record<symbol, unknown>;
  scope[key] = {
    display(
      bundle: Record<string, unknown>,
      { displayId, update = false }: { displayId?: string; update?: boolean },
    ) {
      shown.push({ html: String(bundle["text/html"]), displayId, update });
    },
  };
  context.after(() => delete scope[key]);
  return shown;
}
