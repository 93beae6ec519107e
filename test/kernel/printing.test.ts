/**
 * Tests writing to standard output and error: encodings, split bytes, and the methods of streams.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ChunkDecoder } from "../../kernel/runtime/chunk-decoder";
import { type Answer, KernelClient } from "./kernel-client";

describe("the chunk decoder", () => {
  /** Returns the text of the given chunks, and the text of the end. */
  function joined(...pieces: (string | Uint8Array)[]): [string, string] {
    const decoder = new ChunkDecoder();
    const text = pieces.map((piece) => decoder.decode(piece)).join("");
    return [text, decoder.end()];
  }

  test("joins characters wherever bytes are split", () => {
    const text = "a€ łódź \u{1F680}\u{1F600} e\u0301";
    const bytes = Buffer.from(text);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const pieces = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ];
        assert.deepEqual(joined(...pieces), [text, ""]);
      }
    }
    assert.deepEqual(joined(...[...bytes].map((byte) => Buffer.of(byte))), [
      text,
      "",
    ]);
  });

  test("joins surrogate pairs", () => {
    assert.deepEqual(joined("a\ud83d", "", "\ude80b"), ["a\u{1F680}b", ""]);
    assert.deepEqual(joined("\ud83d", "\ud83d", "\ude80"), [
      "\ud83d\u{1F680}",
      "",
    ]);
    assert.deepEqual(joined("\ude80", "\ud83d"), ["\ude80", "\ufffd"]);
  });

  test("replaces incomplete characters by U+FFFD and keeps the text after them", () => {
    assert.deepEqual(joined(Buffer.of(0xe2, 0x82)), ["", "\ufffd"]);
    assert.deepEqual(joined(Buffer.of(0xe2, 0x82), "x"), ["\ufffdx", ""]);
    assert.deepEqual(joined("\ud83d", Buffer.from("x")), ["\ufffdx", ""]);
    assert.deepEqual(joined(Buffer.of(0xe2), Buffer.from("x")), [
      "\ufffdx",
      "",
    ]);
  });

  test("agrees with Node's decoder for any bytes", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const bytes = Buffer.from(
        Array.from({ length: 12 }, (_, index) => {
          const random = (seed * 7919 + index * 104_729) ** 2 % 1009;
          return [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xff][
            random % 9
          ]!;
        }),
      );
      const at = seed % 12;
      const [text, end] = joined(bytes.subarray(0, at), bytes.subarray(at));
      assert.equal(text + end, bytes.toString("utf8"));
    }
  });

  test("copies bytes, whose buffer may be reused", () => {
    const place = Buffer.from("€");
    const decoder = new ChunkDecoder();
    decoder.decode(place.subarray(0, 2));
    const last = Buffer.of(place[2]!);
    place.fill(0);
    assert.equal(decoder.decode(last), "€");
  });
});

