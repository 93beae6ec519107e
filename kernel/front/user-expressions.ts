/**
 * Evaluates the user expressions of execute requests
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute).
 */
import type { Outcome } from "../runtime/channel";
import type { ExpressionValue } from "../wire/replies";

/**
 * Evaluates expressions one after the other. A failing expression does not affect the others.
 *
 * @param expressions The expressions by name.
 * @param run Runs an expression under a name for stack traces.
 */
export async function evaluateExpressions(
  expressions: Readonly<Record<string, string>>,
  run: (source: string, name: string) => Promise<Outcome>,
): Promise<Readonly<Record<string, ExpressionValue>>> {
  const values: Record<string, ExpressionValue> = {};
  for (const [name, source] of Object.entries(expressions)) {
    const outcome = await run(source, `In[expression ${name}]`);
    values[name] =
      outcome.status === "ok"
        ? {
            status: "ok",
            data: outcome.result ?? { "text/plain": "undefined" },
            metadata: {},
          }
        : outcome;
  }
  return values;
}
