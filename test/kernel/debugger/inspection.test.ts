/**
 * Tests what the debugger shows of values, with and without a session.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "../kernel-client";
import { DebugClient, type Variable } from "./debug-client";

describe("values", () => {
  let kernel: KernelClient;
  let client: DebugClient;
  before(async () => {
    kernel = await KernelClient.start();
    client = new DebugClient(kernel);
  });
  after(() => kernel?.close());

  /** Lists the variables of the cells by name. */
  async function listed(): Promise<Readonly<Record<string, Variable>>> {
    const { variables } = await client.ask<{ variables: Variable[] }>(
      "inspectVariables",
    );
    return Object.fromEntries(variables.map((each) => [each.name, each]));
  }

  test("variables are listed without a session, and no getter runs unasked", async () => {
    await kernel.run(`let reads = 0;
class Shape {
  side = 2;
  get area(): number { reads += 1; return this.side ** 2; }
}
const shape = new Shape();
const numbers = Array.from({ length: 250 }, (_, index) => index);
const map = new Map<unknown, string>([["one", "1"], [{ key: 2 }, "2"]]);
const bytes = new Float32Array(100_000);
const text = "a \\"quoted\\" text";`);
    await kernel.run('let text2: string | number = "x"; let kept = 1;');
    await kernel.run('let kept = "another type";');
    const found = await listed();
    assert.equal(found.kept?.value, '"another type"');
    assert.equal(found.text?.value, '"a \\"quoted\\" text"');
    assert.equal(found.map?.value, 'Map(2) {"one" → "1", Object {…} → "2"}');
    assert.match(String(found.numbers?.value), /^\(250\) \[0, 1, 2/);
    assert.equal(found.numbers?.indexedVariables, 250);
    assert.match(String(found.bytes?.value), /^Float32Array\(100000\) \[0, 0/);
    assert.equal(found.shape?.type, "Shape");
    const members = await client.variables(found.shape.variablesReference);
    assert.deepEqual(
      members.map(({ name, value }) => [name, value]),
      [
        ["side", "2"],
        ["area", "(…)"],
      ],
    );
    assert.equal((await kernel.run("reads")).result, "0");
    const again = await listed();
    const [, area] = await client.variables(again.shape!.variablesReference);
    const [value] = await client.variables(area!.variablesReference);
    assert.equal(value?.value, "4");
    assert.equal((await kernel.run("reads")).result, "1");
  });

  test("long lists are divided, and parts of them can be asked for", async () => {
    const { numbers, bytes, map } = await listed();
    const ranges = await client.variables(numbers!.variablesReference);
    assert.deepEqual(
      ranges.map(({ name }) => name),
      ["[0…99]", "[100…199]", "[200…249]"],
    );
    const last = await client.variables(ranges[2]!.variablesReference);
    assert.deepEqual([last[0]?.name, last.at(-1)?.value], ["200", "249"]);
    assert.equal(
      (await client.variables(bytes!.variablesReference)).length,
      10,
    );
    const part = { filter: "indexed", start: 120, count: 2 };
    assert.deepEqual(
      (await client.variables(numbers!.variablesReference, part)).map(
        ({ name, value }) => [name, value],
      ),
      [
        ["120", "120"],
        ["121", "121"],
      ],
    );
    const entries = await client.variables(map!.variablesReference);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['"one"', "1"],
    );
  });

  test("an extension describes the values of its library, also while code has stopped", async () => {
    await client.attach();
    const code = `class Matrix { constructor(readonly rows: number) {} }
const key = Symbol.for("convnotes.extensions");
const registry = (globalThis as Record<symbol, any>)[key];
registry.register({ displays: [{
  matches: (value: object) => value instanceof Matrix,
  toMimeBundle: async () => ({ "text/plain": "takes time" }),
  describe: ({ rows }: Matrix) => ({ type: "Matrix", size: \`\${rows} × 1\`, preview: "" }),
}] });
const matrix = new Matrix(3);
matrix.rows`;
    await client.breakIn(code, 10);
    const cell = kernel.start(code);
    const [frame] = await client.stopped("breakpoint");
    assert.equal((await client.scope(frame!, "Globals")).matrix, "3 × 1");
    const rich = { variableName: "matrix", frameId: frame!.id };
    assert.deepEqual((await client.ask("richInspectVariables", rich)).data, {
      "text/plain": "Matrix 3 × 1",
    });
    await client.resume();
    await cell.done;
    const { matrix } = await listed();
    assert.deepEqual([matrix?.type, matrix?.value], ["Matrix", "3 × 1"]);
    assert.deepEqual((await client.ask("richInspectVariables", rich)).data, {
      "text/plain": "takes time",
    });
    await client.ask("disconnect");
  });

  test("a variable's display is shown outside breakpoints, and only of names", async () => {
    const rich = await client.ask("richInspectVariables", {
      variableName: "text",
    });
    assert.deepEqual(rich.data, { "text/plain": "'a \"quoted\" text'" });
    const none = await client.ask("richInspectVariables", {
      variableName: "missing",
    });
    assert.deepEqual(none.data, {});
    assert.match(
      await client.fail("richInspectVariables", { variableName: "a b" }),
      /name of a variable/,
    );
    assert.equal(await client.evaluate("numbers.length + 1"), "251");
    assert.match(
      await client.fail("evaluate", { expression: "missing + 1" }),
      /missing is not defined/,
    );
  });

  test("at a breakpoint: displays, expressions with types, copies to the cells", async () => {
    await client.attach();
    const code = `function f(argument: number): number {
  const inner = [argument, argument * 2];
  const page = { [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) };
  return inner[1]!;
}
f(21)`;
    await client.breakIn(code, 4);
    const cell = kernel.start(code);
    const [frame] = await client.stopped("breakpoint");
    const rich = await client.ask("richInspectVariables", {
      ...{ variableName: "inner", frameId: frame!.id },
    });
    assert.deepEqual(rich.data, { "text/plain": "[ 21, 42 ]" });
    const page = await client.ask<{ data: Record<string, string> }>(
      "richInspectVariables",
      { variableName: "page", frameId: frame!.id },
    );
    assert.equal(page.data["text/html"], "<b>1</b>");
    assert.equal(
      await client.evaluate("(argument as number)! + inner.length", frame),
      "23",
    );
    assert.equal(await client.evaluate("numbers.length", frame), "250");
    assert.match(
      await client.fail("evaluate", {
        expression: "argument.missing.field",
        frameId: frame!.id,
      }),
      /TypeError/,
    );
    await client.ask("copyToGlobals", {
      srcVariableName: "inner",
      dstVariableName: "copied",
      srcFrameId: frame!.id,
    });
    assert.equal(
      (await client.scope(frame!, "Globals")).copied,
      "(2) [21, 42]",
    );
    await client.resume();
    assert.equal((await cell.done).result, "42");
    assert.equal((await kernel.run("copied.length")).result, "2");
  });
});

