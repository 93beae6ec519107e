// Setup's errors for missing prerequisites: one sentence, the command that fixes it, exit code 1,
// no stack trace.

import assert from "node:assert/strict";
import fs from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Checkout, type Ending, cannotTry } from "./checkout";

let checkout: Checkout;

/** Asserts the form of an error and the content of its two lines. */
function assertError(
  { code, output, errors }: Ending,
  sentence: RegExp,
  remedy: RegExp,
): void {
  assert.equal(code, 1, output + errors);
  const [empty, first, second, ...more] = errors.trimEnd().split("\n");
  assert.equal(empty, "");
  assert.ok(first !== undefined && second !== undefined, errors);
  assert.match(first, sentence);
  assert.match(first, /\.$/);
  assert.match(second, /^ {2}To fix it: .+/);
  assert.match(second, remedy);
  assert.doesNotMatch(errors, /^\s+at |Traceback|File "/m);
  for (const line of more) assert.match(line, /^ {2}/);
  assert.ok(!checkout.has("out/setup/lock"), "the lock is released");
  assert.deepEqual(checkout.processes(), []);
}

/**
 * Returns variables that run a program inside setup before its first line, to simulate a machine.
 */
function simulating(name: string, program: string): NodeJS.ProcessEnv {
  const file = `${checkout.parent}/${name}.cjs`;
  fs.writeFileSync(file, program);
  return { NODE_OPTIONS: `--require "${file}"` };
}

describe("setup fails and names a remedy for", { skip: cannotTry }, () => {
  beforeEach(() => (checkout = new Checkout()));
  afterEach(() => checkout.remove());

  it("an old Node", async () => {
    const ending = await checkout.setup(
      simulating(
        "old-node",
        'Object.defineProperty(process, "version", { value: "v18.20.8" });' +
          'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });',
      ),
    );
    assertError(
      ending,
      /Expected Node\.js 20 or newer, found v18\.20\.8/,
      /nvm install 24/,
    );
  });

  it("a machine without Python", async () => {
    checkout.unlink("python3.12");
    assertError(
      await checkout.setup(),
      /Expected Python 3\.10 to 3\.13 on this machine, found no Python at all/,
      /Python 3\.12/,
    );
  });

  it("a machine without Python where apt-get is the way to install one", async () => {
    checkout.unlink("python3.12");
    checkout.link("apt-get", "npm");
    assertError(
      await checkout.setup(),
      /found no Python at all/,
      /sudo apt-get install python3 python3-venv/,
    );
  });

  it("a Python that is too new", async () => {
    assertError(
      await checkout.setup({ STUB_PYTHON_VERSION: "3.14.0" }),
      /found .*python3\.12 \(3\.14\.0\): TensorFlow has no wheel for newer ones/,
      /CONVNOTES_PYTHON=/,
    );
  });

  it("a Python that is too old", async () => {
    assertError(
      await checkout.setup({ STUB_PYTHON_VERSION: "3.9.2" }),
      /Expected Python 3\.10 to 3\.13, found .* \(3\.9\.2\)/,
      /CONVNOTES_PYTHON=/,
    );
  });

  it("a 32-bit Python", async () => {
    assertError(
      await checkout.setup({ STUB_BITS: "32" }),
      /64-bit CPython.*which is 32-bit cpython/,
      /CONVNOTES_PYTHON=/,
    );
  });

  it("a Python without venv, naming the system's package", async () => {
    checkout.link("apt-get", "npm");
    assertError(
      await checkout.setup({ STUB_VENV: "missing" }),
      /modules venv and ensurepip, found .* without them/,
      /sudo apt-get install python3\.12-venv/,
    );
  });

  it("a venv that fails because ensurepip is missing", async () => {
    assertError(
      await checkout.setup({ STUB_VENV: "broken" }),
      /modules venv and ensurepip/,
      /Python 3\.12 \(with venv\)/,
    );
  });

  it("a CONVNOTES_PYTHON that is not a program", async () => {
    assertError(
      await checkout.setup({ CONVNOTES_PYTHON: "/nowhere/python" }),
      /Expected CONVNOTES_PYTHON to name .*, received \/nowhere\/python/,
      /unset CONVNOTES_PYTHON/,
    );
  });

  it("an unreachable Python package index", async () => {
    assertError(
      await checkout.setup({ STUB_UV: "network" }),
      /The Python packages could not be installed: the Python package index cannot be reached/,
      /check the network.*npm run setup/,
    );
    assert.match(
      fs.readFileSync(checkout.inside("out/setup/log.txt"), "utf8"),
      /Connection refused/,
      "the log contains the complete output",
    );
  });

  it("an unreachable Python package index before there is uv", async () => {
    assertError(
      await checkout.setup({ STUB_PIP: "network" }),
      /The Python environment could not be created: the Python package index cannot be reached/,
      /check the network.*npm run setup/,
    );
  });

  it("a uv that differs from its checksum", async () => {
    assertError(
      await checkout.setup({ STUB_PIP: "hash" }),
      /a download differs from its checksum/,
      /pip cache purge/,
    );
  });

  it("a disk that uv fills up", async () => {
    assertError(
      await checkout.setup({ STUB_UV: "disk" }),
      /no space is left on the disk/,
      /df -h/,
    );
  });

  it("a download that differs from its checksum", async () => {
    assertError(
      await checkout.setup({ STUB_UV: "hash" }),
      /a download differs from its checksum/,
      /uv cache clean.*pip cache purge/,
    );
  });

  it("a machine that TensorFlow has no wheel for", async () => {
    assertError(
      await checkout.setup({ STUB_UV: "platform" }),
      /TensorFlow has no wheel for this machine/,
      /Linux on x64/,
    );
  });

  it("an unknown failure, with the end of the tool's output", async () => {
    const ending = await checkout.setup({ STUB_UV: "crash" });
    assertError(
      ending,
      /The Python packages could not be installed\./,
      /read .*out\/setup\/log\.txt/,
    );
    assert.match(ending.errors, /uv itself is broken/);
  });

  it("a machine without npm", async () => {
    checkout.unlink("npm");
    assertError(
      await checkout.setup(),
      /Expected npm beside Node\.js/,
      /install npm/,
    );
  });

  it("an unreachable npm registry", async () => {
    assertError(
      await checkout.setup({ STUB_NPM: "network" }),
      /npm's registry cannot be reached/,
      /npm_config_registry/,
    );
  });

  it("a disk that npm fills up", async () => {
    assertError(
      await checkout.setup({ STUB_NPM: "disk" }),
      /no space is left on the disk/,
      /df -h/,
    );
  });

  it("a lock file that does not fit package.json", async () => {
    assertError(
      await checkout.setup({ STUB_NPM: "sync" }),
      /package-lock\.json does not fit package\.json/,
      /npm install --package-lock-only/,
    );
  });

  it("a CXX that is not a program", async () => {
    assertError(
      await checkout.setup({ CXX: "nowhere++ -O3" }),
      /Expected CXX to name a C\+\+ compiler, received nowhere\+\+ -O3/,
      /unset CXX/,
    );
  });

  it("an addon that does not compile", async () => {
    const ending = await checkout.setup({ STUB_COMPILER: "fail" });
    assertError(ending, /could not be compiled/, /CXX=clang\+\+/);
    assert.match(ending.errors, /fatal error: tfjs_backend\.h/);
  });

  it("an addon that does not load, which is then removed", async () => {
    assertError(
      await checkout.setup({ STUB_COMPILER: "wrong" }),
      /Expected the engine's addon to load TensorFlow 2\.21\.0/,
      /npm run clean/,
    );
    const made = checkout.inside("node_modules/@tensorflow/tfjs-node/lib");
    assert.deepEqual(fs.readdirSync(`${made}/napi-v8`), []);
  });

  it("a kernel that does not compile, and does not use the old one", async () => {
    const ending = await checkout.setup({ STUB_TSC: "fail" });
    assertError(
      ending,
      /source in kernel does not compile/,
      /typescript\/bin\/tsc -p kernel/,
    );
    assert.match(ending.errors, /kernel\/main\.ts\(3,7\): error TS2322/);
    assert.ok(!checkout.has("kernel/dist/convnotes.json"));
    assert.ok(!checkout.has("out/setup/kernel"));
  });

  it("a checkout without the kernel's source", async () => {
    fs.rmSync(checkout.inside("kernel/main.ts"));
    assertError(
      await checkout.setup(),
      /found no kernel\/main\.ts/,
      /git checkout -- kernel/,
    );
  });

  it("a disk without free space, before anything is created", async () => {
    const ending = await checkout.setup(
      simulating(
        "full-disk",
        'require("node:fs").statfsSync = () => ({ bavail: 100, bsize: 1e6 });',
      ),
    );
    assertError(
      ending,
      /Expected \d\.\d GB of free disk for setup, found 0\.1 GB/,
      /free some space/,
    );
    assert.ok(!checkout.has(".venv"));
  });

  it("a folder it may not write to", async (context) => {
    if (process.getuid?.() === 0) {
      // The superuser may write to every folder, so the user "nobody" runs setup.
      for (const folder of [checkout.parent, checkout.folder])
        fs.chmodSync(folder, 0o755);
      const { ending } = checkout.start("setup.mjs", {}, { uid: 65534 });
      const result = await ending.catch(() => undefined);
      if (result === undefined)
        return context.skip("the user nobody cannot start Node here");
      return assertError(
        result,
        /cannot write .*: the system refuses permission/,
        /sudo chown -R 65534/,
      );
    }
    fs.chmodSync(checkout.folder, 0o555);
    const result = await checkout.setup();
    fs.chmodSync(checkout.folder, 0o755);
    assertError(result, /the system refuses permission/, /sudo chown -R/);
  });

  it("any problem with the user's command", async () => {
    const ending = await checkout.setup({
      STUB_UV: "network",
      npm_lifecycle_event: "start",
    });
    assertError(ending, /cannot be reached/, /then npm start$/);
  });
});

describe("a machine without a compiler", { skip: cannotTry }, () => {
  beforeEach(() => (checkout = new Checkout()));
  afterEach(() => checkout.remove());

  it("gets Zig's compiler, pinned and with its checksum", async () => {
    checkout.unlink("c++");
    const { code, output, errors } = await checkout.setup();
    assert.equal(code, 0, errors);
    assert.match(output, /Setup is complete/);
    const calls = checkout.calls();
    assert.ok(
      calls.some((call) =>
        /--require-hashes -r .*requirements-compiler\.txt/.test(call),
      ),
    );
    assert.ok(calls.some((call) => call.includes("-m ziglang c++")));
  });

  it("uses the compiler that CXX names, with its parameters", async () => {
    checkout.link("my-compiler", "c++");
    const { code } = await checkout.setup({ CXX: "my-compiler -march=native" });
    assert.equal(code, 0);
    assert.ok(
      checkout.calls().some((call) => call.startsWith("c++ -march=native -O2")),
    );
  });
});
