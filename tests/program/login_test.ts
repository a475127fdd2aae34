/** `login` as a process: piped answers, a browser played by `fetch`, and the file it leaves. */

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import type { JsonObject } from "../../lib/json.ts";
import {
  CLIENT,
  type FakeAuthorizationServer,
  startFakeAuthorizationServer,
} from "../fakes/authorization_server.ts";
import { type FakeChatApi, startFakeChatApi, TOKEN } from "../fakes/chat_api/mod.ts";
import { createRunFolder } from "./run_folder.ts";
import {
  forMany,
  type RunningTap,
  runTap,
  startTap,
  tapCommand,
  type TapResult,
} from "./tap_process.ts";

const ANSWERS = ["acme", "2026-01-01", "0", CLIENT.id, CLIENT.secret];
const PRIYA = {
  id: 1,
  display_name: "Priya",
  email: "priya@harbourbikes.example",
  roles: { administrator: true, owner: false },
};
const SUCCESS =
  'The token works and is that of Priya <priya@harbourbikes.example>. It is in "config.json".';

function startApi(agent: JsonObject = PRIYA): Promise<FakeChatApi> {
  return startFakeChatApi({ account: { agents: [agent] } });
}

function flagsFor(api: FakeChatApi, oauth: FakeAuthorizationServer): string[] {
  return [
    "login",
    `--base-url=${api.url}`,
    `--authorization-url=${oauth.authorizationUrl}`,
    `--token-url=${oauth.tokenUrl}`,
  ];
}

function lines(answers: readonly string[]): string {
  return answers.map((answer) => `${answer}\n`).join("");
}

/** Reads on to the URL that a person is to open. */
async function printedUrl(tap: RunningTap): Promise<URL> {
  for (;;) {
    const line = await tap.readLine();
    if (line.startsWith("http")) return new URL(line);
  }
}

/** A page's status, heading and text. */
async function readPage(url: URL | string): Promise<[status: number, title: string, text: string]> {
  const page = await fetch(url);
  const [, title = "", text = ""] = /<h1>(.*)<\/h1>\n<p>(.*)<\/p>/.exec(await page.text()) ?? [];
  const plain = text.replaceAll("&#34;", '"').replaceAll("&#60;", "<").replaceAll("&#62;", ">");
  return [page.status, title, plain];
}

async function filesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

async function readConfig(folder: string): Promise<{ text: string; mode: number | null }> {
  const file = `${folder}/config.json`;
  // Windows has no modes.
  const { mode } = Deno.build.os === "windows" ? { mode: 0o600 } : await Deno.stat(file);
  return { text: await Deno.readTextFile(file), mode: mode && mode & 0o777 };
}

/** The last line of the log, nothing secret being anywhere. */
function lastLine({ stdout, stderr }: TapResult): string | undefined {
  assertNotMatch(stdout + stderr, new RegExp(`${TOKEN}|${CLIENT.secret}|code=[^&\\n]`));
  return stderr.trimEnd().split("\n").at(-1);
}

