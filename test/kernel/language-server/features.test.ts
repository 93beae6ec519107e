/**
 * Tests what the language server answers in notebooks, as VS Code and as JupyterLab send them.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  Hover,
  Location,
  MarkupContent,
  SignatureHelp,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { EditorClient } from "./editor-client";
import {
  CellNotebook,
  JoinedNotebook,
  type OpenNotebook,
} from "./open-notebook";

const HELPER = `/** Doubles a number. */
export function double(value: number): number {
  return 2 * value;
}
export interface Point {
  x: number;
}
`;

const KINDS = {
  "a document for each cell": CellNotebook,
  "one document for all cells": JoinedNotebook,
};

for (const [kind, Kind] of Object.entries(KINDS)) {
  describe(kind, () => {
    let client: EditorClient;
    before(async () => {
      client = await EditorClient.start({ "helper.ts": HELPER });
    });
    after(() => client?.close());

    function inNotebook(
      title: string,
      texts: readonly string[],
      body: (notebook: OpenNotebook) => Promise<void>,
    ): void {
      test(title, async () => {
        const notebook = await Kind.open(client, texts);
        await body(notebook);
        await notebook.close();
      });
    }

    inNotebook(
      "errors: names of earlier cells are known, and may be declared again",
      [
        "const width = 3;\nconst rate: number = 'fast';",
        "const width = 'wide';\nwidth.toUpperCase();",
        "width.toFixed(1);\nlater;\nwidht;\nawait Promise.resolve(1);",
        "const later = 1;",
      ],
      async (notebook) => {
        await notebook.shows([
          ["2322 rate"],
          [],
          ["2551 toFixed", "2304 later", "2552 widht"],
          [],
        ]);
        assert.match(
          messageOf(notebook.errors(2)!.at(-1)!),
          /Did you mean 'width'\?/,
        );
      },
    );

    inNotebook(
      "edits: later cells that use a name are checked again",
      [
        "const size = 3;",
        "const twice = size * 2;",
        "const text = 'a';",
        "twice.toFixed(1);",
      ],
      async (notebook) => {
        await notebook.shows([[], [], [], []]);
        await notebook.change(0, "const size = 'three';");
        await notebook.shows([[], ["2362 size"], [], []]);
        await notebook.change(1, "const twice = size + size;");
        await notebook.shows([[], [], [], ["2551 toFixed"]]);
        await notebook.change(1, "const twice = (size +;");
        await notebook.shows([[], ["1109 ;"], [], ["2551 toFixed"]]);
        await notebook.change(1, "const twice = 2;");
        await notebook.shows([[], [], [], []]);
        await notebook.insert(3, "const twice = text;");
        await notebook.shows([[], [], [], [], ["2551 toFixed"]]);
        await notebook.remove(3);
        await notebook.shows([[], [], [], []]);
        await notebook.remove(1);
        await notebook.shows([[], [], ["2304 twice"]]);
      },
    );

    inNotebook(
      "types and values of one name, augmentations and help queries",
      [
        "interface Shape { size: number }",
        "const Shape = { size: 1 };\nconst one: Shape = Shape;",
        "declare global { var shared: string }\ndeclare global { interface Array<T> { second(): T } }",
        "shared.toUpperCase(); [1, 2].second();",
        "Shape.size?",
        "%timeit 5\nShape.sise",
        "<p>not TypeScript</p>",
      ],
      async (notebook) => {
        await notebook.shows([...[[], [], [], [], [], ["2339 sise"]]]);
        await notebook.change(2, "");
        await notebook.shows([[], [], [], ["2304 shared", "2339 second"]]);
      },
    );

    inNotebook(
      "magics that cannot run",
      [
        "const rate = 1;\n%tiem rate",
        "%time\n%%who\n%who",
        "const html = `\n%tiem`;\n10;\n%who",
      ],
      async (notebook) => {
        await notebook.shows([["0 %tiem"], ["0 %time", "0 %%who"], []]);
        assert.equal(
          messageOf(notebook.errors(0)![0]!),
          "Expected a magic, received %tiem. Did you mean %time? %help lists all.",
        );
        await notebook.change(0, "const rate = 1;\n%time rate");
        await notebook.shows([[], ["0 %time", "0 %%who"], []]);
      },
    );

    inNotebook(
      "imported files: their errors and changes",
      [
        'import { double } from "./helper";\ndouble("a");',
        'import { triple } from "./other";\ntriple(1);',
      ],
      async (notebook) => {
        await notebook.shows([['2345 "a"'], ['2307 "./other"']]);
        client.write("other.ts", "export const triple = (n: number) => 3 * m;");
        await client.notify("workspace/didChangeWatchedFiles", { changes: [] });
        await notebook.shows([['2345 "a"'], ['2304 "./other"']]);
        assert.match(
          messageOf(notebook.errors(1)![0]!),
          /^\.\/other has an error in line 1: Cannot find name 'm'/,
        );
        client.write("other.ts", "export const triple = (n: string) => n;\n");
        await client.notify("workspace/didChangeWatchedFiles", { changes: [] });
        await notebook.shows([['2345 "a"'], ["2345 1"]]);
      },
    );

    inNotebook(
      "hover",
      [
        "/** The **rate** of learning. */\nconst rate = 0.5;",
        'import { double } from "./helper";\nconst half = double(rate);\n\n// rate',
      ],
      async (notebook) => {
        const shown = async (cell: number, marked: string) => {
          const found = await notebook.ask<Hover | null>("hover", cell, marked);
          if (!found) return null;
          const { value } = found.contents as MarkupContent;
          const range = found.range!;
          const { uri } = notebook.at(cell, marked).textDocument;
          return [notebook.textAt({ uri, range }), value];
        };
        assert.deepEqual(await shown(1, "ra|te)"), [
          "1: rate",
          "```typescript\nconst rate: 0.5\n```\n\nThe **rate** of learning.",
        ]);
        assert.deepEqual(await shown(1, "= dou|ble"), [
          "1: double",
          "```typescript\n(alias) double(value: number): number\nimport double\n```\n\nDoubles a number.",
        ]);
        assert.equal(await shown(1, "half =| "), null);
        assert.equal(await shown(1, "// ra|te"), null);
      },
    );

    inNotebook(
      "definition",
      [
        "const rate = 0.5;\nclass Model { weights = 1 }",
        'import { double } from "./helper";\nimport { join } from "node:path";',
        "double(rate) + new Model().weights;\njoin('a');",
      ],
      async (notebook) => {
        const find = async (marked: string) => {
          const found = await notebook.ask<Location[]>("definition", 2, marked);
          return found.map((each) => notebook.textAt(each));
        };
        assert.deepEqual(await find("ra|te"), ["0: rate"]);
        assert.deepEqual(await find("wei|ghts"), ["0: weights"]);
        assert.deepEqual(await find("dou|ble"), [client.uri("helper.ts")]);
        assert.match((await find("jo|in"))[0]!, /@types\/node\/path\.d\.ts$/);
        assert.deepEqual(await find("|+"), []);
      },
    );

    inNotebook(
      "references and highlights",
      [
        "let count = 0;\nclass Model { weights = 1 }",
        "count += new Model().weights;\nconst shown = { count };",
        "const count = 'again';\ncount;",
        "function inner(count: number) { return count; }",
      ],
      async (notebook) => {
        const find = async (
          cell: number,
          marked: string,
          includeDeclaration = true,
        ) => {
          const found = await notebook.ask<Location[]>(
            ...(["references", cell, marked] as const),
            { context: { includeDeclaration } },
          );
          return found.map((each) => notebook.textAt(each));
        };
        const three = ["0: count", "1: count", "1: count"];
        assert.deepEqual(await find(0, "cou|nt"), three);
        assert.deepEqual(await find(1, "{ cou|nt"), three);
        assert.deepEqual(await find(1, "cou|nt +=", false), three.slice(1));
        assert.deepEqual(await find(2, "cou|nt"), ["2: count", "2: count"]);
        assert.deepEqual(await find(3, "return cou|nt"), [
          "3: count",
          "3: count",
        ]);
        assert.deepEqual(await find(1, "wei|ghts"), [
          "0: weights",
          "1: weights",
        ]);
        const marks = await notebook.ask<DocumentHighlight[]>(
          ...(["documentHighlight", 1, "cou|nt"] as const),
        );
        const kinds = marks.map((each) => each.kind);
        // Text is 1, Read is 2 and Write is 3.
        assert.deepEqual(kinds, Kind === CellNotebook ? [3, 2] : [3, 3, 2]);
      },
    );

    inNotebook(
      "rename",
      [
        'import { double } from "./helper";\nexport const size = 3;\nconst { length } = "text";',
        "const shape = { size, length };\ndouble(size);",
        "function scaled(size: number) { return size * length; }\nshape.size;",
        "const size = 'again';",
      ],
      async (notebook) => {
        const rename = async (cell: number, marked: string, newName: string) =>
          notebook.after(
            await notebook.ask<WorkspaceEdit>("rename", cell, marked, {
              newName,
            }),
          );
        const [first, second, third, fourth] = notebook.texts;
        assert.deepEqual(await rename(1, "double(si|ze", "width"), [
          first!.replace("size", "width"),
          "const shape = { size: width, length };\ndouble(width);",
          ...[third, fourth],
        ]);
        assert.deepEqual(await rename(0, "len|gth", "count"), [
          first!.replace("length", "length: count"),
          second!.replace("length", "length: count"),
          third!.replace("length", "count"),
          fourth,
        ]);
        assert.deepEqual(await rename(1, "dou|ble", "twice"), [
          first!.replace("double", "double as twice"),
          second!.replace("double", "twice"),
          ...[third, fourth],
        ]);
        assert.deepEqual(await rename(2, "shape.si|ze", "extent"), [
          first,
          second!.replace("size,", "extent: size,"),
          third!.replace("shape.size", "shape.extent"),
          fourth,
        ]);
        const prepared = await notebook.ask<{ placeholder: string }>(
          ...(["prepareRename", 1, "sha|pe"] as const),
        );
        assert.equal(prepared.placeholder, "shape");
        await assert.rejects(
          rename(1, "sha|pe", "two words"),
          /Expected a name/,
        );
        await assert.rejects(rename(1, "sha|pe", "class"), /Expected a name/);
        await assert.rejects(
          notebook.ask("prepareRename", 0, '"te|xt"'),
          /You cannot rename this element/,
        );
      },
    );

    inNotebook(
      "completion, with documentation and imports",
      [
        "/** How many. */\nconst total = 1;\nconst name = 'text';",
        'import { join } from "node:path";\ntot',
        "name.toUp",
        "readFileSyn",
        "// readFileSyn",
        'import { } from "./hel',
        'import { join } from "node:path";\nresol',
        "doubl",
      ],
      async (notebook) => {
        const complete = (cell: number, marked: string) =>
          notebook.ask<CompletionList>("completion", cell, marked);
        const resolve = (item: CompletionItem) =>
          client.request<CompletionItem>("completionItem/resolve", item);
        const labels = ({ items }: CompletionList) =>
          items.map(({ label }) => label);
        const { items } = await complete(1, "tot|");
        assert.equal(items[0]?.label, "total");
        assert.equal(items[0]?.detail, "1");
        const total = await resolve(items[0]);
        assert.equal(total.detail, "const total: 1");
        assert.deepEqual(total.documentation, {
          kind: "markdown",
          value: "How many.",
        });
        assert.deepEqual(labels(await complete(2, "name.toUp|")), [
          "toUpperCase",
        ]);
        assert.deepEqual(labels(await complete(5, "./hel|")), ["helper"]);

        // The modules are read while the server is idle, or for a quick fix.
        await notebook.ask("codeAction", 3, "|readFileSyn", {
          ...rangeOf(notebook, 3, "readFileSyn"),
        });
        const imported = async (cell: number, marked: string, from: string) => {
          const list = await complete(cell, marked);
          assert.equal(list.isIncomplete, false);
          const item = list.items.find(
            ({ labelDetails }) => labelDetails?.description === from,
          );
          assert.ok(item, `${marked} from ${from}`);
          const { additionalTextEdits = [], textEdit } = await resolve(item);
          const { uri } = notebook.at(cell, marked).textDocument;
          assert.ok(textEdit && "range" in textEdit);
          return notebook.after({
            changes: { [uri]: [...additionalTextEdits, textEdit] },
          })[cell];
        };
        assert.equal(
          await imported(3, "readFileSyn|", "node:fs"),
          'import { readFileSync } from "node:fs";\nreadFileSync',
        );
        assert.equal(
          await imported(6, "resol|", "node:path"),
          'import { join, resolve } from "node:path";\nresolve',
        );
        assert.equal(
          await imported(7, "doubl|", "./helper"),
          'import { double } from "./helper";\ndouble',
        );
        assert.deepEqual(labels(await complete(4, "readFileSyn|")), []);
      },
    );

    inNotebook(
      "quick fixes",
      [
        "const total = 1;\ninterface Sized { size: number }",
        "totl + 1;\nexistsSync('a');\nclass Box implements Sized {}",
        'import { join } from "node:path";\nfs.readdirSync(basename("a"));',
      ],
      async (notebook) => {
        const fix = async (cell: number, word: string, title: string) => {
          const actions = await notebook.ask<CodeAction[]>(
            ...(["codeAction", cell, `|${word}`] as const),
            rangeOf(notebook, cell, word),
          );
          const action = actions.find((each) => each.title === title);
          assert.ok(action, JSON.stringify(actions.map((each) => each.title)));
          assert.equal(action.kind, "quickfix");
          return notebook.after(action.edit!)[cell];
        };
        const [, second, third] = notebook.texts;
        assert.equal(
          await fix(1, "totl", "Change spelling to 'total'"),
          second!.replace("totl", "total"),
        );
        assert.equal(
          await fix(1, "existsSync", 'Add import from "node:fs"'),
          `import { existsSync } from "node:fs";\n${second}`,
        );
        assert.equal(
          await fix(1, "Box", "Implement interface 'Sized'"),
          second!.replace("{}", "{\n  size: number;\n}"),
        );
        assert.equal(
          await fix(2, "basename", 'Add import from "node:path"'),
          third!.replace("join", "join, basename"),
        );
        assert.equal(
          await fix(2, "fs.", 'Add import from "node:fs"'),
          third!.replace("\n", '\nimport fs from "node:fs";\n'),
        );
      },
    );

    inNotebook(
      "signature help",
      [
        "/** Adds. */\nfunction add(one: number, other = 2): number { return one + other; }",
        "add(1, ",
      ],
      async (notebook) => {
        const help = await notebook.ask<SignatureHelp>(
          ...(["signatureHelp", 1, "add(1, |"] as const),
        );
        assert.equal(
          help.signatures[0]?.label,
          "add(one: number, other?: number): number",
        );
        assert.equal(help.activeParameter, 1);
        assert.deepEqual(help.signatures[0]?.documentation, {
          kind: "markdown",
          value: "Adds.",
        });
        assert.equal(await notebook.ask("signatureHelp", 1, "|add"), null);
      },
    );
  });
}

/** Returns the parameters of a codeAction request for a word in a cell. */
function rangeOf(notebook: OpenNotebook, cell: number, word: string) {
  const { position } = notebook.at(cell, `|${word}`);
  return {
    range: { start: position, end: position },
    context: { diagnostics: [] },
  };
}

/** Returns the text of an error. */
function messageOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}
