/** Runs the tap, or what it is compared with, as a process of its own and says what it used. */

/** What one run used; the peak of its memory is 0 where it is not known. */
export interface Usage {
  cpuMs: number;
  peakMb: number;
  wallMs: number;
}

/** How often the peak of a process's memory is looked up; it only rises, so the last look counts. */
const LOOK_MS = 5;

const PROBE = "--preload=tests/bench/usage_probe.ts";

/** One run of a Deno program with these arguments; what it prints is read and thrown away. */
export async function measure(args: string[], input = ""): Promise<Usage> {
  const startedMs = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", PROBE, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let peakMb = 0;
  const look = setInterval(() => peakMb = readPeakMb(child.pid) ?? peakMb, LOOK_MS);
  const stdout = child.stdout.pipeTo(new WritableStream());
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code } = await child.status;
  const wallMs = performance.now() - startedMs;
  clearInterval(look);
  await stdout;
  const text = await stderr;
  if (code !== 0) throw new Error(`Exit code ${code}: ${text}`);
  return { cpuMs: Number(text.trimEnd().split("\n").at(-1)), peakMb, wallMs };
}

/** The peak that Linux keeps for a process; undefined elsewhere, and once the process has ended. */
function readPeakMb(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** The middle of several values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