Deno.test("login brings a token from the browser into a config file", async () => {
  await using folder = await createRunFolder();
  await using api = await startApi();
  await using oauth = startFakeAuthorizationServer({ expiresIn: 36_000 });
  await using tap = startTap(flagsFor(api, oauth), { cwd: folder.path, input: lines(ANSWERS) });

  const url = await printedUrl(tap);
  const { redirect_uri = "", state = "", ...asked } = Object.fromEntries(url.searchParams);
  assertMatch(state, /^[0-9a-f-]{36}$/);
  assertEquals(asked, {
    response_type: "code",
    client_id: CLIENT.id,
    scope: "read",
    subdomain: "acme",
  });
  assertEquals(await readPage(`${redirect_uri}?code=stolen&state=guessed`), [
    400,
    "This is not the answer the login waits for",
    "The request was refused: its state is wrong. The login still waits: open the URL that " +
    "tap-zendesk-chat has printed.",
  ]);
  assertEquals(await readPage(url), [
    200,
    "You are logged in",
    `${SUCCESS} You can close this window.`,
  ]);

  const result = await tap.finish();
  assertEquals(result.code, 0);
  const expiry = lastLine(result)?.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "…");
  assertEquals(
    expiry,
    "WARNING The token expires at …: run login again before that, or let each run get its own " +
      "(--grant client_credentials --write-client)",
  );
  assertEquals(result.stdout.split("\n"), [
    'Subdomain, the "acme" of acme.zendesk.com:',
    "Start date, where the first sync begins (YYYY-MM-DD):",
    "Port on this machine for the redirect URL [8080]:",
    "You need an API client, made by an administrator: Chat dashboard > Settings > Account > " +
    "API & SDKs > Add API Client.",
    `Register exactly this redirect URL in it: ${redirect_uri}`,
    "Client ID:",
    "Client secret:",
    "Open this URL in a browser on this machine within ten minutes, and allow access:",
    url.href,
    "Chats will be read by the incremental export, later edits included.",
    SUCCESS,
    'Try it: tap-zendesk-chat -c "config.json" --test',
    "",
  ]);
  assertEquals(oauth.forms.map(({ code: _, ...form }) => form), [{
    grant_type: "authorization_code",
    redirect_uri,
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    scope: "read",
  }]);
  assertEquals(await readConfig(folder.path), {
    text: `{
  "access_token": "${TOKEN}",
  "start_date": "2026-01-01",
  "subdomain": "acme",
  "base_url": "${api.url}",
  "chats_api": "incremental"
}
`,
    mode: 0o600,
  });
  assertEquals(await filesIn(folder.path), ["config.json"]);
});

Deno.test("login writes a client in the place of a token, and a run gets its own with it", async () => {
  const before = '{"start_date": "2020-01-31", "access_token": "an-old-token"}';
  await using folder = await createRunFolder({ "config.json": before });
  await using api = await startApi();
  await using oauth = startFakeAuthorizationServer({ confidential: true });
  const flags = [...flagsFor(api, oauth), "--grant=client_credentials", "--write-client", "--yes"];
  const input = lines(["acme", "", CLIENT.id, CLIENT.secret]);
  const result = await runTap(flags, { cwd: folder.path, input });

  assertEquals([result.code, lastLine(result)], [0, ""]);
  assertEquals(result.stdout.split("\n").slice(3), [
    `It has to be confidential, and only the API makes it so, once nobody saves it in the dashboard any more: with an administrator's token that may write (login --scope 'read write'), GET ${api.url}/oauth/clients for its ID, then PUT {"client_type": "confidential"} to ${api.url}/oauth/clients/ID.`,
    "Client ID:",
    "Client secret:",
    "The token works and is that of Priya <priya@harbourbikes.example>. Its client is in " +
    '"config.json", and each run gets a token of its own.',
    'Try it: tap-zendesk-chat -c "config.json" --test',
    "",
  ]);
  assertEquals(
    (await readConfig(folder.path)).text,
    `{
  "start_date": "2020-01-31",
  "client_id": "${CLIENT.id}",
  "client_secret": "${CLIENT.secret}",
  "token_url": "${oauth.tokenUrl}",
  "subdomain": "acme",
  "base_url": "${api.url}"
}
`,
  );

  const tried = await runTap(["-c", "config.json", "--test"], { cwd: folder.path });
  lastLine(tried);
  assertEquals([tried.code, oauth.forms.length], [0, 2]);
});

