/**
 * Draws random programs: a model, how it is compiled, and what is done with it.
 */
import { Random } from "../../../src/data/synthetic/random";
import { Observations } from "../cases/observations";
import { drawCompile } from "./compile-drawing";
import { drawModel } from "./model-drawing";
import { OwnCode } from "./own-code";
import type { Action, CallbackPlan, DataPlan, ModelPlan, Plan } from "./plan";

/** Draws the program of a seed. Half of them have no custom code, so they are compiled. */
export function drawPlan(seed: number): Plan {
  const random = new Random(seed);
  const own = random.chance(0.45);
  const drawsAtRandom = random.chance(0.06);
  const batch = random.chance(0.08) ? 2 + random.integer(2) : undefined;
  const code = new OwnCode(new Observations());
  const model = drawModel(random, code, {
    own,
    ...(drawsAtRandom ? { drawsAtRandom } : {}),
    ...(batch === undefined ? {} : { batch }),
  });
  const compile = drawCompile(random, model, own);
  const count = 3 + random.integer(4);
  const actions: Action[] = [];
  for (let index = 0; index < count; index += 1) {
    const action = drawAction(random, model, own);
    actions.push(action);
    // A change is followed by a use that shows it, and has been used before.
    if (!uses.has(action.does)) {
      const on = action.on === undefined ? {} : { on: action.on };
      actions.splice(-1, 0, { ...drawUse(random, model, own), ...on });
      actions.push({ ...drawUse(random, model, own), ...on });
    }
  }
  if (random.chance(0.08)) {
    actions.push({ does: "dispose", which: random.integer(4) });
    actions.push(drawUse(random, model, own));
  }
  return { seed, model, compile, actions };
}

/** Actions whose results a program observes. */
const uses = new Set([
  "fit",
  "fitDataset",
  "trainOnBatch",
  "evaluate",
  "predict",
  "predictOnBatch",
]);

/** Actions that change something that a compiled step may assume to be constant. */
const changes = [
  "setWeights",
  "setWeights",
  "copyWithin",
  "copyToTwin",
  "setOptimizer",
  "setOptimizer",
  "setLayer",
  "setLayer",
  "setTrainable",
  "saveOptimizer",
  "restoreOptimizer",
  "compile",
  "saveAndLoad",
  "minimize",
  "innerModel",
  "resetStates",
] as const;

/** Actions that change something read by custom code, or that install custom code. */
const ownChanges = [
  "ownNumber",
  "ownNumber",
  "ownVariable",
  "ownField",
  "ownField",
  "replaceCall",
] as const;

/** Fields of the optimizers, and values they are changed to. */
const optimizerFields: readonly [string, number | boolean][] = [
  ["learningRate", 0.004],
  ["learningRate", 0],
  ["beta1", 0.5],
  ["beta2", 0.9],
  ["epsilon", 0.01],
  ["momentum", 0.3],
  ["m", 0.3],
  ["useNesterov", true],
  ["decay", 0.5],
  ["rho", 0.5],
];

/** Fields of layers, and values they are changed to; fields that no layer has change nothing. */
const layerFields: readonly [string, number | boolean][] = [
  ["alpha", 0.3],
  ["momentum", 0.2],
  ["epsilon", 0.1],
  ["maxValue", 0.3],
  ["rate", 0],
  ["l2", 0.2],
  ["maskValue", 0.5],
  ["scale", 0.25],
  ["offset", 0.3],
  ["supportsMasking", false],
];

function drawAction(random: Random, model: ModelPlan, own: boolean): Action {
  if (random.chance(0.4)) return drawUse(random, model, own);
  const on = random.chance(0.2) ? ({ on: "twin" } as const) : {};
  return { ...drawChange(random, model, own), ...on };
}

