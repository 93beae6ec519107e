/**
 * Generates cells that output unusual values through all output channels of a kernel, with the
 * expected results.
 */
import assert from "node:assert/strict";
import type { Message } from "../../kernel/wire/message";
import type { Answer, KernelClient } from "./kernel-client";
import { OddValues, wellFormed } from "./odd-values";

/** A cell with its expectations. */
export interface OddCell {
  readonly code: string;
  /** Additional fields of the request. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The client's answers to its questions. */
  readonly answers?: readonly string[];
  /** Checks the received answer. */
  check?(answer: Answer, kernel: KernelClient): void;
}

type Way = (odd: OddValues) => OddCell;

/** Source that is run once before the cells. */
export const PREPARATION = `
  import { spawn, spawnSync } from "node:child_process";
  import { once } from "node:events";
  import { writeSync } from "node:fs";
  import { display, newDisplay } from "tslab";
  const host = (globalThis as any)[Symbol.for("convnotes.notebook")];`;

const MIME_TYPES = [
  "text/plain",
  "text/html",
  "text/markdown",
  "text/latex",
  "text/javascript",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "image/gif",
  "application/pdf",
  "application/json",
  "application/geo+json",
  "application/vnd.plotly.v1+json",
  "application/vnd.vegalite.v5+json",
  "application/x-own",
];

const isJson = (type: string) => /[/+]json$/.test(type);

/**
 * Returns an expression of a JSON value. In an object literal, `__proto__` would set the prototype.
 */
const literal = (value: unknown) =>
  typeof value === "object"
    ? `JSON.parse(${JSON.stringify(JSON.stringify(value))})`
    : JSON.stringify(value);

