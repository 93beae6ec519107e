/**
 * Tests downloads from misbehaving servers.
 */
import assert from "node:assert/strict";
import dns from "node:dns";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";
import type { DownloadEvent } from "../../../src/data/download/download-event";
import { obtain } from "../../../src/data/download/obtain";
import type { DownloadLimits } from "../../../src/data/download/download-limits";
import { errorWith } from "../../error-with";
import { temporaryFolder } from "../temporary-folder";
import { until } from "../../until";
import { ARCHIVE, impostor, quickLimits, smallSet } from "./small-set";
import {
  deadAddress,
  type Handler,
  send,
  serve,
  type ServeOptions,
  TestServer,
} from "./test-server";

const timeLimit = { timeout: 60_000 };
const set = smallSet();
const { archive } = set;
const size = archive.length.toLocaleString("en-US");
const half = Math.floor(archive.length / 2);

/** A server, an empty cache and the reported events. */
class Fixture {
  readonly events: DownloadEvent[] = [];
  private constructor(
    readonly server: TestServer,
    readonly cache: string,
  ) {}

  static async create(context: TestContext): Promise<Fixture> {
    return new Fixture(
      await TestServer.start(context),
      await temporaryFolder(context),
    );
  }

  obtain(
    entry: DatasetEntry,
    {
      signal,
      ...limits
    }: Partial<DownloadLimits> & { signal?: AbortSignal } = {},
  ): Promise<string> {
    return obtain(entry, {
      cache: this.cache,
      limits: { ...quickLimits, ...limits },
      signal,
      report: (event) => this.events.push(event),
    });
  }

  get part(): string {
    return path.join(this.cache, ".partial", "small-set", `${ARCHIVE}.part`);
  }

  /**
   * Serves `file` but hangs up after `breakAfter` bytes.
   *
   * Waits until the bytes are in the cache, because Node's HTTP client discards unread bytes when a
   * connection breaks.
   */
  breaking(
    file: Buffer,
    breakAfter: number,
    options: ServeOptions = {},
  ): Handler {
    const beforeBreak = async (position: number) => {
      await until(async () => {
        const found = await stat(this.part).catch(() => undefined);
        return found?.size === position;
      }, `${position} bytes in the cache`);
    };
    return serve(file, { ...options, breakAfter, beforeBreak });
  }

  /**
   * Puts the first half of the archive into the cache, by downloading it from a server that fails.
   */
  async leaveHalf(path: string, options: ServeOptions = {}): Promise<void> {
    const broken = this.breaking(archive, half, options);
    const gone: Handler = (_, response) => {
      response.writeHead(404).end();
    };
    const mirror = this.server.at(path, async (request, response) => {
      this.server.at(path, gone);
      await broken(request, response);
    });
    await assert.rejects(
      this.obtain(set.entry(mirror)),
      errorWith("ERR_DOWNLOAD", "are kept"),
    );
    assert.equal((await stat(this.part)).size, half);
    this.server.requests.length = 0;
    this.events.length = 0;
  }

