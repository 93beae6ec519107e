/**
 * Fields of tfjs's optimizers that contain their settings. If the engine writes the update, these
 * values are fed to each run.
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
