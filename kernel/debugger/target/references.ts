/**
 * Gives numbers to values whose members a client may ask for, and lists these members as variables
 * of the Debug Adapter Protocol
 * (https://microsoft.github.io/debug-adapter-protocol/specification#Types_Variable).
 */
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { type Member, type Members, membersOf } from "./members";
import { valueText } from "./value-text";

/** A variable of the Debug Adapter Protocol. */
export interface Row {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** The number by which its members are requested; 0 if it has none. */
  readonly variablesReference: number;
  /** An expression for the value, if there is one. */
  readonly evaluateName?: string;
  readonly indexedVariables?: number;
  readonly namedVariables?: number;
  readonly presentationHint?: { readonly lazy: true };
}

/** A part of the members that a client asks for. */
export interface Part {
  readonly filter?: "indexed" | "named";
  readonly start?: number;
  readonly count?: number;
}

/** What a number stands for. */
interface Holder {
  readonly members: Members;
  /** The expression for the value, if there is one. */
  readonly expression?: string | undefined;
}

/** Number of members that are listed at once; more are divided into ranges. */
const MOST_ROWS = 100;

/** The numbered values. */
export class References {
  readonly #displays: () => readonly ValueDisplay[];
  #holders = new Map<number, Holder>();
  #last = 0;

  /** @param displays Returns the displays that describe values of libraries. */
  constructor(displays: () => readonly ValueDisplay[]) {
    this.#displays = displays;
  }

  /** Forgets all values, so that they can be garbage-collected. Numbers are not used again. */
  clear(): void {
    this.#holders = new Map();
  }

  /** Returns a number for these members. */
  add(members: Members, expression?: string): number {
    this.#last += 1;
    this.#holders.set(this.#last, { members, expression });
    return this.#last;
  }

  /** Returns the members of a number; none if it has been forgotten. */
  rows(reference: number, part: Part = {}): readonly Row[] {
    const holder = this.#holders.get(reference);
    if (holder === undefined) return [];
    const { members, expression } = holder;
    const wanted = (kind: "indexed" | "named") =>
      part.filter === undefined || part.filter === kind;
    const indexed = wanted("indexed")
      ? this.#listed(members.indexed, members.elements, expression, part)
      : [];
    const named = wanted("named")
      ? this.#listed(members.named, members.properties, expression, part)
      : [];
    return [...indexed, ...named];
  }

  /** Returns a value as a variable. */
  row(name: string, value: unknown, expression?: string): Row {
    const { text, type } = valueText(value, this.#displays());
    const members = membersOf(value);
    const { indexed, named } = members;
    const isEmpty = indexed + named === 0;
    return {
      name,
      value: text,
      type,
      variablesReference: isEmpty ? 0 : this.add(members, expression),
      ...(expression === undefined ? {} : { evaluateName: expression }),
      ...(indexed > 0
        ? { indexedVariables: indexed, namedVariables: named }
        : {}),
    };
  }

  #listed(
    total: number,
    list: Members["elements"],
    expression: string | undefined,
    { start = 0, count = 0 }: Part,
  ): readonly Row[] {
    if (count > 0) {
      return this.#rowsOf(list(start, start + count), expression);
    }
    return this.#range(0, total, list, expression);
  }

  /** Returns members, or ranges of them if they are many. */
  #range(
    start: number,
    end: number,
    list: Members["elements"],
    expression: string | undefined,
  ): readonly Row[] {
    if (end - start <= MOST_ROWS) {
      return this.#rowsOf(list(start, end), expression);
    }
    let size = MOST_ROWS;
    while ((end - start) / size > MOST_ROWS) size *= MOST_ROWS;
    const rows: Row[] = [];
    for (let first = start; first < end; first += size) {
      const last = Math.min(first + size, end);
      // Its rows are listed when it is opened.
      const members: Members = {
        indexed: last - first,
        named: 0,
        elements: (from, to) => list(first + from, first + to),
        properties: () => [],
      };
      rows.push({
        name: `[${first}…${last - 1}]`,
        value: "",
        type: "",
        variablesReference: this.add(members, expression),
      });
    }
    return rows;
  }

  #rowsOf(members: readonly Member[], expression: string | undefined): Row[] {
    return members.map((member) => {
      const { name, access } = member;
      const inner =
        expression === undefined || access === undefined
          ? undefined
          : `${expression}${access}`;
      if ("value" in member) return this.row(name, member.value, inner);
      return this.#lazyRow(name, member.get, inner);
    });
  }

  /** Returns the row of a getter, which is run when the row is opened. */
  #lazyRow(
    name: string,
    get: () => unknown,
    expression: string | undefined,
  ): Row {
    const members: Members = {
      indexed: 0,
      named: 1,
      elements: () => [],
      properties: () => [{ name: "", value: resultOf(get) }],
    };
    return {
      name,
      value: "(…)",
      type: "getter",
      variablesReference: this.add(members),
      ...(expression === undefined ? {} : { evaluateName: expression }),
      presentationHint: { lazy: true },
    };
  }
}

/** Returns the value of a getter, or what it throws. */
function resultOf(get: () => unknown): unknown {
  try {
    return get();
  } catch (error) {
    return error;
  }
}
