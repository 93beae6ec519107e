/**
 * A dictionary of variables that holds them weakly.
 *
 * tfjs registers every variable in a plain object, which keeps every model and optimizer alive.
 * This replacement behaves the same, but drops variables that are not referenced elsewhere; their
 * names become free.
 */
import type { tf } from "../tfjs/library";
import type { NamedVariables } from "../tfjs/engine-state";

/**
 * Creates a dictionary of variables that keeps none of them alive.
 *
 * @param variables The initial variables.
 * @returns An object that reads, writes, lists and deletes like a plain object.
 */
export function weakVariables(variables: NamedVariables): NamedVariables {
  const references = new Map<string, WeakRef<tf.Variable>>();

  const find = (name: string | symbol): tf.Variable | undefined =>
    typeof name === "string" ? references.get(name)?.deref() : undefined;

  const gone = new FinalizationRegistry<string>((name) => {
    // A newer variable may use the name by now.
    if (find(name) === undefined) {
      references.delete(name);
    }
  });

  const write = (name: string | symbol, variable: unknown): boolean => {
    if (typeof name !== "string") {
      return false;
    }
    if (variable === null || variable === undefined) {
      references.delete(name);
      return true;
    }
    references.set(name, new WeakRef(variable as tf.Variable));
    gone.register(variable, name);
    return true;
  };

  for (const [name, variable] of Object.entries(variables)) {
    write(name, variable);
  }

  // The target stays empty. It provides the prototype and, being extensible, allows the traps to
  // report properties that it does not have.
  return new Proxy<NamedVariables>(
    {},
    {
      get: (target, name) => find(name) ?? Reflect.get(target, name),
      has: (target, name) =>
        find(name) !== undefined || Reflect.has(target, name),
      set: (_target, name, variable) => write(name, variable),
      deleteProperty: (_target, name) => {
        references.delete(name as string);
        return true;
      },
      ownKeys: () => {
        // A plain object lists integer names first; this one reproduces that order.
        const live: Record<string, true> = {};
        for (const [name, reference] of references) {
          if (reference.deref() !== undefined) {
            live[name] = true;
          }
        }
        return Object.keys(live);
      },
      getOwnPropertyDescriptor: (_target, name) => {
        const value = find(name);
        return value === undefined
          ? undefined
          : { value, writable: true, enumerable: true, configurable: true };
      },
      defineProperty: (_target, name, descriptor) =>
        write(name, descriptor.value),
    },
  );
}
