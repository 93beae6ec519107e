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
  private names: readonly string[] = [];
  private patterns: readonly string[] = [];

  private constructor(private readonly share: number) {}

  /**
   * Returns the decay with a share; undefined without one.
   *
   * Throws a RangeError (`ERR_INVALID_VALUE`) if the share is below 0.
   */
  static of(share: number | null | undefined): WeightDecay | undefined {
    // Keras's configurations have null for none.
    if (share === undefined || share === null) return undefined;
    checkRange("weightDecay", share, 0);
    return new WeightDecay(share);
  }

  /** Replaces the exclusions. */
  exclude({ varList = [], varNames = [] }: WeightDecayExclusions): void {
    this.names = varList.map(({ name }) => name);
    this.patterns = [...varNames];
  }

  /**
   * Returns the value of a weight after its decay, value − value · share · rate; the weight itself
   * if it is excluded.
   *
   * Source: Keras 3, `BaseOptimizer._apply_weight_decay`; Loshchilov and Hutter 2019, "Decoupled
   * weight decay regularization".
   */
  decayed(weight: tf.Variable, rate: tf.Tensor): tf.Tensor {
    if (this.excludes(weight)) return weight;
    return tf.sub(weight, tf.mul(tf.mul(weight, this.share), rate));
  }

  /** Whether a weight does not decay. */
  excludes({ name }: tf.Variable): boolean {
    // tfjs puts the layer before a name, and a number behind one that exists already.
    const own = name.replace(/^.*\//, "").replace(/_\d+$/, "");
    return (
      this.names.includes(name) ||
      this.patterns.some((pattern) => new RegExp(pattern).test(own))
    );
  }

  /** Returns the optimizer's option. Exclusions are not part of it, as in Keras. */
  getConfig(): tf.serialization.ConfigDict {
    return { weightDecay: this.share };
  }
}

declarePart(WeightDecay);

/** Throws a RangeError (`ERR_INVALID_VALUE`) if a name is not a valid regular expression. */
export function checkExclusions({ varNames = [] }: WeightDecayExclusions) {
  for (const pattern of varNames) checkPattern(pattern);
}

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
