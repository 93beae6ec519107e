/**
 * Weight decay of the Keras-compatible optimizers, which does not pass through their formulas.
 */
import { checkRange } from "../../check";
import { declarePart } from "../../engine/parts/declared-parts";
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";

/** Weights that do not decay. */
export interface WeightDecayExclusions {
  /** Variables that do not decay, such as `layer.weights`. */
  readonly varList?: readonly { readonly name: string }[];
  /**
   * Regular expressions; a variable does not decay if one of them matches a part of its name in its
   * layer, such as `kernel`, `bias` or `gamma`.
   */
  readonly varNames?: readonly string[];
}

/** Shrinks weights by a share of the learning rate in each step. */
export class WeightDecay {
  /** The share; undefined if weights do not decay. */
  private readonly share: number | undefined;
  private names: readonly string[] = [];
  private patterns: readonly string[] = [];

  /** Throws a RangeError (`ERR_INVALID_VALUE`) if the share is below 0. */
  constructor(share: number | null | undefined) {
    // Keras's configurations have null for none.
    this.share = share ?? undefined;
    if (this.share !== undefined) checkRange("weightDecay", this.share, 0);
  }

  /** Replaces the exclusions. Throws a RangeError if an expression is not valid. */
  exclude({ varList = [], varNames = [] }: WeightDecayExclusions): void {
    for (const pattern of varNames) checkPattern(pattern);
    this.names = varList.map(({ name }) => name);
    this.patterns = [...varNames];
  }

  /**
   * Returns the value of a weight after its decay, value − value · share · rate; the weight itself
   * if it does not decay.
   *
   * Source: Keras 3, `BaseOptimizer._apply_weight_decay`; Loshchilov and Hutter 2019, "Decoupled
   * weight decay regularization".
   */
  decayed(weight: tf.Variable, rate: tf.Tensor): tf.Tensor {
    const { share } = this;
    if (share === undefined || this.isExcluded(weight)) return weight;
    return tf.sub(weight, tf.mul(tf.mul(weight, share), rate));
  }

  private isExcluded({ name }: tf.Variable): boolean {
    // tfjs puts the layer before a name, and a number behind one that exists already.
    const own = name.replace(/^.*\//, "").replace(/_\d+$/, "");
    return (
      this.names.includes(name) ||
      this.patterns.some((pattern) => new RegExp(pattern).test(own))
    );
  }

  /** Returns the optimizer's option. Exclusions are not part of it, as in Keras. */
  getConfig(): tf.serialization.ConfigDict {
    return this.share === undefined ? {} : { weightDecay: this.share };
  }
}

declarePart(WeightDecay);

function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (cause) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`varNames\` to be regular expressions, received ${JSON.stringify(pattern)}`,
        { cause },
      ),
    );
  }
}
