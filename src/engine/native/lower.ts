/**
 * Matches a recorded step with what native programs can do, and writes the program.
 */
import type { StepOptions } from "../functions/step-body";
import type { Recording } from "../recording/recording";
import { formulaNodes } from "./lower-formulas";
import { lowerLayers } from "./lower-layers";
import { lowerNumbers } from "./lower-numbers";
import { isDrawn, isOfKey, lowerMask } from "./lower-random";
import { lowerUpdates } from "./lower-updates";
import { Lowering, NotNative, type Binding } from "./lowering";
import { penaltiesOf } from "./penalties";
import type { EncodedProgram } from "./program-encoding";
import type { Location } from "./location";
import type { ProgramWriter } from "./program-writer";
import { simplify } from "./simplify";
import { formOf } from "./update-forms";
import type { StepNode, Value } from "./values";

/** Sums of samples that a step has, whatever the number of threads: that many can share its work. */
export const slots = 4;

/** Bytes of a group of samples that should be in a core's cache at once. */
const cache = 3_000_000;

/** Samples that are predicted together, at least, where there are that many: large dense layers' weights are read once for them. */
const mostAtOnce = 128;

/** Samples of a group, at most. */
const mostInGroup = 16;

/** A step as a native program, and what it is about. */
export interface NativeStep {
  readonly program: EncodedProgram;
  readonly writer: ProgramWriter;
  readonly bindings: readonly Binding[];
  readonly samples: number;
  /** Whether nothing is summed over samples, and all outputs are of samples: any number of them can be given. */
  readonly isPerSample: boolean;
  /** Number of the input that picks the samples; undefined where the data are the batch. */
  readonly rowsInput: number | undefined;
  /** Whether what comes before the samples depends on variables and constants alone. */
  readonly preparesFromWeights: boolean;
  /** What JavaScript computes of the inputs in each step: two whole numbers each. */
  readonly keys: readonly Value[];
  /** Buffers of the outputs; `size` numbers of each sample, or in all where they are shared. */
  readonly outputs: readonly (Location & {
    readonly shape: readonly number[];
  })[];
}

/**
 * Lowers a recorded step, of the samples that an input picks, or of inputs that are the batch itself.
 *
 * @throws {NotNative} With the reason, if something in it is not to be had natively.
 */
export function lower(
  recording: Recording,
  options: StepOptions,
  picksSamples: boolean,
): NativeStep {
  if (options.varying.size > 0) {
    throw new NotNative("numbers of JavaScript change from step to step");
  }
  if (recording.kept.length > 0) {
    throw new NotNative("something is kept beyond the step");
  }
  const step = simplify(recording);
  const { samples, rowsInput } = picksSamples
    ? pickedSamples(step.nodes)
    : wholeBatch(recording);
  const lowering = new Lowering(step, recording.inputs, {
    samples,
    rowsInput,
  });
  const formulas = formulaNodes(lowering, step);
  const hasKernel = options.update && formOf(options.update) !== undefined;
  const penalties = penaltiesOf(lowering, step, hasKernel ?? false);
  for (const node of step.nodes) {
    const isLater = formulas.has(node) || penalties.nodes.has(node);
    if (isLater || lowering.isFinished(node)) continue;
    lowerWithReason(lowering, node);
  }
  const { writer } = lowering;
  const outputs = step.outputs.map((value) => {
    const raw = lowering.raw(value);
    const location =
      raw.domain === "rows"
        ? lowering.rows(value)
        : lowering.valueBefore(value);
    writer.keep(location);
    return { ...location, shape: value.shape };
  });
  const settings = lowerUpdates(lowering, step, {
    formulas,
    penalties,
    update: options.update,
  });
  const [loss] = outputs;
  if (options.guardsLoss && loss) writer.guard(loss);
  const preparesFromWeights =
    !lowering.hasSharedInputs && !writer.startsWithRows;
  const isPerSample =
    picksSamples &&
    preparesFromWeights &&
    !writer.hasSums &&
    step.updates.length + step.assignments.length === 0 &&
    outputs.every(({ domain }) => domain === "rows");
  const most = isPerSample
    ? Math.ceil(mostAtOnce / samples) * samples
    : samples;
  const sizes = { samples: most, slots, cache, mostInGroup, settings };
  return {
    program: writer.encode(sizes),
    writer,
    bindings: lowering.bindings,
    preparesFromWeights,
    isPerSample,
    keys: lowering.keys,
    ...{ samples, rowsInput, outputs },
  };
}

/** How many samples a step has, and which input picks them; undefined where the inputs are the batch. */
interface Samples {
  readonly samples: number;
  readonly rowsInput: number | undefined;
}

function wholeBatch({ inputs }: Recording): Samples {
  // A key of random numbers comes first, data come last.
  const [samples] = inputs.at(-1)?.shape ?? [];
  if (!samples) throw new NotNative("its inputs have no samples");
  return { samples, rowsInput: undefined };
}

function pickedSamples(nodes: readonly StepNode[]): Samples {
  for (const { name, inputs, outputs } of nodes) {
    if (name !== "GatherV2") continue;
    const [data, rows] = inputs;
    if (data?.data.kind !== "input" || rows?.data.kind !== "input") continue;
    return { samples: outputs[0]!.shape[0]!, rowsInput: rows.data.index };
  }
  throw new NotNative("its samples are not picked by number");
}

/** Lowers a node; what cannot be lowered says which operation it is. */
function lowerWithReason(lowering: Lowering, node: StepNode): void {
  try {
    lowerNode(lowering, node);
  } catch (error) {
    if (!(error instanceof NotNative) || error.message.includes(node.name)) {
      throw error;
    }
    throw new NotNative(`${error.message} (${node.name})`);
  }
}

function lowerNode(lowering: Lowering, node: StepNode): void {
  if (node.name === "GatherV2") {
    const [data, rows] = node.inputs;
    const isBatch =
      data?.data.kind === "input" &&
      rows?.data.kind === "input" &&
      rows.data.index === lowering.rowsInput;
    if (!isBatch) throw new NotNative("samples are picked in another way");
    lowering.bindRows(node.outputs[0]!, data.data.index);
    return;
  }
  if (isOfKey(node)) return;
  if (isDrawn(node)) {
    lowerMask(lowering, node);
    return;
  }
  if (lowerLayers(lowering, node) || lowerNumbers(lowering, node)) return;
  throw new NotNative(`it has the operation ${node.name}`);
}
