/**
 * Starts the runtime process, which runs cells with their variables and modules.
 *
 * It is started by the front process (`front/runtime-process.ts`), receives commands over Node's
 * IPC, and may be busy or blocked as long as a cell runs.
 */
import { createRequire } from "node:module";
import { projectFolder as findProjectFolder } from "../compiler/folders";
import { cacheFolder } from "../compiler/project/compilation-cache";
import type { AnnouncedScript } from "../debugger/channel";
import { installDebugTarget } from "../debugger/target/install";
import { CellRunner } from "./cell-runner";
import type {
  ExecuteCommand,
  Outcome,
  RuntimeCommand,
  RuntimeEvent,
} from "./channel";
import { Comms } from "./comms";
import { Termination } from "./termination";
import { DeclaringPackages } from "../extensions/declaring-packages";
import { InstalledPackages } from "../extensions/installed-packages";
import { DisplayPublisher } from "./display";
import { ExtensionLoader } from "./extension-loader";
import { Extensions } from "./extensions";
import { Interrupt } from "../interrupt-error";
import { InterruptHandler } from "./interrupt";
import { Interruption } from "./interruption";
import { currentLog, startLog } from "../log";
import { installMagics } from "../magics/runtime/install-host";
import { createModules } from "./modules";
import { installNotebookHost } from "./notebook-host";
import { Output } from "./output";
import { Guard } from "./guard";
import { Input, InputNotAllowed } from "./input";
import { installInputFiles } from "./input-files";
import { StandardInput } from "./standard-input";
import { ACTIVE_RUNS, createStopFlag, NO_RUN, STOPPED_RUN } from "./stop-flag";
import { keepCompiledModules } from "./node-versions";
import { Preloader } from "./preloader";
import { quietWarnings } from "./quiet-warnings";
import { RunningCells } from "./running-cells";
import { SourceMaps } from "./source-maps";
import { toCellError, type TracebackContext } from "./traceback";

startLog("runtime");
const notebookFolder = process.cwd();
const projectFolder = findProjectFolder(notebookFolder);

const output = new Output((event: RuntimeEvent) => {
  if (process.connected) process.send?.(event);
});
const comms = new Comms(output, report);
const publisher = new DisplayPublisher(output);
const stopFlag = createStopFlag();
const extensions = new Extensions(
  (activeRuns) => Atomics.store(stopFlag, ACTIVE_RUNS, activeRuns),
  report,
);
const interrupts = new InterruptHandler(extensions, () => output.run);
const termination = new Termination(stopFlag, output);
const maps = new SourceMaps();
const tracebackContext: TracebackContext = {
  source: (name) => maps.source(name),
  projectFolder,
};

// Node's default of ten frames may not reach the cell's own frames if a library calls them back.
Error.stackTraceLimit = 50;
// Sends output that is still buffered at process.exit().
process.on("exit", () => output.close());
quietWarnings();
interrupts.install();
termination.install();
const interruption: Interruption = new Interruption({
  stopFlag,
  termination,
  extensions,
  interrupts,
  output,
  tracebackContext,
  cells: () => cells,
});
const guard = new Guard(stopFlag, (interrupt) =>
  interruption.handle(interrupt),
);
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
installNotebookHost(
  publisher,
  comms,
  () => cells.get(output.run)?.isInteractive ?? false,
);
maps.install();

const { version: tslabVersion } = createRequire(__filename)(
  "tslab/package.json",
) as { version: string };
const keepLoaded = keepCompiledModules(cacheFolder(projectFolder));
const modules = createModules({
  notebookFolder,
  projectFolder,
  mapped: (path, map) => {
    maps.addFile(path, map);
    announce({ kind: "file", path, map });
  },
  evaluating: (place) => announce({ kind: "module", place }),
  provided: {
    tslab: publisher.tslabModule({
      tslab: tslabVersion,
      node: process.version,
      typescript: process.env.CONVNOTES_TYPESCRIPT_VERSION ?? "",
    }),
  },
  loaded: keepLoaded,
});
const installed = new InstalledPackages(notebookFolder);
const packages = new DeclaringPackages(installed);
const preloader = new Preloader(installed, packages);
extensions.install();
new ExtensionLoader(packages, report).install();
const runner = new CellRunner({
  ...modules,
  announce,
  output,
  interrupts,
  stopFlag,
  maps,
  extensions,
  tracebackContext,
});

installDebugTarget({
  variables: runner.variables,
  displays: extensions.displays,
  scripts: () => maps.scripts(),
  print: (text) => {
    output.write("stdout", text);
    guard.printDebugged(text);
  },
});

installMagics({
  notebookFolder,
  variables: runner.variables,
  displays: extensions.displays,
  print: (text) => output.write("stdout", text),
  show: (bundle) => publisher.show(bundle),
  ask: (prompt) => input.line(prompt),
});

// Errors in timers and unawaited promises are shown in their cell and do not end the runtime.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, report);
}

/** The cells that are running. */
const cells: RunningCells = new RunningCells(stopFlag, {
  send: (event) => output.send(event),
  failed: (error) => ({
    status: "error",
    ...toCellError(error, tracebackContext),
  }),
  interrupted: () => interruption.outcome(),
  ended: (run) => interrupts.forget(run),
});

/** Lets the debugger set breakpoints in a script that is about to run. */
function announce(script: AnnouncedScript): void {
  guard.announce(script);
}

function abandonInput(run: number): void {
  guard.forget(run);
  standardInput.abandon(run);
}

function report(thrown: unknown): void {
  // A running cell ends with this error itself.
  if (thrown instanceof Interrupt) {
    const cell = cells.get(output.run);
    if (cell) {
      cell.wasInterrupted = true;
      return;
    }
    interruption.report(output.run);
  }
  // No listener handled the error, so the cell that asked would wait forever.
  if (thrown instanceof InputNotAllowed && interrupts.fail(thrown)) return;
  const { traceback } = toCellError(thrown, tracebackContext);
  output.write("stderr", `${traceback.join("\n")}\n`);
}

function execute(command: ExecuteCommand): void {
  const { run } = command;
  const cell = cells.start(command);
  void runner
    .run(command, () => {
      cell.hasBegun = true;
      // Synchronous cells are done before the front process could use this message.
      if (command.cell.isAsync) output.send({ kind: "begun", run });
    })
    .then(awaitInput)
    .then((outcome) => {
      if (outcome.status === "error") abandonInput(run);
      cell.finish(outcome);
    });

  /** Delays the end of a cell while its code waits for a line of input. */
  async function awaitInput(outcome: Outcome): Promise<Outcome> {
    if (outcome.status !== "ok" || !standardInput.isAwaited(run)) {
      return outcome;
    }
    try {
      await interrupts.race(standardInput.settled(run), run);
      return outcome;
    } catch (error) {
      return { status: "error", ...toCellError(error, tracebackContext) };
    }
  }
}

process.on("message", (command: RuntimeCommand) => {
  const began = performance.now();
  receive(command);
  // A cell is logged when it ends.
  if (command.kind !== "execute") currentLog()?.done(command.kind, began);
});

function receive(command: RuntimeCommand): void {
  switch (command.kind) {
    case "interrupt":
      // The guard sets this too, but perhaps only after the cell has begun.
      if (command.run !== NO_RUN) {
        Atomics.store(stopFlag, STOPPED_RUN, command.run);
      }
      interruption.handle(command.interrupt, command.run);
      return;
    case "comm":
      interruption.deliver(command.ticket, () => comms.receive(command));
      return;
    case "expect":
      preloader.expect(command.source);
      return;
    case "execute":
      execute(command);
  }
}

output.send({ kind: "ready" });
