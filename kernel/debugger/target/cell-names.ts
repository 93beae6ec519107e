/**
 * Relates the TypeScript names of the cells' variables to their slots (`compiler/checker/
 * live-names.ts`): a name that was declared again with another type has the slots `rate`, `rateº2`
 * and so on, the last of which has its value.
 */
import { WRAPPER_LETTER } from "../../wrapper-names";

/** Slots by name, where a script uses an earlier slot than the last one. */
export type EarlierSlots = Readonly<Record<string, string>>;

/** Matches the slots of names in user expressions, which belong to no cell. */
const TEMPORARY = new RegExp(`${WRAPPER_LETTER}{2}\\d+$`);

/** The number that distinguishes the slots of a name. */
const COUNT = new RegExp(`${WRAPPER_LETTER}\\d+$`);

/** The names of the variables of all cells. */
export class CellNames {
  readonly #variables: Record<string, unknown>;

  /** @param variables The variables by slot. */
  constructor(variables: Record<string, unknown>) {
    this.#variables = variables;
  }

  /** Returns the slot of a name, or undefined if no cell has declared it. */
  slotOf(name: string, earlier: EarlierSlots = {}): string | undefined {
    if (Object.hasOwn(earlier, name)) return earlier[name];
    let slot = this.#has(name) ? name : undefined;
    for (let count = slot === undefined ? 1 : 2; ; count += 1) {
      const next = `${name}${WRAPPER_LETTER}${count}`;
      if (!this.#has(next)) return slot;
      slot = next;
    }
  }

  /** Returns all names in the order in which they were first declared. */
  all(): readonly string[] {
    const names = Object.keys(this.#variables)
      .filter((slot) => !slot.startsWith("%") && !TEMPORARY.test(slot))
      .map((slot) => slot.replace(COUNT, ""));
    return [...new Set(names)];
  }

  /** Returns the value in a slot; undefined if an imported module does not provide it yet. */
  valueIn(slot: string): unknown {
    try {
      return this.#variables[slot];
    } catch {
      return undefined;
    }
  }

  /** Assigns a value to a name; a new name gets a slot. */
  assign(name: string, value: unknown): void {
    const slot = this.slotOf(name) ?? name;
    Object.defineProperty(this.#variables, slot, {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    });
  }

  /**
   * Returns an object for a `with` statement, in which an expression finds the variables.
   *
   * @param hidden Names of local variables, which take precedence.
   * @param earlier The slots that the script uses.
   */
  scope(hidden: readonly string[], earlier: EarlierSlots): object {
    const locals = new Set(hidden);
    const slotOf = (key: string | symbol) =>
      typeof key === "string" && !locals.has(key)
        ? this.slotOf(key, earlier)
        : undefined;
    return new Proxy(
      {},
      {
        has: (_target, key) => slotOf(key) !== undefined,
        get: (_target, key) => {
          const slot = slotOf(key);
          return slot === undefined ? undefined : this.#variables[slot];
        },
        set: (_target, key, value) => {
          const slot = slotOf(key);
          if (slot !== undefined) this.#variables[slot] = value;
          return true;
        },
      },
    );
  }

  #has(slot: string): boolean {
    return Object.hasOwn(this.#variables, slot);
  }
}
