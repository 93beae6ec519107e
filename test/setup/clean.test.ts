// `npm run clean` removes what was created, and nothing else.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { until } from "../until";
import { Checkout, cannotTry } from "./checkout";

describe("clean", { skip: cannotTry }, () => {
  let checkout: Checkout;
  beforeEach(() => (checkout = new Checkout()));
  afterEach(() => checkout.remove());

  for (const [parameter, expected] of [
    ["--help", 0],
    ["everything", 2],
  ] as const) {
    it(`removes nothing with the argument ${parameter}`, () => {
      checkout.write("kernel/dist/main.js", "");
      const { status } = spawnSync(
        process.execPath,
        [checkout.inside("scripts", "clean.mjs"), parameter],
        { encoding: "utf8" },
      );
      assert.equal(status, expected);
      assert.ok(checkout.has("kernel/dist/main.js"));
    });
  }

  it("removes every artifact and every cache, and keeps users' files", async () => {
    assert.equal((await checkout.setup()).code, 0);
    const made = [
      ".venv",
      "node_modules",
      "kernel/dist",
      "src/notebook/dist",
      "out",
      "notebooks/.ipynb_checkpoints",
      "scripts/lessons/__pycache__",
    ];
    const written = ["notebooks/lesson-1.ipynb", "kernel/main.ts", "test/a.ts"];
    for (const name of [
      "out/results.json",
      "notebooks/.ipynb_checkpoints/lesson-1.ipynb",
      "scripts/lessons/__pycache__/execute.pyc",
      ...written.filter((name) => !checkout.has(name)),
    ])
      checkout.write(name, "x".repeat(2_000_000));
    const { code, output } = await checkout.start("clean.mjs").ending;
    assert.equal(code, 0);
    for (const name of made) {
      assert.ok(!checkout.has(name), `${name} is gone`);
      assert.match(output, new RegExp(`removed ${name.replace(".", "\\.")} `));
    }
    for (const name of written) assert.ok(checkout.has(name), `${name} stays`);
    assert.match(output, /Freed [\d.]+ GB/);
  });

  it("does not follow links out of the checkout", async () => {
    const outside = `${checkout.parent}/data`;
    fs.mkdirSync(outside);
    fs.writeFileSync(`${outside}/images.bin`, "bytes");
    checkout.write("out/results.json", "[]");
    fs.symlinkSync(outside, checkout.inside("out/data"));
    fs.symlinkSync(outside, checkout.inside("node_modules"));
    assert.equal((await checkout.start("clean.mjs").ending).code, 0);
    assert.ok(!checkout.has("node_modules"));
    assert.deepEqual(fs.readdirSync(outside), ["images.bin"]);
  });

  it("has nothing to do in a fresh checkout", async () => {
    const { code, output } = await checkout.start("clean.mjs").ending;
    assert.equal(code, 0);
    assert.match(output, /Freed 0\.0 GB/);
    assert.ok(!checkout.has("out"));
  });

  it("waits for a running setup", async () => {
    const setup = checkout.startWaiting();
    await until(() => checkout.has("out/setup/lock"), "the lock");
    const clean = checkout.start("clean.mjs");
    await until(
      () => clean.written().includes("Setup is running"),
      "it to wait",
    );
    checkout.goOn();
    await clean.ending;
    assert.equal((await setup.ending).code, 0);
    assert.ok(!checkout.has(".venv"));
  });
});
