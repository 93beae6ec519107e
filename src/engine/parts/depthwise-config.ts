/**
 * Corrects the configuration of tfjs's depthwise convolutions, which has the regularizer of the
 * kernel in place of its constraint: a saved model loses the constraint, or cannot be loaded.
 */
import { hookMethod } from "../tfjs/hook";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";

interface DepthwiseConvolution {
  readonly depthwiseConstraint: tf.serialization.Serializable | null;
  getConfig(): tf.serialization.ConfigDict;
}

/** Wraps `getConfig` of all depthwise convolutions. */
export const correctDepthwiseConfig = once(() => {
  // Named, so that the numbers of the user's layers begin at 1.
  const layer = tf.layers.depthwiseConv2d({ name: "unused", kernelSize: 1 });
  const hook = hookMethod(
    Object.getPrototypeOf(layer) as DepthwiseConvolution,
    "getConfig",
    (getConfig) =>
      function (this: DepthwiseConvolution) {
        const { depthwiseConstraint: constraint } = this;
        return {
          ...getConfig.call(this),
          depthwiseConstraint: constraint && {
            className: constraint.getClassName(),
            config: constraint.getConfig(),
          },
        };
      },
  );
  declarePart(hook.wrapper);
});
