/**
 * Tests how the cells are found in the text that JupyterLab sends for a notebook.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedText } from "../../../kernel/language-server/cell-text";
import { JoinedDocument } from "../../../kernel/language-server/joined-document";

/** Joins cells as `VirtualDocument` in @jupyterlab/lsp does. */
function joined(cells: readonly string[]): string {
  return cells.map((cell) => `${cell}\n`).join("\n\n");
}

/** Returns the cells without the line breaks around them, and their first lines. */
function split(document: JoinedDocument, cells: readonly string[]) {
  return document
    .split(joined(cells))
    .map(({ text, firstLine }) => [firstLine, text.trim()] as const);
}

test("cells are split at their borders", () => {
  const cells = ["const a = 1;", "", "a;\n\na;", "<p>text</p>", "let b = `1`"];
  assert.deepEqual(split(new JoinedDocument(), cells), [
    [0, cells[0]],
    [3, cells[1]],
    [6, cells[2]],
    [11, cells[3]],
    [14, cells[4]],
  ]);
});

test("two blank lines inside of brackets and strings are no border", () => {
  const cells = [
    "function f() {\n\n\n  return 1;\n}",
    "const text = `one\n\n\ntwo`;",
    "/* comment\n\n\n\n\n\nend */ 1",
    "f(\n\n\n  1,\n\n\n  2);",
  ];
  assert.deepEqual(
    split(new JoinedDocument(), cells).map(([, text]) => text),
    cells,
  );
});

test("two blank lines between statements are taken for a border", () => {
  assert.deepEqual(
    split(new JoinedDocument(), ["const a = 1;\n\n\na;"]).map(
      ([, text]) => text,
    ),
    ["const a = 1;", "a;"],
  );
});

test("an unfinished cell does not swallow the next ones", () => {
  const document = new JoinedDocument();
  const cells = ["const a = 1;", "function f() {", "const b = 2;", "b;"];
  for (let turn = 0; turn < 2; turn += 1) {
    assert.deepEqual(
      split(document, cells).map(([, text]) => text),
      cells,
    );
  }
  const finished = cells.map((cell) =>
    cell.endsWith("{") ? `${cell}}` : cell,
  );
  assert.deepEqual(
    split(document, finished).map(([, text]) => text),
    finished,
  );
});

test("what the kernel answers itself is replaced by blanks", () => {
  for (const [cell, expected] of [
    ["tf.conv2d?", "tf.conv2d "],
    ["??name", "  name"],
    ["a ? b : c", "a ? b : c"],
    ["%time 1\n// note\n%cd x\na\n%b", ";     1\n// note\n;    \na\n%b"],
    ["%%html\n<p>?</p>", "      \n        "],
    ["10 % 3", "10 % 3"],
  ] as const) {
    assert.equal(checkedText(cell), expected);
  }
});
