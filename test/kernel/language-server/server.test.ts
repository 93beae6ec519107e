/**
 * Tests the start and the end of the language server, and documents that are not notebooks.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { CompletionList, Hover } from "vscode-languageserver/node";
import { projectFolder } from "../kernel-client";
import { EditorClient } from "./editor-client";
import { CellNotebook } from "./open-notebook";

const PROGRAM = join(
  ...[projectFolder, "src", "notebook", "bin", "convnotes.mjs"],
);

function convnotes(...parameters: string[]) {
  return spawnSync(
    process.execPath,
    [PROGRAM, "language-server", ...parameters],
    { encoding: "utf8", cwd: projectFolder },
  );
}

test("the command has help, and refuses wrong options", () => {
  const help = convnotes("--help");
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^Usage: convnotes language-server --stdio/);
  const missing = convnotes();
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^Expected --stdio, received none/);
  const unknown = convnotes("--port", "1");
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /Unknown option '--port'/);
});

test("the command serves until its input ends", async () => {
  const content = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  const server = spawn(
    process.execPath,
    [PROGRAM, "language-server", "--stdio"],
    { cwd: projectFolder, stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = once(server, "exit");
  server.stdin.write(`Content-Length: ${content.length}\r\n\r\n${content}`);
  let answer = "";
  for await (const part of server.stdout.setEncoding("utf8")) {
    answer += String(part);
    if (answer.includes('"name":"convnotes"')) break;
  }
  server.stdin.end();
  // Without a shutdown request, the end is an error by the protocol.
  assert.deepEqual(await ended, [1, null]);
});

describe("documents", () => {
  let client: EditorClient;
  before(async () => {
    client = await EditorClient.start({ "helper.ts": "export const one = 1;" });
  });
  after(() => client?.close());

  const open = (uri: string, text: string, languageId = "typescript") =>
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });

  test("the capabilities cover what jupyterlab-lsp and VS Code ask for", () => {
    const { capabilities } = client;
    for (const name of [
      "hoverProvider",
      "completionProvider",
      "signatureHelpProvider",
      "definitionProvider",
      "referencesProvider",
      "documentHighlightProvider",
      "renameProvider",
      "codeActionProvider",
      "notebookDocumentSync",
    ] as const) {
      assert.ok(capabilities[name], name);
    }
  });

  test("a file is one cell: names must not be declared twice", async () => {
    const uri = client.uri("plain.ts");
    await open(
      uri,
      'import { one } from "./helper";\nconst a = one;\n\n\nconst a = 2;\n',
    );
    const found = await client.diagnostics(uri, 1);
    assert.deepEqual(
      found.map(({ code }) => code),
      [2451, 2451],
    );
  });

  test("other languages are not checked", async () => {
    const uri = client.uri("other.ipynb");
    await open(uri, "x = 1", "python");
    const textDocument = { uri };
    const position = { line: 0, character: 0 };
    assert.equal(
      await client.request<Hover | null>("textDocument/hover", {
        textDocument,
        position,
      }),
      null,
    );
  });

  test("names to import are offered once they have been read", async () => {
    const notebook = await CellNotebook.open(client, ["existsSyn"]);
    for (;;) {
      const list = await notebook.ask<CompletionList>(
        ...(["completion", 0, "existsSyn|"] as const),
      );
      if (list.isIncomplete) continue;
      assert.ok(list.items.some(({ label }) => label === "existsSync"));
      break;
    }
    await notebook.close();
  });

  test("markdown cells are left out, and cells too deep for the stack are reported", async () => {
    const deep = `${"(".repeat(20_000)}1${")".repeat(20_000)}`;
    const notebook = await CellNotebook.open(client, ["const a = 1;", "a;"]);
    await notebook.shows([[], []]);
    await notebook.change(0, `const a = ${deep};`);
    await notebook.change(1, "a.b;");
    await notebook.change(0, "const a = 1;");
    await notebook.shows([[], ["2339 b"]]);
    await notebook.close();
  });
});
