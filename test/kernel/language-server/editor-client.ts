/**
 * An editor that talks to a language server in a process of its own.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from "vscode-languageserver/node";
import { until } from "../../until";
import { projectFolder } from "../kernel-client";

const PROGRAM = join(
  ...[projectFolder, "kernel", "dist", "language-server", "main.js"],
);

/** A server with a folder, and what it has published. */
export class EditorClient {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly #process: ChildProcess;
  /** What the server is able to do. */
  capabilities!: InitializeResult["capabilities"];
  /** All diagnostics in the order of their arrival. */
  readonly published: PublishDiagnosticsParams[] = [];

  private constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "convnotes-lsp-")));
    this.#process = spawn(process.execPath, [PROGRAM, "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.#process.stdout!),
      new StreamMessageWriter(this.#process.stdin!),
    );
    this.connection.onNotification(
      "textDocument/publishDiagnostics",
      (found: PublishDiagnosticsParams) => {
        this.published.push(found);
      },
    );
    this.connection.listen();
  }

  /** Starts a server for an empty folder, or one with these files. */
  static async start(
    files: Readonly<Record<string, string>> = {},
  ): Promise<EditorClient> {
    const client = new EditorClient();
    for (const [name, text] of Object.entries(files)) client.write(name, text);
    const { capabilities } = await client.request<InitializeResult>(
      "initialize",
      {
        processId: process.pid,
        rootUri: client.uri(""),
        capabilities: {},
      },
    );
    client.capabilities = capabilities;
    await client.notify("initialized", {});
    return client;
  }

  /** Writes a file in the folder. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Returns the URI of a file in the folder. */
  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  async request<Result>(method: string, parameters: object): Promise<Result> {
    return this.connection.sendRequest<Result>(method, parameters);
  }

  async notify(method: string, parameters: object): Promise<void> {
    await this.connection.sendNotification(method, parameters);
  }

  /** Returns the last diagnostics of a document; undefined if there are none yet. */
  last(uri: string): PublishDiagnosticsParams | undefined {
    return this.published.filter((each) => each.uri === uri).at(-1);
  }

  /** Waits for the diagnostics of a document's version. */
  async diagnostics(
    uri: string,
    version: number,
  ): Promise<readonly Diagnostic[]> {
    const find = () => {
      const last = this.last(uri);
      return last?.version === version ? last.diagnostics : undefined;
    };
    return until(find, `diagnostics of version ${version} of ${uri}`);
  }

  /** Ends the server as an editor does. */
  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    await this.request("shutdown", {});
    await this.notify("exit", {});
    const [code] = (await ended) as [number];
    this.connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    assert.equal(code, 0);
  }
}

/**
 * Returns the place of a mark in a text: `|` stands for the cursor.
 *
 * @param text The text of a document.
 * @param marked A part of the text, with the mark.
 */
export function placeOf(
  text: string,
  marked: string,
): { readonly line: number; readonly character: number } {
  const part = marked.replace("|", "");
  const start = text.indexOf(part);
  assert.ok(start >= 0, `Expected ${part} in ${text}.`);
  const before = text.slice(0, start + marked.indexOf("|")).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** Returns a text after edits, as an editor applies them. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (const [index, letter] of [...text].entries()) {
    if (letter === "\n") starts.push(index + 1);
  }
  const offset = ({ line, character }: TextEdit["range"]["start"]) =>
    starts[line]! + character;
  // From the end of the text, and insertions at one place in reverse order.
  const byStart = edits
    .map((edit, index) => ({ ...edit, index, start: offset(edit.range.start) }))
    .sort((a, b) => b.start - a.start || b.index - a.index);
  let done = text;
  for (const { range, newText, start } of byStart) {
    done = done.slice(0, start) + newText + done.slice(offset(range.end));
  }
  return done;
}
