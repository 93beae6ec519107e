/**
 * Tests that the lines that packages declare, and only these, are removed from the output of native
 * code: the library's declaration, for TensorFlow's start-up lines.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readDeclaration } from "../../kernel/extensions/declaration";
import { withoutQuietLines } from "../../kernel/front/native-noise";
import { convnotes } from "../../src/package.json";

const quietLines = readDeclaration(convnotes)!.quietLines;

const shown = (text: string) => withoutQuietLines(text, () => quietLines);

const startUp = [
  "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
  "I0000 00:00:1795345567.332653    4364 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results due to floating-point round-off errors from different computation orders. To turn them off, set the environment variable `TF_ENABLE_ONEDNN_OPTS=0`.\n",
  "I0000 00:00:1795345567.402832    4364 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use available CPU instructions in performance-critical operations.\n",
  "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow with the appropriate compiler flags.\n",
];

test("start-up lines are removed, alone and among others", () => {
  assert.equal(shown(startUp.join("")), "");
  assert.equal(
    shown(`before\n${startUp.join("between\n")}after`),
    "before\nbetween\nbetween\nbetween\nafter",
  );
});

test("all other text is unchanged", () => {
  for (const text of [
    "",
    "\n",
    "no line end",
    "a\r\nb\n\nc",
    "E0000 00:00:1795345567.402832    4364 port.cc:1] an error\n",
    "I0000 00:00:1795345567.402832    4364 other.cc:227] words\n",
    "port.cc:153] oneDNN custom operations are on.\n",
  ]) {
    assert.equal(shown(text), text);
  }
});

test("nothing is read if there is no text, and removed if nothing is declared", () => {
  const never = () => assert.fail("Expected no look at the declarations.");
  assert.equal(withoutQuietLines("", never), "");
  const text = startUp.join("");
  assert.equal(
    withoutQuietLines(text, () => []),
    text,
  );
});