  notes(stage: DownloadEvent["stage"]): (string | undefined)[] {
    return this.events
      .filter((event) => event.stage === stage)
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

/** Failing mirrors and the reported reason. */
const failures: Record<
  string,
  { handler: Handler; message: RegExp; limits?: Partial<DownloadLimits> }
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
      /expected a gzip stream, received bytes that start with "<h1>Please/,
  },
  "sends some bytes and ends the response": {
    handler: (_, response) => {
      response.write(archive.subarray(0, 99));
      response.end();
    },
    message: new RegExp(`expected ${size} bytes, received only 99 `),
  },
  "announces a smaller size": {
    handler(_, response) {
      response.writeHead(200, { "content-length": 1_000 });
      response.end(archive.subarray(0, 1_000));
    },
    message: new RegExp(
      `expected ${size} bytes, received a Content-Length of 1,000 bytes`,
    ),
  },
  "announces a larger size": {
    async handler(_, response) {
      response.writeHead(200, { "content-length": archive.length + 10 });
      response.end(Buffer.concat([archive, Buffer.alloc(10)]));
    },
    message: new RegExp(`expected ${size} bytes, received a Content-Length of`),
  },
  "announces no size and never ends": {
    async handler(_, response) {
      const piece = impostor(50_000);
      while (!response.destroyed) {
        await new Promise((resolve) => response.write(piece, resolve));
      }
    },
    message: new RegExp(`expected ${size} bytes, received more`),
  },
  "announces the size and sends half": {
    handler: serve(archive, { breakAfter: half }),
    message: /expected a complete response, received/,
  },
  "sends half and stalls": {
    handler: serve(archive, { breakAfter: half, breakBy: "silence" }),
    message: /expected a byte at least every 2 s, received none/,
    limits: { stallSeconds: 2 },
  },
  "never answers": {
    handler: () => undefined,
    message: /expected a byte at least every 2 s, received no response/,
    limits: { stallSeconds: 2 },
  },
  trickles: {
    handler: serve(archive, { pieceBytes: 100, pieceMilliseconds: 10 }),
    message:
      /expected at least 200000 bytes\/s while another mirror is untried/,
    limits: { crawlSeconds: 0.4 },
  },
  "redirects forever": {
    handler: (request, response) =>
      void response.writeHead(302, { location: request.url! }).end(),
    message: /expected at most 20 redirects, received more/,
  },
  "hangs up": {
    handler: (request) => void request.socket.resetAndDestroy(),
    message: /expected a complete response, received/,
  },
  "sends other bytes": {
    handler: serve(impostor(archive.length)),
    message: /expected SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}/,
  },
  "compresses the archive again": {
    handler(_, response) {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(archive));
    },
    message: /expected no Content-Encoding, received gzip/,
  },
  "sends a range that was not requested": {
    handler(_, response) {
      response.writeHead(206, {
        "content-range": `bytes 10-${archive.length - 1}/${archive.length}`,
      });
      response.end(archive.subarray(10));
    },
    message: /expected the complete file, received the Content-Range/,
  },
};

for (const [what, { handler, message, limits }] of Object.entries(failures)) {
  test(
    `switches to the next mirror if one ${what}`,
    timeLimit,
    async (context) => {
      const fixture = await Fixture.create(context);
      const bad = fixture.server.at("/bad", handler);
      const good = fixture.server.at("/good", serve(archive));
      await fixture.obtain(set.entry(bad, good), limits);
      await fixture.assertWhole();
      const notes = fixture.notes("changing mirror");
      assert.equal(notes.length, 1);
      assert.match(notes[0]!, message);
    },
  );
}

test(
  "switches to the next mirror if one cannot be reached",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const good = fixture.server.at("/good", serve(archive));
    await fixture.obtain(set.entry(await deadAddress(), good));
    await fixture.assertWhole();
    assert.match(
      fixture.notes("changing mirror")[0]!,
      /expected a connection, received ECONNREFUSED/,
    );
  },
);

test(
  "disconnects from a server that sends without end",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    let sent = 0;
    const bad = fixture.server.at("/bad", async (_, response) => {
      const piece = impostor(50_000);
      while (!response.destroyed) {
        sent += piece.length;
        await new Promise((resolve) => response.write(piece, resolve));
      }
    });
    await assert.rejects(
      fixture.obtain(set.entry(bad)),
      errorWith("ERR_DOWNLOAD", "received more"),
    );
    // The sockets' buffers contain additional bytes.
    assert.ok(sent < archive.length + 10_000_000, `${sent} bytes sent`);
    assert.equal((await stat(fixture.part)).size, 0);
  },
);

test("lists every failure if all mirrors fail", timeLimit, async (context) => {
  const fixture = await Fixture.create(context);
  const entry = set.entry(
    fixture.server.at("/1", failures["answers 404"]!.handler),
    fixture.server.at("/2", failures["sends other bytes"]!.handler),
    fixture.server.at(
      "/3",
      failures["answers a web page with status 200"]!.handler,
    ),
  );
  await assert.rejects(fixture.obtain(entry), (error: Error) => {
    assert.equal(error.name, "DatasetError");
    const lines = error.message.split("\n");
    assert.equal(
      lines[0],
      `Expected a complete ${ARCHIVE} from one of its mirrors, received a failure from each:`,
    );
    assert.match(lines[1]!, /^ {2}127\.0\.0\.1:\d+: .*404$/);
    assert.match(lines[2]!, /^ {2}127\.0\.0\.1:\d+: expected SHA-256/);
    assert.match(
      lines[3]!,
      /a web page \(text\/html; charset=utf-8\)\. Without a network connection: download/,
    );
    assert.equal(lines.length, 4);
    return true;
  });
  // None of the three is tried again, because they have a different file or none.
  assert.equal(fixture.server.requests.length, 3);
  assert.ok(!existsSync(path.join(fixture.cache, "small-set")));
});

