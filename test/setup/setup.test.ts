// Setup from the user's view: first run, second run, stale artifacts, interrupted runs, two at
// once.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { until } from "../until";
import { Checkout, cannotTry, realEngine } from "./checkout";

const artifacts = {
  environment: "Python environment (.venv)",
  packages: "Node packages (node_modules)",
  addon: "engine (tfjs-node's addon)",
  native: "native training step (src/engine/native/build)",
  declarations: "library declarations (src/declarations)",
  notebook: "notebook package (src/notebook/dist)",
  kernel: "kernel (kernel/dist)",
  snapshot: "kernel startup snapshot (kernel/dist/snapshot)",
  jupyter: "kernel for Jupyter",
};

/** Asserts that exactly these steps ran, in this order. */
function assertSteps(output: string, names: string[]): void {
  const done = [...output.matchAll(/^ {2}(.+): done in [\d.]+ s$/gm)];
  assert.deepEqual(
    done.map(([, name]) => name),
    names,
  );
}

describe("setup in a fresh checkout", { skip: cannotTry }, () => {
  let checkout: Checkout;
  before(() => (checkout = new Checkout()));
  after(() => checkout.remove());

  it("creates every artifact and prints the time each took", async () => {
    const { code, output, errors } = await checkout.setup(realEngine);
    assert.equal(code, 0, errors);
    assertSteps(output, Object.values(artifacts));
    assert.match(output, /not created yet/);
    assert.match(output, /Setup is complete/);
    assert.ok(!checkout.has("out/setup/lock"), "the lock is released");
  });

  it("installs with checksums, development packages too", () => {
    const calls = checkout.calls().join("\n");
    assert.match(calls, /pip .*--require-hashes -r .*requirements-uv\.txt/);
    assert.match(calls, /uv pip .*--require-hashes -r .*requirements\.txt/);
    assert.match(calls, /npm ci --include=dev/);
  });

  it("describes the kernel to Jupyter", () => {
    const description = JSON.parse(
      fs.readFileSync(
        checkout.inside(".venv/share/jupyter/kernels/convnotes/kernel.json"),
        "utf8",
      ),
    );
    assert.deepEqual(description.argv, [
      process.execPath,
      checkout.inside("kernel/dist/main.js"),
      "{connection_file}",
    ]);
    assert.equal(description.display_name, "TypeScript (convnotes)");
    assert.equal(description.language, "typescript");
    assert.equal(description.interrupt_mode, "message");
  });

  it("creates only relative links, so that the checkout can be moved", () => {
    const deps = checkout.inside("node_modules/@tensorflow/tfjs-node/deps");
    assert.ok(!fs.readlinkSync(`${deps}/include`).startsWith("/"));
    assert.ok(fs.existsSync(`${deps}/lib/libtensorflow.so`));
  });

  it("finds nothing to do the second time, and calls no program", async () => {
    const { code, output } = await checkout.setup();
    assert.equal(code, 0);
    assert.match(output, /nothing to do/);
    assert.deepEqual(checkout.calls(), []);
  });

  it("re-creates the environment when requirements.txt changed", async () => {
    checkout.write("requirements.txt", "keras==3.15.1\n");
    const { output } = await checkout.setup();
    assertSteps(output, [artifacts.environment, artifacts.jupyter]);
    assert.match(output, /requirements\.txt changed/);
  });

  it("reinstalls packages and rebuilds the addon when the lock file changed", async () => {
    checkout.write("package-lock.json", '{ "packages": {}, "more": 1 }');
    const { output } = await checkout.setup();
    assertSteps(output, [
      artifacts.packages,
      artifacts.addon,
      artifacts.snapshot,
    ]);
    assert.match(output, /package-lock\.json changed/);
  });

  it("continues if Node writes no snapshot, and reports the consequence", async () => {
    fs.rmSync(checkout.inside("kernel/dist/snapshot"), { recursive: true });
    const { code, output } = await checkout.setup({ STUB_SNAPSHOT: "fail" });
    assert.equal(code, 0);
    assertSteps(output, [artifacts.snapshot]);
    assert.match(output, /a kernel takes a second longer to start: /);
  });

  it("reinstalls for another dependency, but not for another script, in package.json", async () => {
    checkout.write("package.json", '{ "scripts": { "start": "node ." } }');
    assert.match((await checkout.setup()).output, /package\.json changed/);
    checkout.write("package.json", '{ "scripts": { "start": "node x" } }');
    assert.match((await checkout.setup()).output, /nothing to do/);
  });

  it("reinstalls for another major version of Node", async () => {
    const stamp = checkout.inside("node_modules/.convnotes.json");
    const inputs = JSON.parse(fs.readFileSync(stamp, "utf8"));
    fs.writeFileSync(stamp, JSON.stringify({ ...inputs, "Node.js": "v18" }));
    const { output } = await checkout.setup();
    assertSteps(output, [artifacts.packages, artifacts.addon]);
    assert.match(output, /Node\.js changed from v18 to v\d+/);
  });

  it("compiles the kernel when its source changed, or a file was renamed", async () => {
    checkout.write("kernel/front/socket.ts", "// new\n");
    assertSteps((await checkout.setup()).output, [
      artifacts.kernel,
      artifacts.snapshot,
    ]);
    fs.renameSync(
      checkout.inside("kernel/front/socket.ts"),
      checkout.inside("kernel/front/plug.ts"),
    );
    assertSteps((await checkout.setup()).output, [
      artifacts.kernel,
      artifacts.snapshot,
    ]);
  });

  it("writes the library's declarations when its source changed, and continues after a type error", async () => {
    checkout.write("src/data/load.ts", "// new\n");
    const first = await checkout.setup();
    assertSteps(first.output, [artifacts.declarations]);
    assert.match(first.output, /the library's source changed/);
    checkout.write("src/data/load.ts", "// newer\n");
    const second = await checkout.setup({ STUB_TSC: "fail" });
    assert.equal(second.code, 0, second.errors);
    assertSteps(second.output, [artifacts.declarations]);
    assert.match(
      second.output,
      /the library has a type error, which may affect cells: .*TS2322/,
    );
  });

  it("re-creates a removed file", async () => {
    const removed = "node_modules/@tensorflow/tfjs-node/deps/include";
    fs.rmSync(checkout.inside(removed));
    const { output } = await checkout.setup();
    assertSteps(output, [artifacts.addon]);
    assert.ok(output.includes(`${removed} is missing`));
  });

  it("only describes the kernel again when the checkout was moved", async () => {
    checkout.calls();
    checkout.move("my course");
    const { output } = await checkout.setup();
    assertSteps(output, [artifacts.jupyter]);
    assert.deepEqual(checkout.calls(), []);
  });

  it("makes an environment that can be moved", async () => {
    fs.rmSync(checkout.inside(".venv"), { recursive: true });
    await checkout.setup();
    assert.match(
      checkout.calls().join("\n"),
      /uv venv --relocatable .*\nuv pip install/s,
    );
  });

  it("re-creates the environment for the Python that CONVNOTES_PYTHON names", async () => {
    // A copy, since two links to one stub would be the same interpreter.
    const programs = `${checkout.parent}/bin`;
    fs.copyFileSync(`${programs}/python3.12`, `${programs}/python3.10`);
    const variables = {
      CONVNOTES_PYTHON: "python3.10",
      STUB_PYTHON_VERSION: "3.10.9",
    };
    const { output, errors } = await checkout.setup(variables);
    assert.match(output, /CONVNOTES_PYTHON changed from/, errors);
    assert.ok(checkout.has(".venv/lib/python3.10"));
    assert.ok(!checkout.has(".venv/lib/python3.12"));
    assert.match((await checkout.setup(variables)).output, /nothing to do/);
    assert.match((await checkout.setup()).output, /nothing to do/);
  });
});

describe("an interrupted setup", { skip: cannotTry }, () => {
  let checkout: Checkout;
  before(() => (checkout = new Checkout()));
  after(() => checkout.remove());

  const cuts = [
    {
      name: "in uv",
      variables: { STUB_UV: "hang" },
      half: ".venv/lib/python3.12/site-packages/half",
      stamp: ".venv/convnotes.json",
      signal: "SIGINT" as const,
      code: 130,
    },
    {
      name: "in npm",
      variables: { STUB_NPM: "hang" },
      half: "node_modules/half",
      stamp: "node_modules/.convnotes.json",
      signal: "SIGTERM" as const,
      code: 143,
    },
    {
      name: "in the compiler",
      variables: { STUB_COMPILER: "hang" },
      half: "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.partial.node",
      stamp: "node_modules/@tensorflow/tfjs-node/lib/napi-v8/convnotes.json",
      signal: "SIGHUP" as const,
      code: 129,
    },
  ];
  for (const { name, variables, half, stamp, signal, code } of cuts)
    it(`${name} by ${signal} leaves no process and no artifact that counts as complete`, async () => {
      const { child, ending } = checkout.start("setup.mjs", variables);
      await until(() => checkout.has(half), `the half-made ${half}`);
      child.kill(signal);
      const { code: found, errors } = await ending;
      assert.equal(found, code);
      assert.equal(
        errors,
        "Setup was interrupted; npm run setup resumes it.\n",
      );
      assert.deepEqual(checkout.processes(), []);
      assert.ok(!checkout.has(stamp));
      assert.ok(!checkout.has("out/setup/lock"));
    });

  it("is resumed by the next run", async () => {
    const { code, output } = await checkout.setup();
    assert.equal(code, 0);
    assertSteps(output, [
      artifacts.addon,
      artifacts.native,
      artifacts.declarations,
      artifacts.notebook,
      artifacts.kernel,
      artifacts.snapshot,
      artifacts.jupyter,
    ]);
    assert.ok(
      !checkout.has(
        "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.partial.node",
      ),
    );
  });

  it("by kill -9 does not block the next run, which ends the orphan first", async () => {
    fs.rmSync(checkout.inside(".venv"), { recursive: true });
    const { child, ending } = checkout.start("setup.mjs", { STUB_UV: "hang" });
    await until(
      () => checkout.has(".venv/lib/python3.12/site-packages/half"),
      "a hanging uv",
    );
    // uv may start before it is recorded.
    await until(() => checkout.isWritten("out/setup/running"), "its record");
    child.kill("SIGKILL");
    // Its output stays open until the next run ends the orphan, so this does not wait for the
    // ending.
    await until(() => child.signalCode !== null, "the end of the setup");
    assert.ok(checkout.processes().length > 0, "uv is an orphan now");
    const { code, output } = await checkout.setup();
    assert.equal(code, 0);
    assertSteps(output, [artifacts.environment, artifacts.jupyter]);
    assert.deepEqual(checkout.processes(), []);
    await ending;
  });
});

describe("two concurrent setups", { skip: cannotTry }, () => {
  let checkout: Checkout;
  beforeEach(() => (checkout = new Checkout()));
  afterEach(() => checkout.remove());

  const assertOnce = (): void => {
    const calls = checkout.calls();
    assert.equal(calls.filter((call) => call.startsWith("uv pip")).length, 1);
    assert.equal(calls.filter((call) => call.startsWith("npm")).length, 1);
  };

  it("do the work once: the second waits, reports it, and finds nothing to do", async () => {
    const first = checkout.startWaiting();
    await until(() => checkout.has("out/setup/lock"), "the lock");
    const second = checkout.start("setup.mjs");
    await until(
      () => second.written().includes("running"),
      "the second to wait",
    );
    checkout.goOn();
    const [one, other] = await Promise.all([first.ending, second.ending]);
    assert.equal(one.code, 0, one.errors);
    assert.equal(other.code, 0, other.errors);
    assertSteps(one.output, Object.values(artifacts));
    assertSteps(other.output, []);
    assert.match(other.output, /Another setup is running .*process \d+/);
    assertOnce();
  });

  it("do the work once also if both find the lock of a dead process", async () => {
    checkout.write("out/setup/lock", "4194305 1");
    const both = [1, 2].map(() => checkout.startWaiting());
    await until(
      () => both.some(({ written }) => written().includes("running")),
      "one to wait",
    );
    checkout.goOn();
    for (const { code, errors } of await Promise.all(
      both.map(({ ending }) => ending),
    ))
      assert.equal(code, 0, errors);
    assertOnce();
  });
});
