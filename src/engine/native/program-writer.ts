/**
 * A native program while it is being written: buffers, and instructions in the order in which their inputs are ready.
 *
 * A *level* is one pass over the samples, with what is shared computed before it, in *waves* that wait for each other. What is summed over
 * samples in one level is shared in the next.
 */
import type { Location, Operands, Output } from "./location";
import { place, type OperationName } from "./operations";
import {
  encode,
  print,
  type EncodedProgram,
  type Instruction,
  type Phase,
  type ProgramSizes,
} from "./program-encoding";

interface Buffer {
  place: number;
  readonly size: number;
  /** Levels in which it is written or read. */
  readonly levels: Set<number>;
}

interface Level {
  readonly waves: Instruction[][];
  readonly rows: Instruction[];
  readonly cleared: Set<number>;
}

/** Writes one program. */
export class ProgramWriter {
  readonly #buffers: Buffer[] = [];
  readonly #levels: Level[] = [];
  readonly #last: Instruction[] = [];
  /** Samples that a group has at least. */
  leastInGroup = 1;
  /** Whether rows of data are read before the first pass over the samples. */
  startsWithRows = false;
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
    return this.#ofSamples("rows", name, [size], inputs, operands, more)[0]!;
  }

  /** As {@link rows}, for an instruction that gives several buffers of rows. */
  severalRows(
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    return this.#ofSamples("rows", name, sizes, inputs, operands, []);
  }

  /** An instruction that adds to sums of `size` numbers for each slot. */
  sums(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
    more: readonly number[] = [],
  ): Location {
    return this.#ofSamples("slots", name, [size], inputs, operands, more)[0]!;
  }

  /** As {@link sums}, for an instruction that adds to several buffers. */
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
    const { rows, cleared } = this.#level(level);
    rows.push(instruction);
    if (domain === "slots") {
      for (const { buffer } of outputs) cleared.add(buffer);
    }
    return outputs;
  }

  /** An instruction on what is shared, each thread doing a part. */
  shared(
    name: OperationName,
    size: number,
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location {
    return this.severalShared(name, [size], inputs, operands)[0]!;
  }

  /** As {@link shared}, for an instruction that gives several buffers. */
  severalShared(
    name: OperationName,
    sizes: readonly number[],
    inputs: readonly Location[],
    operands: Operands = {},
  ): Location[] {
    const outputs = sizes.map((size) => ({ domain: "shared" as const, size }));
    return this.#ofAll(name, outputs, inputs, operands, []);
  }

  /** An instruction on all samples at once, of which each thread does some columns or weights; rows and what is shared come out. */
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
    const { waves } = this.#level(level);
    while (waves.length <= wave) waves.push([]);
    waves[wave]!.push(instructionOf(name, outputs, inputs, operands, more));
    return outputs;
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

  /** An instruction that changes what is bound, after everything else. */
  atEnd(
    name: OperationName,
    buffers: readonly number[],
    { integers = [], numbers = [] }: Operands,
  ): void {
    this.#last.push({ name, buffers, integers, numbers });
  }

  /** Has the program end before anything is changed where this number is not finite. */
  guard({ buffer }: Location): void {
    this.#guard = buffer;
  }

  /** Whether something is summed over samples. */
  get hasSums(): boolean {
    return this.#buffers.some((buffer) => buffer.place === place.slot);
  }

  /** The program as the addon takes it. */
  encode(
    options: Omit<ProgramSizes, "stepIntegers" | "leastInGroup">,
  ): EncodedProgram {
    for (const buffer of this.#buffers) {
      if (buffer.place === place.group && buffer.levels.size > 1) {
        buffer.place = place.batch;
      }
    }
    const sizes = {
      ...options,
      stepIntegers: this.#stepIntegers,
      leastInGroup: this.leastInGroup,
    };
    return encode(this.#buffers, this.#phases(), sizes);
  }

  /** The program as text, one line an instruction. */
  print(): string {
    return print(this.#phases());
  }

  #phases(): Phase[] {
    const phases = this.#levels.flatMap(({ waves, rows, cleared }) => [
      ...waves.map((instructions) => phase(false, instructions)),
      ...(rows.length > 0 ? [phase(true, rows, [...cleared])] : []),
    ]);
    const guarded = phases.at(-1);
    if (guarded && this.#guard !== undefined) guarded.guard = this.#guard;
    phases.push(phase(false, this.#last));
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
): Phase {
  return { isOfSamples, instructions, cleared, guard: -1 };
}

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
