/**
 * Tests the announcement and the progress display of a download.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalog } from "../../../src/data/catalog/catalog";
import { announcement, download } from "../../../src/data/download/download";
import type { DownloadEvent } from "../../../src/data/download/download-event";
import { smallSet } from "./small-set";
import { serve, TestServer } from "./test-server";
import { temporaryFolder } from "../temporary-folder";

test("announces the size, the servers and the expected duration", () => {
  assert.equal(
    announcement(catalog.mnist),
    "MNIST is not on this machine yet. Downloading 11.6 MB from storage.googleapis.com or ossci-datasets.s3.amazonaws.com: about a minute at 10 Mbit/s. If it is interrupted, the next download resumes it.",
  );
  assert.match(
    announcement(catalog["cifar-100"]),
    /^CIFAR-100 is not on this machine yet\. Downloading 168\.5 MB from www\.cs\.toronto\.edu: about 2 minutes at 10 Mbit\/s, or up to an hour if the publisher's server sends only 50 kB\/s\./,
  );
});

test("passes events to the view and stops it at the end", async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  const log = context.mock.method(console, "log", () => undefined);
  const entry = set.entry(server.at("/a", serve(set.archive)));
  const events: DownloadEvent[] = [];
  let stops = 0;
  const view = {
    report: (event: DownloadEvent) => void events.push(event),
    stop: () => void (stops += 1),
  };
  const folder = await download(entry, cache, { view });
  assert.ok(folder.startsWith(cache));
  assert.equal(events.at(-1)?.stage, "done");
  assert.equal(stops, 1);
  assert.equal(log.mock.callCount(), 1);
});

test("stops the view if the download fails", async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  context.mock.method(console, "log", () => undefined);
  let stops = 0;
  const view = { report: () => undefined, stop: () => void (stops += 1) };
  const signal = AbortSignal.abort(new Error("enough"));
  const entry = smallSet().entry(server.at("/a", serve(Buffer.alloc(0))));
  await assert.rejects(download(entry, cache, { signal, view }), /enough/);
  assert.equal(stops, 1);
});
