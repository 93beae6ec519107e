// Setup's step for the native training step, with the machine's own compiler on sources of a few
// lines.
// The rest of the temporary checkout consists of stubs. Seven seconds.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, it } from "node:test";
import { until } from "../until";
import { setupModule } from "./checkout";
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
  /The native training step could not be compiled; training runs on TensorFlow's graph\. .*not-compiled\.txt has the reason; to try again: rm -r src\/engine\/native\/build, then npm run setup/;

describe("the native step", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  it("is compiled once per width, and leaves no other files", async () => {
    const { code, output, errors } = await checkout.setup();
    assert.equal(code, 0, errors);
    assert.ok(output.includes(`  ${step}: done in `), output);
    assert.deepEqual(checkout.call("widths"), widths);
    assert.deepEqual(checkout.built(), [
      "convnotes.json",
      "convnotes_native.node",
    ]);
    assert.ok(!checkout.has("out/setup/native"));
  });

  it("has separate code per width, and the portable copy of shared functions", () => {
    const bits = { sse: 128, avx2: 256, avx512: 512, neon: 128 };
    assert.deepEqual(checkout.call("compiledFor"), [
      "common",
      ...widths.map((width) => `${2 * bits[width as keyof typeof bits]} 128`),
    ]);
  });

  it("passes the width's options to the compiler, and Node-API's headers where needed", () => {
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
      assert.ok(call !== undefined, name);
      assert.equal(more.length, 0);
      assert.match(call, /-I \S*node-api-headers\/include/);
      assert.doesNotMatch(call, /-mavx|VECTOR_NAMESPACE/);
    }
  });

  it("is loaded by the library", () => {
    assert.deepEqual(checkout.load().addon?.widths(), widths);
  });

  it("is not compiled again while nothing changes", async () => {
    assert.match((await checkout.setup()).output, /nothing to do/);
    assert.deepEqual(checkout.calls(), []);
  });

  it("omits a width that the compiler in CXX does not support", async (context) => {
    if (process.arch !== "x64") return context.skip("one width only here");
    const { code, output } = await checkout.setup({
      CXX: "another",
      STUB_NATIVE: "ignorant",
    });
    assert.equal(code, 0);
    assert.match(output, /CXX changed from {2}to another/);
    assert.deepEqual(checkout.call("widths"), ["sse", "avx2"]);
  });

  it("keeps that compiler while CXX is unset", async () => {
    assert.match((await checkout.setup()).output, /nothing to do/);
    assert.match(
      (await checkout.setup({ CXX: "c++" })).output,
      /CXX changed from another to c\+\+/,
    );
  });

  it("continues if the compiler fails, and reports the reason and how to try again", async () => {
    fs.appendFileSync(checkout.inside(sources, "shared.h"), "// new\n");
    const { code, output } = await checkout.setup({ STUB_NATIVE: "broken" });
    assert.equal(code, 0);
    assert.match(output, /the native step's source changed/);
    assert.match(output, sentence);
    assert.match(output, /Setup is complete/);
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
    assert.deepEqual(checkout.call("widths"), widths);
  });

  it("is not used if it does not load, or does not list its widths", async () => {
    const text = addon.replace("return strings(env, names)", "return nullptr");
    checkout.write(`${sources}/addon.cc`, text);
    assert.match((await checkout.setup()).output, sentence);
    assert.match(
      fs.readFileSync(checkout.inside(build, "not-compiled.txt"), "utf8"),
      /Expected widths\(\) to return strings, received undefined/,
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

describe("an interrupted native step", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  const half = `out/setup/native/kernels-${widths[0]}.o`;

  it("by Ctrl-C leaves no process and no incomplete file, and is resumed", async () => {
    const { child, ending } = checkout.start("setup.mjs", {
      STUB_NATIVE: "hang",
    });
    await until(() => checkout.isWritten(half), "a half-written object");
    child.kill("SIGINT");
    assert.equal((await ending).code, 130);
    assert.deepEqual(checkout.processes(), []);
    assert.deepEqual(checkout.built(), []);
    assert.ok(!checkout.has("out/setup/native"));
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.call("widths"), widths);
  });

  it("by kill -9 leaves compilers, which the next setup ends", async () => {
    checkout.write(`${sources}/machine.cc`, `${machine}// new\n`);
    const { child, ending } = checkout.start("setup.mjs", {
      STUB_NATIVE: "hang",
    });
    await until(() => checkout.isWritten(half), "a half-written object");
    assert.deepEqual(checkout.built(), [], "the stale addon is removed");
    child.kill("SIGKILL");
    await until(() => child.signalCode !== null, "the end of the setup");
    assert.ok(checkout.processes().length > 0);
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.processes(), []);
    assert.deepEqual(checkout.call("widths"), widths);
    await ending;
  });
});

describe("the library without the native step", { skip }, () => {
  let checkout: NativeCheckout;
  before(() => (checkout = new NativeCheckout()));
  after(() => checkout.remove());

  it("reports that it is missing", () => {
    assert.deepEqual(checkout.load(), {
      reason:
        "the native training step is not compiled; npm run setup compiles it",
    });
  });

  it("reports that Node cannot load it", () => {
    checkout.write(file, "no shared object");
    assert.match(
      checkout.load().reason ?? "",
      /^Node could not load the native training step: .*convnotes_native\.node/,
    );
  });

  it("reports that it does not support the processor", async () => {
    const text = addon.replace("names.push_back", "(void)");
    checkout.write(`${sources}/addon.cc`, text);
    assert.equal((await checkout.setup()).code, 0);
    assert.deepEqual(checkout.load(), {
      reason: "the native training step was not compiled for this processor",
    });
  });

  it("removes it with npm run clean, but not its source", async () => {
    const { code, output } = await checkout.start("clean.mjs").ending;
    assert.equal(code, 0);
    assert.match(output, new RegExp(`removed ${build} `));
    assert.ok(!checkout.has(build));
    assert.ok(checkout.has(`${sources}/addon.cc`));
  });
});

describe("the native step's recipe", () => {
  it("makes Zig's compiler ignore the machine's own processor", async () => {
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
