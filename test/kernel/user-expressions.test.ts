/**
 * Tests user expressions, which a client requests together with a cell.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

interface Value {
  readonly status: string;
  readonly data?: Record<string, string>;
  readonly metadata?: object;
  readonly ename?: string;
  readonly traceback?: string[];
}

describe("user expressions", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  async function ask(
    code: string,
    expressions: Record<string, string>,
    others: object = {},
  ): Promise<Record<string, Value>> {
    const { content } = await kernel.request("execute_request", {
      code,
      user_expressions: expressions,
      ...others,
    });
    return content.user_expressions as Record<string, Value>;
  }

  test("return values in the form of results, and fail independently", async () => {
    const values = await ask("const n = 20;", {
      sum: "n + 1",
      object: "({ a: [n] })",
      waits: "await Promise.resolve(n)",
      nothing: "undefined",
      type: "n.toUpperCase()",
      grammar: "n +",
      throws: 'JSON.parse("{")',
    });
    assert.deepEqual(values.sum, {
      status: "ok",
      data: { "text/plain": "21" },
      metadata: {},
    });
    assert.equal(values.object?.data?.["text/plain"], "{ a: [ 20 ] }");
    assert.equal(values.waits?.data?.["text/plain"], "20");
    assert.equal(values.nothing?.data?.["text/plain"], "undefined");
    for (const [name, ename] of [
      ["type", "TypeScriptError"],
      ["grammar", "SyntaxError"],
      ["throws", "SyntaxError"],
    ] as const) {
      assert.equal(values[name]?.status, "error");
      assert.equal(values[name]?.ename, ename);
      assert.ok((values[name]?.traceback?.length ?? 0) > 0);
    }
  });

  test("declare nothing, publish no results and are not counted", async () => {
    const before = await kernel.run("1");
    await ask("2", { declared: "let leftover = 1; leftover" });
    const later = await kernel.execute("leftover");
    assert.equal(later.error?.ename, "TypeScriptError");
    assert.equal(
      Number(later.content.execution_count),
      Number(before.content.execution_count) + 2,
    );
  });

  test("are evaluated for a silent cell too, and not after an error", async () => {
    const silent = await ask("", { n: "6 * 7" }, { silent: true });
    assert.equal(silent.n?.data?.["text/plain"], "42");
    assert.deepEqual(await ask('throw new Error("no")', { n: "1" }), {});
  });
});
