/**
 * Runs the magics that run before the cell that contains them is checked. They run in the runtime,
 * so that what they print, ask and start is handled like that of any cell.
 */
import type {
  CompiledCell,
  Compiler,
  EarlyMagic,
} from "../../compiler/compiler";
import type { ExecuteCommand, Outcome } from "../../runtime/channel";
import { mayHaveMagics } from "../catalog";
import { MAGICS_KEY, RESET_TYPE } from "../host-key";

/** The parts of the kernel that early magics need. */
interface EarlyContext {
  readonly compiler: Compiler;
  readonly runtime: {
    execute(command: ExecuteCommand, begun: () => void): Promise<Outcome>;
  };
  /** Returns the number of a new run. */
  nextRun(): number;
  /** Whether the cell has been interrupted. */
  isInterrupted(): boolean;
}

/** The slot of a magic's result, which no cell can declare. */
const RESULT = "%early";

/** A source map without positions: the code of the magic is in no cell. */
const NO_POSITIONS = JSON.stringify({
  version: 3,
  sources: [],
  names: [],
  mappings: "",
});

/**
 * Runs the early magics of a cell one after the other.
 *
 * @param source The cell.
 * @param name The cell's name, such as "In[3]".
 * @param context Parts of the kernel.
 * @returns The outcome of the first that fails; undefined if the cell may be checked.
 */
export async function runEarlyMagics(
  source: string,
  name: string,
  { compiler, runtime, nextRun, isInterrupted }: EarlyContext,
): Promise<Outcome | undefined> {
  // Most cells need no answer of the compiler's process.
  if (!mayHaveMagics(source)) return undefined;
  const magics = (await compiler.early?.(source)) ?? [];
  for (const magic of magics) {
    // The cell itself reports its interrupt.
    if (isInterrupted()) break;
    const outcome = await runtime.execute(
      {
        kind: "execute",
        run: nextRun(),
        name: `${name} %${magic.name}`,
        source,
        cell: earlyCell(magic),
      },
      () => undefined,
    );
    if (outcome.status === "error") return outcome;
    // The user may have declined.
    if (outcome.result && RESET_TYPE in outcome.result) await compiler.reset();
  }
  return undefined;
}

function earlyCell({ name, argument }: EarlyMagic): CompiledCell {
  const host = `globalThis[${JSON.stringify(MAGICS_KEY)}]`;
  const call = `${host}.run(${JSON.stringify(name)}, ${JSON.stringify(argument)})`;
  return {
    javascript: `(async function (cells) { const result = await ${call}; cells[${JSON.stringify(RESULT)}] = result; })`,
    sourceMap: NO_POSITIONS,
    imports: [],
    isAsync: true,
    lastExpression: RESULT,
  };
}
