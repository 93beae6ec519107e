/**
 * What a model's steps are made of: whether all of it is stock, and whether it is still as it was.
 *
 * The model's layers, losses, metrics and optimizer are objects, and theirs, and so on. All that can be reached is visited, except for
 * what is named here. A part is *own* if a function is found that is neither tfjs's nor declared by this library: a class of the user's, a
 * method that was replaced, a hook. A model without own parts does in each step what its settings say, and nothing else; so its
 * steps may be run without running JavaScript, for as long as all settings are as they were.
 */
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";
import { foreignRegistration, registrationCount } from "./registrations";
import { isStockFunction } from "./stock-functions";

/** Fields that say nothing of what a step does, or change in each step. */
const skipped = new Set([
  "inboundNodes",
  "outboundNodes",
  "nodesByDepth",
  "layersByDepth",
  "containerNodes",
  "internalContainerRefs",
  "history",
  "isTraining",
  "stopTraining_",
  "trainFunction",
  "testFunction",
  "predictFunction",
  "iterations_",
  "inputs",
  "outputs",
  "_refCount",
]);

/** Initializers run when a layer is built, not in a step. */
const initializer = /initializer$/i;

/** Fields of optimizers whose numbers each run is given, where the engine writes the update. */
const fed = new Set([
  "learningRate",
  "c",
  "m",
  "beta1",
  "beta2",
  "epsilon",
  "decay",
  "momentum",
]);

/** An object as it was when it was visited. */
interface Visited {
  readonly object: object;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  /** All of its fields, those that are not looked at included. */
  readonly size: number;
  readonly prototype: unknown;
}

/** What a step is made of. */
export interface Roots {
  /** The model. */
  readonly model: object;
  /** Fields of the model that the step has nothing to do with. */
  readonly unused: ReadonlySet<string>;
  /** The optimizer whose update the engine writes; its settings are fed to each run. */
  readonly fused: tf.Optimizer | undefined;
}

/** The parts of a step at one moment. */
export class ModelParts {
  /** The first part that is the user's own, in words; undefined if all are stock. */
  readonly own: string | undefined;
  readonly #visited: readonly Visited[];
  readonly #registrations = registrationCount();

  constructor(roots: Roots) {
    const walk = new Walk(roots);
    walk.visit(roots.model, "");
    const kernel = foreignRegistration();
    this.own =
      walk.own ??
      (kernel === undefined ? undefined : `the kernel ${kernel}`) ??
      (areTensorsStock() ? undefined : "a method of tensors");
    this.#visited = walk.visited;
  }

  /** Whether everything is as it was. Asked before each step. */
  isUnchanged(): boolean {
    return (
      this.#registrations === registrationCount() &&
      this.#visited.every(isAsVisited) &&
      (this.own !== undefined || areTensorsStock())
    );
  }
}

function isAsVisited(visited: Visited): boolean {
  const { object, keys, values, size, prototype } = visited;
  if (Object.getPrototypeOf(object) !== prototype) return false;
  const fields = object as Record<string, unknown>;
  for (let index = 0; index < keys.length; index += 1) {
    if (!Object.is(fields[keys[index]!], values[index])) return false;
  }
  return sizeOf(object) === size;
}

/** The methods of tensors and variables as they were when the engine came. */
const tensorMethods = [tf.Tensor.prototype, tf.Variable.prototype].map(
  (prototype) => {
    const keys: string[] = [];
    const values: unknown[] = [];
    for (const [key, { value }] of Object.entries(
      Object.getOwnPropertyDescriptors(prototype),
    )) {
      if (typeof value !== "function") continue;
      keys.push(key);
      values.push(value);
    }
    return { object: prototype as object, keys, values };
  },
);

function areTensorsStock(): boolean {
  return tensorMethods.every(({ object, keys, values }) => {
    const fields = object as Record<string, unknown>;
    return keys.every((key, index) => fields[key] === values[index]);
  });
}

/** Visits objects, each once. */
class Walk {
  readonly visited: Visited[] = [];
  own: string | undefined;
  readonly #seen = new Set<object>();
  readonly #roots: Roots;

  constructor(roots: Roots) {
    this.#roots = roots;
  }

  visit(value: unknown, name: string): void {
    if (typeof value === "function") {
      if (!isStockFunction(value)) {
        this.own ??= `the function ${value.name || name}`;
      }
      return;
    }
    if (typeof value !== "object" || value === null || isLeaf(value)) return;
    if (this.#seen.has(value)) return;
    this.#seen.add(value);
    if (isStateful(value)) {
      this.own ??= `the state of the layer ${(value as tf.layers.Layer).name}`;
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype !== Object.prototype && !Array.isArray(value)) {
      this.#visitClass(prototype, value.constructor?.name ?? "");
    }
    const { model, unused, fused } = this.#roots;
    const keys = Object.keys(value).filter(
      (key) =>
        !skipped.has(key) &&
        !initializer.test(key) &&
        !(value === model && unused.has(key)) &&
        !(value === fused && fed.has(key)),
    );
    const fields = value as Record<string, unknown>;
    const values = keys.map((key) => fields[key]);
    const size = sizeOf(value);
    this.visited.push({ object: value, keys, values, size, prototype });
    for (const [index, key] of keys.entries()) this.visit(values[index], key);
  }

  /** The methods of a class and of those that it extends. */
  #visitClass(prototype: object | null, name: string): void {
    for (
      let each = prototype;
      each !== null && each !== Object.prototype && !this.#seen.has(each);
      each = Object.getPrototypeOf(each) as object | null
    ) {
      this.#seen.add(each);
      const isDeclared = isDeclaredPart(each.constructor);
      const keys: string[] = [];
      const values: unknown[] = [];
      for (const [key, { value }] of Object.entries(
        Object.getOwnPropertyDescriptors(each),
      )) {
        if (typeof value !== "function" || key === "constructor") continue;
        keys.push(key);
        values.push(value);
        if (!isDeclared && !isStockFunction(value)) {
          this.own ??= `${key} of the class ${name}`;
        }
      }
      if (!isDeclared && !isStockFunction(each.constructor)) {
        this.own ??= `the class ${name}`;
      }
      this.visited.push({
        object: each,
        keys,
        values,
        size: sizeOf(each),
        prototype: Object.getPrototypeOf(each),
      });
    }
  }
}

function sizeOf(object: object): number {
  return Array.isArray(object) ? object.length : Object.keys(object).length;
}

/** Objects that are what they are: another value is another object. */
function isLeaf(value: object): boolean {
  return (
    value instanceof tf.Tensor ||
    value instanceof tf.SymbolicTensor ||
    ArrayBuffer.isView(value)
  );
}

/** A recurrent layer that keeps its states hands them from step to step in tensors. */
function isStateful(value: object): boolean {
  return value instanceof tf.layers.Layer && value instanceof tf.RNN
    ? (value as unknown as { stateful: boolean }).stateful
    : false;
}