test(
  "explains immediately what to do without a network connection",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const dead = await deadAddress();
    // Mocked, because some name servers respond slowly or resolve unknown hosts.
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
      fixture.obtain(set.entry(dead, "http://no-such-host.invalid/a.tar.gz")),
      (error: Error) => {
        assert.equal(error.name, "DatasetError");
        assert.match(
          error.message,
          /^Expected a network connection to download small-set\.tar\.gz \(\d+ kB\), received no connection to any of its mirrors \(127.0.0.1:\d+: ECONNREFUSED; no-such-host.invalid: ENOTFOUND\)/,
        );
        assert.ok(
          error.message.includes(
            `download ${ARCHIVE} on another computer and put it into ${fixture.cache}, or put the unpacked folder small-set into any folder and set CONVNOTES_DATA to that folder`,
          ),
        );
        return true;
      },
    );
    assert.deepEqual(fixture.notes("pausing"), []);
    assert.equal(lookUp.mock.callCount(), 1);
  },
);

test(
  "retries after a pause, a limited number of times",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    let requests = 0;
    const mirror = fixture.server.at("/a", (request, response) => {
      requests++;
      if (requests === 1) response.writeHead(503).end();
      else void serve(archive)(request, response);
    });
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
    assert.equal(fixture.notes("pausing").length, 1);

    const broken = await Fixture.create(context);
    const never = broken.server.at("/b", failures["answers 500"]!.handler);
    await assert.rejects(
      broken.obtain(set.entry(never)),
      errorWith("ERR_DOWNLOAD", "received 500"),
    );
    assert.equal(broken.server.requests.length, quickLimits.rounds);
  },
);

test(
  "keeps resuming from a server that hangs up as long as there is progress",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const step = Math.ceil(archive.length / 6);
    const mirror = fixture.server.at("/a", fixture.breaking(archive, step));
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
    assert.deepEqual(
      fixture.server.rangesAt("/a"),
      [0, 1, 2, 3, 4, 5].map((n) =>
        n === 0 ? undefined : `bytes=${n * step}-`,
      ),
    );
  },
);

test(
  "keeps resuming from a server that sends less than a hundredth each time",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const step = Math.ceil(archive.length * 0.009);
    const mirror = fixture.server.at("/a", fixture.breaking(archive, step));
    await fixture.obtain(set.entry(mirror), { pauseSeconds: 0.001 });
    await fixture.assertWhole();
    const requests = Math.ceil(archive.length / step);
    assert.equal(fixture.server.requests.length, requests);
  },
);

for (const encoding of ["identity", "Identity", ""]) {
  test(
    `accepts the Content-Encoding "${encoding}"`,
    timeLimit,
    async (context) => {
      const fixture = await Fixture.create(context);
      const mirror = fixture.server.at("/a", (request, response) => {
        response.setHeader("content-encoding", encoding);
        return serve(archive)(request, response);
      });
      await fixture.obtain(set.entry(mirror));
      await fixture.assertWhole();
    },
  );
}

test(
  "abandons a server that keeps restarting and hanging up",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const broken = fixture.breaking(archive, half);
    const mirror = fixture.server.at("/a", (request, response) => {
      delete request.headers.range;
      return broken(request, response);
    });
    await assert.rejects(
      fixture.obtain(set.entry(mirror)),
      errorWith("ERR_DOWNLOAD", ARCHIVE),
    );
    // The size of the partial file is random here, so only the number of requests is checked.
    assert.ok(fixture.server.requests.length <= 1 + quickLimits.rounds);
  },
);

test(
  "returns to a slow mirror if no other has the file, and keeps it if it is the only one",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const trickle = { pieceBytes: 10_000, pieceMilliseconds: 70 };
    const slow = fixture.server.at("/slow", serve(archive, trickle));
    const bad = fixture.server.at("/bad", failures["answers 404"]!.handler);
    await fixture.obtain(set.entry(slow, bad), { crawlSeconds: 0.4 });
    await fixture.assertWhole();
    assert.deepEqual(
      fixture.server.requests.map((request) => request.path),
      ["/slow", "/bad", "/slow"],
    );
    assert.match(fixture.server.rangesAt("/slow")[1]!, /^bytes=\d+-$/);

    const alone = await Fixture.create(context);
    const only = alone.server.at("/slow", serve(archive, trickle));
    await alone.obtain(set.entry(only), { crawlSeconds: 0.4 });
    assert.equal(alone.server.requests.length, 1);
  },
);