Deno.test("login says in browser and terminal why there is no token", async () => {
  await using folder = await createRunFolder();
  await using api = await startApi();
  const failed = "Cannot get a token: ";
  const cases = [
    {
      oauth: startFakeAuthorizationServer({ consent: "deny" }),
      flags: [],
      problem: () =>
        `${failed}the browser came back with access_denied; run login again and allow access, ` +
        "signed in as an administrator",
    },
    {
      oauth: startFakeAuthorizationServer(),
      flags: ["--scope=everything"],
      problem: () =>
        `${failed}the browser came back with invalid_scope; the API client may not ask for this ` +
        "scope: choose another with --scope",
    },
    {
      oauth: startFakeAuthorizationServer(),
      flags: ["--client-secret=mistyped-secret"],
      problem: (tokenUrl: string) =>
        `${failed}POST ${tokenUrl} answered 401 Unauthorized: invalid_client ("The server says ` +
        'invalid_client"); copy client ID and secret from the API client once more; the secret ' +
        "is shown in full only when it is made",
    },
  ];
  const seen = await forMany(cases, async ({ oauth, flags, problem }) => {
    await using server = oauth;
    const args = [...flagsFor(api, server), ...flags];
    await using tap = startTap(args, { cwd: folder.path, input: lines(ANSWERS) });
    const page = await readPage(await printedUrl(tap));
    const result = await tap.finish();
    assertEquals(page, [400, "The login has failed", problem(server.tokenUrl)]);
    assertEquals(lastLine(result), `CRITICAL ${problem(server.tokenUrl)}`);
    return result.code;
  });
  assertEquals(seen, [1, 1, 1]);
  assertEquals(await filesIn(folder.path), []);
});

Deno.test("login says before it asks anything that there is no room for its file", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  for (const files of [{}, { "config.json": { start_date: "2026-01-01" } }]) {
    await using folder = await createRunFolder(files);
    // A limit on the size of files stands in for a full disk.
    const script = `trap '' XFSZ; ulimit -f 0; exec "$@"`;
    const [command, ...args] = ["bash", "-c", script, "bash", ...tapCommand(), "login"];
    const { code, stdout, stderr } = await new Deno.Command(command!, {
      args,
      cwd: folder.path,
      stdin: "null",
    }).output();

    const [asked, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, asked], [1, ""]);
    assertMatch(
      said!,
      /^CRITICAL Cannot write config file "[^"]*config\.json": .*; make room there/,
    );
    assertEquals(await filesIn(folder.path), Object.keys(files));
  }
});

Deno.test("login writes the file that -c names before it, as Meltano puts it", async () => {
  await using folder = await createRunFolder();
  await using api = await startApi();
  const flags = [`--base-url=${api.url}`, "--subdomain=acme", "--start-date=2026-01-01"];

  const results = await forMany(
    [["-c", "a.json", "login"], ["--config=b.json", "login"], [
      "--config",
      "x.json",
      "login",
      "-c",
      "c.json",
    ]],
    (args) =>
      runTap([...args, ...flags, "--token", "-"], { cwd: folder.path, input: `${TOKEN}\n` }),
  );

  assertEquals(results.map(({ code }) => code), [0, 0, 0]);
  assertEquals(await filesIn(folder.path), ["a.json", "b.json", "c.json"]);
});

Deno.test("login changes an existing config only with consent and keeps its other settings", async () => {
  const before = '{"start_date": "2020-01-31", "agents_page_limit": 50, "access_token": "old"}';
  await using folder = await createRunFolder({ "config.json": before });
  await using api = await startApi();
  await using oauth = startFakeAuthorizationServer({ confidential: true });
  const args = [...flagsFor(api, oauth), "--grant=client_credentials"];
  const run = (...answers: string[]) => runTap(args, { cwd: folder.path, input: lines(answers) });

  for (const answers of [["n"], []]) {
    const refused = await run(...answers);
    assertEquals(
      lastLine(refused),
      'CRITICAL Left config file "config.json" as it is, there was no consent to change it: add ' +
        "--yes, or name another file with --config",
    );
    assertEquals([refused.code, (await readConfig(folder.path)).text], [1, before]);
  }

  await Deno.chmod(`${folder.path}/config.json`, 0o644);
  const result = await run("y", "https://acme.zendesk.com", "", CLIENT.id, CLIENT.secret);
  assertEquals([result.code, lastLine(result)], [0, ""]);
  assertEquals(await readConfig(folder.path), {
    text: `{
  "start_date": "2020-01-31",
  "agents_page_limit": 50,
  "access_token": "${TOKEN}",
  "subdomain": "acme",
  "base_url": "${api.url}"
}
`,
    mode: 0o600,
  });
  assertEquals(await filesIn(folder.path), ["config.json"]);
});

