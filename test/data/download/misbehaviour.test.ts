/**
 * Bringing data sets in: from servers that do not do as they should.
 */
import assert from "node:assert/strict";
import dns from "node:dns";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { DatasetEntry } from "../../../src/data/catalogue/dataset-entry";
import type { DownloadMoment } from "../../../src/data/download/download-moment";
import { obtain } from "../../../src/data/download/obtain";
import type { Patience } from "../../../src/data/download/patience";
import { temporaryFolder } from "../temporary-folder";
import { ARCHIVE, impostor, quickPatience, smallSet } from "./small-set";
import {
  deadAddress,
  type Handler,
  send,
  serve,
  type ServeOptions,
  TestServer,
} from "./test-server";

const limit = { timeout: 60_000 };
const set = smallSet();
const { archive } = set;
const size = archive.length.toLocaleString("en-US");
const half = Math.floor(archive.length / 2);

/** A server, an empty cache, and what was told of the download. */
class Stage {
  readonly moments: DownloadMoment[] = [];
  private constructor(
    readonly server: TestServer,
    readonly cache: string,
  ) {}

  static async set(context: TestContext): Promise<Stage> {
    return new Stage(
      await TestServer.start(context),
      await temporaryFolder(context),
    );
  }

  obtain(
    entry: DatasetEntry,
    { signal, ...patience }: Partial<Patience> & { signal?: AbortSignal } = {},
  ): Promise<string> {
    return obtain(entry, {
      cache: this.cache,
      patience: { ...quickPatience, ...patience },
      signal,
      report: (moment) => this.moments.push(moment),
    });
  }

  get part(): string {
    return path.join(this.cache, ".partial", "small-set", `${ARCHIVE}.part`);
  }

  /**
   * Gives `file` and hangs up in between, when what was sent is in the cache: Node's HTTP client throws away what it has not handed
   * out when a connection breaks.
   */
  breaking(
    file: Buffer,
    breakAfter: number,
    options: ServeOptions = {},
  ): Handler {
    const beforeBreak = async (position: number) => {
      const isRead = async () => {
        const found = await stat(this.part).catch(() => undefined);
        return found?.size === position;
      };
      for (let tries = 0; tries < 1_000 && !(await isRead()); tries++) {
        await sleep(5);
      }
    };
    return serve(file, { ...options, breakAfter, beforeBreak });
  }

  /** Leaves the first half of the archive in the cache, as a server at `path` gives it before it fails. */
  async leaveHalf(path: string, options: ServeOptions = {}): Promise<void> {
    const broken = this.breaking(archive, half, options);
    const gone: Handler = (_, response) => {
      response.writeHead(404).end();
    };
    const mirror = this.server.at(path, async (request, response) => {
      this.server.at(path, gone);
      await broken(request, response);
    });
    await assert.rejects(this.obtain(set.entry(mirror)), /are kept/);
    assert.equal((await stat(this.part)).size, half);
    this.server.asked.length = 0;
    this.moments.length = 0;
  }

  notes(stage: DownloadMoment["stage"]): (string | undefined)[] {
    return this.moments
      .filter((moment) => moment.stage === stage)
      .map(({ note }) => note);
  }

  async assertWhole(): Promise<void> {
    const folder = path.join(this.cache, "small-set");
    for (const [name, bytes] of Object.entries(set.files)) {
      assert.deepEqual(await readFile(path.join(folder, name)), bytes);
    }
    assert.deepEqual(await readdir(path.join(this.cache, ".partial")), []);
  }
}

/** Each fails in a way of its own, which is told; then the next mirror is asked. */
const failures: Record<
  string,
  { handler: Handler; message: RegExp; patience?: Partial<Patience> }
