/**
 * Generates unusual texts, bytes and data from a seed: lone surrogates, control characters, and
 * data that JSON cannot represent.
 */
import prand from "pure-rand";

/** Parts of unusual texts. */
const PARTS = [
  "a",
  "Launch day ",
  "é",
  "łódź",
  "€",
  "\u{1F680}",
  "\u{1F469}\u200d\u{1F680}",
  "e\u0301",
  "\ud83d",
  "\ude80",
  "\udbff",
  "\udc00",
  "\ufffd",
  "\ufeff",
  "\uffff",
  "\ue000",
  "\u2028",
  "\0",
  "\u0007",
  "\u001b[31m",
  "\u009b",
  "\r",
  "\n",
  "\t",
  "\\ud83d",
  "\\",
  '"',
  "'",
  "`${1}",
  "</script><b>",
  "%s %d %o %c",
  "__proto__",
];

/** Expressions of data that JSON changes or cannot represent. */
const STRANGE = [
  "NaN",
  "-Infinity",
  "-0",
  "1e308",
  "undefined",
  "null",
  "12345678901234567890n",
  "Symbol('s')",
  "() => 1",
  "new Date(NaN)",
  "new Date(0)",
  "/x/gi",
  "new Map([['k', 1]])",
  "new Set([1])",
  "new Uint8Array([1, 2, 255])",
  "new Float32Array([NaN, 1])",
  "new Error('inside')",
  "Object.create(null)",
  "Object.assign(Object.create(null), { toString: 5 })",
  "new Proxy({}, {})",
  "new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; } })",
  "{ get bad(): number { throw new Error('got'); } }",
  "{ toJSON() { throw new Error('json'); } }",
  "{ toJSON() { return { nan: NaN }; } }",
  "{ [Symbol.toPrimitive]() { throw new Error('primitive'); } }",
  "ring",
  "deep",
  "long",
  "new String('boxed')",
  "[, 1, , 2]",
  "Promise.resolve(1)",
  "globalThis.process.versions",
];

/** Declarations that these expressions use. */
export const DECLARATIONS = `
  const ring: any = { name: "ring" }; ring.self = ring;
  let deep: any = 1; for (let level = 0; level < 5_000; level += 1) deep = [deep];
  const long = "x".repeat(300_000);`;

/** A generator of unusual values with a seed. */
export class OddValues {
  readonly #random: prand.RandomGenerator;

  constructor(seed: number) {
    this.#random = prand.xoroshiro128plus(seed);
  }

  /** Returns an integer from 0 up to but excluding the limit. */
  below(limit: number): number {
    return prand.unsafeUniformIntDistribution(0, limit - 1, this.#random);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  text(most = 8): string {
    return Array.from({ length: this.below(most + 1) }, () =>
      this.pick(PARTS),
    ).join("");
  }

  /** Returns bytes, many of which encode characters. */
  bytes(most = 30): Buffer {
    return Buffer.from(
      Array.from({ length: this.below(most + 1) }, () =>
        this.pick([
          0x0a,
          0x41,
          0xc3,
          0xa9,
          0xe2,
          0x82,
          0xac,
          0xf0,
          0x9f,
          0x9a,
          0x80,
          0xed,
          0xa0,
          this.below(256),
        ]),
      ),
    );
  }

  /** Returns sorted offsets at which to split data of this length, including both ends. */
  cuts(length: number): number[] {
    const inner = Array.from({ length: this.below(5) }, () =>
      this.below(length + 1),
    );
    return [0, ...inner.sort((a, b) => a - b), length];
  }

  /** Returns an expression of data that JSON preserves, with its value. */
  json(levels = 3): unknown {
    switch (levels === 0 ? this.below(3) : this.below(6)) {
      case 0:
        return this.text();
      case 1:
        return this.below(1_000_000) / 100;
      case 2:
        return this.pick([true, false, null]);
      case 3:
        return Array.from({ length: this.below(4) }, () =>
          this.json(levels - 1),
        );
      default:
        return Object.fromEntries(
          Array.from({ length: this.below(4) }, () => [
            this.text(3),
            this.json(levels - 1),
          ]),
        );
    }
  }

  /** Returns an expression of any value. */
  strange(levels = 2): string {
    const inner = () => this.strange(levels - 1);
    switch (levels === 0 ? this.below(2) : this.below(5)) {
      case 0:
        return this.pick(STRANGE);
      case 1:
        return `JSON.parse(${JSON.stringify(JSON.stringify(this.json(1)))})`;
      case 2:
        return `[${inner()}, ${inner()}]`;
      case 3:
        return `{ [${JSON.stringify(this.text(3))}]: ${inner()}, b: ${inner()} }`;
      default:
        return `new Map<unknown, unknown>([[${JSON.stringify(this.text(3))}, ${inner()}]])`;
    }
  }
}

/** Replaces lone surrogates by U+FFFD, in property names and strings. */
export function wellFormed<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  const clean = text.replace(/\\\\|\\ud[89a-f][\da-f]{2}/g, (found) =>
    found.length > 2 ? "\ufffd" : found,
  );
  return JSON.parse(clean) as Value;
}
