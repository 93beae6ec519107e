/**
 * Sends input requests of cells to the user, on the stdin channel
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel).
 */
import type { InputAnswer, InputQuestion } from "../runtime/channel";
import type { QuestionContent } from "../wire/published";
import type { ExecuteRequest, RequestContent } from "../wire/requests";

/** The connection to the client that answers and to the cell that asks. */
interface QuestionPort {
  /**
   * Sends an input_request to the client that sent `parent`, as long as it is wanted. Resolves to
   * whether it was sent.
   */
  request(
    parent: ExecuteRequest,
    content: QuestionContent,
    wanted: () => boolean,
  ): Promise<boolean>;
  answer(answer: InputAnswer): void;
  /** Whether the cell of a request has not ended. */
  isRunning(request: ExecuteRequest): boolean;
}

/** The pending questions of cells, which are put to the user one at a time. */
export class Questions {
  readonly #port: QuestionPort;
  #pending: { question: InputQuestion; running: ExecuteRequest }[] = [];

  constructor(port: QuestionPort) {
    this.#port = port;
  }

  /**
   * Asks the user through the client whose cell asks.
   *
   * @param running The request of that cell, or undefined if it has ended.
   */
  ask(question: InputQuestion, running: ExecuteRequest | undefined): void {
    if (running === undefined) {
      this.#refuse(
        question,
        "Expected a running cell to ask the user, found none.",
      );
    } else if (!running.content.allow_stdin) {
      this.#refuse(
        question,
        "Expected a client that allows input, but allow_stdin is false.",
      );
    } else {
      this.#pending.push({ question, running });
      if (this.#pending.length === 1) this.#request();
      else this.dropEnded();
    }
  }

  /** Drops the questions of cells that have ended. */
  dropEnded(): void {
    const [first] = this.#pending;
    this.#pending = this.#pending.filter((each) =>
      this.#port.isRunning(each.running),
    );
    if (this.#pending[0] !== first) this.#request();
  }

  /** Processes an input_reply. An unexpected one is ignored. */
  receive({ value }: RequestContent<"input_reply">): void {
    this.#settle(({ id }) => this.#port.answer({ id, value }));
  }

  /** Processes an input_reply with invalid content: the cell gets the reason instead. */
  receiveInvalid(reason: string): void {
    this.#settle((question) => this.#refuse(question, reason));
  }

  #settle(settle: (question: InputQuestion) => void): void {
    const [first] = this.#pending.splice(0, 1);
    if (first === undefined) return;
    settle(first.question);
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
