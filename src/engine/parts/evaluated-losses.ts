/**
 * Makes the evaluation of models with several outputs return the total loss first, as training
 * does, and then the values that tfjs has names for.
 *
 * tfjs returns the sums of the first loss, of the first two and so on before the loss of each
 * output and the metrics, so that each value has the name of another.
 */
import { hookMethod } from "../tfjs/hook";
import { modelPrototype, type ModelInternals } from "../tfjs/model-internals";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";

/** Wraps `makeTestFunction` of all models. */
export const nameEvaluatedLosses = once(() => {
  const hook = hookMethod(
    modelPrototype,
    "makeTestFunction",
    (makeTestFunction) =>
      function (this: ModelInternals) {
        makeTestFunction.call(this);
        const { testFunction: stock, lossFunctions } = this;
        const partialSums = lossFunctions.length - 1;
        if (partialSums > 0) {
          this.testFunction = declarePart((data) =>
            stock(data).slice(partialSums),
          );
        }
      },
  );
  declarePart(hook.wrapper);
});
