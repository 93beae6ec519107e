/**
 * The runtime process: where cells run, with their variables, modules and TensorFlow.
 *
 * It is started by the front process (`front/runtime-process.ts`), takes commands over Node's IPC, and
 * may be busy or blocked for as long as a cell likes.
 */
import { createRequire } from "node:module";
import { projectFolder as findProjectFolder } from "../compiler/folders";
import { cacheFolder } from "../compiler/project/compilation-cache";
import { CellRunner } from "./cell-runner";
import type {
  ExecuteCommand,
  Outcome,
  RuntimeCommand,
  RuntimeEvent,
} from "./channel";
import { Comms } from "./comms";
import { Ending } from "./ending";
import { Gallery } from "./display";
import { Interrupt, InterruptHandler } from "./interrupt";
import { createModules } from "./modules";
import { installNotebookHost } from "./notebook-host";
import { Output } from "./output";
import { Guard } from "./guard";
import { Input, InputNotAllowed } from "./input";
import { installInputFiles } from "./input-files";
import { StandardInput } from "./standard-input";
import {
  createStopFlag,
  HEARD_INTERRUPT,
  NO_RUN,
  STOPPED_RUN,
  TRAINING_RUNS,
  WAS_ENDED,
} from "./stop-flag";
import { keepCompiledModules, restoreRemovedFunctions } from "./node-versions";
import { quietWarnings } from "./quiet-warnings";
import { SourceMaps } from "./source-maps";
import { TensorFlowGuest } from "./tensorflow-guest";
import { TensorFlowLibrary } from "./tensorflow-library";
import { toCellError, type TracebackContext } from "./traceback";

const notebookFolder = process.cwd();
const projectFolder = findProjectFolder(notebookFolder);

const output = new Output((event: RuntimeEvent) => {
  if (process.connected) process.send?.(event);
});
const comms = new Comms(output, report);
const gallery = new Gallery(output);
const stopFlag = createStopFlag();
const tensorflow = new TensorFlowGuest((count) =>
  Atomics.store(stopFlag, TRAINING_RUNS, count),
);
const interrupts = new InterruptHandler(tensorflow);
const ending = new Ending(stopFlag, output);
const maps = new SourceMaps();
const tracebackContext: TracebackContext = {
  source: (name) => maps.source(name),
  projectFolder,
};

// Node keeps ten frames, which in a library such as TensorFlow.js end before the cell's own.
Error.stackTraceLimit = 50;
// What was printed just before process.exit() is still waiting for more.
process.on("exit", () => output.close());
quietWarnings();
interrupts.install();
ending.install();
const guard = new Guard(stopFlag, interrupted);
output.redirect();
const input = new Input(guard, output);
input.install();
const standardInput = new StandardInput({
  input,
  run: () => output.run,
  openLine: () => output.openLine,
});
standardInput.install();
installInputFiles(
  () => input.line(output.openLine),
  () => output.run,
);
installNotebookHost(gallery, comms);
maps.install();

const { version: tslabVersion } = createRequire(__filename)(
  "tslab/package.json",
) as { version: string };
restoreRemovedFunctions();
const keepLoaded = keepCompiledModules(cacheFolder(projectFolder));
const modules = createModules({
  notebookFolder,
  projectFolder,
  mapped: (path, map) => maps.addFile(path, map),
  provided: {
    tslab: gallery.tslabModule({
      tslab: tslabVersion,
      node: process.version,
      typescript: process.env.CONVNOTES_TYPESCRIPT_VERSION ?? "",
    }),
  },
  loaded: () => {
    tensorflow.discover();
    keepLoaded();
  },
});
const library = new TensorFlowLibrary(modules.require);
const runner = new CellRunner({
  ...modules,
  output,
  interrupts,
  stopFlag,
  maps,
  tensorflow,
  tracebackContext,
});

// An error in a timer or an unawaited promise is shown in its cell and does not end the notebook.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, report);
}

/** The cell that runs, and how it is said to have ended; only the first outcome counts. */
let running:
  | {
      readonly run: number;
      /** Whether something that it has started was ended, which it may not notice: its own code may be over. */
      wasInterrupted: boolean;
      finish(outcome: Outcome): void;
    }
  | undefined;

/** The ended cell in which it has been said already that it was interrupted. */
let toldRun: number | undefined;

