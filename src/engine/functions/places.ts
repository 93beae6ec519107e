/**
 * Where a program keeps the step's variables, between runs and for all steps of a run.
 *
 * A *place* (`VarHandleOp`) is a variable of the session. *Push* gives all places the values that the variables have in tfjs, *pull*
 * reads them out again.
 */
import type { GraphWriter } from "../graph/graph-writer";
import { attribute, attributeKind, typeAttribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";

/** Names of sessions' variables must differ from session to session, as those share one process. */
let graphs = 0;

/** The places of one graph. */
export class Places {
  /** The variables that have a place, in the order in which they were met. */
  readonly variables: tf.Variable[] = [];
  readonly #graph: GraphWriter;
  readonly #number = (graphs += 1);

  constructor(graph: GraphWriter) {
    this.#graph = graph;
  }

  /** Name of the node that stands for a variable. */
  of(variable: tf.Variable): string {
    const name = `variable${variable.id}`;
    if (this.variables.includes(variable)) return name;
    this.variables.push(variable);
    return this.add(name, variable.dtype as "float32", variable.shape);
  }

  /** Adds a place that no variable of tfjs stands for. */
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

  /** Adds the nodes that give all places values; the names of what they are fed, in the order of the variables, and of what to fetch. */
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

  /** Adds the nodes that read all places; their names, and of a scalar that a run has to be fed, as the binding refuses one without inputs. */
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
