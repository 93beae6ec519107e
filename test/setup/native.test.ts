// The set-up's step for the native training step, with the machine's own compiler on sources of a few lines; everything else
// in the made-up checkout is a stand-in. Seven seconds.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, it } from "node:test";
import { setupModule, until } from "./checkout";
import {
  NativeCheckout,
  addon,
  build,
  cannotCompile as skip,
  file,
  machine,
  sources,
  widths,
} from "./native-checkout";

const step = "native training step (src/engine/native/build)";
const sentence =
  /The native training step could not be compiled; training runs on TensorFlow's graph\. .*not-compiled\.txt says why; to try again: rm -r src\/engine\/native\/build, then npm run setup/;

describe("the native step", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  it("is compiled once for each width, and leaves nothing else behind", async () => {
    const { code, output, errors } = await checkout.setup();
    assert.equal(code, 0, errors);
    assert.ok(output.includes(`  ${step}: done in `), output);
    assert.deepEqual(checkout.ask("widths"), widths);
    assert.deepEqual(checkout.built(), [
      "convnotes.json",
      "convnotes_native.node",
    ]);
    assert.ok(!checkout.has("out/setup/native"));
  });

  it("has every width's own code, and of what they share the one that runs everywhere", () => {
    const bits = { sse: 128, avx2: 256, avx512: 512, neon: 128 };
    assert.deepEqual(checkout.ask("compiledFor"), [
      "common",
      ...widths.map((width) => `${2 * bits[width as keyof typeof bits]} 128`),
    ]);
  });

  it("gives the compiler the width's options, and Node-API's headers where they are needed", () => {
    const calls = checkout.calls().filter((call) => call.startsWith("native "));
    const compiling = (source: string): string[] =>
      calls.filter((call) => call.includes(` -c ${source} `));
    for (const name of ["kernels.cc", "machine.cc"])
      assert.deepEqual(
        compiling(name)
          .map((call) => /-DVECTOR_NAMESPACE=(\w+)/.exec(call)?.[1])
          .sort(),
        [...widths].sort(),
      );
    for (const name of ["addon.cc", "common-text.cc"]) {
      const [call, ...more] = compiling(name);
      assert.equal(more.length, 0);
      assert.match(call, /-I \S*node-api-headers\/include/);
      assert.doesNotMatch(call, /-mavx|VECTOR_NAMESPACE/);
    }
  });

  it("is loaded by the library", () => {
    assert.deepEqual(checkout.load().addon?.widths(), widths);
  });

  it("is left alone as long as nothing changes", async () => {
    assert.match((await checkout.setup()).output, /nothing to do/);
    assert.deepEqual(checkout.calls(), []);
  });

  it("leaves a width out whose options the compiler that CXX names does not know", async (context) => {
    if (process.arch !== "x64") return context.skip("one width only here");
    const { code, output } = await checkout.setup({
      CXX: "another",
      STUB_NATIVE: "ignorant",
    });
    assert.equal(code, 0);
    assert.match(output, /CXX changed from {2}to another/);
    assert.deepEqual(checkout.ask("widths"), ["sse", "avx2"]);
  });

  it("stays with that compiler where CXX names none", async () => {
    assert.match((await checkout.setup()).output, /nothing to do/);
    assert.match(
      (await checkout.setup({ CXX: "c++" })).output,
      /CXX changed from another to c\+\+/,
    );
  });

  it("goes on where the compiler fails, with the reason and how to try again", async () => {
    fs.appendFileSync(checkout.inside(sources, "shared.h"), "// new\n");
    const { code, output } = await checkout.setup({ STUB_NATIVE: "broken" });
    assert.equal(code, 0);
    assert.match(output, /the native step's source changed/);
    assert.match(output, sentence);
    assert.match(output, /Set-up is complete/);
    assert.deepEqual(checkout.built(), ["convnotes.json", "not-compiled.txt"]);
    for (const name of [`${build}/not-compiled.txt`, "out/setup/log.txt"])
      assert.match(
        fs.readFileSync(checkout.inside(name), "utf8"),
        /internal compiler error: it broke/,
      );
    assert.match(
      checkout.load().reason ?? "",
      /could not be compiled: .*c\+\+/,
    );
  });

  it("is not tried again until something changes", async () => {
    checkout.calls();
    assert.match((await checkout.setup()).output, /nothing to do/);
    assert.deepEqual(checkout.calls(), []);
    fs.rmSync(checkout.inside(build), { recursive: true });
    const { output } = await checkout.setup();
    assert.doesNotMatch(output, sentence);
    assert.deepEqual(checkout.ask("widths"), widths);
  });

  it("is not used where it does not load, or does not name its widths", async () => {
    const text = addon.replace("return strings(env, names)", "return nullptr");
    checkout.write(`${sources}/addon.cc`, text);
    assert.match((await checkout.setup()).output, sentence);
    assert.match(
      fs.readFileSync(checkout.inside(build, "not-compiled.txt"), "utf8"),
      /Expected widths\(\) to give strings, received undefined/,
    );
    assert.ok(!checkout.has(file));
  });

  it("is not compiled in a checkout without its source", async () => {
    fs.rmSync(checkout.inside(sources), { recursive: true });
    const { code, output } = await checkout.setup();
    assert.equal(code, 0);
    assert.match(output, sentence);
    assert.match(checkout.load().reason ?? "", /There is no .*addon\.cc/);
  });
});