/** The message of a comm that listeners are being told of. */
let handling: number | undefined;

function interrupted(interrupt: number): void {
  if (Atomics.load(stopFlag, HEARD_INTERRUPT) >= interrupt) return;
  Atomics.store(stopFlag, HEARD_INTERRUPT, interrupt);
  const endedRun = ending.settle();
  const wasEnded = Atomics.exchange(stopFlag, WAS_ENDED, 0) === 1;
  if (wasEnded) tensorflow.repair();
  interrupts.interrupt();
  if (wasEnded) recover(endedRun);
}

/** Sees to what cannot go on by itself after the thread was ended: promise reactions that waited then are gone. */
function recover(endedRun: number | undefined): void {
  const cell = running;
  if (cell && cell.run === endedRun) cell.wasInterrupted = true;
  if (![undefined, cell?.run, toldRun].includes(endedRun)) {
    const { traceback } = toCellError(new Interrupt(), tracebackContext);
    const text = `${traceback.join("\n")}\n`;
    output.send({ kind: "stream", run: endedRun!, name: "stderr", text });
  }
  toldRun = undefined;
  if (handling !== undefined) {
    output.send({ kind: "comm-handled", ticket: handling });
    handling = undefined;
  }
  // A cell that is let go says so itself until then.
  setImmediate(() => {
    if (running === cell) cell?.finish(interruptedOutcome());
  });
}

function interruptedOutcome(): Outcome {
  return {
    status: "error",
    ...toCellError(new Interrupt(), tracebackContext),
  };
}

function abandonInput(): void {
  guard.forget();
  standardInput.abandon();
}

function report(thrown: unknown): void {
  // The cell itself will end by it.
  if (thrown instanceof Interrupt) {
    if (running?.run === output.run) {
      running.wasInterrupted = true;
      return;
    }
    toldRun = output.run;
  }
  // Nobody has taken it; the cell that asked would wait for ever.
  if (thrown instanceof InputNotAllowed && interrupts.fail(thrown)) return;
  const { traceback } = toCellError(thrown, tracebackContext);
  output.write("stderr", `${traceback.join("\n")}\n`);
}

function execute(command: ExecuteCommand): void {
  const { run } = command;
  const cell = {
    run,
    wasInterrupted: false,
    hasBegun: false,
    finish: (ended: Outcome) => {
      if (running !== cell) return;
      running = undefined;
      const { hasBegun } = cell;
      const isHidden = cell.wasInterrupted && ended.status === "ok";
      const outcome = isHidden ? interruptedOutcome() : ended;
      try {
        output.send({ kind: "done", run, outcome, hasBegun });
      } catch (error) {
        // The bundle holds something that JSON cannot carry, such as a bigint.
        const told = toCellError(error, tracebackContext);
        output.send({
          kind: "done",
          run,
          outcome: { status: "error", ...told },
          hasBegun,
        });
      }
    },
  };
  running = cell;
  void runner
    .run(command, () => {
      cell.hasBegun = true;
      // A cell that does not await is done as soon as another message could be read.
      if (command.cell.isAsync) output.send({ kind: "begun", run });
    })
    .then(awaitInput)
    .then((outcome) => {
      if (outcome.status === "error") abandonInput();
      cell.finish(outcome);
    });

  /** A cell goes on while it waits for a line that the user is to type. */
  async function awaitInput(outcome: Outcome): Promise<Outcome> {
    if (outcome.status !== "ok" || !standardInput.isAwaited(run)) {
      return outcome;
    }
    try {
      await interrupts.race(standardInput.settled(run));
      return outcome;
    } catch (error) {
      return { status: "error", ...toCellError(error, tracebackContext) };
    }
  }
}

process.on("message", (command: RuntimeCommand) => {
  switch (command.kind) {
    case "interrupt":
      // The guard says so too, but perhaps later than the cell begins.
      if (command.run !== NO_RUN) {
        Atomics.store(stopFlag, STOPPED_RUN, command.run);
      }
      interrupted(command.interrupt);
      return;
    case "comm":
      handling = command.ticket;
      comms.receive(command);
      handling = undefined;
      return;
    case "expect":
      library.expect(command.source);
      return;
    case "execute":
      execute(command);
  }
});

output.send({ kind: "ready" });
