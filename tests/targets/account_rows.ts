/** What the account holds, as rows of streams: what each table should come to. */

import type { FakeChatApi } from "../fakes/chat_api/mod.ts";
import { type Exact, type ExactObject, parseExact } from "./exact_json.ts";

/** Rows as the API sends them, by stream. */
export type AccountRows = Map<string, ExactObject[]>;

/** How chats are read. */
export type Way = "search" | "incremental";

/** The rows that an API holds at this moment; chats with the members that this way shows. */
export function accountRows(
  { account, chats }: Pick<FakeChatApi, "account" | "chats">,
  way: Way,
): AccountRows {
  const { bans, routing_settings, account: one, ...lists } = account;
  const chatRows = chats.sortedBy("timestamp").map((entry) =>
    parseExact(chats.text(entry, way === "incremental")) as ExactObject
  );
  const rows: [string, ExactObject[]][] = [
    ...Object.entries({
      ...lists,
      account: [one],
      bans: [...bans.visitor, ...bans.ip_address],
      routing_settings: [{ ...routing_settings, id: "account" }],
    }).map(([name, list]): [string, ExactObject[]] => [name, exactRows(list)]),
    ["chats", chatRows],
    ["chat_history", chatRows.flatMap((chat) => childRows(chat, "history"))],
    ["chat_engagements", chatRows.flatMap((chat) => childRows(chat, "engagements"))],
  ];
  return new Map(rows);
}

/** The elements of a chat's list as rows of their own. */
function childRows(chat: ExactObject, list: string): ExactObject[] {
  const elements = (chat[list] ?? []) as ExactObject[];
  return elements.map((element, position) =>
    list === "history"
      ? { ...element, chat_id: chat.id, position }
      : { ...element, chat_id: chat.id }
  );
}

function exactRows(rows: readonly unknown[]): ExactObject[] {
  return rows.map((row) => parseExact(JSON.stringify(row)) as Exact as ExactObject);
}
