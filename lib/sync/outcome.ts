/**
 * What became of the streams of a run. One stream's failure is one stream's: the others are read all
 * the same, and only what would fail them too ends the run.
 */

/**
 * Read whole; ended by its own failure or by one that ended the run; cut off from outside; never
 * begun; read, but for rows that could not be written.
 */
export type Verdict = "ok" | "failed" | "stopped" | "not reached" | "incomplete";

/** What became of one stream. */
export interface StreamOutcome {
  tapStreamId: string;
  verdict: Verdict;
  records: number;
  /** Requests sent for it, failed attempts included. */
  requests: number;
  seconds: number;
}

/** What became of a run. */
export interface SyncResult {
  /** One for each stream, in the order of reading. */
  outcomes: StreamOutcome[];
  /** What ended the run before all streams had their turn. */
  ending?: { cause: unknown };
}

/** A stream that has not been begun. */
export function notReached(tapStreamId: string): StreamOutcome {
  return { tapStreamId, verdict: "not reached", records: 0, requests: 0, seconds: 0 };
}

/** Whether all that was asked for was read and written. */
export function isWhole({ outcomes, ending }: SyncResult): boolean {
  return ending === undefined && outcomes.every(({ verdict }) => verdict === "ok");
}