test(
  "resumes a partial file on condition that it is unchanged",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    await fixture.obtain(set.entry(fixture.server.at("/a", serve(archive))));
    await fixture.assertWhole();
    const [request] = fixture.server.requests;
    assert.equal(request!.range, `bytes=${half}-`);
    assert.equal(request!.ifRange, '"one"');
    assert.equal(fixture.events[0]!.stage, "resuming");
    assert.equal(fixture.events[0]!.receivedBytes, half);
  },
);

test(
  "resumes a partial file from another mirror",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    const other = serve(archive, { etag: '"another name for the same"' });
    await fixture.obtain(set.entry(fixture.server.at("/b", other)));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.requests, [
      { path: "/b", range: `bytes=${half}-`, ifRange: undefined },
    ]);
  },
);

test(
  "sends no If-Range with a weak validator, but detects a change of it",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a", { etag: 'W/"weak"' });
    const changed = serve(archive, { etag: 'W/"other"' });
    await fixture.obtain(set.entry(fixture.server.at("/a", changed)));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.requests, [
      { path: "/a", range: `bytes=${half}-`, ifRange: undefined },
      { path: "/a", range: undefined, ifRange: undefined },
    ]);
    assert.match(fixture.notes("restarting")[0]!, /has changed/);
  },
);

test(
  "starts over if the file changes between two ranges",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const old = impostor(archive.length);
    const oldHalf = fixture.breaking(old, half, { etag: '"old"' });
    const fresh = serve(archive, { etag: '"new"' });
    let requests = 0;
    const mirror = fixture.server.at("/a", (request, response) => {
      requests++;
      void (requests === 1 ? oldHalf : fresh)(request, response);
    });
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.requests[1], {
      path: "/a",
      range: `bytes=${half}-`,
      ifRange: '"old"',
    });
    assert.match(fixture.notes("restarting")[0]!, /from its beginning/);
  },
);

test(
  "detects an unnoticed change by the digest and starts over",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const old = impostor(archive.length);
    const oldHalf = fixture.breaking(old, half);
    let requests = 0;
    const mirror = fixture.server.at("/a", (request, response) => {
      requests++;
      void (requests === 1 ? oldHalf : serve(archive))(request, response);
    });
    // The only mirror sent all bytes, so it is not tried again in this call.
    await assert.rejects(
      fixture.obtain(set.entry(mirror)),
      errorWith("ERR_DOWNLOAD", "SHA-256"),
    );
    assert.equal((await stat(fixture.part)).size, 0);
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
  },
);

test(
  "discards bytes combined from several mirrors if the digest is wrong",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const wrong = fixture.breaking(impostor(archive.length), half);
    const bad = fixture.server.at("/bad", wrong);
    const good = fixture.server.at("/good", serve(archive));
    await fixture.obtain(set.entry(bad, good));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.rangesAt("/good"), [
      `bytes=${half}-`,
      undefined,
    ]);
  },
);

test(
  "does not exclude a mirror because of a partial file damaged by a crash",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    await writeFile(fixture.part, Buffer.alloc(half));
    await fixture.obtain(set.entry(fixture.server.at("/a", serve(archive))));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.rangesAt("/a"), [
      `bytes=${half}-`,
      undefined,
    ]);
  },
);

test(
  "uses a complete partial file without a network and discards one that is too long",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    await writeFile(fixture.part, archive);
    await fixture.obtain(set.entry(await deadAddress()));
    await fixture.assertWhole();

    const other = await Fixture.create(context);
    await other.leaveHalf("/a");
    await writeFile(other.part, Buffer.concat([archive, archive]));
    await other.obtain(set.entry(other.server.at("/a", serve(archive))));
    await other.assertWhole();
    assert.deepEqual(other.server.rangesAt("/a"), [undefined]);
  },
);

test(
  "ignores an invalid list of mirrors beside a partial file",
  timeLimit,
  async (context) => {
    for (const note of [
      "",
      "{",
      "null",
      '{"sources":{"x":null}}',
      '{"sources":3}',
    ]) {
      const fixture = await Fixture.create(context);
      await fixture.leaveHalf("/a");
      await writeFile(`${fixture.part}.json`, note);
      await fixture.obtain(set.entry(fixture.server.at("/a", serve(archive))));
      await fixture.assertWhole();
    }
  },
);