describe("standard output", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(
      `import { Readable, Writable } from "node:stream";
       import { pipeline } from "node:stream/promises";
       import { spawn } from "node:child_process";
       import { once } from "node:events";
       const euro = Buffer.from("€\\n");`,
    );
  });
  after(() => kernel?.close());

  /** Returns the texts of a cell's two streams. */
  async function printed(code: string): Promise<[string, string]> {
    const answer: Answer = await kernel.run(code);
    return [answer.stdout, answer.stderr];
  }

  for (const [text, encoding, shown] of [
    ["68656c6c6f0a", "hex", "hello\n"],
    ["aGVsbG8K", "base64", "hello\n"],
    ["aGVsbG8K", "base64url", "hello\n"],
    ["\u00c3\u00a9", "latin1", "é"],
    ["\u00c3\u00a9", "binary", "é"],
    ["\u00e9", "latin1", "\ufffd"],
    ["hello", "ascii", "hello"],
    ["hi", "utf16le", "h\0i\0"],
    ["hi", "ucs2", "h\0i\0"],
    ["é€", "utf8", "é€"],
    ["é€", "UTF-8", "é€"],
  ] as const) {
    test(`a text in ${encoding} is written as Node writes it (${JSON.stringify(shown)})`, async () => {
      const write = (name: string) =>
        `process.${name}.write(${JSON.stringify(text)}, ${JSON.stringify(encoding)} as BufferEncoding);`;
      assert.deepEqual(await printed(write("stdout")), [shown, ""]);
      assert.deepEqual(await printed(write("stderr")), ["", shown]);
    });
  }

  test("setDefaultEncoding applies to later writes", async () => {
    const code = `process.stdout.setDefaultEncoding("hex");
      process.stdout.write("6869");
      process.stdout.setDefaultEncoding("utf8");
      process.stdout.write("6869");`;
    assert.deepEqual(await printed(code), ["hi6869", ""]);
  });

  test("a character split between writes is joined", async () => {
    // The pause separates the messages.
    assert.deepEqual(
      await printed(
        `process.stdout.write(euro.subarray(0, 1));
         process.stderr.write(euro.subarray(0, 2));
         await new Promise((resolve) => setTimeout(resolve, 50));
         process.stdout.write(euro.subarray(1));
         process.stderr.write(euro.subarray(2));`,
      ),
      ["€\n", "€\n"],
    );
    const rocket = '"Launch day \\u{1F680}"';
    assert.deepEqual(
      await printed(
        `process.stdout.write(${rocket}.slice(0, 12));
         process.stdout.write(${rocket}.slice(12) + "!");`,
      ),
      ["Launch day \u{1F680}!", ""],
    );
  });

  test("a character that stays incomplete becomes U+FFFD in its own cell", async () => {
    const [first] = await printed("process.stdout.write(euro.subarray(0, 2));");
    assert.equal(first, "\ufffd");
    assert.deepEqual(
      await printed(
        'console.log("Launch day \\u{1F680}".slice(0, 12) + "…"); process.stdout.write("\\ud83d");',
      ),
      ["Launch day \ufffd…\n\ufffd", ""],
    );
    const [third] = await printed("process.stdout.write(euro.subarray(2));");
    assert.equal(third, "\ufffd\n");
  });

  test("a character that a timer prints partly after its cell's end is shown", async () => {
    const cell = kernel.start(
      `setTimeout(() => {
         process.stdout.write(euro.subarray(0, 1));
         setTimeout(() => {
           process.stdout.write(euro.subarray(1));
           process.stdout.write(euro.subarray(0, 1));
         }, 50);
       }, 50);`,
    );
    await cell.done;
    const own = () =>
      kernel.iopub
        .filter(
          ({ type, parentHeader }) =>
            type === "stream" && parentHeader.msg_id === cell.id,
        )
        .map(({ content }) => content.text)
        .join("");
    await kernel.until(() => (own() === "€\n\ufffd" ? true : undefined));
  });

  test("bytes can be in any view", async () => {
    const code = `process.stdout.write(new Uint16Array([0x6968]) as any);
      process.stdout.write(new DataView(new Uint8Array([1, 33, 10]).buffer, 1) as any);
      process.stdout.write(new Uint8Array(new SharedArrayBuffer(1)).fill(46));`;
    assert.deepEqual(await printed(code), ["hi!\n.", ""]);
  });

  test("arguments that Node rejects are rejected with the same errors", async () => {
    const { result } = await kernel.run(
      `const tried: [unknown, unknown?][] = [[5], [null], [undefined], [{}], [[]], [true], ["x", "nope"], [euro, "nope"]];
       const refused = (stream: Writable) =>
         tried.map(([chunk, encoding]) => {
           try {
             stream.write(chunk, encoding as BufferEncoding);
             return "written";
           } catch (error) {
             return \`\${(error as NodeJS.ErrnoException).code}: \${(error as Error).message}\`;
           }
         });
       const nodes = refused(new Writable({ write: (_chunk, _encoding, done) => done() }));
       [nodes.includes("written"), JSON.stringify(nodes) === JSON.stringify(refused(process.stdout)), JSON.stringify(nodes) === JSON.stringify(refused(process.stderr))]`,
    );
    assert.equal(result, "[ false, true, true ]");
  });

  test("callbacks are called after the write, without an error", async () => {
    const { result, stdout } = await kernel.run(
      `const told: unknown[] = [];
       await new Promise<void>((resolve) => {
         process.stdout.write("a", (...all) => void told.push("a", ...all));
         process.stdout.write("62", "hex", (...all) => void told.push("b", ...all));
         process.stdout.write("", () => resolve());
         told.push("written");
       });
       told`,
    );
    assert.equal(stdout, "ab");
    assert.equal(result, "[ 'written', 'a', null, 'b', null ]");
  });

  test("a corked or ended stream still prints", async () => {
    const code = `process.stdout.cork();
      process.stdout.write("a");
      process.stdout.uncork();
      await new Promise<void>((resolve) => process.stdout.end("b", resolve));
      await new Promise<void>((resolve) => process.stdout.end(Buffer.from("c"), () => resolve()));
      process.stdout.write("d");`;
    assert.deepEqual(await printed(code), ["abcd", ""]);
    const again = `process.stdout.destroy(); console.log("e"); console.error(process.stdout.writable);`;
    assert.deepEqual(await printed(again), ["e\n", "true\n"]);
  });

  // The input is split after every three bytes.
  const source = `Readable.from((function* () {
    const bytes = Buffer.from("łódź €\\u{1F680}\\n".repeat(20));
    for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
  })(), { objectMode: false })`;
  const shown = "łódź €\u{1F680}\n".repeat(20);
  for (const [way, code] of [
    ["pipe", `${source}.pipe(process.stdout); await 0;`],
    ["pipeline", `await pipeline(${source}, process.stdout);`],
    [
      "pipeline, a second time",
      `await pipeline(${source}, process.stdout); console.log("after");`,
    ],
    [
      "a web stream",
      `await Readable.toWeb(${source}).pipeTo(Writable.toWeb(process.stdout) as any);`,
    ],
    [
      "for await",
      `for await (const bytes of ${source}) process.stdout.write(bytes);`,
    ],
  ] as const) {
    test(`is written to by ${way}`, async () => {
      const cell = kernel.start(code);
      await cell.done;
      const expected = way.includes("second") ? `${shown}after\n` : shown;
      await kernel.until(() => {
        const text = kernel.iopub
          .filter(
            ({ type, parentHeader }) =>
              type === "stream" && parentHeader.msg_id === cell.id,
          )
          .map(({ content }) => content.text)
          .join("");
        return text === expected ? true : undefined;
      });
    });
  }

  test("split characters in a child process's output are joined", async () => {
    // The pause separates the writes to the pipe.
    const program = `const bytes = Buffer.from("łódź"); process.stdout.write(bytes.subarray(0, 1)); setTimeout(() => process.stdout.write(bytes.subarray(1)), 100)`;
    const code = `const child = spawn(process.execPath, ["-e", ${JSON.stringify(program)}]);
      child.stdout.pipe(process.stdout);
      await once(child, "close");`;
    assert.deepEqual(await printed(code), ["łódź", ""]);
  });

  test("a text of V8's maximum length arrives in pieces, completely", async () => {
    const { stdout } = await kernel.run(
      'process.stdout.write("\\u{1F680}".repeat(3_000_001).slice(1));',
    );
    assert.equal(stdout.length, 6_000_001);
    assert.ok(stdout.startsWith("\ufffd\u{1F680}"));
    assert.equal(stdout.slice(1), "\u{1F680}".repeat(3_000_000));
  });

  test("the output of node:test arrives before the cell's end", async () => {
    const { stdout } = await kernel.run(
      'import { test } from "node:test"; await test("adds", () => {});',
    );
    assert.match(stdout, /adds/);
  });
});