/** The output channels of a kernel. */
const WAYS: readonly Way[] = [
  (odd) => {
    const text = odd.text();
    const method = odd.pick(["log", "info", "debug", "warn", "error"]);
    return {
      code: `console.${method}("%s", ${literal(text)});`,
      check: ({ stdout, stderr }) =>
        assert.equal(stdout + stderr, wellFormed(`${text}\n`)),
    };
  },
  (odd) => ({
    code: `(console as any).${odd.pick(["log", "dir", "table", "trace", "error", "group", "count", "timeLog"])}(${odd.strange()} as any, ${literal(odd.text())} as any); console.groupEnd();`,
  }),
  (odd) => {
    const bytes = odd.bytes();
    const name = odd.pick(["stdout", "stderr"] as const);
    const cuts = odd.cuts(bytes.length);
    return {
      code: `{
        const bytes = Buffer.from("${bytes.toString("base64")}", "base64");
        const cuts = ${literal(cuts)};
        for (const [index, end] of cuts.slice(1).entries()) process.${name}.write(bytes.subarray(cuts[index], end));
      }`,
      check: (answer) => assert.equal(answer[name], bytes.toString("utf8")),
    };
  },
  (odd) => {
    const text = odd.text(12);
    const cuts = odd.cuts(text.length);
    return {
      code: `{
        const text = ${literal(text)};
        const cuts = ${literal(cuts)};
        for (const [index, end] of cuts.slice(1).entries()) process.stdout.write(text.slice(cuts[index], end));
      }`,
      check: ({ stdout }) => assert.equal(stdout, wellFormed(text)),
    };
  },
  (odd) => {
    const text = odd.text();
    const encoding = odd.pick(["hex", "base64", "latin1", "utf16le", "ascii"]);
    return {
      code: `process.stdout.write(${literal(text)}, "${encoding}" as BufferEncoding);`,
      check: ({ stdout }) =>
        assert.equal(
          stdout,
          Buffer.from(text, encoding as BufferEncoding).toString("utf8"),
        ),
    };
  },
  (odd) => {
    const type = odd.pick(MIME_TYPES);
    const data = isJson(type) ? odd.json() : odd.text();
    const metadata = { [odd.text(2)]: odd.json(2) };
    const id = odd.text(3);
    return {
      code: `host.display({ "${type}": ${literal(data)} }, { metadata: ${literal(metadata)}, displayId: ${literal(id)} });
        host.display({ ...{ "text/plain": "later" }, "${type}": ${literal(data)} }, { displayId: ${literal(id)}, update: true });`,
      check: ({ messages }) => {
        const shown = messages.find((each) => each.type === "display_data");
        assert.deepEqual(shown?.content, {
          data: wellFormed({ [type]: data }),
          metadata: wellFormed(metadata),
          transient: { display_id: wellFormed(id) },
        });
        assert.ok(messages.some((each) => each.type === "update_display_data"));
      },
    };
  },
  (odd) => ({
    code: `host.display({ "${odd.pick(MIME_TYPES)}": ${odd.strange()}, [${literal(odd.text(2))}]: ${odd.strange(1)} } as any, { metadata: ${odd.pick(["undefined", "null", "{}", "5", "[]", odd.strange(1)])} as any, displayId: ${odd.pick(["undefined", "7", "{}", "'id'"])} as any });`,
  }),
  (odd) => ({
    code: `host.display(${odd.strange()} as any); host.clear(${odd.strange(0)} as any);`,
  }),
  (odd) => {
    const method = odd.pick(["html", "markdown", "latex", "svg", "text"]);
    const text = odd.text();
    return {
      code: `display.${method}(${literal(text)}); display.png(Buffer.from("${odd.bytes().toString("base64")}", "base64"));
        const own = newDisplay(); own.${method}("first"); own.${method}(${literal(text)});`,
      check: ({ messages }) => {
        const [first] = messages.filter(({ type }) => type === "display_data");
        const [shown] = Object.values(first?.content.data as object);
        assert.equal(shown, wellFormed(text));
      },
    };
  },
  (odd) => {
    const [name, message] = [odd.text(3), odd.text()];
    return {
      code: `{
        const odd: any = new Error(${literal(message)}, { cause: ${odd.strange()} });
        odd.name = ${literal(name)};
        ${odd.pick(["", `odd.stack = ${literal(odd.text(20))};`, `odd.stack = ${odd.strange(0)};`, `odd[${literal(odd.text(2))}] = ${odd.strange()};`])}
        throw odd;
      }`,
      check: ({ messages }) => {
        const content = messages.find(({ type }) => type === "error")?.content;
        assert.equal(content?.ename, wellFormed(name || "Error"));
        assert.equal(content?.evalue, wellFormed(message));
      },
    };
  },
  (odd) => ({ code: `throw ${odd.strange()};` }),
  (odd) => ({
    code: `throw new AggregateError([${odd.strange()}, new Error(${literal(odd.text())})], ${literal(odd.text())});`,
  }),
  (odd) => ({
    code: `throw Object.assign(new Error("odd"), { name: ${odd.strange(0)}, message: ${odd.strange(0)} });`,
  }),
  (odd) => ({
    code: `void Promise.reject(${odd.strange()}); setTimeout(() => { throw new Error(${literal(odd.text())}); }, 0); await new Promise((resolve) => setTimeout(resolve, 5));`,
  }),
  (odd) => {
    const [target, data] = [odd.text(3), { [odd.text(2)]: odd.json() }];
    return {
      code: `{
        const comm = host.openComm(${literal(target)}, ${literal(data)}, { metadata: ${literal(data)}, buffers: [Buffer.from("${odd.bytes().toString("base64")}", "base64")] });
        comm.send(${literal(data)});
        try { comm.send(${odd.strange()} as any); } catch {}
        comm.close(${literal(data)});
      }`,
      check: ({ messages }) => {
        const sent = messages.filter(({ type }) => type.startsWith("comm_"));
        assert.equal(sent[0]?.content.target_name, wellFormed(target));
        for (const each of [sent[0], sent[1], sent.at(-1)]) {
          assert.deepEqual(each?.content.data, wellFormed(data));
        }
        assert.deepEqual(sent[0]?.metadata, wellFormed(data));
      },
    };
  },
  (odd) => ({ code: `(${odd.strange()})` }),
  (odd) => {
    const text = odd.text();
    return {
      code: `${literal(text)}; class C { [k: string]: unknown } Object.assign(new C(), { [${literal(text)}]: ${odd.strange()}, f: { [${literal(text)}]() {} } })`,
    };
  },
  (odd) => {
    const type = odd.pick(MIME_TYPES.slice(1));
    const data = isJson(type) ? odd.json() : odd.text();
    return {
      code: `({ [Symbol.for("Jupyter.display")]: async () => ({ "${type}": ${literal(data)} }) })`,
      check: ({ messages }) => {
        const result = messages.find(({ type }) => type === "execute_result");
        const bundle = result?.content.data as Record<string, unknown>;
        assert.deepEqual(bundle[type], wellFormed(data));
      },
    };
  },
  (odd) => ({
    code: `({ [Symbol.for("Jupyter.display")]: () => (${odd.pick([odd.strange(), `{ "text/plain": ${odd.strange()}, "application/json": ${odd.strange()} }`])}) })`,
  }),
  (odd) => {
    const text = odd.text();
    return {
      code: `prompt(${literal(text)}) === ${literal(wellFormed(text))}`,
      options: { allow_stdin: true },
      answers: [wellFormed(text)],
      check: ({ result }, { questions }) => {
        assert.equal(questions.at(-1)?.content.prompt, wellFormed(`${text} `));
        assert.equal(result, "true");
      },
    };
  },
  (odd) => {
    const octal = [...odd.bytes()].map(
      (byte) => `\\${byte.toString(8).padStart(3, "0")}`,
    );
    const format = literal(octal.join(""));
    return {
      code: odd.pick([
        `spawnSync("printf", [${format}], { stdio: "inherit" });`,
        `{ const child = spawn("printf", [${format}]); child.stdout.pipe(process.stdout); await once(child, "close"); }`,
        `writeSync(1, Buffer.from("${odd.bytes().toString("base64")}", "base64"));`,
      ]),
    };
  },
  (odd) => {
    const text = odd.text();
    const key = odd.text(2);
    return {
      code: "1",
      options: {
        user_expressions: {
          [key]: literal(text),
          strange: `(${odd.strange()})`,
          thrown: `(() => { throw ${odd.strange()}; })()`,
        },
      },
      check: ({ content }) => {
        const values = content.user_expressions as Record<string, object>;
        assert.ok(wellFormed(key) in values);
      },
    };
  },
];

