/**
 * Tests help queries, which are cells of a name and a question mark.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { nameQuestion } from "../../kernel/front/pager";
import { KernelClient } from "./kernel-client";

describe("a help query", () => {
  for (const [source, name, detailLevel] of [
    ["Math?", "Math", 0],
    ["Math.sqrt?", "Math.sqrt", 0],
    ["?Math.sqrt", "Math.sqrt", 0],
    ["Math.sqrt??", "Math.sqrt", 1],
    ["  $größe_1 ? ;\n", "$größe_1", 0],
  ] as const) {
    test(`is ${JSON.stringify(source)}`, () => {
      assert.deepEqual(nameQuestion(source), { name, detailLevel });
    });
  }

  for (const source of [
    "Math",
    "a ? b : c",
    "a?.b",
    "a ?? b",
    "a???",
    "?",
    "",
    "1?",
    "a()?",
    "a.?",
    "// a?",
    "a\n?",
    "const a?",
  ]) {
    test(`is not ${JSON.stringify(source)}`, () => {
      // A question mark on a separate line is also a help query.
      const expected = source === "a\n?" ? "a" : undefined;
      assert.equal(nameQuestion(source)?.name, expected);
    });
  }
});

describe("a kernel", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      "/** Doubles a number. */\nfunction double(x: number) { return 2 * x; }",
    );
  });
  after(() => kernel?.close());

  const pageOf = (content: Record<string, unknown>) =>
    (content.payload as { source: string; data: Record<string, string> }[])[0];

  test("answers a help query with a page, without running code", async () => {
    const { content, outputs } = await kernel.execute("double?");
    assert.equal(content.status, "ok");
    const page = pageOf(content);
    assert.equal(page?.source, "page");
    assert.match(
      page.data["text/plain"]!,
      /function double\(x: number\): number/,
    );
    assert.match(page.data["text/plain"]!, /Doubles a number\./);
    assert.match(page.data["text/markdown"]!, /^```typescript\n/);
    assert.deepEqual(outputs, []);
  });

  test("adds the source for two question marks", async () => {
    const one = pageOf((await kernel.execute("double?")).content);
    const two = pageOf((await kernel.execute("double??")).content);
    assert.ok(!one!.data["text/plain"]!.includes("return 2 * x"));
    assert.ok(two!.data["text/plain"]!.includes("return 2 * x"));
  });

  test("reports unknown names, counts the cell, and keeps running", async () => {
    const { content, stdout } = await kernel.execute("nowhere?");
    assert.equal(content.status, "ok");
    assert.equal(stdout, "No information about nowhere.\n");
    assert.deepEqual(content.payload, []);
    const next = await kernel.execute("double(21)");
    assert.equal(next.result, "42");
    assert.equal(
      next.content.execution_count,
      Number(content.execution_count) + 1,
    );
  });

  test("reports a help query as complete code", async () => {
    const { content } = await kernel.request("is_complete_request", {
      code: "double?",
    });
    assert.equal(content.status, "complete");
  });
});
