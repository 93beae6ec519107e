/**
 * Makes the table of a data frame sortable, page by page, by a script in the page. Where no script
 * may run, the table remains as it is.
 */
import { types } from "node:util";

/** How many rows a page has. */
const PAGE = 20;

/** The rows of a table that can be sorted. */
export interface SortableRows {
  /** The texts of the cells, row by row. */
  readonly cells: readonly (readonly string[])[];
  /** For each column the rows in ascending order, by number. */
  readonly orders: readonly (readonly number[])[];
  /** Number of rows of the data frame, of which `cells` may be the first ones only. */
  readonly total: number;
}

/**
 * Returns the numbers of rows in ascending order of their values. Numbers, dates and other values
 * each come in their own order; missing values come last. Equal values keep their order.
 */
export function ascending(values: readonly unknown[]): number[] {
  const keys = values.map(sortKey);
  return keys
    .map((_, row) => row)
    .sort((one, other) => compare(keys[one]!, keys[other]!) || one - other);
}

type SortKey = readonly [kind: number, value: number | string];

function sortKey(value: unknown): SortKey {
  if (typeof value === "number" && !Number.isNaN(value)) return [0, value];
  if (typeof value === "bigint") return [0, Number(value)];
  if (typeof value === "boolean") return [0, Number(value)];
  if (types.isDate(value) && Number.isFinite(value.getTime())) {
    return [1, value.getTime()];
  }
  if (typeof value === "string") return [2, value];
  return [3, 0];
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(one: SortKey, other: SortKey): number {
  if (one[0] !== other[0]) return one[0] - other[0];
  if (typeof one[1] === "string") {
    return collator.compare(one[1], String(other[1]));
  }
  const [left, right] = [one[1], Number(other[1])];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Returns the script that follows a table's HTML. Its first column holds the headings of the rows.
 */
export function pagesScript(rows: SortableRows): string {
  const data = JSON.stringify(rows).replaceAll("<", "\\u003c");
  return `<script>(${SCRIPT})(document.currentScript, ${data}, ${PAGE});</script>`;
}

/** The script in the page: `(script, rows, pageLength) => void`. */
const SCRIPT = `(script, { cells, orders, total }, length) => {
  const table = script?.previousElementSibling?.querySelector("table");
  if (!table) return;
  const body = table.tBodies[0];
  const aligned = [...body.rows[0].cells].map((cell) => cell.style.textAlign);
  const heads = [...table.tHead.rows[0].cells];
  let order = cells.map((_, row) => row);
  let start = 0;
  const bar = document.createElement("div");
  const place = document.createElement("span");
  const button = (text, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const back = button("‹", "Previous rows", () => show(start - length));
  const forth = button("›", "Next rows", () => show(start + length));
  const show = (from) => {
    start = from;
    const end = Math.min(start + length, order.length);
    body.replaceChildren(...order.slice(start, end).map((row) => {
      const line = document.createElement("tr");
      cells[row].forEach((text, column) => {
        const cell = document.createElement(column === 0 ? "th" : "td");
        cell.style.textAlign = aligned[column];
        cell.textContent = text;
        line.append(cell);
      });
      return line;
    }));
    const rest = total > cells.length ? " (of " + total.toLocaleString("en") + ")" : "";
    place.textContent = " " + (start + 1) + "–" + end + " of " + cells.length.toLocaleString("en") + rest + " ";
    back.disabled = start === 0;
    forth.disabled = end === order.length;
  };
  heads.forEach((head, column) => {
    const title = head.textContent;
    const sort = button(title, "Sort by " + (title || "index"), () => {
      const descends = head.ariaSort === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descends ? "descending" : "ascending");
      order = descends ? [...orders[column]].reverse() : [...orders[column]];
      show(0);
    });
    sort.style.cssText = "all: unset; cursor: pointer; font-weight: bold; display: inline-block; min-width: 1.5em; min-height: 1em";
    sort.addEventListener("focus", () => { sort.style.outline = "2px solid"; });
    sort.addEventListener("blur", () => { sort.style.outline = ""; });
    head.replaceChildren(sort);
  });
  bar.append(back, place, forth);
  bar.hidden = cells.length <= length;
  table.after(bar);
  show(0);
}`;
