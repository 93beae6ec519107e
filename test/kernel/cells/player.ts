/**
 * Compiles and runs a notebook of the list in this process, with the kernel's own cell runner.
 */
import assert from "node:assert/strict";
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
import { Extensions } from "../../../kernel/runtime/extensions";
import { projectFolder } from "../kernel-client";
import { type Notebook, nothing, type Outcome } from "./notebook";

/** Runs notebooks with one compiler. */
export class Player {
  readonly #compiler: Compiler;
  readonly #folder: string;
  #runs = 0;

  /**
   * @param compiler The name of the compiler.
   * @param folder The folder of the notebooks.
   */
  constructor(compiler: CompilerName, folder: string) {
    this.#folder = folder;
    this.#compiler = createCompiler(compilerSettings(compiler, folder));
  }

  /** Returns the outcome of each cell. */
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
    // The kernel's name for an internal error of the compiler.
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
      // The kernel, too, commits a cell when its own code starts to run.
      () => void this.#compiler.commit(),
    );
    if (outcome.status === "error") return { throws: outcome.ename };
    const text = outcome.result?.["text/plain"];
    return typeof text === "string" ? text : nothing;
  }

  /** Creates a runner like the kernel's runtime, without variables. */
  #createRunner(): CellRunner {
    const extensions = new Extensions(
      () => undefined,
      (error) => assert.fail(String(error)),
    );
    const output = new Output(() => undefined);
    return new CellRunner({
      ...createModules({
        notebookFolder: this.#folder,
        projectFolder: this.#folder,
        provided: {},
        mapped: () => undefined,
        loaded: () => undefined,
      }),
      output,
      interrupts: new InterruptHandler(extensions, () => output.run),
      stopFlag: createStopFlag(),
      maps: new SourceMaps(),
      extensions,
      tracebackContext: { source: () => undefined, projectFolder },
    });
  }
}
