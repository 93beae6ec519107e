/**
 * How far the steps of a run have been compiled, and how a new process gets as far.
 *
 * The first step on inputs of a shape may run operation by operation, the next ones as a program,
 * which rounds differently. A run that continues in a new process must compute its next step as the
 * undisturbed run would have. So it repeats the first steps and forgets their results.
 */
import type { CompiledStep } from "../functions/compiled-step";
import type { StepInputs } from "../functions/step-definition";
import type { StepStage } from "../functions/step-form";
import { tf } from "../tfjs/library";
import type { ModelSteps } from "./model-steps";

/** The data of a run, with the samples along the first axis of each tensor. */
export interface RunData {
  /** Inputs, labels and sample weights. */
  readonly data: StepInputs;
  /** The same for validation; empty without it. */
  readonly validationData: StepInputs;
  readonly batchSize: number;
}

/** Stages of the steps on whole batches and on the rest: of training, then of evaluation. */
export type StepStages = readonly StepStage[];

/** A step with inputs of one shape. */
interface ShapedStep {
  readonly step: CompiledStep;
  /** Whether the shape occurs in the run. */
  readonly occurs: boolean;
  /** Creates inputs; they belong to the caller. */
  inputs(): StepInputs;
}

const order: readonly StepStage[] = ["unknown", "recorded", "compiled"];

/** Number of steps after which a stage that was not reached is given up. */
const mostSteps = 4;

/** Returns the stages of a run's steps. */
export function stagesOf(steps: ModelSteps, run: RunData): StepStages {
  return keepingRandomState(steps, () =>
    shapedSteps(steps, run).map(({ step, occurs, inputs }) =>
      occurs ? tf.tidy(() => step.stageOf(inputs())) : "unknown",
    ),
  );
}

/**
 * Runs steps until they have come as far as `stages` says. Creates the optimizer's variables.
 *
 * Weights, the optimizer's variables and its count of steps change: they must be restored
 * afterwards. Throws the errors of the steps.
 */
export function warmUp(
  steps: ModelSteps,
  run: RunData,
  stages: StepStages,
): void {
  const before = stagesOf(steps, run);
  const isAhead = (stage: StepStage, index: number) =>
    order.indexOf(stage) > order.indexOf(stages[index] ?? "unknown");
  // Programs of an earlier run in this process.
  if (before.some(isAhead)) steps.dispose();
  keepingRandomState(steps, () => {
    let isFirst = true;
    for (const [index, shaped] of shapedSteps(steps, run).entries()) {
      if (!shaped.occurs) continue;
      reach(shaped, stages[index] ?? "unknown", isFirst ? 1 : 0);
      isFirst = false;
    }
  });
  // A loss that was not finite has ended the checks.
  steps.watchLoss();
}

/** Runs a step at least `least` times, until it is at the stage. */
function reach(
  { step, inputs }: ShapedStep,
  stage: StepStage,
  least: number,
): void {
  for (let run = 0; run < mostSteps; run += 1) {
    const isReached = tf.tidy(() => {
      const given = inputs();
      if (run >= least && step.stageOf(given) === stage) return true;
      if (run >= least && stage === "unknown") return true;
      step.scalars(given);
      return false;
    });
    if (isReached) return;
  }
}

function shapedSteps(
  steps: ModelSteps,
  { data, validationData, batchSize }: RunData,
): ShapedStep[] {
  const training = (size: number, isWhole: boolean): ShapedStep => ({
    step: steps.trainGathered,
    occurs: isWhole ? size >= batchSize : size % batchSize > 0,
    inputs: () =>
      steps.trainingInputs([
        indices(isWhole ? batchSize : size % batchSize),
        ...data,
      ]),
  });
  const evaluation = (size: number, isWhole: boolean): ShapedStep => ({
    step: steps.testGathered,
    occurs: isWhole ? size >= batchSize : size % batchSize > 0,
    inputs: () => [
      indices(isWhole ? batchSize : size % batchSize),
      ...validationData,
    ],
  });
  const samples = data[0]?.shape[0] ?? 0;
  const validationSamples = validationData[0]?.shape[0] ?? 0;
  return [
    training(samples, true),
    training(samples, false),
    evaluation(validationSamples, true),
    evaluation(validationSamples, false),
  ];
}

/** Returns the indices of the first samples, (size,), int32. */
function indices(size: number): tf.Tensor1D {
  return tf.range(0, size, 1, "int32");
}

function keepingRandomState<Result>(
  steps: ModelSteps,
  run: () => Result,
): Result {
  const { randomState } = steps;
  try {
    return run();
  } finally {
    steps.randomState = randomState;
  }
}