> = {
  "answers 404": {
    handler: (_, response) => void response.writeHead(404).end(),
    message: /expected status 200 or 206, received 404/,
  },
  "answers 500": {
    handler: (_, response) => void response.writeHead(500).end(),
    message: /expected status 200 or 206, received 500/,
  },
  "answers a web page with status 200": {
    handler(_, response) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end("<h1>Please sign in to this network</h1>");
    },
    message: /expected an archive, received a web page \(text\/html/,
  },
  "answers a web page that says it is an archive": {
    handler(_, response) {
      response.writeHead(200, { "content-type": "application/gzip" });
      response.end("<h1>Please sign in to this network</h1>");
    },
    message:
      /expected a gzip stream, received bytes that begin with "<h1>Please/,
  },
  "sends some bytes and says that this was all": {
    handler: (_, response) => {
      response.write(archive.subarray(0, 99));
      response.end();
    },
    message: new RegExp(`expected ${size} bytes, received the end after 99 `),
  },
  "announces less": {
    handler(_, response) {
      response.writeHead(200, { "content-length": 1_000 });
      response.end(archive.subarray(0, 1_000));
    },
    message: new RegExp(
      `expected ${size} bytes, received a Content-Length of 1,000 bytes`,
    ),
  },
  "announces more": {
    async handler(_, response) {
      response.writeHead(200, { "content-length": archive.length + 10 });
      response.end(Buffer.concat([archive, Buffer.alloc(10)]));
    },
    message: new RegExp(`expected ${size} bytes, received a Content-Length of`),
  },
  "announces nothing and never ends": {
    async handler(_, response) {
      const piece = impostor(50_000);
      while (!response.destroyed) {
        await new Promise((resolve) => response.write(piece, resolve));
      }
    },
    message: new RegExp(`expected ${size} bytes, received more`),
  },
  "announces all and sends half": {
    handler: serve(archive, { breakAfter: half }),
    message: /expected an answer to its end, received/,
  },
  "sends half and falls silent": {
    handler: serve(archive, { breakAfter: half, breakBy: "silence" }),
    message: /expected a byte at least every 2 s, received none/,
    patience: { stallSeconds: 2 },
  },
  "never answers": {
    handler: () => undefined,
    message: /expected a byte at least every 2 s, received no answer/,
    patience: { stallSeconds: 2 },
  },
  trickles: {
    handler: serve(archive, { pieceBytes: 100, pieceMilliseconds: 10 }),
    message: /expected 200000 bytes\/s where another mirror is left to try/,
    patience: { crawlSeconds: 0.4 },
  },
  "redirects for ever": {
    handler: (request, response) =>
      void response.writeHead(302, { location: request.url! }).end(),
    message: /expected at most 20 redirects, received more/,
  },
  "hangs up": {
    handler: (request) => void request.socket.resetAndDestroy(),
    message: /expected an answer to its end, received/,
  },
  "sends other bytes": {
    handler: serve(impostor(archive.length)),
    message: /expected SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}/,
  },
  "packs the archive again": {
    handler(_, response) {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(archive));
    },
    message: /expected the file as it is, received it encoded as gzip/,
  },
  "sends a part that nobody asked for": {
    handler(_, response) {
      response.writeHead(206, {
        "content-range": `bytes 10-${archive.length - 1}/${archive.length}`,
      });
      response.end(archive.subarray(10));
    },
    message: /expected the whole file when asked for it, received asked for/,
  },
};

for (const [what, { handler, message, patience }] of Object.entries(failures)) {
  test(`a mirror that ${what} is left for the next`, limit, async (context) => {
    const stage = await Stage.set(context);
    const bad = stage.server.at("/bad", handler);
    const good = stage.server.at("/good", serve(archive));
    await stage.obtain(set.entry(bad, good), patience);
    await stage.assertWhole();
    const notes = stage.notes("changing mirror");
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, message);
  });
}

test(
  "a mirror that cannot be reached is left for the next",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const good = stage.server.at("/good", serve(archive));
    await stage.obtain(set.entry(await deadAddress(), good));
    await stage.assertWhole();
    assert.match(
      stage.notes("changing mirror")[0]!,
      /expected a connection, received ECONNREFUSED/,
    );
  },
);

test("a server that sends without end is cut off", limit, async (context) => {
  const stage = await Stage.set(context);
  let sent = 0;
  const bad = stage.server.at("/bad", async (_, response) => {
    const piece = impostor(50_000);
    while (!response.destroyed) {
      sent += piece.length;
      await new Promise((resolve) => response.write(piece, resolve));
    }
  });
  await assert.rejects(stage.obtain(set.entry(bad)), /received more/);
  // What lies in the sockets' buffers comes on top of what was read.
  assert.ok(sent < archive.length + 10_000_000, `${sent} bytes sent`);
  assert.equal((await stat(stage.part)).size, 0);
});

test("if all fail, the error tells of each", limit, async (context) => {
  const stage = await Stage.set(context);
  const entry = set.entry(
    stage.server.at("/1", failures["answers 404"]!.handler),
    stage.server.at("/2", failures["sends other bytes"]!.handler),
    stage.server.at(
      "/3",
      failures["answers a web page with status 200"]!.handler,
    ),
  );
  await assert.rejects(stage.obtain(entry), (error: Error) => {
    assert.equal(error.name, "DatasetError");
    const lines = error.message.split("\n");
    assert.equal(
      lines[0],
      `Expected a mirror that gives ${ARCHIVE} whole, received from each a failure:`,
    );
    assert.match(lines[1]!, /^ {2}127\.0\.0\.1:\d+: .*404$/);
    assert.match(lines[2]!, /^ {2}127\.0\.0\.1:\d+: expected SHA-256/);
    assert.match(
      lines[3]!,
      /a web page \(text\/html; charset=utf-8\)\. Without a network: fetch/,
    );
    assert.equal(lines.length, 4);
    return true;
  });
  // None of the three is asked again: they have another file, or none.
  assert.equal(stage.server.asked.length, 3);
  assert.ok(!existsSync(path.join(stage.cache, "small-set")));
});

