/**
 * Lists the magics of cells with their help, and finds the nearest name of an unknown one.
 */

/**
 * How a magic is run: "line" where it stands; "statement" measures the TypeScript behind it;
 * "early" before the cell is checked.
 */
export type MagicKind = "line" | "statement" | "early";

/** A magic. */
export interface Magic {
  readonly name: string;
  readonly kind: MagicKind;
  /** Whether it has a form with two percent signs, for a whole cell. */
  readonly hasCellForm?: boolean;
  /** The forms in which it is used. */
  readonly usage: readonly string[];
  /** One line for the list of all magics. */
  readonly summary: string;
  /** More lines for its own help. */
  readonly details: string;
}

/** All magics, in the order of the help. */
export const magics: readonly Magic[] = [
  {
    name: "help",
    kind: "line",
    usage: ["%help", "%help NAME"],
    summary: "List the magics, or show the help of one",
    details: `%NAME? shows the same help. A magic begins a line, where a statement can begin.`,
  },
  {
    name: "install",
    kind: "early",
    usage: ["%install NAME", "%install NAME@VERSION ./FOLDER", "%install"],
    summary: "Install npm packages into the notebook's folder",
    details: `Runs before the cell is checked, so the same cell can import the package.
A package without types of its own gets those of @types, if there are any.
package.json and package-lock.json beside the notebook record the exact
versions. A name without a version keeps the recorded one; NAME@latest updates
it. Without names, the recorded packages are installed: those in package.json
or, if there is none, those noted in the notebook. No scripts of packages run.`,
  },
  {
    name: "time",
    kind: "statement",
    hasCellForm: true,
    usage: ["%time STATEMENT", "%%time"],
    summary: "Measure the time of one statement, or of the cell",
    details: `Time spent awaiting is included. Names that the statement declares are names of
the cell. %%time is the first line of its cell; imports are loaded first and are
not included.`,
  },
  {
    name: "timeit",
    kind: "statement",
    hasCellForm: true,
    usage: ["%timeit [-n LOOPS] [-r RUNS] STATEMENT", "%%timeit [SETUP]"],
    summary: "Measure a statement, or the cell, in many loops",
    details: `Repeats the statement until a run takes 0.2 seconds, and makes 7 runs. -n and -r
set other numbers. Names that the statement declares are forgotten. %%timeit
measures the lines below it; SETUP runs before each run and is not included.`,
  },
  {
    name: "who",
    kind: "line",
    usage: ["%who", "%who TYPE"],
    summary: "List the names that cells have declared",
    details: `Shows each name's type and value: shapes of tensors, parameters of models, sizes
of arrays and maps. TYPE lists only values whose type begins with it, as in
%who Tensor.`,
  },
  {
    name: "reset",
    kind: "early",
    usage: ["%reset", "%reset -f"],
    summary: "Forget all names that cells have declared",
    details: `Asks first; -f does not. Runs before the cell is checked and must be above the
cell's statements. Loaded modules stay loaded, and timers keep running.`,
  },
  {
    name: "env",
    kind: "line",
    usage: ["%env", "%env NAME", "%env NAME=VALUE"],
    summary: "List, show or set environment variables of the cells' process",
    details: `The list hides the values of names that contain KEY, TOKEN, SECRET, PASS or
CREDENTIAL. Set a variable that a library reads when it is loaded in a cell
before the one that imports it.`,
  },
  {
    name: "cd",
    kind: "line",
    usage: ["%cd FOLDER", "%cd -", "%cd"],
    summary: "Change the folder of the cells' process",
    details: `%cd - returns to the previous folder; %cd goes to the home folder. Imports and
%install stay with the notebook's folder.`,
  },
];

const byName: ReadonlyMap<string, Magic> = new Map(
  magics.map((magic) => [magic.name, magic]),
);

/** Returns whether a text may contain magics. */
export function mayHaveMagics(source: string): boolean {
  return /^[ \t]*%/m.test(source);
}

/** Returns the magic of a name; undefined if there is none. */
export function findMagic(name: string): Magic | undefined {
  return byName.get(name);
}

/** Returns the list of all magics, one line each. */
export function magicList(): string {
  const width = Math.max(...magics.map(({ name }) => name.length));
  return magics
    .map(({ name, summary }) => `%${name.padEnd(width)}  ${summary}`)
    .join("\n");
}

/** Returns the help of one magic. */
export function magicHelp({ usage, summary, details }: Magic): string {
  return `${usage.join("\n")}\n\n${summary}.\n\n${details}`;
}

/** Returns the message for a name that is not a magic. */
export function unknownMagic(name: string): string {
  const near = nearestMagic(name);
  const hint = near === undefined ? "" : ` Did you mean %${near}?`;
  return `Expected a magic, received %${name}.${hint} %help lists all.`;
}

/** Returns the name of the magic that is most like a name; undefined if none is like it. */
export function nearestMagic(name: string): string | undefined {
  const wanted = name.toLowerCase();
  const [nearest] = magics
    .map((magic) => ({
      name: magic.name,
      edits: editsBetween(wanted, magic.name),
    }))
    .filter((each) => each.edits <= Math.max(2, each.name.length / 2))
    .sort((one, other) => one.edits - other.edits);
  return nearest?.name;
}

/**
 * Returns the number of letters to insert, remove, replace or swap with the next one (the optimal
 * string alignment distance).
 */
function editsBetween(one: string, other: string): number {
  const table = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) =>
      row === 0 ? column : column === 0 ? row : 0,
    ),
  );
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let least = Math.min(
        table[row - 1]![column]! + 1,
        table[row]![column - 1]! + 1,
        table[row - 1]![column - 1]! + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 &&
        column > 1 &&
        one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1];
      if (isSwap) least = Math.min(least, table[row - 2]![column - 2]! + 1);
      table[row]![column] = least;
    }
  }
  return table[one.length]![other.length]!;
}
