/**
 * A download before the eyes of somebody who waits for it: what is said first, and what is shown.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../../src/data/catalogue/catalogue";
import { announcement, download } from "../../../src/data/download/download";
import type { DownloadMoment } from "../../../src/data/download/download-moment";
import { smallSet } from "./small-set";
import { serve, TestServer } from "./test-server";
import { temporaryFolder } from "../temporary-folder";

test("the size, the servers and the likely time are said first", () => {
  assert.equal(
    announcement(catalogue.mnist),
    "MNIST is not on this machine yet. Fetching 11.6 MB from storage.googleapis.com or ossci-datasets.s3.amazonaws.com: about a minute at 10 Mbit/s. What has come is kept if it is interrupted.",
  );
  assert.match(
    announcement(catalogue["cifar-100"]),
    /^CIFAR-100 is not on this machine yet\. Fetching 168\.5 MB from www\.cs\.toronto\.edu: about 2 minutes at 10 Mbit\/s, but up to an hour while the publisher's server gives 50 kB a second\./,
  );
});

test("the moments reach the view, which is stopped at the end", async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  const log = context.mock.method(console, "log", () => undefined);
  const entry = set.entry(server.at("/a", serve(set.archive)));
  const moments: DownloadMoment[] = [];
  let stops = 0;
  const view = {
    report: (moment: DownloadMoment) => void moments.push(moment),
    stop: () => void (stops += 1),
  };
  const folder = await download(entry, cache, undefined, view);
  assert.ok(folder.startsWith(cache));
  assert.equal(moments.at(-1)?.stage, "done");
  assert.equal(stops, 1);
  assert.equal(log.mock.callCount(), 1);
});

test("the view is stopped also if the download fails", async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  context.mock.method(console, "log", () => undefined);
  let stops = 0;
  const view = { report: () => undefined, stop: () => void (stops += 1) };
  const signal = AbortSignal.abort(new Error("enough"));
  const entry = smallSet().entry(server.at("/a", serve(Buffer.alloc(0))));
  await assert.rejects(download(entry, cache, signal, view), /enough/);
  assert.equal(stops, 1);
});
