/**
 * Encodes elementwise formulas for the `formula` instruction (`cpp/formula.cc`), whose functions
 * write their results to registers.
 */
import { binaryFunction, unaryFunction } from "./operations";
import { sizeOf, type Data, type StepNode, type Value } from "./values";

/** Number of registers in the kernel. */
const registers = 12;

/** Offset that is added to the codes of binary functions. */
const binaryOffset = 64;

/** Where an operand is read from. */
const source = { register: 0, buffer: 1, oneInBuffer: 2, number: 3 } as const;

/** Operands of the instruction. */
interface Formula {
  /** Values that are read, in the order of the instruction's buffers. */
  readonly reads: readonly Value[];
  readonly integers: readonly number[];
  readonly numbers: readonly number[];
}

/**
 * Encodes nodes, given in order, as one formula. Returns undefined if they need more registers than
 * the kernel has.
 *
 * @param results The values written to the instruction's first buffers. All are outputs of the
 *   nodes.
 */
export function writtenFormula(
  nodes: readonly StepNode[],
  results: readonly Value[],
): Formula | undefined {
  const writer = new FormulaWriter(nodes, results);
  for (const [index, node] of nodes.entries()) {
    if (!writer.add(index, node)) return undefined;
  }
  return writer.formula();
}

class FormulaWriter {
  readonly #results: readonly Value[];
  readonly #functions: number[] = [];
  readonly #numbers: number[] = [];
  readonly #reads: Value[] = [];
  readonly #registers = new Map<Data, number>();
  /** Index of the last node that reads each value. */
  readonly #last = new Map<Data, number>();
  readonly #free = Array.from({ length: registers }, (_, index) => index);

  constructor(nodes: readonly StepNode[], results: readonly Value[]) {
    this.#results = results;
    for (const [index, { inputs }] of nodes.entries()) {
      for (const { data } of inputs) this.#last.set(data, index);
    }
    for (const { data } of results) this.#last.set(data, nodes.length);
  }

  /** Adds a function. Returns false if no register is free. */
  add(index: number, { name, inputs, outputs }: StepNode): boolean {
    const isBinary = name in binaryFunction;
    const [a, b = a] = inputs as [Value, Value?];
    const operands = [...this.#operand(a), ...this.#operand(b)];
    // Functions are elementwise, so a result may overwrite the register of an operand.
    for (const { data } of inputs) this.#release(data, index);
    const register = this.#free.shift();
    if (register === undefined) return false;
    this.#registers.set(outputs[0]!.data, register);
    this.#functions.push(
      isBinary ? binaryOffset + binaryFunction[name]! : unaryFunction[name]!,
      register,
      ...operands,
    );
    return true;
  }

  formula(): Formula {
    const functions = this.#functions;
    const size = sizeOf(this.#results[0]!.shape);
    const places = this.#results.map(({ data }) => this.#registers.get(data)!);
    return {
      reads: this.#reads,
      integers: [size, functions.length / 6, ...functions, ...places],
      numbers: this.#numbers,
    };
  }

  /** Returns the source of an operand and its index there. */
  #operand(value: Value): readonly [number, number] {
    const { data, shape } = value;
    if (data.kind === "uniform") {
      return [source.number, this.#numbers.push(data.value) - 1];
    }
    const register = this.#registers.get(data);
    if (register !== undefined) return [source.register, register];
    let place = this.#reads.findIndex((each) => each.data === data);
    if (place < 0) place = this.#reads.push(value) - 1;
    const where = sizeOf(shape) === 1 ? source.oneInBuffer : source.buffer;
    // Buffers of assigned variables come first.
    return [where, this.#results.length + place];
  }

  #release(data: Data, index: number): void {
    const register = this.#registers.get(data);
    const isFree = register === undefined || this.#free.includes(register);
    if (isFree || this.#last.get(data) !== index) return;
    this.#free.unshift(register);
  }
}
