/**
 * What the notebooks of the labs import besides the library.
 */
export { check, type CheckedValues, type CheckName } from "./check";
export { notWritten, step } from "./step";
export { Verdict } from "./verdict";
