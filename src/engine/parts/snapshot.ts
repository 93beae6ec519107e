/**
 * Objects as they were at one moment, and whether they still are.
 */
import { tf } from "../tfjs/library";

/** An object as it was. */
export interface Snapshot {
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
  /** Accessors of a class: they are compared, never called. */
  readonly accessors: readonly Accessor[];
  /** Number of its fields, those that are not looked at included. */
  readonly size: number;
  /** Whether fields that are not enumerable count: they may hide a method. Counting them everywhere takes twice as long. */
  readonly countsHidden: boolean;
  readonly prototype: unknown;
}

interface Accessor {
  readonly key: PropertyKey;
  readonly get: unknown;
  readonly set: unknown;
}

/** Notes the fields named, and all else by which a change is seen. */
export function snapshotOf(
  object: object,
  fields: readonly (readonly [PropertyKey, PropertyDescriptor])[],
): Snapshot {
  const keys: PropertyKey[] = [];
  const values: unknown[] = [];
  const accessors: Accessor[] = [];
  for (const [key, { value, get, set }] of fields) {
    if (get === undefined && set === undefined) {
      keys.push(key);
      values.push(value);
    } else accessors.push({ key, get, set });
  }
  const prototype: unknown = Object.getPrototypeOf(object);
  const countsHidden =
    object instanceof tf.layers.Layer || object instanceof tf.Optimizer;
  const size = sizeOf(object, countsHidden);
  return { object, keys, values, accessors, size, countsHidden, prototype };
}

/** Whether all objects are as they were. Asked before each step, for hundreds of objects. */
export function areAsBefore(snapshots: readonly Snapshot[]): boolean {
  for (let index = 0; index < snapshots.length; index += 1) {
    if (!isAsBefore(snapshots[index]!)) return false;
  }
  return true;
}

function isAsBefore(snapshot: Snapshot): boolean {
  const { object, accessors, size, prototype } = snapshot;
  if (Object.getPrototypeOf(object) !== prototype) return false;
  if (!haveValues(snapshot)) return false;
  for (const { key, get, set } of accessors) {
    const now = Object.getOwnPropertyDescriptor(object, key);
    if (now?.get !== get || now?.set !== set) return false;
  }
  return sizeOf(object, snapshot.countsHidden) === size;
}

function haveValues({ object, keys, values }: Snapshot): boolean {
  const fields = object as Record<PropertyKey, unknown>;
  for (let index = 0; index < keys.length; index += 1) {
    if (!Object.is(fields[keys[index]!], values[index])) return false;
  }
  return true;
}

function sizeOf(object: object, countsHidden: boolean): number {
  if (Array.isArray(object)) return object.length;
  return countsHidden
    ? // Nothing of tfjs's looks for symbols, and to count them takes three times as long.
      Object.getOwnPropertyNames(object).length
    : Object.keys(object).length;
}

/** The own fields of an object, those that are not listed and those of symbols included. */
export function fieldsOf(object: object): [PropertyKey, PropertyDescriptor][] {
  return Reflect.ownKeys(object).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(object, key)!,
  ]);
}

/** The methods of tensors and variables as they were when the engine came. */
const tensorMethods = [tf.Tensor.prototype, tf.Variable.prototype].map(
  (prototype) => {
    const methods = fieldsOf(prototype).filter(
      ([, { value }]) => typeof value === "function",
    );
    return snapshotOf(prototype, methods);
  },
);

/** Whether tensors and variables still have tfjs's methods. */
export function areTensorsStock(): boolean {
  return tensorMethods.every(haveValues);
}
