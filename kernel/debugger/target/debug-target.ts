/**
 * The debugger's part in the main thread of the runtime: it reads variables and evaluates
 * conditions where the values are. The debugger calls it through the inspector
 * (`../inspector-client.ts`).
 */
import { inspect } from "node:util";
import vm from "node:vm";
import type { MimeBundle } from "@convnotes/notebook/mime";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { displayedNow, toMimeBundle } from "../../runtime/display";
import { plainText } from "../../runtime/displays/plain-text";
import { describe, isError } from "../../runtime/thrown";
import { WRAPPER_LETTER } from "../../wrapper-names";
import type { KnownScript } from "../channel";
import { CellNames, type EarlierSlots } from "./cell-names";
import type { Member } from "./members";
import { type Part, References, type Row } from "./references";
import { describedBy, isObject } from "./value-text";

/** What the runtime provides. */
export interface TargetContext {
  /** The variables of all cells, by slot. */
  readonly variables: Record<string, unknown>;
  /** The displays that libraries have registered. */
  readonly displays: readonly ValueDisplay[];
  /** Returns the sources and source maps of all cells and CommonJS files. */
  scripts(): readonly KnownScript[];
  /** Prints text in the cell of the code that is executing, and in the debugger's clients. */
  print(text: string): void;
}

/** The variables of a frame, as the inspector provides them. */
type Scope = Readonly<Record<string, unknown>>;

/** The parameters of a CommonJS module, which a user has not declared. */
const PARAMETERS: ReadonlySet<string> = new Set([
  "exports",
  "require",
  "module",
  "__filename",
  "__dirname",
]);

/** A comparison of a hit condition. */
type Comparison = "==" | "<" | "<=" | ">" | ">=" | "%";

/** Reads the variables of the runtime for the debugger. */
export class DebugTarget {
  readonly #context: TargetContext;
  readonly #names: CellNames;
  readonly #references: References;
  readonly #hits = new Map<string, number>();
  /** Whether values of libraries may be described, which runs their code. */
  #isDescribed = true;