/** Wrong responses to a range request, after which the download starts over. */
const wrongRanges: Record<string, { handler: Handler; ranges: unknown[] }> = {
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
  "sends no Content-Range": {
    handler: (request, response) => {
      if (request.headers.range === undefined) {
        return serve(archive)(request, response);
      }
      response.writeHead(206).end(archive.subarray(half));
    },
    ranges: [`bytes=${half}-`, undefined],
  },
  "responds that the range is empty": {
    handler: (request, response) => {
      if (request.headers.range === undefined) {
        return serve(archive)(request, response);
      }
      response.writeHead(416).end();
    },
    ranges: [`bytes=${half}-`, undefined],
  },
};

for (const [what, { handler, ranges }] of Object.entries(wrongRanges)) {
  test(`starts over if the mirror ${what}`, timeLimit, async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    await fixture.obtain(set.entry(fixture.server.at("/a", handler)));
    await fixture.assertWhole();
    assert.deepEqual(fixture.server.rangesAt("/a"), ranges);
    assert.equal(fixture.notes("restarting").length, 1);
  });
}

test(
  "rejects a range of a file of another size and keeps the partial file",
  timeLimit,
  async (context) => {
    for (const status of [206, 416]) {
      const fixture = await Fixture.create(context);
      await fixture.leaveHalf("/a");
      const bad = fixture.server.at("/bad", (_, response) => {
        const range = status === 206 ? `bytes ${half}-${half}/9` : "bytes */9";
        response.writeHead(status, { "content-range": range });
        response.end(status === 206 ? "x" : "");
      });
      const good = fixture.server.at("/good", serve(archive));
      await fixture.obtain(set.entry(bad, good));
      await fixture.assertWhole();
      assert.match(
        fixture.notes("changing mirror")[0]!,
        /received a file of 9 bytes/,
      );
      assert.deepEqual(fixture.server.rangesAt("/good"), [`bytes=${half}-`]);
    }
  },
);

test(
  "requests the next range if a mirror sends the rest in pieces",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    await fixture.leaveHalf("/a");
    const mirror = fixture.server.at("/a", (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range!)![0]);
      const piece = archive.subarray(start, start + 20_000);
      const end = start + piece.length - 1;
      response.writeHead(206, {
        "content-range": `bytes ${start}-${end}/${archive.length}`,
      });
      response.end(piece);
    });
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
  },
);

test(
  "stops immediately on abort and keeps the partial file",
  timeLimit,
  async (context) => {
    const fixture = await Fixture.create(context);
    const controller = new AbortController();
    const reason = new Error("enough");
    const slow = serve(archive, { pieceBytes: 5_000, pieceMilliseconds: 50 });
    const mirror = fixture.server.at("/a", slow);
    const download = fixture.obtain(set.entry(mirror), {
      signal: controller.signal,
    });
    const timer = setInterval(() => {
      const received = fixture.events.at(-1)?.receivedBytes ?? 0;
      if (received > 20_000) controller.abort(reason);
    }, 10);
    await assert.rejects(download, (error) => error === reason);
    clearInterval(timer);
    const kept = (await stat(fixture.part)).size;
    assert.ok(kept > 20_000 && kept < archive.length);

    fixture.server.at("/a", serve(archive));
    await fixture.obtain(set.entry(mirror));
    await fixture.assertWhole();
    assert.equal(fixture.server.rangesAt("/a")[1], `bytes=${kept}-`);
  },
);

test(
  "stops on abort while waiting for data or pausing",
  timeLimit,
  async (context) => {
    const handlers = {
      silence: () => undefined,
      pause: failures["answers 500"]!.handler,
    };
    for (const [what, handler] of Object.entries(handlers)) {
      const fixture = await Fixture.create(context);
      const entry = set.entry(fixture.server.at("/a", handler));
      const signal = AbortSignal.timeout(200);
      const limits = { ...quickLimits, stallSeconds: 60, pauseSeconds: 60 };
      const download = obtain(entry, { cache: fixture.cache, limits, signal });
      await assert.rejects(download, { name: "TimeoutError" }, what);
    }
    const { cache } = await Fixture.create(context);
    const signal = AbortSignal.abort();
    await assert.rejects(obtain(set.entry(), { cache, signal }), {
      name: "AbortError",
    });
  },
);

test("receives a file sent byte by byte", timeLimit, async (context) => {
  const fixture = await Fixture.create(context);
  const tiny = smallSet({ length: 300 });
  const mirror = fixture.server.at("/a", async (_, response) => {
    response.writeHead(200, { "content-length": tiny.archive.length });
    await send(response, tiny.archive, { pieceBytes: 1 });
  });
  await fixture.obtain(tiny.entry(mirror));
});
