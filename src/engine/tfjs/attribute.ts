/**
 * Attributes: the fixed settings of a TensorFlow operation (a type, a padding, a stride), in the
 * form in which tfjs-node passes them.
 */
import type { tf } from "./library";

/** Kinds of attribute, numbered as TensorFlow's C interface numbers them (`TF_AttrType` in c_api.h). */
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

/** TensorFlow's numbers of the types of tensors (`DataType` in types.proto); those tfjs has, and those used inside graphs. */
export const dataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  bool: 10,
} as const;

/** Number of a tfjs type, undefined for one the engine has no use for (`string` and `complex64` are refused). */
export function dataTypeOf(dtype: tf.DataType): number | undefined {
  return dtype === "float32" || dtype === "int32" || dtype === "bool"
    ? dataType[dtype]
    : undefined;
}

/** An attribute that holds a type, such as `T`. */
export function typeAttribute(
  name: string,
  dtype: keyof typeof dataType,
): Attribute {
  return { name, type: attributeKind.type, value: dataType[dtype] };
}

/** An attribute of the kind that fits the value: boolean, string, whole number or list of whole numbers. */
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

/** An attribute as text: equal for equal attributes, and for no others. */
export function attributeText({ name, type, value }: Attribute): string {
  const text = (each: unknown) =>
    Object.is(each, -0)
      ? "-0"
      : typeof each === "object"
        ? JSON.stringify(each)
        : String(each);
  const values = Array.isArray(value) ? value.map(text).join() : text(value);
  return `${name}:${type}:${values}`;
}

/** An attribute that holds a floating-point number. */
export function floatAttribute(name: string, value: number): Attribute {
  return { name, type: attributeKind.float, value };
}
