/**
 * How a notebook of it is compiled and run, in this process, by the kernel's own cell runner.
 */
import type { Compiler } from "../../../kernel/compiler/compiler";
import { createCompiler } from "../../../kernel/compiler/create-compiler";
import {
  type CompilerName,
  compilerSettings,
} from "../../../kernel/compiler/settings";
import { CellRunner } from "../../../kernel/runtime/cell-runner";
import { InterruptHandler } from "../../../kernel/runtime/interrupt";
import { createModules } from "../../../kernel/runtime/modules";
import { Output } from "../../../kernel/runtime/output";
import { SourceMaps } from "../../../kernel/runtime/source-maps";
import { createStopFlag } from "../../../kernel/runtime/stop-flag";
import { TensorFlowGuest } from "../../../kernel/runtime/tensorflow-guest";
import { projectFolder } from "../kernel-client";
import { type Notebook, nothing, type Outcome } from "./notebook";

/** Plays notebooks with one compiler. */
export class Player {
  readonly #compiler: Compiler;
  readonly #folder: string;
  #runs = 0;

  /**
   * @param compiler Which compiler.
   * @param folder The folder that the notebooks are taken to lie in.
   */
  constructor(compiler: CompilerName, folder: string) {
    this.#folder = folder;
    this.#compiler = createCompiler(compilerSettings(compiler, folder));
  }

  /** The outcome of each cell, as far as the notebook comes to one. */
  async play({ cells }: Notebook): Promise<Outcome[]> {
    await this.#compiler.reset();
    const runner = this.#createRunner();
    const outcomes: Outcome[] = [];
    for (const [source] of cells) {
      outcomes.push(await this.#outcomeOf(source, runner));
    }
    return outcomes;
  }

  async close(): Promise<void> {
    await this.#compiler.close();
  }

  async #outcomeOf(source: string, runner: CellRunner): Promise<Outcome> {
    const compilation = await this.#compiler.compile(source).catch(() => null);
    // What the kernel calls a compiler's own failure.
    if (compilation === null) return { throws: "KernelError" };
    const { cell, diagnostics } = compilation;
    if (cell === undefined) {
      return {
        objections: diagnostics.map(
          ({ code, start }) => `${code} ${start.line + 1}:${start.column + 1}`,
        ),
      };
    }
    this.#runs += 1;
    const outcome = await runner.run(
      {
        kind: "execute",
        run: this.#runs,
        name: `In[${this.#runs}]`,
        source,
        cell,
      },
      // The kernel too keeps a cell's declarations when its own code begins.
      () => void this.#compiler.commit(),
    );
    if (outcome.status === "error") return { throws: outcome.ename };
    const text = outcome.result?.["text/plain"];
    return text === undefined ? nothing : String(text);
  }

  /** A runner as the kernel's runtime makes one, with no variables yet. */
  #createRunner(): CellRunner {
    const tensorflow = new TensorFlowGuest();
    return new CellRunner({
      ...createModules({
        notebookFolder: this.#folder,
        projectFolder: this.#folder,
        provided: {},
        mapped: () => undefined,
        loaded: () => undefined,
      }),
      output: new Output(() => undefined),
      interrupts: new InterruptHandler(tensorflow),
      stopFlag: createStopFlag(),
      maps: new SourceMaps(),
      tensorflow,
      tracebackContext: { source: () => undefined, projectFolder },
    });
  }
}
