/**
 * Displays nested values as a tree that folds and unfolds, beside their text.
 *
 * The tree is HTML without scripts (`details` elements), so that saved notebooks and exported pages
 * have it too. No code of the values runs: getters are listed, but not called.
 */
import { types } from "node:util";
import { escapeHtml } from "@convnotes/notebook/html";
import { count } from "@convnotes/notebook/quantity";
import type { ValueDisplay } from "@convnotes/notebook/value-display";
import { type Member, membersOf } from "../../debugger/target/members";
import { isObject, valueText } from "../../debugger/target/value-text";

/** How many members a page has. */
const PAGE = 100;

/** How many pages of elements a list has before the rest is left out. */
const MOST_PAGES = 10;

/** How many levels are shown. */
const MOST_LEVELS = 8;

/** How many members a tree has before the rest is left out. */
const MOST_MEMBERS = 4_000;

/** How many levels are unfolded at first. */
const OPEN_LEVELS = 1;

/** Indents the members of a value. An inline style, because sanitizers remove stylesheets. */
const INDENT = 'style="margin-left: 1.5em"';

/** A tree that is being written. */
class TreeWriter {
  readonly #displays: readonly ValueDisplay[];
  /** The values around the current one. */
  readonly #path: unknown[] = [];
  #left = MOST_MEMBERS;

  constructor(displays: readonly ValueDisplay[]) {
    this.#displays = displays;
  }

  /** Writes a value with its label; folded if it has members. */
  write(label: string, value: unknown): string {
    const { text } = valueText(value, this.#displays);
    if (this.#path.includes(value)) return line(label, "[Circular]");
    const parts = this.#parts(value);
    if (parts.length === 0) return line(label, text);
    const open = this.#path.length < OPEN_LEVELS ? " open" : "";
    this.#path.push(value);
    const members = parts.map((part) => part()).join("");
    this.#path.pop();
    return `<details${open}><summary>${labeled(label, text)}</summary><div ${INDENT}>${members}</div></details>`;
  }

  /** Returns functions that write the pages of a value's members. */
  #parts(value: unknown): (() => string)[] {
    if (this.#path.length >= MOST_LEVELS || !isObject(value)) return [];
    const members = membersOf(value);
    const { indexed, named } = members;
    const starts = pages(indexed);
    const isPaged = indexed > PAGE;
    const elements = starts.map((start) => () => {
      const end = Math.min(start + PAGE, indexed);
      const written = () => this.#members(members.elements(start, end));
      return isPaged ? page(`${start} … ${end - 1}`, written()) : written();
    });
    const shown = Math.min(indexed, starts.length * PAGE);
    const rest = indexed - shown;
    const properties = pages(named).map(
      (start) => () => this.#members(members.properties(start, start + PAGE)),
    );
    return [
      ...elements,
      ...(rest > 0 ? [() => line("", `… ${count(rest)} more elements`)] : []),
      ...properties,
    ];
  }

  #members(members: readonly Member[]): string {
    return members
      .map((member) => {
        this.#left -= 1;
        if (this.#left < 0) return this.#left === -1 ? line("", "…") : "";
        return "get" in member
          ? line(member.name, "(getter)")
          : this.write(member.name, member.value);
      })
      .join("");
  }
}

/**
 * Returns a value's tree as HTML; undefined for a value without members, whose text says all.
 *
 * @param displays The displays that libraries have registered, which describe their values.
 */
export function valueTree(
  value: unknown,
  displays: readonly ValueDisplay[],
): string | undefined {
  if (!isObject(value) || types.isProxy(value)) return undefined;
  const tree = new TreeWriter(displays).write("", value);
  return tree.startsWith("<details")
    ? `<div style="font-family: monospace">${tree}</div>`
    : undefined;
}

function pages(length: number): number[] {
  const number = Math.min(MOST_PAGES, Math.ceil(length / PAGE));
  return Array.from({ length: number }, (_, index) => index * PAGE);
}

function page(range: string, members: string): string {
  return `<details><summary>[${range}]</summary><div ${INDENT}>${members}</div></details>`;
}

function line(label: string, text: string): string {
  return `<div>${labeled(label, text)}</div>`;
}

function labeled(label: string, text: string): string {
  const shown = escapeHtml(text);
  return label === ""
    ? shown
    : `<span style="opacity: 0.7">${escapeHtml(label)}:</span> ${shown}`;
}
