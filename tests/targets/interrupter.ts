/** Stops one end of a pipeline after so many messages: in the place of whoever pulls the plug. */

/** What is to happen. */
export interface Interruption {
  who: "tap" | "target";
  signal: "SIGTERM" | "SIGKILL";
  /** How many messages pass before. */
  afterMessages: number;
}

const LINE_FEED = 10;

/** Passes bytes on until it is time. */
export class Interrupter implements Transformer<Uint8Array, Uint8Array> {
  /** How many messages have passed. */
  messages = 0;
  isDone = false;
  readonly #interruption: Interruption | undefined;
  readonly #processes: Record<Interruption["who"], Deno.ChildProcess>;

  constructor(
    interruption: Interruption | undefined,
    processes: Record<Interruption["who"], Deno.ChildProcess>,
  ) {
    this.#interruption = interruption;
    this.#processes = processes;
  }

  transform(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
    const due = this.isDone ? undefined : this.#interruption;
    const end = due === undefined ? undefined : this.#endOf(chunk, due.afterMessages);
    if (due === undefined || end === undefined) {
      controller.enqueue(chunk);
      return;
    }
    this.isDone = true;
    this.#processes[due.who].kill(due.signal);
    if (due.who === "tap" && due.signal === "SIGKILL") {
      // What a kill leaves in the pipe may end within a line.
      controller.enqueue(chunk.subarray(0, Math.ceil((end + chunk.length) / 2)));
      controller.terminate();
    } else controller.enqueue(chunk);
  }

  /** Counts the messages in a chunk; behind which byte the one with this number ends, if it does. */
  #endOf(chunk: Uint8Array, number: number): number | undefined {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) {
      if (++this.messages === number) return at + 1;
    }
    return undefined;
  }
}
