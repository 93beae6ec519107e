/**
 * Queues the calls to the compiler process and sends them one at a time.
 *
 * Sending one at a time makes it known which call was running when the process exited, and lets a
 * waiting call be canceled.
 */
import type { CompilerAnswer, CompilerCall } from "./compiler-service";
import { coded } from "@convnotes/notebook/coded-error";

/** A queued call with the callbacks of its promise. */
export interface Job {
  readonly call: CompilerCall;
  /** The result to use when the caller stops waiting for an answer. */
  readonly fallback: unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** How long a call may take. */
export interface CallLimits {
  /** How long it waits behind other calls, in milliseconds. */
  readonly waiting: number;
  /** How long after it was added it may still run, in milliseconds. */
  readonly running: number;
  /** Called when it still runs then. */
  overrun(): void;
}

/** Queues calls in the order in which they were made. */
export class CallQueue {
  readonly #send: (call: CompilerCall) => void;
  #waiting: Job[] = [];
  #running: Job | undefined;
  #newest: Job | undefined;
  #calls = 0;

  /** @param send Sends a call to the process. */
  constructor(send: (call: CompilerCall) => void) {
    this.#send = send;
  }

  /** The job that was added last. Throws an Error if no job has been added. */
  get newest(): Job {
    if (!this.#newest) {
      throw coded(
        "ERR_INTERNAL",
        new Error("Expected a job in the queue, found none."),
      );
    }
    return this.#newest;
  }

  /** Appends a call and returns a promise of its result. */
  add<Value>(
    method: CompilerCall["method"],
    parameters: readonly unknown[] = [],
    fallback?: Value,
  ): Promise<Value> {
    this.#calls += 1;
    const call: CompilerCall = { id: this.#calls, method, parameters };
    return new Promise<Value>((resolve, reject) => {
      const job: Job = {
        call,
        fallback,
        resolve: resolve,
        reject,
      };
      this.#newest = job;
      this.#waiting.push(job);
      this.#next();
    });
  }

  /**
   * Appends a call in place of a waiting one with the same method, which gets its fallback. The
   * call itself gets it when it has waited too long.
   */
  addLatest<Value>(
    method: CompilerCall["method"],
    parameters: readonly unknown[],
    fallback: Value,
    limits: CallLimits,
  ): Promise<Value> {
    const older = this.find(method, (job) => !this.isRunning(job));
    if (older) this.settle(older, older.fallback);
    const answer = this.add<Value>(method, parameters, fallback);
    const job = this.newest;
    const waits = setTimeout(() => {
      if (!this.isRunning(job)) this.settle(job, fallback);
    }, limits.waiting);
    const works = setTimeout(() => {
      if (this.isRunning(job)) limits.overrun();
    }, limits.running);
    return answer.finally(() => {
      clearTimeout(waits);
      clearTimeout(works);
    });
  }

  /** Returns the first running or waiting job with this method that passes the test. */
  find(
    method: CompilerCall["method"],
    test: (job: Job) => boolean,
  ): Job | undefined {
    return [...(this.#running ? [this.#running] : []), ...this.#waiting].find(
      (job) => job.call.method === method && test(job),
    );
  }

  /** Whether the process is working on this job. */
  isRunning(job: Job): boolean {
    return this.#running === job;
  }

  /** Settles the running job with the answer of the process and sends the next call. */
  handleAnswer(answer: CompilerAnswer): void {
    const job = this.#running;
    if (job?.call.id !== answer.id) return;
    this.#running = undefined;
    if ("error" in answer) {
      job.reject(coded("ERR_INTERNAL", new Error(answer.error)));
    } else {
      job.resolve(answer.value);
    }
    this.#next();
  }

  /** Resolves a waiting job; does nothing if the job is not waiting. */
  settle(job: Job, value: unknown): void {
    if (this.#remove(job)) job.resolve(value);
  }

  /** Rejects a waiting job; does nothing if the job is not waiting. */
  reject(job: Job, error: Error): void {
    if (this.#remove(job)) job.reject(error);
  }

  /** Rejects all waiting jobs. */
  rejectAll(error: Error): void {
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  /** Removes and returns the job that was running when the process exited. */
  takeRunning(): Job | undefined {
    const job = this.#running;
    this.#running = undefined;
    return job;
  }

  /**
   * Empties the queue and returns the jobs that pass the test. {@link append} starts the next one.
   */
  takeWaiting(test: (job: Job) => boolean): Job[] {
    return this.#waiting.splice(0).filter(test);
  }

  /** Appends jobs to the queue. */
  append(jobs: readonly Job[]): void {
    this.#waiting.push(...jobs);
    this.#next();
  }

  #remove(job: Job): boolean {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  #next(): void {
    if (this.#running) return;
    this.#running = this.#waiting.shift();
    if (this.#running) this.#send(this.#running.call);
  }
}
