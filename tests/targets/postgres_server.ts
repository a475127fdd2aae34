/**
 * A PostgreSQL server of our own, from the distribution's packages: a fresh cluster on a free port of
 * loopback, gone when it is disposed of. A shell waits beside it for the end of its standard input, so
 * it stops as well when the runner is killed and can no longer say so.
 */

import { delay } from "@std/async/delay";
import { CommandError, outputOf } from "./command.ts";
import { isFile, namesIn } from "./file_lookup.ts";

/** A running server. */
export interface PostgresServer extends AsyncDisposable {
  port: number;
  /** Runs SQL; each row that it answers as a line. @throws {CommandError} if it is refused. */
  query(sql: string): Promise<string[]>;
}

/** Its one user and database; connections from this machine need no password. */
export const POSTGRES = "postgres";

const START_LIMIT_MS = 60_000;

// Data that lasts for minutes need not reach the disk.
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

const SUPERVISE = `
folder=$1; shift
"$@" & server=$!
trap : INT TERM
read -r _
kill -INT "$server"; wait "$server"
rm -rf "$folder"
`;

/** Starts a server. On Debian and its like it installs PostgreSQL first where there is none. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPrograms();
  const folder = await Deno.makeTempDir({ prefix: "tap-zendesk-chat-postgres-" });
  // The server refuses to run as root.
  const asUser: string[] = [];
  if (Deno.uid() === 0) {
    await outputOf(["chown", POSTGRES, folder]);
    asUser.push("setpriv", `--reuid=${POSTGRES}`, `--regid=${POSTGRES}`, "--clear-groups", "--");
  }
  const data = `${folder}/data`;
  const initdb = ["-D", data, "-U", POSTGRES, "--auth=trust", "-E", "UTF8", "--locale=C"];
  await outputOf([...asUser, `${programs}/initdb`, "--no-sync", ...initdb]);

  const port = freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = [...asUser, `${programs}/postgres`, "-D", data, "-p", `${port}`, ...settings];
  const supervisor = new Deno.Command("bash", {
    args: ["-c", SUPERVISE, "supervise", folder, ...server],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();

  const connection = ["-h", "127.0.0.1", "-p", `${port}`, "-U", POSTGRES, "-d", POSTGRES];
  const psql = [`${programs}/psql`, "-XqAt", "-v", "ON_ERROR_STOP=1", ...connection];
  const postgres: PostgresServer = {
    port,
    async query(sql) {
      const answer = await outputOf([...psql, "-c", sql], { PGTZ: "UTC" });
      return answer.split("\n").filter((line) => line !== "");
    },
    async [Symbol.asyncDispose]() {
      await supervisor.stdin.close();
      await supervisor.status;
    },
  };
  await answers(postgres);
  return postgres;
}

async function answers(postgres: PostgresServer): Promise<void> {
  const givenUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await postgres.query("SELECT 1");
      return;
    } catch (error) {
      if (error instanceof CommandError && Date.now() < givenUpAt) await delay(100);
      else throw error;
    }
  }
}

/** The folder of the server's programs; the newest version's where there are several. */
async function findPrograms(): Promise<string> {
  // pg_config tells that there are headers too, for the drivers that pip builds.
  const found = await newestPrograms();
  if (found !== undefined && await isFile("/usr/bin/pg_config")) return found;
  const packages = ["postgresql", "libpq-dev"];
  if (Deno.uid() !== 0) throw new Error(`Packages are missing: install ${packages.join(" and ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await outputOf(["apt-get", "update", "-q"], env);
  await outputOf(["apt-get", "install", "-qy", "--no-install-recommends", ...packages], env);
  return await findPrograms();
}

const ROOT = "/usr/lib/postgresql";

async function newestPrograms(): Promise<string | undefined> {
  const versions: number[] = [];
  for (const name of await namesIn(ROOT)) {
    if (await isFile(`${ROOT}/${name}/bin/initdb`)) versions.push(Number(name));
  }
  return versions.length === 0 ? undefined : `${ROOT}/${Math.max(...versions)}/bin`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
