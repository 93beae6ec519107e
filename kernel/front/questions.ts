/**
 * Sends input requests of cells to the user, on the stdin channel
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel).
 */
import type { InputAnswer, InputQuestion } from "../runtime/channel";
import { type JsonObject, type Message, textOf } from "../wire/message";

/** The connection to the client that answers and to the cell that asks. */
export interface QuestionPort {
  /**
   * Sends an input_request to the client that sent `parent`, as long as it is wanted. Resolves to
   * whether it was sent.
   */
  request(
    parent: Message,
    content: JsonObject,
    wanted: () => boolean,
  ): Promise<boolean>;
  answer(answer: InputAnswer): void;
}

/** The pending questions of a cell, which are put to the user one at a time. */
export class Questions {
  readonly #port: QuestionPort;
  #pending: { question: InputQuestion; running: Message }[] = [];

  constructor(port: QuestionPort) {
    this.#port = port;
  }

  /**
   * Asks the user through the client whose cell is running.
   *
   * @param running The request of the running cell, if any.
   */
  ask(question: InputQuestion, running: Message | undefined): void {
    if (running === undefined) {
      this.#refuse(
        question,
        "Expected a running cell to ask the user, found none.",
      );
    } else if (running.content.allow_stdin === false) {
      this.#refuse(
        question,
        "Expected a client that allows input, but allow_stdin is false.",
      );
    } else {
      // Drops questions of cells that have ended.
      this.#pending = this.#pending.filter((each) => each.running === running);
      this.#pending.push({ question, running });
      if (this.#pending.length === 1) this.#request();
    }
  }

  /** Processes an input_reply. An unexpected one is ignored. */
  receive({ value }: JsonObject): void {
    const [first] = this.#pending.splice(0, 1);
    if (first === undefined) return;
    const { id } = first.question;
    this.#port.answer({ id, value: textOf(value) });
    this.#request();
  }

  /** Drops all pending questions. */
  forget(): void {
    this.#pending = [];
  }

  /** Sends the first pending question. */
  #request(): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    const { prompt, isPassword: password } = first.question;
    const wanted = () => this.#pending[0] === first;
    const content = { prompt, password };
    void this.#port.request(first.running, content, wanted).then((sent) => {
      if (sent || !wanted()) return;
      this.#pending.shift();
      this.#refuse(
        first.question,
        "Expected the client to connect its stdin channel, but it did not within 5 seconds.",
      );
      this.#request();
    });
  }

  #refuse({ id }: InputQuestion, refusal: string): void {
    this.#port.answer({ id, refusal });
  }
}
