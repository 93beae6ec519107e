/**
 * Records the native programs that the engine passes to its addon, with the arguments of one step,
 * for `driver.cc` to run.
 */
import { mock } from "node:test";
import * as addonModule from "../../../src/engine/native/addon";
import type {
  NativeAddon,
  NativeHandle,
} from "../../../src/engine/native/addon";

/** A program, and the arguments of one step. */
export interface RecordedProgram {
  /** Description of the model for messages. */
  readonly title: string;
  /** Whether it has no sums over samples, so that it may run on fewer samples. */
  readonly isPerSample: boolean;
  readonly integers: Int32Array;
  readonly numbers: Float32Array;
  readonly rows: Int32Array;
  readonly stepIntegers: Int32Array;
  readonly settings: Float32Array;
  /** Buffers that are bound to arrays. */
  readonly bound: readonly {
    readonly buffer: number;
    readonly numbers: Float32Array;
  }[];
  /** Outputs: buffers, and the number of values that are read from each. */
  readonly reads: readonly {
    readonly buffer: number;
    readonly count: number;
  }[];
}

interface Recording {
  readonly isPerSample: boolean;
  readonly integers: Int32Array;
  readonly numbers: Float32Array;
  readonly bound: Map<number, Float32Array>;
  runs: number;
}

/** A mock of the addon that runs nothing and records the first step of each program. */
class Recorder implements NativeAddon {
  readonly programs: RecordedProgram[] = [];
  readonly #title: string;

  constructor(title: string) {
    this.#title = title;
  }

  widths(): string[] {
    return ["recorded"];
  }

  cacheBytes(): number {
    return 2 ** 20;
  }

  create(
    integers: Int32Array,
    numbers: Float32Array,
    _threads: number,
    _width: number,
    _keeps: boolean,
    isPerSample: boolean,
  ): NativeHandle {
    const recording: Recording = {
      ...{ isPerSample, integers, numbers, bound: new Map(), runs: 0 },
    };
    return recording as unknown as NativeHandle;
  }

  bind(handle: NativeHandle, buffer: number, numbers: Float32Array): void {
    recordingOf(handle).bound.set(buffer, numbers);
  }

  run(
    handle: NativeHandle,
    rows: Int32Array,
    stepIntegers: Int32Array,
    settings: Float32Array,
    _guarded: boolean,
    _prepared: boolean,
    outputs: Int32Array,
  ): Float32Array[] {
    const recording = recordingOf(handle);
    const reads: { buffer: number; count: number }[] = [];
    for (let each = 0; each < outputs.length; each += 2) {
      reads.push({ buffer: outputs[each]!, count: outputs[each + 1]! });
    }
    const { isPerSample } = recording;
    recording.runs += 1;
    if (recording.runs === 1) {
      const { integers, numbers, bound } = recording;
      this.programs.push({
        ...{ title: this.#title, isPerSample, integers, numbers, reads },
        rows: rows.slice(),
        stepIntegers: stepIntegers.slice(),
        settings: settings.slice(),
        bound: [...bound].map(([buffer, each]) => ({
          buffer,
          numbers: each.slice(),
        })),
      });
    }
    const times = isPerSample ? rows.length : 1;
    return reads.map(({ count }) => new Float32Array(times * count));
  }

  dispose(): void {
    // The mock allocates no memory.
  }

  releaseLibraries(): void {
    // The pages stay.
  }
}

function recordingOf(handle: NativeHandle): Recording {
  return handle as unknown as Recording;
}

/**
 * Records the native programs that `run` runs. They do nothing: weights do not change, and losses
 * and predictions are 0.
 *
 * @param title Title of the programs.
 */
export async function recordPrograms(
  title: string,
  run: () => Promise<unknown>,
): Promise<readonly RecordedProgram[]> {
  const addon = new Recorder(title);
  const replaced = mock.method(addonModule, "nativeAddon", () => ({ addon }));
  try {
    await run();
  } finally {
    replaced.mock.restore();
  }
  return addon.programs;
}

/**
 * Encodes programs as int32 and float32 values of four bytes each. The length of each list precedes
 * its items.
 */
export function encodePrograms(programs: readonly RecordedProgram[]): Buffer {
  const parts: (Int32Array | Float32Array)[] = [];
  const integer = (number: number) => parts.push(Int32Array.of(number));
  const list = (numbers: Int32Array | Float32Array) => {
    integer(numbers.length);
    parts.push(numbers);
  };
  integer(programs.length);
  for (const program of programs) {
    integer(Number(program.isPerSample));
    list(program.integers);
    list(program.numbers);
    list(program.rows);
    list(program.stepIntegers);
    list(program.settings);
    integer(program.bound.length);
    for (const { buffer, numbers } of program.bound) {
      integer(buffer);
      list(numbers);
    }
    integer(program.reads.length);
    for (const { buffer, count } of program.reads) {
      integer(buffer);
      integer(count);
    }
  }
  return Buffer.concat(
    parts.map((each) =>
      Buffer.from(each.buffer, each.byteOffset, each.byteLength),
    ),
  );
}