Deno.test("login takes a token that exists and tries it before it is kept", async () => {
  await using folder = await createRunFolder();
  await using api = await startApi({ ...PRIYA, roles: { administrator: false, owner: false } });
  const args = ["login", "--token", "-", "--subdomain=acme", "--start-date=2026-01-01"];
  const run = (input: string) =>
    runTap([...args, `--base-url=${api.url}`, "-y"], { cwd: folder.path, input });

  const wrong = await run("another-token\n");
  assertEquals(
    lastLine(wrong),
    `CRITICAL Cannot read agents: GET ${api.url}/agents/me answered 401 Unauthorized after 1 ` +
      'attempt: "Unauthorized: Could not verify your authorization for this resource"; the token ' +
      "has expired or was revoked, or it is no Chat token (those of Zendesk Support do not work " +
      'here): "tap-zendesk-chat login" gets one',
  );
  assertNotMatch(wrong.stderr, /another-token/);
  assertEquals([wrong.code, await filesIn(folder.path)], [1, []]);

  const ordinary = await run(`${TOKEN}\n`);
  assertEquals(
    lastLine(ordinary),
    "WARNING This agent is no administrator: the API may refuse some streams; log in as an " +
      "administrator if --test says so",
  );
  assertEquals([ordinary.code, await filesIn(folder.path)], [0, ["config.json"]]);

  api.refuse.agents = 403;
  const untold = await run(TOKEN);
  assertEquals(
    untold.stdout.split("\n")[1],
    'The token works; the API does not tell whose it is. It is in "config.json".',
  );
  assertEquals(untold.code, 0);
});

Deno.test("login stops on a signal and leaves nothing behind", async () => {
  await using folder = await createRunFolder();
  await using api = await startApi();
  await using oauth = startFakeAuthorizationServer();
  await using tap = startTap(flagsFor(api, oauth), { cwd: folder.path, input: lines(ANSWERS) });
  await printedUrl(tap);
  tap.signal("SIGINT");
  assertEquals((await tap.finish()).code, 130);
  assertEquals(await filesIn(folder.path), []);
});

Deno.test("login explains what it cannot work with", async () => {
  await using folder = await createRunFolder({
    "broken.json": "{",
    "far.json": { agents_page_limit: 0 },
  });
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const known = ["--subdomain=acme", "--start-date=2026-01-01"];
  const cases: [args: string[], code: number, problem: string][] = [
    [
      [`--port=${port}`, ...known],
      1,
      `Cannot listen on port ${port} for the browser: another program uses it; register a redirect URL with another port and name it with --port`,
    ],
    [["--port=0", ...known], 1, 'No answer to "Client ID": the input has ended, add --client-id'],
    [
      ["--config=broken.json"],
      1,
      'Cannot read config file "broken.json": it is not JSON, it breaks off at line 1, column 2',
    ],
    [
      ["--config=far.json", "-y", ...known],
      1,
      'Cannot use config file "far.json": "agents_page_limit" is not valid: current value is 0, expected a whole number from 1 to 1000',
    ],
    [
      ["--config=none/config.json"],
      1,
      'Cannot write config file "none/config.json": its folder does not exist, make it first',
    ],
    [
      ["--start-date=soon"],
      2,
      "Cannot use the value of --start-date: expected YYYY-MM-DD, an RFC 3339 date-time such as 2020-01-31T00:00:00Z, or MM/DD/YYYY",
    ],
  ];
  const seen = await forMany(cases, async ([args]) => {
    const result = await runTap(["login", ...args], { cwd: folder.path });
    return [args, result.code, lastLine(result)];
  });
  assertEquals(seen, cases.map(([args, code, problem]) => [args, code, `CRITICAL ${problem}`]));
  assertEquals(await filesIn(folder.path), ["broken.json", "far.json"]);
});
