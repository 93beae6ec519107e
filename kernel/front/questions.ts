/**
 * The front process's intercom: what cells ask the user, on the stdin channel
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel).
 */
import type { InputAnswer, InputQuestion } from "../runtime/channel";
import type { JsonObject, Message } from "../wire/message";

/** How questions reach the client and answers the cell. */
export interface QuestionPort {
  /** Sends an input_request, as long as it is wanted, to the client that has sent this request; false if it was not sent. */
  request(
    parent: Message,
    content: JsonObject,
    wanted: () => boolean,
  ): Promise<boolean>;
  answer(answer: InputAnswer): void;
}

/** The question that waits, if one does: a cell that asks is blocked until it is answered. */
export class Questions {
  readonly #port: QuestionPort;
  #waiting: InputQuestion | undefined;

  constructor(port: QuestionPort) {
    this.#port = port;
  }

  /**
   * Asks the client whose cell is running.
   *
   * @param running The request of that cell; undefined if none is running.
   */
  ask(question: InputQuestion, running: Message | undefined): void {
    const refuse = (refusal: string) =>
      this.#port.answer({ id: question.id, refusal });
    if (running === undefined) {
      refuse("Expected a running cell to ask the user, received none.");
    } else if (running.content.allow_stdin === false) {
      refuse(
        "Expected a client that the user can answer through, received one that takes no input (allow_stdin is false).",
      );
    } else {
      this.#waiting = question;
      const { prompt, isPassword: password } = question;
      const wanted = () => this.#waiting === question;
      const content = { prompt, password };
      void this.#port.request(running, content, wanted).then((sent) => {
        if (sent || !wanted()) return;
        this.#waiting = undefined;
        refuse(
          "Expected a client that listens on its stdin channel, received none within 5 seconds.",
        );
      });
    }
  }

  /** Takes an input_reply; one that nobody waits for is dropped. */
  receive({ value }: JsonObject): void {
    const question = this.#waiting;
    if (question === undefined) return;
    this.#waiting = undefined;
    this.#port.answer({ id: question.id, value: String(value ?? "") });
  }

  /** The cell has ended, answered or not. */
  forget(): void {
    this.#waiting = undefined;
  }
}
