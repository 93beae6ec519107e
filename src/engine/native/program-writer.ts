/**
 * Writes native programs: allocates buffers, and finds when the inputs of each instruction are
 * ready.
 */
import type { Location, Operands, Output } from "./location";
import { place, type OperationName } from "./operations";
import {
  encode,
  print,
  type EncodedProgram,
  type Instruction,
  type ProgramSizes,
} from "./program-encoding";
import { Schedule } from "./schedule";

interface Buffer {
  place: number;
  readonly size: number;
  /** Levels in which instructions on samples read or write the buffer. */
  readonly levels: Set<number>;
}

/** Builds one program. */
export class ProgramWriter {
  readonly #buffers: Buffer[] = [];
  readonly #schedule = new Schedule();
  /** Minimum samples in a group. */
  minSamplesPerGroup = 1;
  /** Whether rows of the data are read before the first pass over the samples. */
  startsWithRows = false;
  #scratch: number | undefined;
  #stepIntegers = 0;

  /**
   * Adds a buffer that is bound from outside: one value for all samples, or the rows of the data.
   */
  bound(size: number, isData = false): Location {
    const buffer = this.#add(isData ? place.data : place.bound, size);
    return { domain: isData ? "rows" : "shared", buffer, size, ...atStart };
  }

  /** Reserves step integers. Returns the index of the first. */
  stepIntegers(count: number): number {
    this.#stepIntegers += count;
    return this.#stepIntegers - count;
  }

  /** Scratch memory of each thread, which all instructions share. */
  get scratch(): number {
    this.#scratch ??= this.#add(place.thread, 1);
    return this.#scratch;
  }

  /** Adds a buffer that each thread has for itself. */
  threadBuffer(size: number): number {
    return this.#add(place.thread, size);
  }

  /**
   * Adds an instruction that runs on each group of samples. Returns its result, rows of `size`
   * elements.
   *
   * @param more Buffers after those of the result and the inputs, such as scratch memory.
   */
  rows(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location {
    return this.#ofSamples("rows", name, [size], inputs, operands, more)[0]!;
  }

  /** As {@link rows}, for an instruction with several results. */
  severalRows(
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    return this.#ofSamples("rows", name, sizes, inputs, operands, []);
  }

  /**
   * Adds an instruction that runs on each group of samples and adds to partial sums. Returns the
   * sums, `size` elements for each slot.
   */
  sums(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location {
    return this.#ofSamples("slots", name, [size], inputs, operands, more)[0]!;
  }

  /** As {@link sums}, for an instruction with several results. */
  severalSums(
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    return this.#ofSamples("slots", name, sizes, inputs, operands, []);
  }

  #ofSamples(
    domain: "rows" | "slots",
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands,
    more: readonly number[],
  ): Location[] {
    const level = Math.max(0, ...inputs.map((each) => each.level));
    const where = domain === "rows" ? place.group : place.slot;
    const outputs = sizes.map((size) => {
      const buffer = this.#add(where, size);
      return { domain, buffer, size, level, wave: -1 };
    });
    const instruction = instructionOf(name, outputs, inputs, operands, more);
    for (const each of instruction.buffers) {
      this.#buffers[each]!.levels.add(level);
    }
    const sums = domain === "slots" ? outputs : [];
    this.#schedule.addOfSamples(
      level,
      instruction,
      sums.map(({ buffer }) => buffer),
    );
    return outputs;
  }

  /** Adds an instruction on shared values, which the threads divide. */
  shared(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location {
    return this.severalShared(name, [size], inputs, operands)[0]!;
  }

  /** As {@link shared}, for an instruction with several results. */
  severalShared(
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    const outputs = sizes.map((size) => ({ domain: "shared" as const, size }));
    return this.#ofAll(name, outputs, inputs, operands, []);
  }

  /**
   * Adds an instruction on the whole batch. Threads divide its columns or weights. Its results are
   * rows or shared values.
   */
  whole(
    name: OperationName,
    outputs: readonly Output[],
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location[] {
    const locations = this.#ofAll(name, outputs, inputs, operands, more);
    for (const each of inputs) this.keep(each);
    return locations;
  }

  #ofAll(
    name: OperationName,
    kinds: readonly Output[],
    inputs: readonly Location[],
    operands: Operands,
    more: readonly number[],
  ): Location[] {
    const [level, wave] = this.#waveOf(inputs);
    this.startsWithRows ||=
      level === 0 && inputs.some(({ domain }) => domain === "rows");
    const outputs = kinds.map(({ domain, size }) => {
      const isRows = domain === "rows";
      const buffer = this.#add(isRows ? place.batch : place.shared, size);
      return { domain, buffer, size, level, wave: isRows ? -1 : wave };
    });
    const instruction = instructionOf(name, outputs, inputs, operands, more);
    this.#schedule.addOfAll(level, wave, instruction);
    return outputs;
  }

  /** Adds up partial sums. Returns shared values unchanged. */
  added(location: Location): Location {
    if (location.domain !== "slots") return location;
    const { size, factor = 1 } = location;
    return this.shared("addSlots", size, [location], {
      integers: [size],
      numbers: [factor],
    });
  }

  /** Stores rows for the whole batch, so that they can be read after the pass over the samples. */
  keep({ buffer }: Location): void {
    const each = this.#buffers[buffer]!;
    if (each.place === place.group) each.place = place.batch;
  }

  /** Adds an instruction that changes bound buffers, to run after all others. */
  atEnd(
    name: OperationName,
    buffers: readonly number[],
    { integers = [], numbers = [] }: Operands,
  ): void {
    this.#schedule.addAtEnd({ name, buffers, integers, numbers });
  }

  /** Stops guarded runs before any change if this value is not finite. */
  guard({ buffer }: Location): void {
    this.#schedule.guard = buffer;
  }

  /** Whether the program has sums over samples. */
  get hasSums(): boolean {
    return this.#buffers.some((buffer) => buffer.place === place.slot);
  }

  /** Encodes the program for the addon. */
  encode(
    options: Omit<ProgramSizes, "stepIntegers" | "minSamplesPerGroup">,
  ): EncodedProgram {
    for (const buffer of this.#buffers) {
      if (buffer.place === place.group && buffer.levels.size > 1) {
        buffer.place = place.batch;
      }
    }
    const sizes = {
      ...options,
      stepIntegers: this.#stepIntegers,
      minSamplesPerGroup: this.minSamplesPerGroup,
    };
    return encode(this.#buffers, this.#schedule.phases(), sizes);
  }

  /** Returns the program as text, with one line per instruction. */
  print(): string {
    return print(this.#schedule.phases());
  }

  #add(where: number, size: number): number {
    const levels = new Set<number>();
    return this.#buffers.push({ place: where, size, levels }) - 1;
  }

  /**
   * Returns the level and the wave in which a shared value can be computed: after the passes over
   * the samples that compute its inputs.
   */
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

function instructionOf(
  name: OperationName,
  outputs: readonly Location[],
  inputs: readonly Location[],
  { integers = [], numbers = [] }: Operands,
  more: readonly number[],
): Instruction {
  const buffers = [...outputs, ...inputs].map(({ buffer }) => buffer);
  return { name, buffers: [...buffers, ...more], integers, numbers };
}
