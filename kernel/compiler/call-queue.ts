/**
 * The calls that wait for the compiler's process, which is given one at a time: so it is known which one it was at when it ended, and a
 * call that waits can be taken back.
 */
import type { CompilerAnswer, CompilerCall } from "./compiler-service";

/** A call, and who waits for its answer. */
export interface Job {
  readonly call: CompilerCall;
  /** The answer of a question that is not worth waiting for any longer. */
  readonly nothing: unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls in the order in which they were made. */
export class CallQueue {
  readonly #send: (call: CompilerCall) => void;
  #waiting: Job[] = [];
  #atWork: Job | undefined;
  #newest: Job | undefined;
  #calls = 0;

  /** @param send Gives a call to the process. */
  constructor(send: (call: CompilerCall) => void) {
    this.#send = send;
  }

  /** The job that was added last. */
  get newest(): Job {
    if (!this.#newest) throw new Error("Expected a job, received none.");
    return this.#newest;
  }

  /** Adds a call behind the others; its answer. */
  add<Value>(
    method: CompilerCall["method"],
    parameters: readonly unknown[] = [],
    nothing?: Value,
  ): Promise<Value> {
    this.#calls += 1;
    const call: CompilerCall = { id: this.#calls, method, parameters };
    return new Promise<Value>((resolve, reject) => {
      const job: Job = {
        call,
        nothing,
        resolve: resolve as (value: unknown) => void,
        reject,
      };
      this.#newest = job;
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** The first job with this method that passes the test, at work or waiting. */
  find(
    method: CompilerCall["method"],
    test: (job: Job) => boolean,
  ): Job | undefined {
    return [...(this.#atWork ? [this.#atWork] : []), ...this.#waiting].find(
      (job) => job.call.method === method && test(job),
    );
  }

  /** Whether this is the job that the process is working on. */
  isAtWork(job: Job): boolean {
    return this.#atWork === job;
  }

  /** The process has answered. */
  answered(answer: CompilerAnswer): void {
    const job = this.#atWork;
    if (job?.call.id !== answer.id) return;
    this.#atWork = undefined;
    if ("error" in answer) job.reject(new Error(answer.error));
    else job.resolve(answer.value);
    this.#next();
  }

  /** Answers a job that waits; does nothing if it does not. */
  settle(job: Job, value: unknown): void {
    if (this.#remove(job)) job.resolve(value);
  }

  /** Fails a job that waits; does nothing if it does not. */
  drop(job: Job, error: Error): void {
    if (this.#remove(job)) job.reject(error);
  }

  /** Fails all that wait. */
  dropAll(error: Error): void {
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  /** The job that the process was working on when it ended; it is at work no more. */
  take(): Job | undefined {
    const job = this.#atWork;
    this.#atWork = undefined;
    return job;
  }

  /** Empties the queue; the jobs that pass the test. The next one is begun by {@link put}. */
  takeAll(test: (job: Job) => boolean): Job[] {
    return this.#waiting.splice(0).filter(test);
  }

  /** Puts jobs behind the others. */
  put(jobs: readonly Job[]): void {
    this.#waiting.push(...jobs);
    this.#next();
  }

  #remove(job: Job): boolean {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  #next(): void {
    if (this.#atWork) return;
    this.#atWork = this.#waiting.shift();
    if (this.#atWork) this.#send(this.#atWork.call);
  }
}
