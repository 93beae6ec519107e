/**
 * Repairs the state of tfjs's engine after an interrupt, which ends synchronous code without its
 * `finally` blocks: scopes stay open, and depths stay counted.
 *
 * The engine is a parameter, and this module loads no tfjs: a notebook may use a copy of its own.
 */
import type { TfjsEngine, TfjsEngineState } from "./engine-state";

/** What a step changes for its duration. */
type ChangedState = Pick<
  TfjsEngineState,
  "kernelDepth" | "gradientDepth" | "activeTape" | "profiling"
>;

/** The state of the engine before some code. */
export interface EngineMark extends ChangedState {
  /** Number of open scopes. */
  readonly scopes: number;
}

const initially: EngineMark = {
  kernelDepth: 0,
  gradientDepth: 0,
  activeTape: null,
  profiling: false,
  scopes: 0,
};

/** Returns the state that {@link repairEngine} restores. */
export function markEngine({ state }: TfjsEngine): EngineMark {
  const { kernelDepth, gradientDepth, profiling, scopeStack } = state;
  const mark = { kernelDepth, gradientDepth, profiling };
  const { activeTape = null } = state;
  return { ...mark, activeTape, scopes: scopeStack.length };
}

/** Restores the engine's state, and frees the tensors of the scopes that were open. */
export function repairEngine(
  engine: TfjsEngine,
  { scopes, ...before }: EngineMark = initially,
): void {
  const { state } = engine;
  // First, because ending a scope disposes tensors outside of any operation.
  Object.assign(state, before);
  while (state.scopeStack.length > scopes) {
    const open = state.scopeStack.length;
    try {
      engine.endScope();
    } catch {
      // A tensor was partly disposed at the interrupt; the scope must end nevertheless.
    }
    if (state.scopeStack.length === open) state.scopeStack.pop();
  }
  state.activeScope = state.scopeStack.at(-1) ?? null;
}
