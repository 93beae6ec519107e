/**
 * Tests reading the connection file, and the errors for invalid ones.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isIPv6, readConnectionFile } from "../../kernel/wire/connection-file";
import { errorWith } from "../error-with";

describe("a connection file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const ports = {
    shell_port: 1,
    control_port: 2,
    stdin_port: 3,
    iopub_port: 4,
    hb_port: 5,
  };

  function read(content: unknown) {
    const path = join(folder, "kernel.json");
    writeFileSync(
      path,
      typeof content === "string" ? content : JSON.stringify(content),
    );
    return readConnectionFile(path);
  }

  test("provides the address of each channel, the key and the scheme", () => {
    const connection = read({
      ...ports,
      transport: "tcp",
      ip: "127.0.0.9",
      key: "k",
      signature_scheme: "hmac-sha512",
      kernel_name: "convnotes",
    });
    assert.deepEqual(connection, {
      addresses: {
        shell: "tcp://127.0.0.9:1",
        control: "tcp://127.0.0.9:2",
        stdin: "tcp://127.0.0.9:3",
        iopub: "tcp://127.0.0.9:4",
        hb: "tcp://127.0.0.9:5",
      },
      key: "k",
      signatureScheme: "hmac-sha512",
    });
  });

  test("has Jupyter's defaults for missing fields", () => {
    const { addresses, key, signatureScheme } = read(ports);
    assert.equal(addresses.hb, "tcp://127.0.0.1:5");
    assert.equal(key, "");
    assert.equal(signatureScheme, "hmac-sha256");
  });

  test("may contain file paths instead of ports", () => {
    const { addresses } = read({ ...ports, transport: "ipc", ip: "/tmp/k" });
    assert.equal(addresses.shell, "ipc:///tmp/k-1");
  });

  test("may contain an IPv6 address, with brackets or, as Jupyter writes it, without", () => {
    for (const [ip, address] of [
      ["::1", "tcp://[::1]:1"],
      ["[::1]", "tcp://[::1]:1"],
      ["::", "tcp://[::]:1"],
      ["fe80::1%eth0", "tcp://[fe80::1%eth0]:1"],
      ["::ffff:127.0.0.1", "tcp://[::ffff:127.0.0.1]:1"],
    ] as const) {
      const { addresses } = read({ ...ports, ip });
      assert.equal(addresses.shell, address);
      assert.ok(isIPv6(addresses.shell));
    }
    for (const ip of ["127.0.0.1", "localhost", "*", "0.0.0.0"]) {
      const { addresses } = read({ ...ports, ip });
      assert.equal(addresses.shell, `tcp://${ip}:1`);
      assert.ok(!isIPv6(addresses.shell));
    }
    const { addresses } = read({ ...ports, transport: "ipc", ip: "/tmp/a:b" });
    assert.equal(addresses.shell, "ipc:///tmp/a:b-1");
  });

  for (const [what, content, ...values] of [
    [
      "a missing port",
      { ...ports, hb_port: undefined },
      '"hb_port"',
      "received undefined",
    ],
    [
      "a port that is text",
      { ...ports, iopub_port: "4" },
      '"iopub_port"',
      'received "4"',
    ],
    ["a key that is a number", { ...ports, key: 7 }, '"key"', "received 7"],
  ] as const) {
    test(`with ${what} is rejected`, () => {
      assert.throws(
        () => read(content),
        errorWith("ERR_FILE_FORMAT", ...values),
      );
    });
  }

  test("that is missing, not JSON or not an object is rejected", () => {
    assert.throws(() => read("{"), errorWith("ERR_FILE_FORMAT", "JSON"));
    for (const content of ["null", "7", "[]"]) {
      assert.throws(() => read(content), errorWith("ERR_FILE_FORMAT"));
    }
    assert.throws(
      () => readConnectionFile(join(folder, "missing.json")),
      errorWith("ERR_FILE_MISSING", "missing.json", "ENOENT"),
    );
  });
});
