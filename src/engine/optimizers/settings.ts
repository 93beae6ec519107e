/**
 * The fields of tfjs's optimizers that hold numbers they are set by; where the engine writes the update, each run is fed them.
 */
export const settingFields = [
  "learningRate",
  "c",
  "m",
  "beta1",
  "beta2",
  "epsilon",
  "decay",
  "momentum",
] as const;
