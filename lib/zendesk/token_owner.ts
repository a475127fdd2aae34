/**
 * Tries a token on the API. Whose it is matters as much as that it works: it reads what that agent
 * may read.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { objectAnswer } from "./answer.ts";
import type { ChatApi } from "./client.ts";
import { CHATS_EXPORT } from "./export_page.ts";
import { excerpt } from "./hints.ts";
import { probeExport } from "./incremental_export.ts";
import { RequestError } from "./request_error.ts";

/** The agent that a token acts for. */
export interface TokenOwner {
  /** Name and address, fit for a message; undefined when the API does not tell. */
  name: string | undefined;
  /** What the agent is, as far as the API tells. */
  role: "owner" | "administrator" | "agent" | undefined;
}

/**
 * Whose token the client has.
 *
 * @throws {RequestError} when the API refuses it.
 */
export async function tokenOwner(api: ChatApi): Promise<TokenOwner> {
  try {
    return await api.get({ endpoint: "agents", path: "agents/me", read: readOwner });
  } catch (error) {
    const refused = error instanceof RequestError && (error.status === 403 || error.status === 404);
    if (!refused) throw error;
  }
  // A role that hides the agents may still show the chats.
  await api.get({ endpoint: "chats", path: "chats", read: objectAnswer });
  return { name: undefined, role: undefined };
}

/** Whether the client's token may use the incremental export of chats. */
export async function mayExportChats(api: ChatApi, nowMs: number): Promise<boolean> {
  try {
    await probeExport(api, CHATS_EXPORT, { atMs: nowMs, isKnown: false });
    return true;
  } catch (error) {
    // Whatever is in the way, the search is there.
    if (error instanceof RequestError) return false;
    throw error;
  }
}

function readOwner(body: Json): TokenOwner {
  const { display_name, first_name, last_name, email, roles } = objectAnswer(body);
  const name = textOf(display_name) || `${textOf(first_name)} ${textOf(last_name)}`.trim();
  const known = [name, textOf(email) && `<${textOf(email)}>`].filter((part) => part !== "");
  return {
    name: known.length === 0 ? undefined : excerpt(known.join(" ")),
    role: isJsonObject(roles) ? roleIn(roles) : undefined,
  };
}

function roleIn({ owner, administrator }: JsonObject): TokenOwner["role"] {
  if (owner === true) return "owner";
  if (administrator === true) return "administrator";
  return administrator === false ? "agent" : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}
