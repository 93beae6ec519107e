/**
 * A native program while it is being written: buffers, and instructions in the order in which their inputs are ready.
 *
 * A *level* is one pass over the samples, with what is shared computed before it, in *waves* that wait for each other. What is summed over
 * samples in one level is shared in the next.
 */
import { operation, place, type OperationName } from "./operations";

/** A buffer's numbers, and when they are ready. */
export interface Location {
  /** Rows of samples; or what is shared; or sums of the slots, which are not added yet. */
  readonly domain: "rows" | "shared" | "slots";
  readonly buffer: number;
  /** Numbers of a sample, or in all. */
  readonly size: number;
  readonly level: number;
  /** Of what is shared: the wave in which it is computed; −1 for what is there from the start. */
  readonly wave: number;
  /** Of sums: what they are to be multiplied by. */
  readonly factor?: number;
}

interface Buffer {
  place: number;
  readonly size: number;
  /** Levels in which it is written or read. */
  readonly levels: Set<number>;
}

interface Instruction {
  readonly name: OperationName;
  readonly buffers: readonly number[];
  readonly integers: readonly number[];
  readonly numbers: readonly number[];
}

interface Level {
  readonly waves: Instruction[][];
  readonly rows: Instruction[];
  readonly cleared: Set<number>;
}

/** The operands of an instruction. */
export interface Operands {
  readonly integers?: readonly number[];
  readonly numbers?: readonly number[];
}

/** What `addon.create` takes. */
export interface EncodedProgram {
  readonly integers: Int32Array;
  readonly numbers: Float32Array;
}

/** Writes one program. */
export class ProgramWriter {
  readonly #buffers: Buffer[] = [];
  readonly #levels: Level[] = [];
  readonly #last: Instruction[][] = [];
  #guard: number | undefined;
  #scratch: number | undefined;
  #stepIntegers = 0;

  /** Adds a buffer that is given from outside: whole, or as rows of data. */
  bound(size: number, isData = false): Location {
    const buffer = this.#add(isData ? place.data : place.bound, size);
    return { domain: isData ? "rows" : "shared", buffer, size, ...atStart };
  }

  /** Places for so many whole numbers that each step is given. */
  stepIntegers(count: number): number {
    this.#stepIntegers += count;
    return this.#stepIntegers - count;
  }

  /** Memory of each thread for what an instruction does in between. */
  get scratch(): number {
    this.#scratch ??= this.#add(place.thread, 1);
    return this.#scratch;
  }

  /** Memory of each thread of this size. */
  threadBuffer(size: number): number {
    return this.#add(place.thread, size);
  }