test(
  "without a network one sentence tells what to do, at once",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const dead = await deadAddress();
    // Not every machine's name server answers at once, or answers that there is no such host.
    const lookUp = context.mock.method(
      dns,
      "lookup",
      (name: string, _options: object, answer: (error: Error) => void) =>
        process.nextTick(
          answer,
          Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
            code: "ENOTFOUND",
          }),
        ),
    );
    await assert.rejects(
      stage.obtain(set.entry(dead, "http://no-such-host.invalid/a.tar.gz")),
      (error: Error) => {
        assert.equal(error.name, "DatasetError");
        assert.match(
          error.message,
          /^Expected a network, to download small-set\.tar\.gz \(\d+ kB\), received no connection to any of its mirrors \(127.0.0.1:\d+: ECONNREFUSED; no-such-host.invalid: ENOTFOUND\)/,
        );
        assert.ok(
          error.message.includes(
            `fetch ${ARCHIVE} on another computer and put it into ${stage.cache}, or put the unpacked folder small-set into any folder and name that in CONVNOTES_DATA`,
          ),
        );
        return true;
      },
    );
    assert.deepEqual(stage.notes("pausing"), []);
    assert.equal(lookUp.mock.callCount(), 1);
  },
);

test(
  "mirrors are asked again after a pause, and a bounded number of times",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    let asked = 0;
    const mirror = stage.server.at("/a", (request, response) => {
      asked++;
      if (asked === 1) response.writeHead(503).end();
      else void serve(archive)(request, response);
    });
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
    assert.equal(stage.notes("pausing").length, 1);

    const broken = await Stage.set(context);
    const never = broken.server.at("/b", failures["answers 500"]!.handler);
    await assert.rejects(broken.obtain(set.entry(never)), /received 500/);
    assert.equal(broken.server.asked.length, quickPatience.rounds);
  },
);

test(
  "a server that breaks off again and again is gone on with as long as it gets ahead",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const step = Math.ceil(archive.length / 6);
    const mirror = stage.server.at("/a", stage.breaking(archive, step));
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
    assert.deepEqual(
      stage.server.rangesAt("/a"),
      [0, 1, 2, 3, 4, 5].map((n) =>
        n === 0 ? undefined : `bytes=${n * step}-`,
      ),
    );
  },
);

test(
  "a server that begins anew and breaks off again and again is given up",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const broken = stage.breaking(archive, half);
    const mirror = stage.server.at("/a", (request, response) => {
      delete request.headers.range;
      return broken(request, response);
    });
    await assert.rejects(
      stage.obtain(set.entry(mirror)),
      /a mirror that gives .* whole, received from each a failure/,
    );
    // What is kept of the last try, if anything, is left to chance: the part is as long as before when it begins anew.
    assert.ok(stage.server.asked.length <= 1 + quickPatience.rounds);
  },
);

test(
  "a slow mirror is gone back to if no other has the file, and is let be if it is the last",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const trickle = { pieceBytes: 10_000, pieceMilliseconds: 70 };
    const slow = stage.server.at("/slow", serve(archive, trickle));
    const bad = stage.server.at("/bad", failures["answers 404"]!.handler);
    await stage.obtain(set.entry(slow, bad), { crawlSeconds: 0.4 });
    await stage.assertWhole();
    assert.deepEqual(
      stage.server.asked.map((request) => request.path),
      ["/slow", "/bad", "/slow"],
    );
    assert.match(stage.server.rangesAt("/slow")[1]!, /^bytes=\d+-$/);

    const alone = await Stage.set(context);
    const only = alone.server.at("/slow", serve(archive, trickle));
    await alone.obtain(set.entry(only), { crawlSeconds: 0.4 });
    assert.equal(alone.server.asked.length, 1);
  },
);

test(
  "a part is gone on with, on the condition that the file is the same",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    await stage.obtain(set.entry(stage.server.at("/a", serve(archive))));
    await stage.assertWhole();
    const [asked] = stage.server.asked;
    assert.equal(asked!.range, `bytes=${half}-`);
    assert.equal(asked!.ifRange, '"one"');
    assert.equal(stage.moments[0]!.stage, "resuming");
    assert.equal(stage.moments[0]!.receivedBytes, half);
  },
);

