/**
 * Bringing data sets in: from servers that do as they should.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { DatasetEntry } from "../../../src/data/catalogue/dataset-entry";
import type { DownloadMoment } from "../../../src/data/download/download-moment";
import { readManifest } from "../../../src/data/download/manifest";
import { obtain } from "../../../src/data/download/obtain";
import { verdictsOf } from "./verdicts";
import { temporaryFolder } from "../temporary-folder";
import {
  ARCHIVE,
  gzippedSet,
  noise,
  quickPatience as patience,
  sha256,
  smallSet,
} from "./small-set";
import { deadAddress, send, serve, TestServer } from "./test-server";

const limit = { timeout: 60_000 };

test(
  "an archive is fetched, unpacked and written down, and not asked for again",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = path.join(await temporaryFolder(context), "not", "there yet");
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));

    const folder = await obtain(entry, { cache, patience });

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
      })),
    });
    assert.deepEqual(await readdir(path.join(cache, ".partial")), []);
    assert.deepEqual(
      (await verdictsOf(entry, folder)).map(({ state }) => state),
      ["right", "right"],
    );

    await obtain(entry, { cache, patience });
    assert.equal(server.asked.length, 1);
  },
);

test("a set in several gzipped files comes whole", limit, async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const entry = gzippedSet(server.address(""));
  for (const [name, bytes] of Object.entries(entry.packed)) {
    server.at(`/${name}`, serve(bytes));
  }
  const moments: DownloadMoment[] = [];
  const folder = await obtain(entry, {
    cache,
    patience,
    report: (moment) => moments.push(moment),
  });
  const verdicts = await verdictsOf(entry, folder);
  assert.deepEqual(
    verdicts.map(({ state }) => state),
    ["right", "right"],
  );
  const seen = new Set(
    moments.map(
      ({ stage, fileNumber, fileCount }) =>
        `${stage} ${fileNumber}/${fileCount}`,
    ),
  );
  for (const stage of ["connecting", "receiving", "verifying", "unpacking"]) {
    assert.ok(seen.has(`${stage} 1/2`) && seen.has(`${stage} 2/2`), stage);
  }
  assert.equal(moments.at(-1)!.stage, "done");
});

test(
  "moments tell bytes, rate, time left and server",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const slowly = serve(set.archive, {
      pieceBytes: 10_000,
      pieceMilliseconds: 100,
    });
    const moments: DownloadMoment[] = [];
    await obtain(set.entry(server.at("/a", slowly)), {
      cache,
      patience,
      report: (moment) => moments.push(moment),
    });
    const receiving = moments.filter(({ stage }) => stage === "receiving");
    assert.ok(receiving.length >= 5, `${receiving.length} moments`);
    const received = receiving.map(({ receivedBytes }) => receivedBytes);
    assert.deepEqual(
      received,
      [...received].sort((a, b) => a - b),
    );
    assert.equal(received.at(-1), set.archive.length);
    const late = receiving.at(-2)!;
    assert.equal(late.totalBytes, set.archive.length);
    assert.equal(late.host, new URL(server.address("/")).host);
    // Ten thousand bytes in at least a tenth of a second, and all of it in one to a few seconds.
    assert.ok(late.bytesPerSecond! > 1_000 && late.bytesPerSecond! < 200_000);
    const left = (late.totalBytes - late.receivedBytes) / late.bytesPerSecond!;
    assert.ok(Math.abs(late.secondsLeft! - left) < 1e-6);
  },
);

test("redirects are followed", limit, async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  server.at("/there", serve(set.archive));
  const mirror = server.at("/here", (_, response) => {
    response.writeHead(302, { location: "/there" }).end();
  });
  await obtain(set.entry(mirror), { cache, patience });
});

test("a file without a Content-Length is taken too", limit, async (context) => {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const set = smallSet();
  const mirror = server.at("/a", async (_, response) => {
    await send(response, set.archive, { pieceBytes: 20_000 });
  });
  await obtain(set.entry(mirror), { cache, patience });
});

test(
  "an archive that was put into the cache is used without a network, and stays",
  limit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const set = smallSet();
    await writeFile(path.join(cache, ARCHIVE), set.archive);
    const folder = await obtain(set.entry(await deadAddress()), {
      cache,
      patience,
    });
    assert.deepEqual(
      await readFile(path.join(folder, "test.bin")),
      set.files["test.bin"],
    );
    assert.ok(existsSync(path.join(cache, ARCHIVE)));
  },
);

test(
  "an archive in the cache that is not the publisher's is named and not used",
  limit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(await deadAddress());
    const placed = path.join(cache, ARCHIVE);
    await writeFile(placed, noise(set.archive.length, 9));
    await assert.rejects(obtain(entry, { cache, patience }), {
      name: "DatasetError",
      message: new RegExp(
        `${ARCHIVE} is not used: its SHA-256 is [0-9a-f]{64}`,
      ),
    });
    await writeFile(placed, "too short");
    await assert.rejects(obtain(entry, { cache, patience }), {
      message: new RegExp(
        `is not used: it has 9 bytes, not ${set.archive.length}`,
      ),
    });
    assert.ok(existsSync(placed));
  },
);

test(
  "what is in the cache and not whole is replaced, if it is convnotes' own",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, patience });
    const damages: Record<string, string> = {
      "train.bin": "cut",
      "convnotes.json": "{",
    };
    for (const [name, text] of Object.entries(damages)) {
      await writeFile(path.join(folder, name), text);
      await obtain(entry, { cache, patience });
      const verdicts = await verdictsOf(entry, folder);
      assert.deepEqual(
        verdicts.map(({ state }) => state),
        ["right", "right"],
        name,
      );
    }
    assert.equal(server.asked.length, 3);
  },
);

test(
  "a manifest that does not agree with the catalogue is not believed",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const old = smallSet({ length: 50_000 });
    await obtain(old.entry(server.at("/old", serve(old.archive))), {
      cache,
      patience,
    });
    const set = smallSet();
    const entry = set.entry(server.at("/new", serve(set.archive)));
    const folder = await obtain(entry, { cache, patience });
    assert.equal(
      (await readFile(path.join(folder, "train.bin"))).length,
      60_000,
    );
  },
);

test(
  "a folder that convnotes did not make is left as it is",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const folder = path.join(cache, "small-set");
    await mkdir(folder);
    await writeFile(path.join(folder, "train.bin"), "somebody's own");
    await assert.rejects(
      obtain(set.entry(server.at("/a", serve(set.archive))), {
        cache,
        patience,
      }),
      {
        name: "DatasetError",
        message:
          /Expected no folder there.*received a folder without convnotes.json/,
      },
    );
    assert.deepEqual(await readdir(folder), ["train.bin"]);
    assert.equal(server.asked.length, 0);
  },
);

test(
  "verify tells right, wrong, missing and unknown files apart",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const set = smallSet();
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, patience });
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
    // The manifest says nothing of the third file, so that nothing it says counts.
    assert.deepEqual(await states({ ...entry, files: more }), [
      "unknown",
      "unknown",
      "missing",
    ]);
  },
);

test("patience that is none is refused", limit, async (context) => {
  const cache = await temporaryFolder(context);
  await assert.rejects(
    obtain(smallSet().entry(), { cache, patience: { stallSeconds: 0 } }),
    {
      name: "RangeError",
      message: "Expected `stallSeconds` to be a positive number, received 0",
    },
  );
});