describe("a native step that is cut off", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  const half = `out/setup/native/kernels-${widths[0]}.o`;

  it("by Ctrl-C leaves no process and nothing half-written, and is taken up", async () => {
    const { child, ending } = checkout.start("setup.mjs", {
      STUB_NATIVE: "hang",
    });
    await until("a half-written object", () => checkout.isWritten(half));
    child.kill("SIGINT");
    assert.equal((await ending).code, 130);
    assert.deepEqual(checkout.processes(), []);
    assert.deepEqual(checkout.built(), []);
    assert.ok(!checkout.has("out/setup/native"));
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.ask("widths"), widths);
  });

  it("by kill -9 leaves compilers that the next set-up ends", async () => {
    checkout.write(`${sources}/machine.cc`, `${machine}// new\n`);
    const { child, ending } = checkout.start("setup.mjs", {
      STUB_NATIVE: "hang",
    });
    await until("a half-written object", () => checkout.isWritten(half));
    assert.deepEqual(checkout.built(), [], "the stale one is gone");
    child.kill("SIGKILL");
    await until("the end of the set-up", () => child.signalCode !== null);
    assert.ok(checkout.processes().length > 0);
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.processes(), []);
    assert.deepEqual(checkout.ask("widths"), widths);
    await ending;
  });
});

describe("the library without the native step", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  it("says that it is not there", () => {
    assert.deepEqual(checkout.load(), {
      reason: "the native training step is not compiled; npm run setup does it",
    });
  });

  it("says that Node refuses it", () => {
    checkout.write(file, "no shared object");
    assert.match(
      checkout.load().reason ?? "",
      /^Node does not load the native training step: .*convnotes_native\.node/,
    );
  });

  it("says that it has nothing for the processor", async () => {
    const text = addon.replace("names.push_back", "(void)");
    checkout.write(`${sources}/addon.cc`, text);
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.load(), {
      reason: "the native training step has nothing for this processor",
    });
  });

  it("takes it away with npm run clean, and not its source", async () => {
    const { code, output } = await checkout.start("clean.mjs").ending;
    assert.equal(code, 0);
    assert.match(output, new RegExp(`removed ${build} `));
    assert.ok(!checkout.has(build));
    assert.ok(checkout.has(`${sources}/addon.cc`));
  });
});

describe("the native step's recipe", () => {
  it("has Zig's compiler leave the machine's own processor out of account", async () => {
    const { prepare } = await setupModule<{
      prepare(compiler: string[]): {
        compiler: string[];
        widths: { name: string }[];
      };
    }>("setup/native-recipe.mjs");
    for (const zig of [
      ["python", "-I", "-m", "ziglang", "c++"],
      ["/bin/zig", "c++"],
    ])
      assert.deepEqual(prepare(zig).compiler, [...zig, "-mcpu=baseline"]);
    assert.deepEqual(prepare(["g++"]).compiler, ["g++"]);
    assert.deepEqual(
      prepare(["g++"]).widths.map(({ name }) => name),
      widths,
    );
  });
});