test("a part is gone on with at another mirror", limit, async (context) => {
  const stage = await Stage.set(context);
  await stage.leaveHalf("/a");
  const other = serve(archive, { etag: '"another name for the same"' });
  await stage.obtain(set.entry(stage.server.at("/b", other)));
  await stage.assertWhole();
  assert.deepEqual(stage.server.asked, [
    { path: "/b", range: `bytes=${half}-`, ifRange: undefined },
  ]);
});

test(
  "a weak validator is no condition, but a change of it is seen",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a", { etag: 'W/"weak"' });
    const changed = serve(archive, { etag: 'W/"other"' });
    await stage.obtain(set.entry(stage.server.at("/a", changed)));
    await stage.assertWhole();
    assert.deepEqual(stage.server.asked, [
      { path: "/a", range: `bytes=${half}-`, ifRange: undefined },
      { path: "/a", range: undefined, ifRange: undefined },
    ]);
    assert.match(stage.notes("restarting")[0]!, /has changed/);
  },
);

test(
  "a file that changed between two ranges is begun anew",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const old = impostor(archive.length);
    const oldHalf = stage.breaking(old, half, { etag: '"old"' });
    const fresh = serve(archive, { etag: '"new"' });
    let asked = 0;
    const mirror = stage.server.at("/a", (request, response) => {
      asked++;
      void (asked === 1 ? oldHalf : fresh)(request, response);
    });
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
    assert.deepEqual(stage.server.asked[1], {
      path: "/a",
      range: `bytes=${half}-`,
      ifRange: '"old"',
    });
    assert.match(stage.notes("restarting")[0]!, /from its beginning/);
  },
);

test(
  "a file that changed unseen is told by its digest, and fetched anew",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const old = impostor(archive.length);
    const oldHalf = stage.breaking(old, half);
    let asked = 0;
    const mirror = stage.server.at("/a", (request, response) => {
      asked++;
      void (asked === 1 ? oldHalf : serve(archive))(request, response);
    });
    // One mirror alone gave it all: it is not asked again within this call.
    await assert.rejects(stage.obtain(set.entry(mirror)), /SHA-256/);
    assert.equal((await stat(stage.part)).size, 0);
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
  },
);

test(
  "bytes of a mirror that spoil those of another are thrown away with them",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const wrong = stage.breaking(impostor(archive.length), half);
    const bad = stage.server.at("/bad", wrong);
    const good = stage.server.at("/good", serve(archive));
    await stage.obtain(set.entry(bad, good));
    await stage.assertWhole();
    assert.deepEqual(stage.server.rangesAt("/good"), [
      `bytes=${half}-`,
      undefined,
    ]);
  },
);

test(
  "a part that a crash spoiled does not rule its mirror out",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    await writeFile(stage.part, Buffer.alloc(half));
    await stage.obtain(set.entry(stage.server.at("/a", serve(archive))));
    await stage.assertWhole();
    assert.deepEqual(stage.server.rangesAt("/a"), [
      `bytes=${half}-`,
      undefined,
    ]);
  },
);

test(
  "a part that is whole needs no network, and one that is too long begins anew",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    await writeFile(stage.part, archive);
    await stage.obtain(set.entry(await deadAddress()));
    await stage.assertWhole();

    const other = await Stage.set(context);
    await other.leaveHalf("/a");
    await writeFile(other.part, Buffer.concat([archive, archive]));
    await other.obtain(set.entry(other.server.at("/a", serve(archive))));
    await other.assertWhole();
    assert.deepEqual(other.server.rangesAt("/a"), [undefined]);
  },
);

test("a damaged note beside a part does no harm", limit, async (context) => {
  for (const note of [
    "",
    "{",
    "null",
    '{"sources":{"x":null}}',
    '{"sources":3}',
  ]) {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    await writeFile(`${stage.part}.json`, note);
    await stage.obtain(set.entry(stage.server.at("/a", serve(archive))));
    await stage.assertWhole();
  }
});

