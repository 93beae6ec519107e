/**
 * Defines the messages about debugging between the front process and the runtime's guard thread.
 */

/** A cell that is about to run. */
interface AnnouncedCell {
  readonly kind: "cell";
  /** The name of the cell's script, such as "In[3]". */
  readonly name: string;
  readonly source: string;
  /** The source map (version 3, JSON) of its script. */
  readonly map: string;
}

/** A compiled CommonJS file that is about to be loaded under its own path. */
interface AnnouncedFile {
  readonly kind: "file";
  readonly path: string;
  /** The source map (version 3, JSON) of its script. */
  readonly map: string;
}

/** A compiled ES module that is about to be evaluated, with its imports. */
interface AnnouncedModule {
  readonly kind: "module";
  /** The path of the compiled module; its map is beside it. */
  readonly place: string;
}

/** A script that the main thread has announced. It runs after the front process's `run`. */
export type AnnouncedScript = AnnouncedCell | AnnouncedFile | AnnouncedModule;

/** A script with a source map. */
export interface KnownScript {
  /** The name of a cell, or the path of a file. */
  readonly name: string;
  /** The source map (version 3, JSON). */
  readonly map: string;
  /** The text of a cell; absent for a file. */
  readonly source?: string | undefined;
}

/** A message to the guard. */
export type DebugCommand =
  /** Connects the inspector's session; from now on, scripts are announced. */
  | { readonly do: "attach" }
  /** Closes the session, which removes all breakpoints and resumes a paused runtime. */
  | { readonly do: "detach" }
  /** Calls a method of the inspector (https://chromedevtools.github.io/devtools-protocol/v8/). */
  | {
      readonly do: "call";
      readonly id: number;
      readonly method: string;
      readonly params: object;
    }
  /** Lets the main thread run the script that it has announced under this number. */
  | { readonly do: "run"; readonly script: number };

/** A message from the guard. */
export type DebugNotice =
  | { readonly is: "result"; readonly id: number; readonly result: unknown }
  | { readonly is: "failure"; readonly id: number; readonly message: string }
  | {
      readonly is: "event";
      readonly method: string;
      readonly params: unknown;
    }
  | {
      readonly is: "script";
      readonly number: number;
      readonly script: AnnouncedScript;
    }
  /** Text of a logpoint or of a condition that failed. */
  | { readonly is: "printed"; readonly text: string };

/** A message of the main thread to the guard, about debugging. */
export type TargetMessage =
  | { readonly number: number; readonly script: AnnouncedScript }
  | { readonly printed: string };
