/**
 * Snapshots of objects, which detect whether the objects have changed.
 */
import { tf } from "../tfjs/library";

/** The state of an object at one moment. */
export interface Snapshot {
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
  /** Accessors of a class; they are compared, never called. */
  readonly accessors: readonly Accessor[];
  /** Number of fields, including those that are ignored otherwise. */
  readonly size: number;
  /**
   * Whether non-enumerable fields count, which may hide a method. Counting them everywhere takes
   * twice as long.
   */
  readonly countsHidden: boolean;
  readonly prototype: unknown;
}

interface Accessor {
  readonly key: PropertyKey;
  readonly get: unknown;
  readonly set: unknown;
}

/** Captures the given fields, and everything else that reveals a change. */
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

/** Whether all objects are unchanged. Called before each step, for hundreds of objects. */
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
    ? // tfjs does not use symbols as keys, and counting them takes three times as long.
      Object.getOwnPropertyNames(object).length
    : Object.keys(object).length;
}

/** Returns the own fields of an object, including non-enumerable ones and symbols. */
export function fieldsOf(object: object): [PropertyKey, PropertyDescriptor][] {
  return Reflect.ownKeys(object).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(object, key)!,
  ]);
}

/** The methods of tensors and variables when the engine was loaded. */
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
