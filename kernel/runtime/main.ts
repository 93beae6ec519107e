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
import type { RuntimeCommand, RuntimeEvent } from "./channel";
import { Comms } from "./comms";
import { Gallery } from "./display";
import { InterruptHandler } from "./interrupt";
import { createModules } from "./modules";
import { installNotebookHost } from "./notebook-host";
import { Output } from "./output";
import { Guard } from "./guard";
import { Input } from "./input";
import {
  createStopFlag,
  HEARD_INTERRUPT,
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
const guard = new Guard(stopFlag, interrupted);
output.redirect();
new Input(guard, output).install();
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

function interrupted(interrupt: number): void {
  Atomics.store(stopFlag, HEARD_INTERRUPT, interrupt);
  if (Atomics.exchange(stopFlag, WAS_ENDED, 0) === 1) tensorflow.repair();
  interrupts.interrupt();
}

function report(thrown: unknown): void {
  const { traceback } = toCellError(thrown, tracebackContext);
  output.write("stderr", `${traceback.join("\n")}\n`);
}

process.on("message", (command: RuntimeCommand) => {
  if (command.kind === "interrupt") {
    // The guard says so too, but perhaps later than the cell begins.
    Atomics.store(stopFlag, STOPPED_RUN, command.run);
    interrupted(command.interrupt);
    return;
  }
  if (command.kind === "comm") {
    comms.receive(command);
    return;
  }
  if (command.kind === "expect") {
    library.expect(command.source);
    return;
  }
  const begun = () => output.send({ kind: "begun", run: command.run });
  void runner.run(command, begun).then((outcome) => {
    try {
      output.send({ kind: "done", run: command.run, outcome });
    } catch (error) {
      // The bundle holds something that JSON cannot carry, such as a bigint.
      const told = toCellError(error, tracebackContext);
      output.send({
        kind: "done",
        run: command.run,
        outcome: { status: "error", ...told },
      });
    }
  });
});

output.send({ kind: "ready" });
