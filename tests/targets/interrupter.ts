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
    const due = this.#interruption;
    if (due === undefined || this.isDone) {
      controller.enqueue(chunk);
      return;
    }
    for (let at = 0; at < chunk.length && this.messages < due.afterMessages; at++) {
      if (chunk[at] !== LINE_FEED || ++this.messages < due.afterMessages) continue;
      this.isDone = true;
      this.#processes[due.who].kill(due.signal);
      if (due.who === "target" || due.signal === "SIGTERM") break;
      // What a kill leaves behind may end within a line.
      controller.enqueue(chunk.subarray(0, at + Math.ceil((chunk.length - at) / 2)));
      controller.terminate();
      return;
    }
    controller.enqueue(chunk);
  }
}
