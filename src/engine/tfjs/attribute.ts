/**
 * Attributes of TensorFlow operations: fixed settings such as a type, a padding or a stride, in the
 * format that tfjs-node uses.
 */
import type { tf } from "./library";

/** Kinds of attributes, with the numbers of TensorFlow's C interface (`TF_AttrType` in c_api.h). */
export const attributeKind = {
  string: 0,
  integer: 1,
  float: 2,
  boolean: 3,
  type: 4,
  shape: 5,
} as const;

/** One attribute; `type` is its {@link attributeKind}. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | object | readonly number[];
}

/**
 * TensorFlow's numbers of the tensor types (`DataType` in types.proto) that tfjs has or that are
 * used inside graphs.
 */
export const dataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  bool: 10,
} as const;

/**
 * Returns the number of a tfjs type; undefined for types that the engine does not support (`string`
 * and `complex64`).
 */
export function dataTypeOf(dtype: tf.DataType): number | undefined {
  return dtype === "float32" || dtype === "int32" || dtype === "bool"
    ? dataType[dtype]
    : undefined;
}

/** Creates an attribute that contains a type, such as `T`. */
export function typeAttribute(
  name: string,
  dtype: keyof typeof dataType,
): Attribute {
  return { name, type: attributeKind.type, value: dataType[dtype] };
}

/**
 * Creates an attribute of the kind that fits the value: boolean, string, integer or list of
 * integers.
 */
export function attribute(
  name: string,
  value: boolean | string | number | readonly number[],
): Attribute {
  const kind =
    typeof value === "boolean"
      ? "boolean"
      : typeof value === "string"
        ? "string"
        : "integer";
  return { name, type: attributeKind[kind], value };
}

/** Returns an attribute as text, which is equal only for equal attributes. */
export function attributeText({ name, type, value }: Attribute): string {
  const text = (each: unknown) =>
    Object.is(each, -0)
      ? "-0"
      : typeof each === "number" ||
          typeof each === "string" ||
          typeof each === "boolean"
        ? String(each)
        : JSON.stringify(each);
  const values = Array.isArray(value) ? value.map(text).join() : text(value);
  return `${name}:${type}:${values}`;
}

/** Creates an attribute that contains a floating-point number. */
export function floatAttribute(name: string, value: number): Attribute {
  return { name, type: attributeKind.float, value };
}
