/**
 * What cells ask the user, on the stdin channel
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

/** The questions that wait, of one cell: one after the other is put to the user. */
export class Questions {
  readonly #port: QuestionPort;
  #waiting: { question: InputQuestion; running: Message }[] = [];

  constructor(port: QuestionPort) {
    this.#port = port;
  }

  /**
   * Asks the client whose cell is running.
   *
   * @param running The request of that cell; undefined if none is running.
   */
  ask(question: InputQuestion, running: Message | undefined): void {
    if (running === undefined) {
      this.#refuse(
        question,
        "Expected a running cell to ask the user, received none.",
      );
    } else if (running.content.allow_stdin === false) {
      this.#refuse(
        question,
        "Expected a client that the user can answer through, received one that takes no input (allow_stdin is false).",
      );
    } else {
      // Of a cell that has ended, answered or not.
      this.#waiting = this.#waiting.filter((each) => each.running === running);
      this.#waiting.push({ question, running });
      if (this.#waiting.length === 1) this.#request();
    }
  }

  /** Takes an input_reply; one that nobody waits for is dropped. */
  receive({ value }: JsonObject): void {
    const [first] = this.#waiting.splice(0, 1);
    if (first === undefined) return;
    const { id } = first.question;
    this.#port.answer({ id, value: String(value ?? "") });
    this.#request();
  }

  /** Nobody waits for an answer any more. */
  forget(): void {
    this.#waiting = [];
  }

  /** Puts the first question to the user. */
  #request(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const { prompt, isPassword: password } = first.question;
    const wanted = () => this.#waiting[0] === first;
    const content = { prompt, password };
    void this.#port.request(first.running, content, wanted).then((sent) => {
      if (sent || !wanted()) return;
      this.#waiting.shift();
      this.#refuse(
        first.question,
        "Expected a client that listens on its stdin channel, received none within 5 seconds.",
      );
      this.#request();
    });
  }

  #refuse({ id }: InputQuestion, refusal: string): void {
    this.#port.answer({ id, refusal });
  }
}