  /** An instruction for each group of samples; its rows of `size` numbers. */
  rows(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location {
    const level = this.#levelOf(inputs);
    const buffer = this.#add(place.group, size);
    this.#emitRows(name, level, [buffer], inputs, operands, more);
    return { domain: "rows", buffer, size, level, wave: -1 };
  }

  /** As {@link rows}, for an instruction that gives a second buffer of rows. */
  rowsOfTwo(
    name: OperationName,
    sizes: readonly [number, number],
    inputs: readonly Location[],
    operands: Operands = {},
  ): [Location, Location] {
    const level = this.#levelOf(inputs);
    const buffers = sizes.map((size) => this.#add(place.group, size));
    this.#emitRows(name, level, buffers, inputs, operands, []);
    const [a, b] = buffers.map((buffer, index) => ({
      domain: "rows" as const,
      buffer,
      size: sizes[index]!,
      level,
      wave: -1,
    }));
    return [a!, b!];
  }

  /** An instruction that adds to sums of `size` numbers for each slot. */
  sums(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location {
    const level = this.#levelOf(inputs);
    const buffer = this.#add(place.slot, size);
    this.#emitRows(name, level, [buffer], inputs, operands, more);
    this.#level(level).cleared.add(buffer);
    return { domain: "slots", buffer, size, level, wave: -1 };
  }

  /** As {@link sums}, for an instruction that adds to two buffers of this size. */
  sumsOfTwo(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    const level = this.#levelOf(inputs);
    const buffers = [this.#add(place.slot, size), this.#add(place.slot, size)];
    this.#emitRows(name, level, buffers, inputs, operands, []);
    return buffers.map((buffer) => {
      this.#level(level).cleared.add(buffer);
      return { domain: "slots" as const, buffer, size, level, wave: -1 };
    });
  }

  #emitRows(
    name: OperationName,
    level: number,
    outputs: readonly number[],
    inputs: readonly Location[],
    { integers = [], numbers = [] }: Operands,
    more: readonly number[],
  ): void {
    const buffers = [
      ...outputs,
      ...inputs.map(({ buffer }) => buffer),
      ...more,
    ];
    for (const each of buffers) this.#buffers[each]!.levels.add(level);
    this.#level(level).rows.push({ name, buffers, integers, numbers });
  }

  /** An instruction on what is shared, each thread doing a part. */
  shared(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location {
    const [level, wave] = this.#waveOf(inputs);
    const buffer = this.#add(place.shared, size);
    this.#emitShared(name, level, wave, [buffer], inputs, operands, []);
    return { domain: "shared", buffer, size, level, wave };
  }

  /** As {@link shared}, for an instruction that gives two buffers of this size. */
  sharedOfTwo(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
  ): [Location, Location] {
    const [level, wave] = this.#waveOf(inputs);
    const buffers = [
      this.#add(place.shared, size),
      this.#add(place.shared, size),
    ];
    this.#emitShared(name, level, wave, buffers, inputs, operands, []);
    const [a, b] = buffers.map((buffer) => ({
      domain: "shared" as const,
      buffer,
      size,
      level,
      wave,
    }));
    return [a!, b!];
  }

  /** An instruction on all samples at once, of which each thread does some columns or weights; rows and what is shared come out. */
  whole(
    name: OperationName,
    outputs: readonly {
      readonly domain: "rows" | "shared";
      readonly size: number;
    }[],
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location[] {
    const [level, wave] = this.#waveOf(inputs);
    const buffers = outputs.map(({ domain, size }) =>
      this.#add(domain === "rows" ? place.batch : place.shared, size),
    );
    for (const { domain, buffer } of inputs) {
      const each = this.#buffers[buffer]!;
      if (domain === "rows" && each.place === place.group) {
        each.place = place.batch;
      }
    }
    this.#emitShared(name, level, wave, buffers, inputs, operands, more);
    return outputs.map(({ domain, size }, index) => ({
      domain,
      size,
      buffer: buffers[index]!,
      level,
      wave: domain === "rows" ? -1 : wave,
    }));
  }

  #emitShared(
    name: OperationName,
    level: number,
    wave: number,
    outputs: readonly number[],
    inputs: readonly Location[],
    { integers = [], numbers = [] }: Operands,
    more: readonly number[],
  ): void {
    const buffers = [
      ...outputs,
      ...inputs.map(({ buffer }) => buffer),
      ...more,
    ];
    const { waves } = this.#level(level);
    while (waves.length <= wave) waves.push([]);
    waves[wave]!.push({ name, buffers, integers, numbers });
  }

  /** Adds the sums of the slots; gives what is shared already back as it is. */
  added(location: Location): Location {
    if (location.domain !== "slots") return location;
    const { size, factor = 1 } = location;
    return this.shared("addSlots", size, [location], {
      integers: [size],
      numbers: [factor],
    });
  }

  /** Keeps rows for the whole batch, to be read when the program has ended. */
  keep({ buffer }: Location): void {
    const each = this.#buffers[buffer]!;
    if (each.place === place.group) each.place = place.batch;
  }

  /** An instruction that changes what is bound, after everything else: in the first wave of the end, or in a later one. */
  atEnd(
    name: OperationName,
    buffers: readonly number[],
    { integers = [], numbers = [] }: Operands,
    wave = 0,
  ): void {
    while (this.#last.length <= wave) this.#last.push([]);
    this.#last[wave]!.push({ name, buffers, integers, numbers });
  }

  /** Has the program end before anything is changed where this number is not finite. */
  guard({ buffer }: Location): void {
    this.#guard = buffer;
  }

  /** The program as the addon takes it. */
  encode(options: {
    readonly samples: number;
    readonly slots: number;
    /** Bytes of a group's rows that are to be in the cache at once. */
    readonly cache: number;
    readonly mostInGroup: number;
    readonly settings: number;
  }): EncodedProgram {
    for (const buffer of this.#buffers) {
      if (buffer.place === place.group && buffer.levels.size > 1) {
        buffer.place = place.batch;
      }
    }
    const { samples, slots, cache, mostInGroup, settings } = options;
    const floats = this.#buffers
      .filter((each) => each.place === place.group)
      .reduce((sum, { size }) => sum + size, 0);
    const perSlot = Math.ceil(samples / slots);
    const fitting = Math.floor(cache / (4 * Math.max(1, floats)));
    const group = Math.max(1, Math.min(mostInGroup, perSlot, fitting));
    const phases = this.#phases();
    const integers: number[] = [
      ...[samples, slots, group, this.#stepIntegers, settings],
      this.#buffers.length,
      ...this.#buffers.flatMap((each) => [each.place, each.size]),
      phases.length,
    ];
    const numbers: number[] = [];
    for (const { isOfSamples, guard, cleared, instructions } of phases) {
      integers.push(Number(isOfSamples), guard);
      integers.push(cleared.length, ...cleared, instructions.length);
      for (const each of instructions) {
        integers.push(operation[each.name]);
        integers.push(each.buffers.length, ...each.buffers);
        integers.push(each.integers.length, ...each.integers);
        integers.push(each.numbers.length);
        numbers.push(...each.numbers);
      }
    }
    return {
      integers: Int32Array.from(integers),
      numbers: Float32Array.from(numbers),
    };
  }

  /** The program as text, one line an instruction. */
  print(): string {
    return this.#phases()
      .flatMap(({ isOfSamples, instructions }, index) => [
        `phase ${index}, ${isOfSamples ? "sample by sample" : "shared"}:`,
        ...instructions.map(
          ({ name, buffers, integers }) =>
            `  ${name}(${buffers.map((each) => `b${each}`).join(", ")}) [${integers.join(" ")}]`,
        ),
      ])
      .join("\n");
  }

  #phases() {
    const phases = this.#levels.flatMap(({ waves, rows, cleared }) => [
      ...waves.map((instructions) => phase(false, instructions)),
      ...(rows.length > 0 ? [phase(true, rows, [...cleared])] : []),
    ]);
    const guarded = phases.at(-1);
    if (guarded && this.#guard !== undefined) guarded.guard = this.#guard;
    phases.push(
      ...this.#last.map((instructions) => phase(false, instructions)),
    );
    return phases.filter(({ instructions }) => instructions.length > 0);
  }

  #add(where: number, size: number): number {
    const levels = new Set<number>();
    return this.#buffers.push({ place: where, size, levels }) - 1;
  }

  #level(level: number): Level {
    while (this.#levels.length <= level) {
      this.#levels.push({ waves: [], rows: [], cleared: new Set() });
    }
    return this.#levels[level]!;
  }

  #levelOf(inputs: readonly Location[]): number {
    return Math.max(0, ...inputs.map(({ level }) => level));
  }

  /** Where something shared can be computed: behind the pass over the samples in which its inputs are. */
  #waveOf(inputs: readonly Location[]): [level: number, wave: number] {
    const levels = inputs.map(({ domain, level, buffer }) =>
      domain === "shared" || this.#buffers[buffer]!.place === place.data
        ? level
        : level + 1,
    );
    const level = Math.max(0, ...levels);
    const waves = inputs.map((each, index) =>
      levels[index] === level && each.domain === "shared" ? each.wave + 1 : 0,
    );
    return [level, Math.max(0, ...waves)];
  }
}

const atStart = { level: 0, wave: -1 };

function phase(
  isOfSamples: boolean,
  instructions: readonly Instruction[],
  cleared: readonly number[] = [],
) {
  return { isOfSamples, instructions, cleared, guard: -1 };
}
