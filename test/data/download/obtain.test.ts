/**
 * Tests downloading and installing data sets from well-behaved servers.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";
import type { DownloadEvent } from "../../../src/data/download/download-event";
import { readManifest } from "../../../src/data/download/manifest";
import { obtain } from "../../../src/data/download/obtain";
import { errorWith } from "../../error-with";
import { verdictsOf } from "./verdicts";
import { temporaryFolder } from "../temporary-folder";
import {
  ARCHIVE,
  gzippedSet,
  noise,
  quickLimits as limits,
  sha256,
  smallSet,
} from "./small-set";
import { deadAddress, send, serve, TestServer } from "./test-server";

const timeLimit = { timeout: 60_000 };

test(
  "downloads and unpacks an archive once and writes a manifest",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = path.join(await temporaryFolder(context), "not", "there yet");
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));

    const folder = await obtain(entry, { cache, limits });

    assert.equal(folder, path.join(cache, "small-set"));
    for (const [name, bytes] of Object.entries(set.files)) {
      assert.deepEqual(await readFile(path.join(folder, name)), bytes);
    }
    assert.deepEqual((await readdir(folder)).sort(), [
      "convnotes.json",
      "test.bin",
      "train.bin",
    ]);
    assert.deepEqual(await readManifest(folder), {
      dataset: "cifar-10",
      archives: [
        {
          name: ARCHIVE,
          bytes: set.archive.length,
          sha256: sha256(set.archive),
        },
      ],
      files: Object.entries(set.files).map(([name, bytes]) => ({
        name,
        bytes: bytes.length,
        sha256: sha256(bytes),
        // The files are shorter than the first prefix with a digest.
        prefixes: [],
      })),
    });
    assert.deepEqual(await readdir(path.join(cache, ".partial")), []);
    assert.deepEqual(
      (await verdictsOf(entry, folder)).map(({ state }) => state),
      ["right", "right"],
    );

    await obtain(entry, { cache, limits });
    assert.equal(server.requests.length, 1);
  },
);

test(
  "removes what a process has left that was killed after the last rename",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, limits });
    const partial = path.join(cache, ".partial");
    const remains = path.join(partial, "small-set");
    await mkdir(remains);
    await writeFile(path.join(remains, `${ARCHIVE}.part`), set.archive);
    const lock = path.join(partial, "small-set.lock");
    // Another process is using them.
    await mkdir(lock);
    assert.equal(await obtain(entry, { cache, limits }), folder);
    assert.ok(existsSync(remains));
    await rm(lock, { recursive: true });
    assert.equal(await obtain(entry, { cache, limits }), folder);
    assert.deepEqual(await readdir(partial), []);
    assert.equal(server.requests.length, 1);
  },
);

test(
  "downloads a data set of several gzipped files",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const entry = gzippedSet(server.address(""));
    for (const [name, bytes] of Object.entries(entry.packed)) {
      server.at(`/${name}`, serve(bytes));
    }
    const events: DownloadEvent[] = [];
    const folder = await obtain(entry, {
      cache,
      limits,
      report: (event) => events.push(event),
    });
    const verdicts = await verdictsOf(entry, folder);
    assert.deepEqual(
      verdicts.map(({ state }) => state),
      ["right", "right"],
    );
    const seen = new Set(
      events.map(
        ({ stage, fileNumber, fileCount }) =>
          `${stage} ${fileNumber}/${fileCount}`,
      ),
    );
    for (const stage of ["connecting", "receiving", "verifying", "unpacking"]) {
      assert.ok(seen.has(`${stage} 1/2`) && seen.has(`${stage} 2/2`), stage);
    }
    assert.equal(events.at(-1)!.stage, "done");
  },
);

test(
  "reports bytes, rate, remaining time and host",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const slowly = serve(set.archive, {
      pieceBytes: 10_000,
      pieceMilliseconds: 100,
    });
    const events: DownloadEvent[] = [];
    await obtain(set.entry(server.at("/a", slowly)), {
      cache,
      limits,
      report: (event) => events.push(event),
    });
    const receiving = events.filter(({ stage }) => stage === "receiving");
    assert.ok(receiving.length >= 5, `${receiving.length} events`);
    const received = receiving.map(({ receivedBytes }) => receivedBytes);
    assert.deepEqual(
      received,
      [...received].sort((a, b) => a - b),
    );
    assert.equal(received.at(-1), set.archive.length);
    const late = receiving.at(-2)!;
    assert.equal(late.totalBytes, set.archive.length);
    assert.equal(late.host, new URL(server.address("/")).host);
    // 10,000 bytes take at least 0.1 s, and the file takes one to a few seconds.
    assert.ok(late.bytesPerSecond! > 1_000 && late.bytesPerSecond! < 200_000);
    const left = (late.totalBytes - late.receivedBytes) / late.bytesPerSecond!;
    assert.ok(Math.abs(late.secondsLeft! - left) < 1e-6);
  },
);

test("follows redirects", timeLimit, async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  server.at("/there", serve(set.archive));
  const mirror = server.at("/here", (_, response) => {
    response.writeHead(302, { location: "/there" }).end();
  });
  await obtain(set.entry(mirror), { cache, limits });
});

test("accepts a file without a Content-Length", timeLimit, async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  const mirror = server.at("/a", async (_, response) => {
    await send(response, set.archive, { pieceBytes: 20_000 });
  });
  await obtain(set.entry(mirror), { cache, limits });
});

test(
  "uses and keeps an archive placed in the cache, without a network",
  timeLimit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const set = smallSet();
    await writeFile(path.join(cache, ARCHIVE), set.archive);
    const folder = await obtain(set.entry(await deadAddress()), {
      cache,
      limits,
    });
    assert.deepEqual(
      await readFile(path.join(folder, "test.bin")),
      set.files["test.bin"],
    );
    assert.ok(existsSync(path.join(cache, ARCHIVE)));
  },
);

test(
  "reports and ignores a wrong archive placed in the cache",
  timeLimit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(await deadAddress());
    const placed = path.join(cache, ARCHIVE);
    await writeFile(placed, noise(set.archive.length, 9));
    await assert.rejects(
      obtain(entry, { cache, limits }),
      errorWith(
        "ERR_DOWNLOAD",
        ARCHIVE,
        `its SHA-256 is ${sha256(noise(set.archive.length, 9))}`,
      ),
    );
    await writeFile(placed, "too short");
    await assert.rejects(
      obtain(entry, { cache, limits }),
      errorWith(
        "ERR_DOWNLOAD",
        ARCHIVE,
        "9 bytes",
        `not ${set.archive.length}`,
      ),
    );
    assert.ok(existsSync(placed));
  },
);

test(
  "replaces an incomplete folder created by convnotes",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, limits });
    const damages: Record<string, string> = {
      "train.bin": "cut",
      "convnotes.json": "{",
    };
    for (const [name, text] of Object.entries(damages)) {
      await writeFile(path.join(folder, name), text);
      await obtain(entry, { cache, limits });
      const verdicts = await verdictsOf(entry, folder);
      assert.deepEqual(
        verdicts.map(({ state }) => state),
        ["right", "right"],
        name,
      );
    }
    assert.equal(server.requests.length, 3);
  },
);

test(
  "ignores a manifest that does not match the catalog",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const old = smallSet({ length: 50_000 });
    await obtain(old.entry(server.at("/old", serve(old.archive))), {
      cache,
      limits,
    });
    const set = smallSet();
    const entry = set.entry(server.at("/new", serve(set.archive)));
    const folder = await obtain(entry, { cache, limits });
    assert.equal(
      (await readFile(path.join(folder, "train.bin"))).length,
      60_000,
    );
  },
);

test(
  "leaves folders not created by convnotes unchanged",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const folder = path.join(cache, "small-set");
    await mkdir(folder);
    await writeFile(path.join(folder, "train.bin"), "user data");
    await assert.rejects(
      obtain(set.entry(server.at("/a", serve(set.archive))), {
        cache,
        limits,
      }),
      errorWith(
        "ERR_INVALID_STATE",
        "received a folder without convnotes.json",
      ),
    );
    assert.deepEqual(await readdir(folder), ["train.bin"]);
    assert.equal(server.requests.length, 0);
  },
);

test(
  "verify distinguishes right, wrong, missing and unknown files",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, limits });
    const states = async (other: DatasetEntry = entry) =>
      (await verdictsOf(other, folder)).map(({ state }) => state);
    const train = path.join(folder, "train.bin");
    const bytes = await readFile(train);
    bytes[30_000]! ^= 1;
    await writeFile(train, bytes);
    assert.deepEqual(await states(), ["wrong", "right"]);
    const [verdict] = await verdictsOf(entry, folder);
    assert.equal(verdict!.received, sha256(bytes));
    assert.equal(verdict!.expected, sha256(set.files["train.bin"]!));
    const more = [...entry.files, { name: "third.bin", bytes: 1 }];
    // The manifest lacks the third file and is therefore ignored.
    assert.deepEqual(await states({ ...entry, files: more }), [
      "unknown",
      "unknown",
      "missing",
    ]);
  },
);

test("rejects limits that are not positive", timeLimit, async (context) => {
  const cache = await temporaryFolder(context);
  await assert.rejects(
    obtain(smallSet().entry(), { cache, limits: { stallSeconds: 0 } }),
    errorWith("ERR_INVALID_VALUE", "`stallSeconds`", "received 0"),
  );
});
