/**
 * Visits all objects that a step is made of, until a custom part is found.
 */
import { types } from "node:util";
import { layerInternals } from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { settingFields } from "../tfjs/optimizer-internals";
import {
  fieldsOfModel,
  fieldsWithoutEffect,
  initializerField,
  methodsAroundSteps,
} from "../tfjs/part-fields";
import { regularizerOf } from "./penalties";
import { fieldsOf, snapshotOf, type Snapshot } from "./snapshot";
import { isStockClass, isStockFunction } from "./stock-functions";

/** Fields of optimizers whose values are fed to each run, if the engine writes the update. */
const fed = new Set<PropertyKey>(settingFields);

/** Limits for the nesting depth and the length of lists, far above those of tfjs's own parts. */
const deepest = 24;
const longest = 4096;

/** The objects from which the walk starts. */
export interface Roots {
  /** The model. */
  readonly model: object;
  /** Fields of the model that do not affect the step. */
  readonly unused: ReadonlySet<PropertyKey>;
  /** The optimizer whose update the engine writes; its settings are fed to each run. */
  readonly fused: tf.Optimizer | undefined;
}

/** Visits each object once. */
export class Walk {
  readonly visited: Snapshot[] = [];
  /** Description of the custom part that was found. */
  custom: string | undefined;
  readonly #seen = new Set<object>();
  readonly #roots: Roots;

  constructor(roots: Roots) {
    this.#roots = roots;
    this.#visit(roots.model, "model", 0);
  }

  #visit(value: unknown, name: string, depth: number): void {
    if (this.custom !== undefined) return;
    if (typeof value === "function") this.#visitFunction(value, name, depth);
    else if (typeof value === "object" && value !== null && !isLeaf(value)) {
      if (this.#seen.has(value)) return;
      this.#seen.add(value);
      this.#visitObject(value, name, depth);
    }
  }

  #visitFunction(value: object, name: string, depth: number): void {
    const regularizer = regularizerOf(value);
    if (regularizer !== undefined) this.#visit(regularizer, name, depth + 1);
    else if (!isStockFunction(value)) {
      this.custom = `the function ${(value as { name?: string }).name || name}`;
    }
  }

  #visitObject(value: object, name: string, depth: number): void {
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    if (types.isProxy(value)) this.custom = `the proxy ${name}`;
    else if (depth > deepest || (isList && lengthOf(value) > longest)) {
      this.custom = `the large object ${name}`;
    } else if (isStateful(value)) {
      this.custom = `the state of the layer ${(value as tf.layers.Layer).name}`;
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (!isList && prototype !== null && prototype !== Object.prototype) {
      this.#visitClass(prototype, prototype.constructor.name);
    }
    if (this.custom !== undefined) return;
    const fields = fieldsOf(value).filter((field) =>
      this.#counts(value, field),
    );
    for (const [key, { get, set }] of fields) {
      if (get !== undefined || set !== undefined) {
        this.custom = `the accessor ${String(key)}`;
        return;
      }
    }
    this.visited.push(snapshotOf(value, fields));
    for (const [key, { value: field }] of fields) {
      this.#visit(field, String(key), depth + 1);
    }
  }

  /** Whether a field affects what the step does. */
  #counts(
    object: object,
    [key, { value }]: [PropertyKey, PropertyDescriptor],
  ): boolean {
    const { model, unused, fused } = this.#roots;
    return (
      !fieldsWithoutEffect.has(key) &&
      !(typeof key === "string" && initializerField.test(key)) &&
      !(object === model && (unused.has(key) || !isOfModel(key, value))) &&
      !(object === fused && fed.has(key))
    );
  }

  /** Visits the methods of a class and its superclasses. */
  #visitClass(prototype: object, name: string): void {
    for (
      let each: object | null = prototype;
      each !== null && each !== Object.prototype && !this.#seen.has(each);
      each = Object.getPrototypeOf(each) as object | null
    ) {
      this.#seen.add(each);
      if (!isStockClass(each)) {
        this.custom ??= `the class ${name}`;
        return;
      }
      const fields = fieldsOf(each).filter(
        ([key]) =>
          key !== "constructor" &&
          !(isModelClass(each) && methodsAroundSteps.has(key)),
      );
      for (const [key, { value, get, set }] of fields) {
        const isCustom = [value as unknown, get, set].some(
          (method) => typeof method === "function" && !isStockFunction(method),
        );
        if (isCustom) this.custom ??= `${String(key)} of the class ${name}`;
      }
      this.visited.push(snapshotOf(each, fields));
    }
  }
}

function lengthOf(list: readonly unknown[] | ArrayBufferView): number {
  return "byteLength" in list ? list.byteLength : list.length;
}

function isModelClass(prototype: object): boolean {
  return (
    prototype === tf.LayersModel.prototype ||
    prototype === tf.Sequential.prototype
  );
}

function isOfModel(key: PropertyKey, value: unknown): boolean {
  return fieldsOfModel.has(key) || typeof value === "function";
}

/** Objects that need not be visited, because another value is another object. */
function isLeaf(value: object): boolean {
  return value instanceof tf.Tensor || value instanceof tf.SymbolicTensor;
}

/** A stateful recurrent layer passes its states from step to step in tensors. */
function isStateful(value: object): boolean {
  return value instanceof tf.RNN && Boolean(layerInternals(value).stateful);
}
