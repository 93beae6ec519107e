/**
 * The gated recurrent unit of Keras 3, with the reset gate after the recurrent product.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import type { Initializer } from "../initializers";
import { registeredClass, registerPart } from "../registered-class";
import { kerasOptions } from "./options";

type TfjsOptions = Parameters<typeof tf.layers.gru>[0];

/** Options of {@link gru}: those of `tf.layers.gru`, and the position of the reset gate. */
export type GruOptions = Omit<
  Parameters<typeof tf.layers.gru>[0],
  "recurrentActivation"
> & {
  /** Activation of the two gates; "sigmoid" by default. */
  readonly recurrentActivation?: Parameters<
    typeof tf.layers.gru
  >[0]["recurrentActivation"];
  /**
   * Whether the reset gate acts on the recurrent product, with a separate bias, instead of on the
   * state before the product; true by default.
   */
  readonly resetAfter?: boolean;
};

interface Activation {
  apply(x: tf.Tensor): tf.Tensor;
}

/** Parameter types of `addWeight`. */
type Regularizer = Parameters<tf.layers.Layer["addWeight"]>[4];
type Constraint = Parameters<tf.layers.Layer["addWeight"]>[6];

/** The fields of tfjs's cell that this module uses. */
interface Cell extends tf.layers.Layer {
  readonly units: number;
  readonly useBias: boolean;
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
  kernel: tf.LayerVariable;
  readonly kernelInitializer: Initializer;
  readonly kernelRegularizer: Regularizer;
  readonly kernelConstraint: Constraint;
  recurrentKernel: tf.LayerVariable;
  readonly recurrentInitializer: Initializer;
  readonly recurrentRegularizer: Regularizer;
  readonly recurrentConstraint: Constraint;
  bias: tf.LayerVariable | null;
  readonly biasInitializer: Initializer;
  readonly biasRegularizer: Regularizer;
  readonly biasConstraint: Constraint;
}

/** The fields of tfjs's layer that this module uses. */
interface Recurrent extends tf.layers.Layer {
  readonly cell: Cell;
}

const defaults = {
  activation: "tanh",
  recurrentActivation: "sigmoid",
  kernelInitializer: "glorotUniform",
} as const;

const TfjsCell = registeredClass<new (options: GruOptions) => Cell>("GRUCell");

class KerasGRUCell extends TfjsCell {
  static readonly className = "KerasGRUCell";

  constructor(options: GruOptions) {
    // tfjs rejects `resetAfter`; the methods below replace what it builds.
    super({ ...options, resetAfter: false });
  }

  override build(inputShape: tf.Shape): void {
    const { units } = this;
    this.kernel = this.addWeight(
      "kernel",
      [inputShape.at(-1)!, units * 3],
      undefined,
      this.kernelInitializer,
      this.kernelRegularizer,
      true,
      this.kernelConstraint,
    );
    this.recurrentKernel = this.addWeight(
      "recurrent_kernel",
      [units, units * 3],
      undefined,
      this.recurrentInitializer,
      this.recurrentRegularizer,
      true,
      this.recurrentConstraint,
    );
    // Two rows: the bias of the input's product, and of the recurrent product.
    this.bias = this.useBias
      ? this.addWeight(
          "bias",
          [2, units * 3],
          undefined,
          this.biasInitializer,
          this.biasRegularizer,
          true,
          this.biasConstraint,
        )
      : null;
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    return tf.tidy(() => {
      const [input, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
      const product = (
        x: tf.Tensor2D,
        weights: tf.LayerVariable,
        row: number,
      ) => {
        const sum = tf.matMul(x, weights.read());
        if (this.bias === null) return sum;
        return tf.add(sum, tf.slice(this.bias.read(), [row, 0], [1, -1]));
      };
      const thirds = (x: tf.Tensor) =>
        tf.split(x, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const [inputUpdate, inputReset, inputCandidate] = thirds(
        product(input, this.kernel, 0),
      );
      const [stateUpdate, stateReset, stateCandidate] = thirds(
        product(state, this.recurrentKernel, 1),
      );
      const gate = (x: tf.Tensor, y: tf.Tensor) =>
        this.recurrentActivation.apply(tf.add(x, y));
      const update = gate(inputUpdate, stateUpdate);
      const reset = gate(inputReset, stateReset);
      const candidate = this.activation.apply(
        tf.add(inputCandidate, tf.mul(reset, stateCandidate)),
      );
      const output = tf.add(
        tf.mul(update, state),
        tf.mul(tf.sub(1, update), candidate),
      );
      return [output, output];
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: true };
  }
}

class KerasGRU extends (tf.layers.RNN as unknown as new (
  options: object,
) => Recurrent) {
  static readonly className = "KerasGRU";

  constructor(options: GruOptions) {
    super({ ...options, cell: new KerasGRUCell(options) });
  }

  static fromConfig(
    cls: tf.serialization.SerializableConstructor<tf.layers.Layer>,
    config: tf.serialization.ConfigDict,
  ): tf.layers.Layer {
    return new cls(config);
  }
}

registerPart(KerasGRUCell);
registerPart(KerasGRU);

/**
 * Creates a layer of gated recurrent units.
 *
 * `options` {@link GruOptions}: those of `tf.layers.gru`. By default `recurrentActivation` is
 * "sigmoid" (tfjs's default is its "hardSigmoid"), `resetAfter` is true, which tfjs rejects, and
 * `kernelInitializer` is "glorotUniform". Weights with `resetAfter`, as in Keras: kernel (in, 3 ·
 * units), recurrent kernel (units, 3 · units), bias (2, 3 · units). Input (n, steps, in), output
 * (n, units) or, with `returnSequences`, (n, steps, units).
 *
 * Throws an Error (`ERR_UNSUPPORTED`) if `resetAfter` is combined with `dropout` or
 * `recurrentDropout`, otherwise what tfjs throws.
 *
 * Source: Keras 3, `GRU`; Cho et al. 2014.
 */
export function gru(options: GruOptions): ReturnType<typeof tf.layers.gru> {
  const { resetAfter = true, ...rest } = options;
  const all = kerasOptions(rest as TfjsOptions, defaults);
  if (!resetAfter) return tf.layers.gru(all);
  for (const name of ["dropout", "recurrentDropout"] as const) {
    if ((all[name] ?? 0) !== 0) {
      throw coded(
        "ERR_UNSUPPORTED",
        new Error(
          `Expected \`${name}\` to be 0 with \`resetAfter\`, received ${all[name]}; use a dropout layer before the GRU`,
        ),
      );
    }
  }
  return new KerasGRU(all) as unknown as ReturnType<typeof tf.layers.gru>;
}
