/**
 * The bytes of a wheel. The same entries always give the same bytes: they are written in their own
 * order, with one time for all, and compressed by code that is part of no runtime.
 */

import { type ZippableFile, zipSync } from "fflate";
import { recordEntry, type WheelEntry } from "./wheel_plan.ts";

/** Unix, whose permissions the upper half of an entry's attributes then holds. */
const UNIX = 3;
const REGULAR_FILE = 0o100000;
/** The first year that zip knows. It knows no zones either: the numbers are those of the local time. */
const TIME = new Date(1980, 0, 1, 12);

/** The archive of `entries`, with the RECORD of them at its end. */
export async function wheelArchive(
  entries: readonly WheelEntry[],
): Promise<Uint8Array<ArrayBuffer>> {
  const files = await Promise.all(entries.map(async ({ path, content }) => ({
    path,
    digest: await sha256(content),
    size: content.length,
  })));
  const zipped = [...entries, recordEntry(files)].map((entry) => [entry.path, zipInput(entry)]);
  return zipSync(Object.fromEntries(zipped), { level: 6 });
}

function zipInput({ content, mode }: WheelEntry): ZippableFile {
  return [content, { mtime: TIME, os: UNIX, attrs: (REGULAR_FILE | mode) << 16 }];
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}
