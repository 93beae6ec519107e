/**
 * Lowers a recorded step to a native program.
 */
import { count } from "../../notebook/quantity";
import type { StepOptions } from "../functions/step-body";
import type { Recording } from "../recording/recording";
import { formulaNodes } from "./lower-formulas";
import { lowerLayers } from "./lower-layers";
import { lowerElementwise } from "./lower-elementwise";
import { lowerReduction } from "./lower-reductions";
import { isKeyNode, isMaskComparison, lowerMask } from "./lower-random";
import { lowerUpdates } from "./lower-updates";
import { Lowering, NotNative, type Binding } from "./lowering";
import { isSummedSquare, penaltiesOf } from "./penalties";
import type { EncodedProgram } from "./program-encoding";
import type { Location } from "./location";
import type { ProgramWriter } from "./program-writer";
import { simplify } from "./simplify";
import { formOf } from "./update-forms";
import type { StepNode, Value } from "./values";

/**
 * Number of partial sums over samples, for any number of threads. At most this many threads can
 * share the work.
 */
export const slots = 4;

/**
 * Bytes of the rows of a group of samples, as a part of a core's level 2 cache. Not all rows are in
 * use at the same time. Measured with caches of 1 and 2 MiB.
 */
const shareOfCache = 1.5;

/**
 * Minimum samples that are predicted at once, if there are that many: the weights of large dense
 * layers are read once for all of them.
 */
const samplesPerPrediction = 128;

/** Maximum samples in a group. */
const maxSamplesPerGroup = 16;

/** A step lowered to a native program. */
export interface NativeStep {
  readonly program: EncodedProgram;
  readonly writer: ProgramWriter;
  readonly bindings: readonly Binding[];
  readonly samples: number;
  /**
   * Whether nothing is summed over samples and all outputs are rows of samples. The program then
   * runs on any number of samples.
   */
  readonly isPerSample: boolean;
  /**
   * Index of the input that holds the samples' row indices; undefined if the data are the batch.
   */
  readonly rowsInput: number | undefined;
  /** Whether the values computed before the first sample depend on variables and constants only. */
  readonly preparesFromWeights: boolean;
  /** Random keys, two integers each, that JavaScript computes from the inputs in each step. */
  readonly keys: readonly Value[];
  /** Locations of the outputs. */
  readonly outputs: readonly (Location & {
    readonly shape: readonly number[];
  })[];
}

/** Largest number of values of a buffer: programs have sizes as integers of 32 bits. */
const mostValues = 2 ** 31 - 1;

/** Throws a {@link NotNative} if a tensor has more values than a program can count. */
function checkSizes({ operations }: Recording): void {
  for (const { outputs } of operations) {
    for (const { shape } of outputs) {
      const size = shape.reduce((product, length) => product * length, 1);
      if (size <= mostValues) continue;
      throw new NotNative(
        `a tensor has more than ${count(mostValues)} values: ${shape.map(count).join(" × ")}`,
      );
    }
  }
}

/**
 * Lowers a recorded step.
 *
 * @param target.picksSamples Whether an input holds the indices of the batch's samples. Otherwise
 *   the inputs are the batch itself.
 * @param target.cacheBytes Bytes of a core's level 2 cache.
 * @throws {NotNative} With the reason, if a part of the step is not supported.
 */
export function lower(
  recording: Recording,
  options: StepOptions,
  target: { readonly picksSamples: boolean; readonly cacheBytes: number },
): NativeStep {
  if (options.varying.size > 0) {
    throw new NotNative("JavaScript numbers change from step to step");
  }
  if (recording.kept.length > 0) {
    throw new NotNative("a tensor is kept after the step");
  }
  checkSizes(recording);
  const step = simplify(recording);
  const { picksSamples } = target;
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
    // The sum squares the values itself, without storing the squares.
    if (isSummedSquare(lowering, node)) lowering.finish(node);
    else lowerWithReason(lowering, node);
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
    ? Math.ceil(samplesPerPrediction / samples) * samples
    : samples;
  const cache = shareOfCache * target.cacheBytes;
  const sizes = { samples: most, slots, cache, maxSamplesPerGroup, settings };
  return {
    program: writer.encode(sizes),
    writer,
    bindings: lowering.bindings,
    preparesFromWeights,
    isPerSample,
    keys: lowering.keys,
    samples,
    rowsInput,
    outputs,
  };
}

/**
 * The number of samples of a step, and the index of the input that holds their row indices;
 * undefined if the inputs are the batch.
 */
interface Samples {
  readonly samples: number;
  readonly rowsInput: number | undefined;
}

function wholeBatch({ inputs }: Recording): Samples {
  // The first input is a random key; the data are last.
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
  throw new NotNative("its samples are not picked by index");
}

/** Lowers a node. Adds the operation's name to the reason of an error. */
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
    if (!isBatch)
      throw new NotNative("samples are picked in an unsupported way");
    lowering.bindRows(node.outputs[0]!, data.data.index);
    return;
  }
  if (isKeyNode(node)) return;
  if (isMaskComparison(node)) {
    lowerMask(lowering, node);
    return;
  }
  const lowerings = [lowerLayers, lowerElementwise, lowerReduction];
  if (lowerings.some((lowerNode) => lowerNode(lowering, node))) return;
  throw new NotNative(`unsupported operation ${node.name}`);
}
