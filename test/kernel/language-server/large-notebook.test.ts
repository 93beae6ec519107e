/**
 * Tests the language server on a notebook of 200 cells: what is checked again after an edit, and
 * that changes and requests during a check are not lost.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { until } from "../../until";
import { EditorClient } from "./editor-client";
import { CellNotebook, JoinedNotebook } from "./open-notebook";

const COUNT = 200;

/** Cells of which each fourth uses the one before; the others use nothing. */
const CELLS = Array.from({ length: COUNT }, (_, index) =>
  index % 4 === 1
    ? `const value${index} = value${index - 1}.slice(1);`
    : `const value${index} = [${index}, 2, 3];\nconst text = "${index}";`,
);

describe("a notebook of 200 cells", () => {
  let client: EditorClient;
  before(async () => {
    client = await EditorClient.start();
  });
  after(() => client?.close());

  test("an edit publishes the edited cell and those whose errors change", async () => {
    const notebook = await CellNotebook.open(client, CELLS);
    await until(
      () => CELLS.every((_, cell) => notebook.errors(cell)?.length === 0),
      "no errors in all cells",
    );
    client.published.length = 0;
    await notebook.change(100, "const value100 = 5;");
    await until(() => notebook.errors(101)?.length === 1, "an error");
    // An edit of the last cell is answered after everything before it.
    await notebook.change(199, "missing;");
    await until(() => notebook.errors(199)?.length === 1, "an error");
    const { lines } = notebook;
    assert.deepEqual(
      client.published.map(({ uri }) =>
        lines.findIndex((each) => each.uri === uri),
      ),
      [100, 101, 199],
    );
    await notebook.close();
    await until(
      () =>
        lines.every(({ uri }) => client.last(uri)?.diagnostics.length === 0),
      "all errors to be removed",
    );
  });

  test("an edit in one document publishes the edited cell first", async () => {
    const notebook = await JoinedNotebook.open(client, CELLS);
    await until(() => notebook.errors(199)?.length === 0, "a first result");
    await notebook.change(100, "const value100 = missing;");
    await notebook.shows(
      CELLS.map((_, cell) => (cell === 100 ? ["2304 missing"] : [])),
    );
    await notebook.change(100, "const value100 = 5;");
    await notebook.shows(
      CELLS.map((_, cell) => (cell === 101 ? ["2339 slice"] : [])),
    );
    // The version of the document tells the client which text the errors belong to.
    const { version } = client.last(notebook.uri)!;
    assert.equal(version, 3);
    await notebook.close();
  });

  test("changes during the first check are checked, and requests are answered", async () => {
    const notebook = await CellNotebook.open(client, CELLS);
    for (const [turn, text] of ["a", "ab", "abc", "abcd"].entries()) {
      await notebook.change(198, `const value198 = ${text};`);
      if (turn === 2) {
        const found = await notebook.ask<unknown[]>("definition", 1, "val|ue0");
        assert.equal(found.length, 1);
      }
    }
    await notebook.shows(
      CELLS.map((_, cell) => (cell === 198 ? ["2304 abcd"] : [])),
    );
    await notebook.close();
  });

  test("a canceled request is answered with an error, and the next one normally", async () => {
    const notebook = await CellNotebook.open(client, CELLS);
    const source = new CancellationTokenSource();
    const canceled = client.connection.sendRequest(
      "textDocument/completion",
      notebook.at(197, "value|196"),
      source.token,
    );
    source.cancel();
    // Unless the answer was quicker.
    const outcome = await canceled.then(
      () => "answered",
      (error: { code: number }) => error.code,
    );
    assert.ok(outcome === "answered" || outcome === -32800, String(outcome));
    const found = await notebook.ask<{ items: unknown[] }>(
      ...(["completion", 197, "value|196"] as const),
    );
    assert.ok(found.items.length >= 197);
    await notebook.close();
  });

  test("a cell can be moved", async () => {
    const notebook = await CellNotebook.open(client, ["const a = 1;", "a;"]);
    await notebook.shows([[], []]);
    await notebook.remove(0);
    await notebook.insert(1, "const a = 1;");
    await notebook.shows([["2304 a"], []]);
    await notebook.close();
  });
});
