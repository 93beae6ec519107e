/**
 * Stores a step's variables in a TensorFlow session, between runs and for all steps of a run.
 *
 * A resource handle (`VarHandleOp`) represents a variable of the session. *Push* sets all of them
 * to the values that the variables have in tfjs; *pull* reads them back.
 */
import type { GraphWriter } from "../graph/graph-writer";
import { attribute, attributeKind, typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";

/**
 * Numbers the graphs of the process, not of a running engine: variable names must be unique because
 * all sessions share one process.
 */
let graphCount = 0;

/** The variables of one graph's session. */
export class SessionVariables {
  /** The variables in the session, in the order in which they were added. */
  readonly variables: tf.Variable[] = [];
  readonly #graph: GraphWriter;
  readonly #number = (graphCount += 1);

  constructor(graph: GraphWriter) {
    this.#graph = graph;
  }

  /** Returns the name of the handle node of a variable, which is added on first use. */
  of(variable: tf.Variable): string {
    const name = `variable${variable.id}`;
    if (this.variables.includes(variable)) return name;
    this.variables.push(variable);
    return this.add(name, variable.dtype as "float32", variable.shape);
  }

  /** Adds a session variable that corresponds to no variable of tfjs. */
  add(name: string, dtype: "float32", shape: readonly number[]): string {
    return this.#graph.add(
      name,
      "VarHandleOp",
      [],
      [
        typeAttribute("dtype", dtype),
        { name: "shape", type: attributeKind.shape, value: shape },
        attribute("shared_name", `convnotes${this.#number}/${name}`),
        attribute("container", ""),
      ],
    );
  }

  /**
   * Adds the nodes that set all session variables. Returns the names of the placeholders, in the
   * order of the variables, and of the node to fetch.
   */
  writePush(): { inputs: readonly string[]; output: string } {
    const graph = this.#graph;
    const inputs: string[] = [];
    const assigned = this.variables.map((variable, index) => {
      const dtype = variable.dtype as "float32";
      const input = graph.placeholder(`push${index}`, dtype, variable.shape);
      inputs.push(input);
      return graph.add(
        `pushed${index}`,
        "AssignVariableOp",
        [this.of(variable), input],
        [typeAttribute("dtype", dtype)],
      );
    });
    const output = graph.add(
      "pushed",
      "Identity",
      [graph.number(0), ...assigned.map((name) => `^${name}`)],
      [typeAttribute("T", "float32")],
    );
    return { inputs, output };
  }

  /**
   * Adds the nodes that read all session variables. Returns their names, and the name of a scalar
   * that must be fed, because the binding does not accept a run without inputs.
   */
  writePull(): { input: string; outputs: readonly string[] } {
    const graph = this.#graph;
    const input = graph.placeholder("trigger", "float32", []);
    const outputs = this.variables.map((variable, index) =>
      graph.add(
        `pull${index}`,
        "ReadVariableOp",
        [this.of(variable), `^${input}`],
        [typeAttribute("dtype", variable.dtype as "float32")],
      ),
    );
    return { input, outputs };
  }
}
