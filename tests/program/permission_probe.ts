/** Tries what the tap's permission set is to deny or to hide, and prints what came of each. */

const ATTEMPTS: Record<string, () => unknown> = {
  "run a program": () => new Deno.Command(Deno.execPath()).output(),
  "load a library": () => Deno.dlopen("libc.so.6", {}),
  "ask for the host's name": () => Deno.hostname(),
  "ask for the user's id": () => Deno.uid(),
  "reach another host": () => fetch("https://example.com/"),
  "reach another address": () => fetch("http://192.0.2.1/"),
  "reach the API's host on another port": () => fetch("https://acme.zendesk.com:8443/"),
  "reach the API's host without TLS": () => fetch("http://acme.zendesk.com/"),
  "reach a host named like the API's": () => fetch("https://zendesk.com.example.com/"),
  "listen to the network": () => Deno.listen({ hostname: "0.0.0.0", port: 0 }),
  "read a variable of the environment": () => Deno.env.get("PROBED"),
  "list the environment": () => Deno.env.toObject().PROBED,
};

const outcomes: Record<string, string> = {};
for (const [attempt, make] of Object.entries(ATTEMPTS)) {
  try {
    outcomes[attempt] = `${await make()}`;
  } catch (error) {
    outcomes[attempt] = (error as Error).name;
  }
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(outcomes)));