function drawChange(random: Random, model: ModelPlan, own: boolean): Action {
  const does = random.pick(own ? [...changes, ...ownChanges] : changes);
  const which = random.integer(6);
  switch (does) {
    case "setOptimizer": {
      const [field, value] = random.pick(optimizerFields);
      return { does, field, value };
    }
    case "setLayer": {
      const [field, value] = random.pick(layerFields);
      return { does, field, value };
    }
    case "setTrainable":
      return {
        does,
        which,
        value: random.chance(0.3),
        times: random.integer(2),
      };
    case "compile":
      return { does, compile: drawCompile(random, model, own) };
    case "minimize":
      return {
        does,
        times: 1 + random.integer(3),
        data: drawData(random, model),
      };
    case "ownNumber":
    case "ownField":
    case "ownVariable":
      return { does, value: random.pick([0, 0.25, 2]), which };
    default:
      return { does, which };
  }
}

function drawData(random: Random, { batch, inputs }: ModelPlan): DataPlan {
  const rows =
    batch === undefined
      ? random.pick([2, 3, 4, 5, 7, 8])
      : batch * (1 + random.integer(3));
  return {
    set: random.integer(3),
    rows,
    ...(inputs.length > 1 && random.chance(0.5) ? { sameInputs: true } : {}),
    ...(random.chance(0.3) ? { inputsAsLabels: true } : {}),
  };
}

function drawUse(random: Random, model: ModelPlan, own: boolean): Action {
  const { batch } = model;
  const data = drawData(random, model);
  const batchSize = batch ?? random.pick([1, 2, 3, 4, 32]);
  const on = random.chance(0.12) ? ({ on: "twin" } as const) : {};
  const use = random.pick([
    "fit",
    "fit",
    "fit",
    "fitDataset",
    "trainOnBatch",
    "trainOnBatch",
    "evaluate",
    "predict",
    "predict",
    "predictOnBatch",
  ] as const);
  const whole = batch === undefined ? data : { ...data, rows: batch };
  switch (use) {
    case "fit":
      return {
        does: use,
        ...on,
        data,
        batchSize,
        epochs: 1 + random.integer(4),
        shuffle: random.chance(0.4),
        verbose: random.chance(0.25) ? 1 : 0,
        ...drawValidation(random, model),
        ...(model.outputKinds.length === 1 &&
        model.outputKinds[0] === "softmax" &&
        random.chance(0.2)
          ? { classWeight: true }
          : {}),
        ...(random.chance(0.35)
          ? { callback: drawCallback(random, model, own) }
          : {}),
      };
    case "fitDataset":
      return {
        does: use,
        ...on,
        data,
        batchSize,
        epochs: 1 + random.integer(4),
        verbose: 0,
        ...(random.chance(0.3)
          ? { callback: drawCallback(random, model, own) }
          : {}),
      };
    case "evaluate":
      return {
        does: use,
        ...on,
        data,
        batchSize,
        times: 1 + random.integer(3),
      };
    case "predict":
      return {
        does: use,
        ...on,
        data,
        batchSize,
        times: 1 + random.integer(4),
      };
    default:
      return { does: use, ...on, data: whole, times: 1 + random.integer(5) };
  }
}

function drawValidation(random: Random, model: ModelPlan): Partial<Action> {
  if (random.chance(0.3)) return { validation: drawData(random, model) };
  const splits = model.batch === undefined && random.chance(0.2);
  return splits ? { validationSplit: 0.3 } : {};
}

/** Draws what a callback does: any use or change except a fit within a fit. */
function drawCallback(
  random: Random,
  model: ModelPlan,
  own: boolean,
): CallbackPlan {
  let action: Action;
  do {
    action = random.chance(0.3)
      ? drawUse(random, model, own)
      : drawChange(random, model, own);
  } while (["fit", "fitDataset", "saveAndLoad"].includes(action.does));
  return {
    event: random.pick([
      "onBatchBegin",
      "onBatchEnd",
      "onBatchEnd",
      "onEpochBegin",
      "onEpochEnd",
      "onEpochEnd",
    ]),
    after: 1 + random.integer(5),
    action: random.chance(0.1) ? { does: "stop" } : action,
    kind: random.pick(["object", "object", "CustomCallback", "Callback"]),
  };
}