/** Wrong answers to the request for a rest; the file is begun anew, or the next mirror asked. */
const wrongRests: Record<string, { handler: Handler; ranges: unknown[] }> = {
  "sends the whole file": {
    handler: (_, response) =>
      void response
        .writeHead(200, { "content-length": archive.length })
        .end(archive),
    ranges: [`bytes=${half}-`],
  },
  "sends another range": {
    handler: (request, response) => {
      if (request.headers.range === undefined) {
        return serve(archive)(request, response);
      }
      response.writeHead(206, {
        "content-range": `bytes 100-${archive.length - 1}/${archive.length}`,
      });
      response.end(archive.subarray(100));
    },
    ranges: [`bytes=${half}-`, undefined],
  },
  "says nothing of the range": {
    handler: (request, response) => {
      if (request.headers.range === undefined) {
        return serve(archive)(request, response);
      }
      response.writeHead(206).end(archive.subarray(half));
    },
    ranges: [`bytes=${half}-`, undefined],
  },
  "finds that nothing is left": {
    handler: (request, response) => {
      if (request.headers.range === undefined) {
        return serve(archive)(request, response);
      }
      response.writeHead(416).end();
    },
    ranges: [`bytes=${half}-`, undefined],
  },
};

for (const [what, { handler, ranges }] of Object.entries(wrongRests)) {
  test(`a file is begun anew if the mirror ${what}`, limit, async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    await stage.obtain(set.entry(stage.server.at("/a", handler)));
    await stage.assertWhole();
    assert.deepEqual(stage.server.rangesAt("/a"), ranges);
    assert.equal(stage.notes("restarting").length, 1);
  });
}

test(
  "a rest of a file of another size is refused, and the part kept",
  limit,
  async (context) => {
    for (const status of [206, 416]) {
      const stage = await Stage.set(context);
      await stage.leaveHalf("/a");
      const bad = stage.server.at("/bad", (_, response) => {
        const range = status === 206 ? `bytes ${half}-${half}/9` : "bytes */9";
        response.writeHead(status, { "content-range": range });
        response.end(status === 206 ? "x" : "");
      });
      const good = stage.server.at("/good", serve(archive));
      await stage.obtain(set.entry(bad, good));
      await stage.assertWhole();
      assert.match(
        stage.notes("changing mirror")[0]!,
        /received a file of 9 bytes/,
      );
      assert.deepEqual(stage.server.rangesAt("/good"), [`bytes=${half}-`]);
    }
  },
);

test(
  "a rest that comes in pieces is asked for again",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    await stage.leaveHalf("/a");
    const mirror = stage.server.at("/a", (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range!)![0]);
      const piece = archive.subarray(start, start + 20_000);
      const end = start + piece.length - 1;
      response.writeHead(206, {
        "content-range": `bytes ${start}-${end}/${archive.length}`,
      });
      response.end(piece);
    });
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
  },
);

test(
  "an abort ends the download at once and keeps what came",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const controller = new AbortController();
    const reason = new Error("enough");
    const slow = serve(archive, { pieceBytes: 5_000, pieceMilliseconds: 50 });
    const mirror = stage.server.at("/a", slow);
    const download = stage.obtain(set.entry(mirror), {
      signal: controller.signal,
    });
    const timer = setInterval(() => {
      const received = stage.moments.at(-1)?.receivedBytes ?? 0;
      if (received > 20_000) controller.abort(reason);
    }, 10);
    await assert.rejects(download, (error) => error === reason);
    clearInterval(timer);
    const kept = (await stat(stage.part)).size;
    assert.ok(kept > 20_000 && kept < archive.length);

    stage.server.at("/a", serve(archive));
    await stage.obtain(set.entry(mirror));
    await stage.assertWhole();
    assert.equal(stage.server.rangesAt("/a")[1], `bytes=${kept}-`);
  },
);

test("an abort ends silence and pauses too", limit, async (context) => {
  const handlers = {
    silence: () => undefined,
    pause: failures["answers 500"]!.handler,
  };
  for (const [what, handler] of Object.entries(handlers)) {
    const stage = await Stage.set(context);
    const entry = set.entry(stage.server.at("/a", handler));
    const signal = AbortSignal.timeout(200);
    const patience = { ...quickPatience, stallSeconds: 60, pauseSeconds: 60 };
    const download = obtain(entry, { cache: stage.cache, patience, signal });
    await assert.rejects(download, { name: "TimeoutError" }, what);
  }
  const { cache } = await Stage.set(context);
  const signal = AbortSignal.abort();
  await assert.rejects(obtain(set.entry(), { cache, signal }), {
    name: "AbortError",
  });
});

test(
  "what is sent in the smallest pieces arrives as well",
  limit,
  async (context) => {
    const stage = await Stage.set(context);
    const tiny = smallSet({ length: 300 });
    const mirror = stage.server.at("/a", async (_, response) => {
      response.writeHead(200, { "content-length": tiny.archive.length });
      await send(response, tiny.archive, { pieceBytes: 1 });
    });
    await stage.obtain(tiny.entry(mirror));
  },
);