describe("values of TensorFlow.js", () => {
  let kernel: KernelClient;
  let client: DebugClient;
  before(async () => {
    kernel = await KernelClient.start();
    client = new DebugClient(kernel);
  });
  after(() => kernel?.close());

  test("tensors have a shape and a type, models a number of parameters", async () => {
    await kernel.run(`import { tf } from "convnotes/engine/tensorflow";
const tensor = tf.zeros([2, 3]);
const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });`);
    const { variables } = await client.ask<{ variables: Variable[] }>(
      "inspectVariables",
    );
    const [tensor, model] = ["tensor", "model"].map((wanted) =>
      variables.find(({ name }) => name === wanted),
    );
    assert.equal(tensor?.type, "Tensor, float32");
    assert.match(String(tensor.value), /^\[2, 3\]/);
    assert.equal(model?.type, "Sequential");
    assert.match(String(model.value), /^8 parameters/);
    const rich = await client.ask<{ data: Record<string, string> }>(
      "richInspectVariables",
      { variableName: "model" },
    );
    assert.match(rich.data["text/html"] ?? "", /Total params: 8/);
    await client.attach();
    const code = "const ones = tf.ones([1, 2]);\nones.size";
    await client.breakIn(code, 2);
    const cell = kernel.start(code);
    const [frame] = await client.stopped("breakpoint");
    const stopped = await client.ask<{ data: Record<string, string> }>(
      "richInspectVariables",
      { variableName: "ones", frameId: frame!.id },
    );
    assert.match(stopped.data["text/plain"] ?? "", /^Tensor, float32 \[1, 2\]/);
    await client.resume();
    assert.equal((await cell.done).result, "2");
  });
});
