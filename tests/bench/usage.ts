/** Runs the tap, or what it is compared with, as a process of its own and says what it used. Linux only. */

/** What one run used. */
export interface Usage {
  cpuMs: number;
  peakMb: number;
  wallMs: number;
  /** What it printed. */
  outputMb: number;
}

/** How often the peak of a process's memory is looked up; it only rises, so the last look counts. */
const LOOK_MS = 5;

/** The unit in which Linux tells CPU time. */
const TICK_MS = 10;

/** One run of Deno with these arguments; what it prints is read and thrown away. */
export async function measureUsage(args: string[], input = ""): Promise<Usage> {
  const cpuBeforeMs = childrenCpuMs();
  const startedMs = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let peakMb = 0;
  const look = setInterval(() => peakMb = readMb(child.pid, "VmHWM") ?? peakMb, LOOK_MS);
  let bytes = 0;
  const stdout = child.stdout.pipeTo(
    new WritableStream({
      write(chunk) {
        bytes += chunk.length;
      },
    }),
  );
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code } = await child.status;
  const wallMs = performance.now() - startedMs;
  clearInterval(look);
  await stdout;
  if (code !== 0) throw new Error(`Exit code ${code}: ${await stderr}`);
  await stderr;
  return { cpuMs: childrenCpuMs() - cpuBeforeMs, peakMb, wallMs, outputMb: bytes / 1e6 };
}

/** CPU time of all processes that this one has started and that have ended, threads included. */
function childrenCpuMs(): number {
  // The name, second of the fields, is the only one that may hold a space.
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  const [user, system] = [fields[13], fields[14]];
  return (Number(user) + Number(system)) * TICK_MS;
}

/**
 * Memory that a process holds (`VmRSS`), or has held at the most (`VmHWM`), in megabytes; undefined
 * once it has ended.
 */
export function readMb(pid: number, field: "VmRSS" | "VmHWM"): number | undefined {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