/** Returns cells that use all output channels, repeatedly if needed. */
export function oddCells(seed: number, count: number): OddCell[] {
  const odd = new OddValues(seed);
  return Array.from({ length: count }, (_, index) =>
    WAYS[index % WAYS.length]!(odd),
  );
}

/** An output of a cell in a notebook file. */
type FileOutput = Record<string, unknown>;

/** Returns the outputs that a client stores for these messages. */
export function fileOutputs(messages: readonly Message[]): FileOutput[] {
  const outputs: FileOutput[] = [];
  const shown = new Map<unknown, FileOutput>();
  for (const { type, content } of messages) {
    const last = outputs.at(-1);
    if (type === "clear_output") {
      outputs.length = 0;
    } else if (type === "stream") {
      if (last?.output_type === "stream" && last.name === content.name) {
        last.text = `${last.text as string}${content.text as string}`;
      } else {
        outputs.push({ output_type: "stream", ...content });
      }
    } else if (type === "display_data") {
      const { data, metadata } = content;
      const output = { output_type: "display_data", data, metadata };
      outputs.push(output);
      const { display_id } = content.transient as { display_id?: unknown };
      if (display_id !== undefined) shown.set(display_id, output);
    } else if (type === "update_display_data") {
      const { display_id } = content.transient as { display_id?: unknown };
      const { data, metadata } = content;
      Object.assign(shown.get(display_id) ?? {}, { data, metadata });
    } else if (type === "execute_result" || type === "error") {
      outputs.push({ output_type: type, ...content });
    }
  }
  return outputs;
}
