/**
 * Implements `prompt`, `confirm` and `alert` as in browsers, answered in the notebook, and other
 * questions to the user.
 *
 * They block as in browsers. Heartbeats, completion and interrupts continue to work, because
 * another process handles them.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";
import type { InputAnswer } from "./channel";
import type { Guard } from "./guard";
import type { Output } from "./output";

/** Thrown if the client does not allow input. */
export class InputNotAllowed extends Error {
  override name = "InputNotAllowed";

  // Not an own property, which a traceback would show.
  get code() {
    return "ERR_UNSUPPORTED" satisfies ErrorCode;
  }
}

/** Options of `prompt`. */
interface PromptOptions {
  /** Whether typed text is hidden. Default: false. */
  readonly password?: boolean;
}

/** Asks the user questions. */
export class Input {
  readonly #guard: Guard;
  readonly #output: Output;

  constructor(guard: Guard, output: Output) {
    this.#guard = guard;
    this.#output = output;
  }

  /** Defines the globals `prompt`, `confirm` and `alert`. */
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
   * Asks for a line and returns it. Blocks until the user answers.
   *
   * @throws {InputNotAllowed} If the client does not allow input, or no cell is running.
   */
  line(prompt: string): string {
    return this.#ask(prompt, false);
  }

  /** Asks for a line without blocking. */
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
