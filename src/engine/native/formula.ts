/**
 * A formula as its instruction has it (`cpp/formula.cc`): functions of blocks of numbers, each with a register for its result.
 */
import { binaryFunction, unaryFunction } from "./operations";
import { sizeOf, type Data, type StepNode, type Value } from "./values";

/** Registers that the kernel has. */
const registers = 12;

/** What the number of a function of two is more than its own. */
const ofTwo = 64;

/** Where an operand is. */
const source = { register: 0, buffer: 1, oneInBuffer: 2, number: 3 } as const;

/** What the instruction is given. */
interface Formula {
  /** What is read, in the order of the instruction's buffers. */
  readonly reads: readonly Value[];
  readonly integers: readonly number[];
  readonly numbers: readonly number[];
}

/**
 * The formula of some nodes, which are in order; undefined if it needs more registers than there are. `results` are the values that the
 * instruction's first buffers are given, all outputs of the nodes.
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
  /** Of each result, the last node that needs it. */
  readonly #last = new Map<Data, number>();
  readonly #free = Array.from({ length: registers }, (_, index) => index);

  constructor(nodes: readonly StepNode[], results: readonly Value[]) {
    this.#results = results;
    for (const [index, { inputs }] of nodes.entries()) {
      for (const { data } of inputs) this.#last.set(data, index);
    }
    for (const { data } of results) this.#last.set(data, nodes.length);
  }

  /** Adds a function; false if no register is left. */
  add(index: number, { name, inputs, outputs }: StepNode): boolean {
    const isOfTwo = name in binaryFunction;
    const [a, b = a] = inputs as [Value, Value?];
    const operands = [...this.#operand(a), ...this.#operand(b)];
    // A function goes from number to number, so its result may take an operand's place.
    for (const { data } of inputs) this.#release(data, index);
    const register = this.#free.shift();
    if (register === undefined) return false;
    this.#registers.set(outputs[0]!.data, register);
    this.#functions.push(
      isOfTwo ? ofTwo + binaryFunction[name]! : unaryFunction[name]!,
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

  /** Source and place of an operand. */
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
    // Behind the variables that are assigned.
    return [where, this.#results.length + place];
  }

  #release(data: Data, index: number): void {
    const register = this.#registers.get(data);
    const isFree = register === undefined || this.#free.includes(register);
    if (isFree || this.#last.get(data) !== index) return;
    this.#free.unshift(register);
  }
}
