/**
 * Writes a TensorFlow graph.
 *
 * A graph is a list of *nodes*. A node has a name, an operation, attributes and inputs. Each input
 * is the name of the node whose output it uses: `relu` for the first output of the node `relu`,
 * `norm:2` for the third of `norm`. `^read` passes no value and only sets the order ("after
 * `read`"). While tfjs makes one call after another, TensorFlow may use any order that these names
 * allow, on all cores.
 */
import { coded } from "../../notebook/coded-error";
import { attributeKind, dataType, type Attribute } from "../tfjs/attribute";
import type { Constant } from "../tfjs/constant";
import {
  messages,
  type AttributeMessage,
  type NodeMessage,
  type TensorMessage,
} from "../tfjs/graph-messages";
import { encodeSavedModel, shapeMessage } from "./messages";

/** Returns a key that is equal for equal constants: type, shape and bytes. */
function constantKey({ dtype, shape, values }: Constant): string {
  const bytes = Buffer.from(
    values.buffer,
    values.byteOffset,
    values.byteLength,
  );
  return `${dtype} ${shape.join(",")} ${bytes.toString("latin1")}`;
}

/** Collects nodes; every method that adds one returns its name. */
export class GraphWriter {
  readonly #nodes: NodeMessage[];
  readonly #constants: Map<string, string>;
  readonly #prefix: string;

  /**
   * Creates a new graph or, with `whole`, a part of that graph whose node names begin with the
   * prefix.
   */
  constructor(whole?: GraphWriter, prefix = "") {
    this.#nodes = whole ? whole.#nodes : [];
    this.#constants = whole ? whole.#constants : new Map<string, string>();
    this.#prefix = prefix;
  }

  /** Adds a node. `name` must be unique in this part of the graph. */
  add(
    name: string,
    operation: string,
    inputs: readonly string[],
    attributes: readonly Attribute[] = [],
  ): string {
    return this.#add(`${this.#prefix}${name}`, operation, inputs, attributes);
  }

  #add(
    name: string,
    operation: string,
    inputs: readonly string[],
    attributes: readonly Attribute[],
  ): string {
    const node = new messages.NodeDef();
    node.setName(name);
    node.setOp(operation);
    node.setInputList(inputs);
    const map = node.getAttrMap();
    for (const each of attributes) map.set(each.name, attributeMessage(each));
    this.#nodes.push(node);
    return name;
  }

  /** Adds a node whose value, of the given shape, is fed at each run. */
  placeholder(
    name: string,
    dtype: keyof typeof dataType,
    shape: readonly number[],
  ): string {
    return this.add(
      name,
      "Placeholder",
      [],
      [
        { name: "dtype", type: attributeKind.type, value: dataType[dtype] },
        { name: "shape", type: attributeKind.shape, value: shape },
      ],
    );
  }

  /** Adds a constant; equal constants share one node in the whole graph. */
  constant(constant: Constant): string {
    const key = constantKey(constant);
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const { dtype, shape } = constant;
    const tensor = new messages.Tensor();
    tensor.setDtype(dataType[dtype]);
    tensor.setTensorShape(shapeMessage(shape));
    writeValues(tensor, constant);
    const value = new messages.AttrValue();
    value.setTensor(tensor);
    const name = `constant${this.#constants.size}`;
    this.#add(
      name,
      "Const",
      [],
      [{ name: "dtype", type: attributeKind.type, value: dataType[dtype] }],
    );
    this.#nodes.at(-1)!.getAttrMap().set("value", value);
    this.#constants.set(key, name);
    return name;
  }

  /** Adds a float32 scalar. */
  number(value: number): string {
    return this.constant({
      dtype: "float32",
      shape: [],
      values: Float32Array.of(value),
    });
  }

  /** Encodes the graph as a saved model. Ends the writing: the nodes are released. */
  encode(): Uint8Array {
    const bytes = encodeSavedModel(this.#nodes);
    this.#nodes.length = 0;
    this.#constants.clear();
    return bytes;
  }
}

/**
 * Writes the values; if all are equal, one is enough, because TensorFlow repeats the last
 * (tensor.proto).
 */
function writeValues(tensor: TensorMessage, { dtype, values }: Constant): void {
  const [first] = values;
  // Compared bitwise: 0 and −0 differ, and NaN is written out.
  const uniform =
    first !== undefined && values.every((value) => Object.is(value, first));
  if (!uniform || values.length === 1) {
    tensor.setTensorContent(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  } else if (dtype === "float32") tensor.addFloatVal(first);
  else if (dtype === "int32") tensor.addIntVal(first);
  else tensor.addBoolVal(first !== 0);
}

function attributeMessage({ name, type, value }: Attribute): AttributeMessage {
  const message = new messages.AttrValue();
  if (type === attributeKind.shape) {
    message.setShape(shapeMessage(value as readonly number[]));
  } else if (Array.isArray(value)) {
    message.setList(listMessage(name, type, value as readonly number[]));
  } else if (type === attributeKind.string) {
    message.setS(Buffer.from(value as string));
  } else if (type === attributeKind.integer) {
    message.setI(value as number);
  } else if (type === attributeKind.float) {
    message.setF(value as number);
  } else if (type === attributeKind.boolean) {
    message.setB(value as boolean);
  } else if (type === attributeKind.type) {
    message.setType(value as number);
  } else {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected the attribute ${name} to have a kind from 0 to 5, received ${type}`,
      ),
    );
  }
  return message;
}

function listMessage(name: string, type: number, values: readonly number[]) {
  const list = new messages.AttrValue.ListValue();
  if (type === attributeKind.integer) list.setIList(values);
  else if (type === attributeKind.float) list.setFList(values);
  else {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected the list ${name} to contain integers or floats, received kind ${type}`,
      ),
    );
  }
  return list;
}
