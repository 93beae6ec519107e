/**
 * Tests that downloads use the proxy that environment variables name.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, test } from "node:test";
import { obtain } from "../../../src/data/download/obtain";
import { errorWith } from "../../error-with";
import { temporaryFolder } from "../temporary-folder";
import { startProxy } from "./proxy-server";
import { quickLimits as limits, smallSet } from "./small-set";
import { deadAddress, serve, TestServer } from "./test-server";

const timeLimit = { timeout: 60_000 };
const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
const HTTPS_MIRROR = "https://mirror.invalid/small-set.tar.gz";

beforeEach(() => {
  for (const name of NAMES) {
    delete process.env[name];
    delete process.env[name.toLowerCase()];
  }
});

for (const variable of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
  test(
    `downloads and resumes through the proxy in ${variable}`,
    timeLimit,
    async (context) => {
      const proxy = await startProxy(context);
      const server = await TestServer.start(context);
      const set = smallSet();
      const broken = { breakAfter: 50_000 };
      const mirror = server.at("/a", serve(set.archive, broken));
      process.env[variable] = proxy.address.replace("http://", "user:p%40ss@");
      const cache = await temporaryFolder(context);
      const folder = await obtain(set.entry(mirror), { cache, limits });
      assert.deepEqual(
        await readFile(path.join(folder, "test.bin")),
        set.files["test.bin"],
      );
      assert.ok(server.requests.length > 1);
      assert.equal(proxy.requests.length, server.requests.length);
      for (const { method, url, authorization } of proxy.requests) {
        assert.deepEqual([method, url], ["GET", mirror]);
        const credentials = Buffer.from("user:p@ss").toString("base64");
        assert.equal(authorization, `Basic ${credentials}`);
      }
    },
  );
}

test("does not use it for hosts in NO_PROXY", timeLimit, async (context) => {
  const proxy = await startProxy(context);
  const server = await TestServer.start(context);
  const set = smallSet();
  const mirror = server.at("/a", serve(set.archive));
  Object.assign(process.env, {
    HTTP_PROXY: proxy.address,
    NO_PROXY: "localhost,127.0.0.1",
  });
  const cache = await temporaryFolder(context);
  await obtain(set.entry(mirror), { cache, limits });
  assert.equal(proxy.requests.length, 0);
});

for (const refusal of ["403 Forbidden", "407 Proxy Authentication Required"])
  test(
    `asks the proxy for a tunnel to HTTPS servers, and reports ${refusal} at once`,
    timeLimit,
    async (context) => {
      const proxy = await startProxy(context, refusal);
      process.env.HTTPS_PROXY = proxy.address.replace("://", "://me:secret@");
      const cache = await temporaryFolder(context);
      await assert.rejects(
        obtain(smallSet().entry(HTTPS_MIRROR), { cache, limits }),
        errorWith(
          "ERR_DOWNLOAD",
          `no connection to any of its mirrors (mirror.invalid: Proxy response (${refusal.slice(0, 3)})`,
          `Requests go through the proxy in HTTPS_PROXY, ${proxy.address},`,
        ),
      );
      assert.deepEqual(
        proxy.requests.map(({ method, url }) => [method, url]),
        [["CONNECT", "mirror.invalid:443"]],
      );
    },
  );

test(
  "names the proxy if it cannot be reached, and the variable if there is none",
  timeLimit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const dead = await deadAddress();
    await assert.rejects(
      obtain(smallSet().entry(dead), { cache, limits }),
      errorWith("ERR_DOWNLOAD", "set HTTPS_PROXY to its address"),
    );
    process.env.HTTPS_PROXY = new URL(dead).origin;
    await assert.rejects(
      obtain(smallSet().entry(HTTPS_MIRROR), { cache, limits }),
      errorWith(
        "ERR_DOWNLOAD",
        "ECONNREFUSED",
        `the proxy in HTTPS_PROXY, ${new URL(dead).origin},`,
      ),
    );
  },
);

test(
  "names the proxy or the variable if the connection breaks again and again",
  timeLimit,
  async (context) => {
    const cache = await temporaryFolder(context);
    const server = await TestServer.start(context);
    const reset = server.at("/a", (_, response) => {
      response.destroy();
    });
    await assert.rejects(
      obtain(smallSet().entry(reset), { cache, limits }),
      errorWith("ERR_DOWNLOAD", "set HTTPS_PROXY to its address"),
    );
    const proxy = await startProxy(context);
    process.env.HTTP_PROXY = proxy.address;
    await assert.rejects(
      obtain(smallSet().entry(reset), { cache, limits }),
      errorWith("ERR_DOWNLOAD", "the proxy in HTTP_PROXY"),
    );
  },
);

for (const [address, shown] of [
  ["socks5://me:secret@127.0.0.1:1080", "socks5://127.0.0.1:1080"],
  ["http://", "http://"],
  ["http://host:port", "http://host:port"],
] as const) {
  test(`rejects ${shown} as a proxy`, timeLimit, async (context) => {
    process.env.HTTPS_PROXY = address;
    const cache = await temporaryFolder(context);
    await assert.rejects(
      obtain(smallSet().entry(HTTPS_MIRROR), { cache, limits }),
      errorWith(
        "ERR_INVALID_VALUE",
        "HTTPS_PROXY to be the address of an HTTP proxy",
        `received ${shown}`,
      ),
    );
  });
}
