/**
 * HTTP/1.1 in the little that a GET client needs. `Deno.serve` cannot reset a connection nor close
 * it before the headers, and those are faults that a client has to survive.
 */

import { type AddressInfo, createServer, type Socket } from "node:net";
import { reasonOf, type Reply } from "./reply.ts";

/** A request as it came over the wire; header names are in lower case. */
export interface HttpRequest {
  method: string;
  /** Path and query string. */
  target: string;
  headers: Record<string, string>;
}

/** How the exchange goes on after what was sent. */
export type Ending = "keep" | "close" | "reset" | "hang";

/** What is sent, and how the exchange ends. */
export interface Delivery {
  /** Nothing at all is sent when absent. */
  reply?: Reply;
  /** How many bytes of the body are sent, out of those that the headers announce; all when absent. */
  bytes?: number;
  ending: Ending;
}

/** A running server. */
export interface HttpServer extends AsyncDisposable {
  port: number;
}

const encoder = new TextEncoder();

/** Serves 127.0.0.1. `deliver` must not reject; disposing cuts whatever is under way. */
export async function serveHttp(
  port: number,
  deliver: (request: HttpRequest) => Promise<Delivery>,
): Promise<HttpServer> {
  const connections = new Map<Socket, Promise<void>>();
  const server = createServer({ noDelay: true }, (socket) => {
    const done = converse(socket, deliver).finally(() => connections.delete(socket));
    connections.set(socket, done);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of connections.keys()) socket.destroy();
      await Promise.all(connections.values());
      await closed;
    },
  };
}

async function converse(
  socket: Socket,
  deliver: (request: HttpRequest) => Promise<Delivery>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // A peer that has left is no failure of the server.
  socket.on("error", () => {});
  try {
    for await (const request of requestsOf(socket)) {
      const { reply, bytes, ending } = await deliver(request);
      if (reply !== undefined) await send(socket, encodeReply(reply, bytes, ending));
      if (ending === "hang") await closed;
      if (ending === "reset") socket.resetAndDestroy();
      if (ending !== "keep") break;
    }
  } catch {
    // Reading ended because the connection broke.
  }
  socket.destroy();
  await closed;
}

async function* requestsOf(socket: Socket): AsyncGenerator<HttpRequest> {
  let received = "";
  socket.setEncoding("latin1");
  for await (const chunk of socket) {
    received += chunk;
    for (let end; (end = received.indexOf("\r\n\r\n")) !== -1; received = received.slice(end + 4)) {
      yield parseHead(received.slice(0, end));
    }
  }
}

function parseHead(head: string): HttpRequest {
  const [requestLine = "", ...headerLines] = head.split("\r\n");
  const [method = "", target = ""] = requestLine.split(" ");
  const headers: Record<string, string> = {};
  for (const line of headerLines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, target, headers };
}

function encodeReply(reply: Reply, bytes: number | undefined, ending: Ending): Uint8Array {
  const body = encoder.encode(reply.body);
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": `${body.length}`,
    ...(ending === "close" && bytes === undefined ? { connection: "close" } : {}),
    ...reply.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = encoder.encode(
    `HTTP/1.1 ${reply.status} ${reasonOf(reply.status)}\r\n${lines.join("")}\r\n`,
  );
  const message = new Uint8Array(head.length + body.length);
  message.set(head);
  message.set(body, head.length);
  return bytes === undefined ? message : message.subarray(0, head.length + bytes);
}

function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
