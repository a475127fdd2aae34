/** Programs that are run to their end for what they print, or for what they leave behind. */

/** A program that ended with anything but 0. */
export class CommandError extends Error {
  override name = "CommandError";
  /** What it wrote to standard error. */
  readonly log: string;

  constructor(program: string, code: number, log: string) {
    super(`${program} ended with ${code}: ${log.trim().split("\n").slice(-5).join("\n")}`);
    this.log = log;
  }
}

/** Runs a program; its standard output. @throws {CommandError} unless it ends with 0. */
export async function outputOf(
  [program, ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program!, { args, env }).output();
  if (code !== 0) throw new CommandError(program!, code, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
