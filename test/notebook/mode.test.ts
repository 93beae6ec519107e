/**
 * The lesson's mode comes from the environment, or from a parameter of the notebook.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { lessonMode } from "../../src/notebook/mode";

describe("lessonMode", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env["CONVNOTES_MODE"];
  });
  afterEach(() => {
    if (before === undefined) delete process.env["CONVNOTES_MODE"];
    else process.env["CONVNOTES_MODE"] = before;
  });

  test("is quick unless the environment says full", () => {
    delete process.env["CONVNOTES_MODE"];
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "";
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "quick";
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "full";
    assert.equal(lessonMode(), "full");
  });

  test("refuses any other word, saying which", () => {
    process.env["CONVNOTES_MODE"] = "Full";
    assert.throws(() => lessonMode(), {
      message:
        'Expected CONVNOTES_MODE to be "quick" or "full", received "Full"',
    });
  });

  test("is the one that is given, whatever the environment says", () => {
    process.env["CONVNOTES_MODE"] = "full";
    assert.equal(lessonMode("quick"), "quick");
    delete process.env["CONVNOTES_MODE"];
    assert.equal(lessonMode("full"), "full");
    for (const mode of ["", "fulll", "Quick"]) {
      assert.throws(() => lessonMode(mode), {
        message: `Expected the mode to be "quick" or "full", received "${mode}"`,
      });
    }
  });
});
