/**
 * What is seen of a download.
 */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test, type TestContext } from "node:test";
import {
  describeMoment,
  type DownloadMoment,
  formatBytes,
} from "../../../src/data/download/download-moment";
import {
  DownloadProgress,
  notebookProgress,
} from "../../../src/data/download/notebook-progress";
import { RateMeter } from "../../../src/data/download/rate-meter";
import { terminalProgress } from "../../../src/data/download/terminal-progress";
import { jupyterDisplay } from "../../../src/notebook/mime";

const moment: DownloadMoment = {
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

/** Every other kind of moment, and the line that tells it. */
const lines: [Partial<DownloadMoment>, string][] = [
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
    "CIFAR-10: cifar-10-binary.tar.gz · going on after 12.5 MB from www.cs.toronto.edu",
  ],
  [
    { stage: "restarting", note: "the file on the server has changed" },
    "CIFAR-10: cifar-10-binary.tar.gz · beginning again: the file on the server has changed",
  ],
  [
    { stage: "changing mirror", note: "expected status 200, received 404" },
    "CIFAR-10: cifar-10-binary.tar.gz · going over to www.cs.toronto.edu: expected status 200, received 404",
  ],
  [
    { stage: "pausing", note: "asking again in 3 s" },
    "CIFAR-10: cifar-10-binary.tar.gz · asking again in 3 s",
  ],
  [
    { stage: "verifying", fileNumber: 2, fileCount: 4 },
    "CIFAR-10: cifar-10-binary.tar.gz (2 of 4) · comparing its SHA-256 with the publisher's",
  ],
  [{ stage: "unpacking" }, "CIFAR-10: cifar-10-binary.tar.gz · unpacking"],
  [
    { stage: "waiting" },
    "CIFAR-10: waiting for another process that is bringing it",
  ],
  [{ stage: "done" }, "CIFAR-10: all there"],
];

test("each kind of moment has its line", () => {
  for (const [change, line] of lines) {
    assert.equal(describeMoment({ ...moment, ...change }), line);
  }
});

test("bytes are told in the unit that fits", () => {
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

test("the rate is that of the last seconds", () => {
  const meter = new RateMeter(5, 0);
  assert.equal(meter.bytesPerSecond(400), undefined);
  for (let time = 500; time <= 10_000; time += 500) meter.add(1_000, time);
  assert.equal(meter.isFull(4_999), false);
  assert.equal(meter.isFull(5_000), true);
  // Eleven arrivals lie within the last five seconds, both ends included.
  assert.equal(meter.bytesPerSecond(10_000), 2_200);
  assert.equal(meter.bytesPerSecond(12_400), 1_200);
  assert.equal(meter.bytesPerSecond(60_000), 0);
});

test("a block of a notebook has a bar, the line, and what went wrong, none of it as HTML of its own", () => {
  const bundle = new DownloadProgress({ ...moment, host: "<b>" }, [
    "<i>note</i>",
  ])[jupyterDisplay]();
  const html = String(bundle["text/html"]);
  assert.match(html, /<progress max="170052171" value="12500000">/);
  assert.ok(html.includes("&lt;b&gt;") && !html.includes("<b>"));
  assert.ok(html.includes("&lt;i&gt;note&lt;/i&gt;"));
  assert.equal(
    bundle["text/plain"],
    describeMoment({ ...moment, host: "<b>" }),
  );
});

test("in a notebook one block is rewritten, a few times a second", (context) => {
  const shown = fakeNotebook(context);
  const view = notebookProgress();
  view.report({ ...moment, stage: "connecting" });
  view.report({ ...moment, stage: "changing mirror", note: "it hung up" });
  for (let step = 1; step <= 1_000; step++) {
    view.report({ ...moment, receivedBytes: step });
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

test("where there is no terminal, lines come now and then", () => {
  const stream = new Sink();
  const view = terminalProgress({ stream, lineSeconds: 60 });
  view.report({ ...moment, stage: "connecting" });
  for (let step = 0; step < 100; step++) view.report(moment);
  view.report({ ...moment, stage: "verifying" });
  view.report({ ...moment, stage: "done" });
  view.stop();
  assert.equal(
    stream.text,
    ["connecting", "verifying", "done"]
      .map(
        (stage) =>
          `${describeMoment({ ...moment, stage: stage as DownloadMoment["stage"] })}\n`,
      )
      .join(""),
  );
  const eager = terminalProgress({ stream, lineSeconds: 0 });
  stream.text = "";
  eager.report(moment);
  eager.report(moment);
  assert.equal(stream.text, `${describeMoment(moment)}\n`.repeat(2));
});

test("on a terminal a bar moves, and what went wrong stays above it", () => {
  const stream = new Sink(true);
  const view = terminalProgress({ stream });
  view.report({ ...moment, receivedBytes: 85_026_086 });
  assert.match(stream.text, /█{10}░{10} 50% CIFAR-10: cifar-10-binary/);
  view.report({ ...moment, stage: "changing mirror", note: "it hung up" });
  assert.ok(
    stream.text.endsWith("going over to www.cs.toronto.edu: it hung up\n"),
  );
  view.report({ ...moment, receivedBytes: 170_052_171 });
  assert.match(stream.text, /█{20} 100%/);
  view.report({ ...moment, stage: "done" });
  assert.ok(stream.text.endsWith("CIFAR-10: all there\n"));
  // The bar keeps a timer; if it were not stopped, this test would not end.
  view.stop();
  view.stop();
});

class Sink extends Writable {
  text = "";
  // What Node's terminals have and cli-progress asks for.
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

/** Stands in for the kernel. */
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
