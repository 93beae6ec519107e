/**
 * Types of a tensor's data: the key under which a backend has it, and the values.
 */

/** Identifies the data of a tensor; several tensors may share it. */
export type DataId = object;

/** Values as a backend returns and accepts them. */
export type Values = Float32Array | Int32Array | Uint8Array;
