/**
 * `prompt`, `confirm` and `alert`, as browsers have them, answered through the notebook; and questions of other kinds.
 *
 * They block, as they do in browsers; heartbeats, completion and interrupts go on meanwhile, as another process sees to them.
 */
import type { InputAnswer } from "./channel";
import type { Guard } from "./guard";
import type { Output } from "./output";

/** What is thrown where nobody can answer. */
export class InputNotAllowed extends Error {
  override name = "InputNotAllowed";
}

/** Options of `prompt`. */
export interface PromptOptions {
  /** Whether what is typed stays hidden. */
  readonly password?: boolean;
}

/** Asks the user. */
export class Input {
  readonly #guard: Guard;
  readonly #output: Output;

  constructor(guard: Guard, output: Output) {
    this.#guard = guard;
    this.#output = output;
  }

  /** Makes `prompt`, `confirm` and `alert` global. */
  install(): void {
    const functions = {
      prompt: (message = "", more: string | PromptOptions = {}): string =>
        this.#prompt(String(message), more),
      confirm: (message = "Confirm"): boolean =>
        /^\s*y(es)?\s*$/i.test(this.#ask(`${message} [y/N] `, false)),
      alert: (message = "Alert"): void => {
        this.#ask(`${message} [Enter] `, false);
      },
    };
    for (const [name, value] of Object.entries(functions)) {
      Object.defineProperty(globalThis, name, {
        configurable: true,
        writable: true,
        value,
      });
    }
  }

  /**
   * The line that the user types.
   *
   * @throws {InputNotAllowed} If the client takes no input, or no cell is running.
   */
  line(prompt: string): string {
    return this.#ask(prompt, false);
  }

  /** Asks for a line and does not wait. */
  askLater(
    run: number,
    prompt: string,
    answered: (answer: InputAnswer) => void,
  ): void {
    this.#output.flush();
    this.#guard.askLater({ run, prompt, isPassword: false }, answered);
  }

  #prompt(message: string, more: string | PromptOptions): string {
    if (typeof more !== "string") {
      return this.#ask(`${message} `, more.password === true);
    }
    const answer = this.#ask(`${message} [${more}] `, false);
    return answer === "" ? more : answer;
  }

  #ask(prompt: string, isPassword: boolean): string {
    this.#output.flush();
    const run = this.#output.run;
    const answer = this.#guard.ask({ run, prompt, isPassword });
    if ("refusal" in answer) throw new InputNotAllowed(answer.refusal);
    return answer.value;
  }
}