  constructor(context: TargetContext) {
    this.#context = context;
    this.#names = new CellNames(context.variables);
    this.#references = new References(() =>
      this.#isDescribed ? context.displays : [],
    );
  }

  /** Returns all scripts with a source map. */
  scripts(): readonly KnownScript[] {
    return this.#context.scripts();
  }

  /**
   * Lists the variables of all cells, and forgets all references.
   *
   * @param isBusy Whether code is running. The code of libraries is not called then, because it may
   *   be in the middle of a computation.
   */
  inspect(isBusy: boolean): readonly Row[] {
    this.#references.clear();
    this.#isDescribed = !isBusy;
    try {
      return this.#references.rows(this.cells({}), { count: Infinity });
    } finally {
      this.#isDescribed = true;
    }
  }

  /** Forgets all references. */
  release(): void {
    this.#references.clear();
  }

  /** Returns the members of a reference. */
  variables(reference: number, part: Part): readonly Row[] {
    return this.#references.rows(reference, part);
  }

  /** Returns a reference to the variables of all cells; 0 if there are none. */
  cells(earlier: EarlierSlots): number {
    const names = this.#names.all();
    return this.#add(
      names.map((name) => {
        const slot = this.#names.slotOf(name, earlier) ?? name;
        return { name, access: name, value: this.#names.valueIn(slot) };
      }),
    );
  }

  /**
   * Returns a reference to the variables of scopes, the innermost first; 0 if there are none.
   *
   * @param receiver The value of `this`, which is listed if it is an object.
   * @param scopes The scopes.
   */
  scope(receiver: unknown, ...scopes: readonly Scope[]): number {
    const found = new Map<string, Member>();
    if (
      typeof receiver === "object" &&
      receiver !== null &&
      receiver !== globalThis
    ) {
      found.set("this", { name: "this", access: "this", value: receiver });
    }
    for (const scope of scopes) {
      for (const name of Object.keys(scope)) {
        if (found.has(name) || PARAMETERS.has(name)) continue;
        if (name.startsWith(WRAPPER_LETTER)) continue;
        found.set(name, { name, access: name, value: valueIn(scope, name) });
      }
    }
    return this.#add([...found.values()]);
  }

  /** Returns the names of the variables of scopes. */
  localNames(...scopes: readonly Scope[]): readonly string[] {
    return scopes.flatMap((scope) => Object.keys(scope));
  }

  /** Describes a value. */
  describe(value: unknown, expression?: string): Row {
    return this.#references.row("", value, expression);
  }

  /** Runs code outside any frame, and describes its value. */
  evaluate(code: string): Row {
    return this.describe(vm.runInThisContext(code) as unknown);
  }

  /** Returns the scope of an expression; see {@link CellNames.scope}. */
  names(hidden: readonly string[], earlier: EarlierSlots = {}): object {
    return this.#names.scope(hidden, earlier);
  }

  /** Assigns a value to a variable of the cells. */
  copy(name: string, value: unknown): void {
    this.#names.assign(name, value);
  }

  /** Returns the display of a value at once, because nothing can be awaited in paused code. */
  displayedNow(value: unknown): MimeBundle {
    const { displays } = this.#context;
    const bundle = displayedNow(value, displays);
    if (bundle) return bundle;
    const described = isObject(value) && describedBy(value, displays);
    return {
      "text/plain": described
        ? `${described.type} ${described.text}`
        : plainText(value),
    };
  }

  /** Returns the display of a variable of the cells; undefined if there is none of this name. */
  async displayed(name: string): Promise<MimeBundle | undefined> {
    const slot = this.#names.slotOf(name);
    if (slot === undefined) return undefined;
    return toMimeBundle(this.#names.valueIn(slot), this.#context.displays);
  }

  /** Describes a thrown value. */
  thrown(value: unknown): { name: string; message: string; stack: string } {
    const { ename, evalue } = describe(value);
    const stack: unknown = isError(value) ? value.stack : undefined;
    return {
      name: ename,
      message: evalue,
      stack: typeof stack === "string" ? stack : "",
    };
  }

  /** Counts a hit of a breakpoint. Returns whether the number of hits fulfills a condition. */
  hit(breakpoint: string, comparison: Comparison, wanted: number): boolean {
    const count = (this.#hits.get(breakpoint) ?? 0) + 1;
    this.#hits.set(breakpoint, count);
    switch (comparison) {
      case "==":
        return count === wanted;
      case "<":
        return count < wanted;
      case "<=":
        return count <= wanted;
      case ">":
        return count > wanted;
      case ">=":
        return count >= wanted;
      case "%":
        return count % wanted === 0;
    }
  }

  /** Prints the message of a logpoint. Returns false, so that it does not stop. */
  log(parts: readonly unknown[]): false {
    const text = parts
      .map((part) => (typeof part === "string" ? part : inspect(part)))
      .join("");
    this.#context.print(`${text}\n`);
    return false;
  }

  /** Reports a condition that has thrown. Returns true, so that the breakpoint stops. */
  failed(condition: string, error: unknown): true {
    const { ename, evalue } = describe(error);
    this.#context.print(
      `Expected a condition that can be evaluated, received "${condition}": ${ename}: ${evalue}\n`,
    );
    return true;
  }

  #add(members: readonly Member[]): number {
    if (members.length === 0) return 0;
    return this.#references.add(
      {
        indexed: 0,
        named: members.length,
        elements: () => [],
        properties: (start, end) => members.slice(start, end),
      },
      "",
    );
  }
}

/**
 * Returns a variable's value; undefined if its declaration has not run yet, because Node 22 and
 * newer throw an error then.
 */
function valueIn(scope: Scope, name: string): unknown {
  try {
    return scope[name];
  } catch {
    return undefined;
  }
}
