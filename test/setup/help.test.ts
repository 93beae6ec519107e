/**
 * Every command explains itself in a fresh clone, where no package is installed.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { Checkout, cannotTry } from "./checkout";

const scripts = path.resolve(__dirname, "../../scripts");

describe("--help in a fresh clone", { skip: cannotTry }, () => {
  let checkout: Checkout;
  before(() => (checkout = new Checkout()));
  after(() => checkout.remove());

  for (const name of fs.readdirSync(scripts)) {
    if (!name.endsWith(".mjs")) continue;
    it(`of ${name}`, async () => {
      const { code, output, errors } = await checkout.start(
        name,
        { NODE_OPTIONS: "" },
        { parameters: ["--help"] },
      ).ending;
      assert.equal(code, 0, errors);
      assert.match(output, /npm (run|start|test)/);
      assert.ok(!checkout.has("node_modules"), "nothing was installed");
    });
  }
});
