/**
 * Tests that the native addon's errors have codes, as those of the library.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  nativeAddon,
  type NativeAddon,
  type NativeHandle,
} from "../../../src/engine/native/addon";
import {
  encode,
  type Phase,
} from "../../../src/engine/native/program-encoding";
import { place } from "../../../src/engine/native/operations";
import type { ErrorCode } from "../../../src/notebook/coded-error";
import { errorWith } from "../../error-with";
import { whyUnlimited } from "../wide-model";

const { addon, reason } = nativeAddon();

/** A program for batches of two samples, by default with one buffer of three values. */
function encoded(
  phases: readonly Phase[] = [],
  buffers = [{ place: place.bound as number, size: 3 }],
) {
  return encode(buffers, phases, {
    samples: 2,
    slots: 1,
    cache: 1000,
    maxSamplesPerGroup: 1,
    minSamplesPerGroup: 1,
    settings: 0,
    stepIntegers: 0,
  });
}

function create(
  native: NativeAddon,
  { integers, numbers } = encoded(),
  width = 0,
): NativeHandle {
  return native.create(integers, numbers, 1, width, false, false);
}

function run(
  native: NativeAddon,
  program: NativeHandle,
  outputs = [0, 3],
  samples = 2,
) {
  const none = new Float32Array();
  const rows = new Int32Array(samples);
  const wanted = Int32Array.from(outputs);
  return native.run(
    ...[program, rows, new Int32Array(), none, false, false, wanted],
  );
}

/** A call that is wrong, with the code and a part of the message that it must have. */
const wrong: Readonly<
  Record<string, [ErrorCode, string, (native: NativeAddon) => unknown]>
> = {
  "a call without arguments": [
    "ERR_INVALID_TYPE",
    "Expected 6 arguments, received 0",
    (native) => (native.create as unknown as () => void)(),
  ],
  "text in place of an array": [
    "ERR_INVALID_TYPE",
    "typed array",
    (native) => {
      const integers = "0" as unknown as Int32Array;
      create(native, { integers, numbers: new Float32Array() });
    },
  ],
  "text in place of an integer": [
    "ERR_INVALID_TYPE",
    "an integer",
    (native) => create(native, encoded(), "0" as unknown as number),
  ],
  "an object in place of a program": [
    "ERR_INVALID_TYPE",
    "a program",
    (native) => run(native, {} as NativeHandle),
  ],
  "a vector width that does not exist": [
    "ERR_INVALID_VALUE",
    "the index of a vector width to be from 0 to",
    (native) => create(native, encoded(), 99),
  ],
  "a program that ends too early": [
    "ERR_INTERNAL",
    "Expected a complete program",
    (native) => {
      const { integers, numbers } = encoded();
      create(native, { integers: integers.subarray(0, 4), numbers });
    },
  ],
  "a program with more integers": [
    "ERR_INTERNAL",
    "Expected the end of the program",
    (native) => {
      const { integers, numbers } = encoded();
      create(native, { integers: Int32Array.of(...integers, 0), numbers });
    },
  ],
  "an unknown operation": [
    "ERR_UNSUPPORTED",
    "received code 9999",
    (native) => {
      const instruction = { name: "copy", buffers: [], integers: [] } as const;
      const { integers, numbers } = encoded([
        {
          isOfSamples: false,
          guard: -1,
          cleared: [],
          instructions: [{ ...instruction, numbers: [] }],
        },
      ]);
      // The last four are the operation and the lengths of its three lists.
      integers[integers.length - 4] = 9999;
      create(native, { integers, numbers });
    },
  ],
  "an array of another length": [
    "ERR_SHAPE",
    "Expected 3 values, received 2",
    (native) => native.bind(create(native), 0, new Float32Array(2)),
  ],
  "a buffer that does not exist": [
    "ERR_INVALID_VALUE",
    "the index of a buffer to be from 0 to 0, received 7",
    (native) => native.bind(create(native), 7, new Float32Array(3)),
  ],
  "an output that does not exist": [
    "ERR_INVALID_VALUE",
    "the index of a buffer to be from 0 to 0, received -1",
    (native) => run(native, create(native), [-1, 3]),
  ],
  "a program whose values need 9 TB": [
    "ERR_MEMORY",
    "bytes of memory for the values of a native step",
    (native) => {
      const huge = { place: place.shared, size: 2 ** 31 - 1 };
      run(native, create(native, encoded([], new Array(1000).fill(huge))), []);
    },
  ],
  "outputs that need 9 TB": [
    "ERR_MEMORY",
    `Expected ${1000 * 4 * (2 ** 31 - 1)} bytes of memory for the outputs of a native step`,
    (native) => run(native, create(native), [0, 2 ** 31 - 1], 2000),
  ],
  "a batch of another size": [
    "ERR_SHAPE",
    "Expected batches of 2 samples, received 3",
    (native) => {
      const rows = Int32Array.of(0, 1, 2);
      const [integers, numbers] = [new Int32Array(), new Float32Array()];
      native.run(
        ...[create(native), rows, integers, numbers, false, false, integers],
      );
    },
  ],
  "a program that has been disposed of": [
    "ERR_INVALID_STATE",
    "disposed of",
    (native) => {
      const program = create(native);
      native.dispose(program);
      run(native, program);
    },
  ],
  "a number in place of a library's name": [
    "ERR_INVALID_TYPE",
    "a name",
    (native) => native.releaseLibraries(1 as unknown as string),
  ],
};

describe(
  "the native addon refuses, with a code,",
  { skip: reason ?? false },
  () => {
    for (const [title, [code, text, call]] of Object.entries(wrong)) {
      const skip = code === "ERR_MEMORY" && whyUnlimited();
      test(title, { skip }, () => {
        assert.throws(() => call(addon!), errorWith(code, text));
      });
    }

    test("and runs a right program", () => {
      const program = create(addon!);
      addon!.bind(program, 0, Float32Array.of(1, 2, 3));
      assert.deepEqual(run(addon!, program), [Float32Array.of(1, 2, 3)]);
      addon!.dispose(program);
    });
  },
);
