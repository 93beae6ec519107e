/**
 * The mode of a lesson, from the environment or from a notebook parameter.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { lessonMode } from "../../src/course/mode";
import { errorWith } from "../error-with";

describe("lessonMode", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env["CONVNOTES_MODE"];
  });
  afterEach(() => {
    if (before === undefined) delete process.env["CONVNOTES_MODE"];
    else process.env["CONVNOTES_MODE"] = before;
  });

  test("is quick by default, and full if the environment says so", () => {
    delete process.env["CONVNOTES_MODE"];
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "";
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "quick";
    assert.equal(lessonMode(), "quick");
    process.env["CONVNOTES_MODE"] = "full";
    assert.equal(lessonMode(), "full");
  });

  test("rejects other values", () => {
    process.env["CONVNOTES_MODE"] = "Full";
    assert.throws(
      () => lessonMode(),
      errorWith(
        "ERR_INVALID_VALUE",
        "CONVNOTES_MODE",
        '"quick" or "full"',
        'received "Full"',
      ),
    );
  });

  test("prefers the argument over the environment", () => {
    process.env["CONVNOTES_MODE"] = "full";
    assert.equal(lessonMode("quick"), "quick");
    delete process.env["CONVNOTES_MODE"];
    assert.equal(lessonMode("full"), "full");
    for (const mode of ["", "fulll", "Quick"]) {
      assert.throws(
        () => lessonMode(mode),
        errorWith(
          "ERR_INVALID_VALUE",
          "the mode",
          '"quick" or "full"',
          `received "${mode}"`,
        ),
      );
    }
  });
});
