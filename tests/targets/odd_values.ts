/**
 * Values that stop targets or change on their way, each in a row of its own: what the API sends, and
 * what a table should hold. Both are JSON texts, so that every digit is there.
 */

import { type AccountData, chat, ChatStore, emptyAccount } from "../fakes/chat_api/mod.ts";
import { secondText } from "../program/accounts.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type AccountRows, accountRows, type Way } from "./account_rows.ts";
import { parseForWriting } from "./exact_json.ts";

/** One such value. */
interface OddValue {
  /** Also the id or name of its row, unless it is that itself. */
  what: string;
  /** Stream and members, as in `chats.visitor.name`. */
  path: string;
  sent: string;
  stored: string;
}

const FIRST_MS = Date.parse("2026-02-01T10:00:00Z");
const MINUTE_MS = 60_000;

const ODD_VALUES: readonly OddValue[] = [
  // Texts at which databases stop.
  odd("NUL in a column", "chats.comment", '"a\\u0000b"', '"a\ufffdb"'),
  odd("NUL within an object", "chats.visitor.name", '"\\u0000"', '"\ufffd"'),
  odd("NUL in a list", "chats.tags", '["a\\u0000"]', '["a\ufffd"]'),
  odd("NUL in a message", "chats.history", '[{"msg":"a\\u0000"}]', '[{"msg":"a\ufffd"}]'),
  odd("NUL in an open object", "chats.session.note", '"a\\u0000"', '"a\ufffd"'),
  odd("NUL in a name", "chats.session", '{"a\\u0000":1}', '{"a\ufffd":1}'),
  odd("NUL in a key", "shortcuts.name", '"a\\u0000"', '"a\ufffd"'),
  odd("NUL in a JSON text", "triggers.definition.condition", '["a\\u0000"]', '["a\ufffd"]'),
  odd("half a surrogate in a column", "chats.comment", '"half \\ud83d"', '"half \ufffd"'),
  odd("half a surrogate within", "chats.visitor.name", '"\\udeb2 half"', '"\ufffd half"'),
  odd("half a surrogate in an open object", "chats.session.note", '"\\ud83d"', '"\ufffd"'),
  odd("half a surrogate in a name", "chats.session", '{"\\udeb2":1}', '{"\ufffd":1}'),

  // Texts that only look odd.
  odd("a whole surrogate pair", "chats.comment", '"\\ud83d\\udeb2"'),
  odd("quotes and backslashes", "chats.comment", '"a \\"b\\", \'c\' \\\\N \\\\ d"'),
  odd("tabs and line feeds within", "chats.visitor.notes", '"a\\tb\\nc\\rd"'),
  odd("tabs and line feeds in a column", "chats.comment", '"a\\tb\\nc"'),
  odd("line separators", "chats.comment", '"a\\u2028b\\u0085c\\ufeffd"'),
  odd("null as a text", "chats.comment", '"null"'),
  odd("NULL as a text", "chats.comment", '"NULL"'),
  odd("a long text", "chats.comment", JSON.stringify("🚲 long ".repeat(20_000))),

  // Integers in columns.
  odd("2^53 + 1", "chats.department_id", "9007199254740993"),
  odd("18 digits", "chats.zendesk_ticket_id", "123456789012345678"),
  odd("2^63 - 1", "chats.department_id", "9223372036854775807"),
  odd("-2^63", "chats.department_id", "-9223372036854775808"),
  odd("2^63", "chats.department_id", "9223372036854775808", "null"),
  odd("20 digits", "chats.zendesk_ticket_id", "12345678901234567890", "null"),
  odd("1e400 in an integer column", "chats.duration", "1e400", "null"),
  odd("1.0 in an integer column", "chats.duration", "1.0", "1"),
  odd("1e3 in an integer column", "chats.duration", "1e3", "1000"),
  odd("a fraction in an integer column", "chats.duration", "717.9", "717"),
  odd("a number as a text", "chats.duration", '"1,234"', "1234"),
  odd("a key beyond 2^53", "departments.id", "9007199254740995"),

  // Numbers elsewhere.
  odd("2^53 + 1 within", "chats.response_time.max", "9007199254740993"),
  odd("20 digits within", "chats.response_time.max", "12345678901234567890", "null"),
  odd("1e400 as a number", "chats.response_time.avg", "1e400", "null"),
  odd("many decimals", "chats.response_time.avg", "15.333333333333334"),
  odd("23 digits in an open object", "chats.session.big", "12345678901234567890123"),
  odd("1e400 in an open object", "chats.session.far", "1e400", "null"),
  odd("big numbers in open lists", "chats.session.all", "[9007199254740993,[1.5]]"),
  odd("big numbers in a JSON text", "triggers.definition.condition", '["eq",9007199254740993]'),
  odd("an event's 20 digits", "agent_events.value", "12345678901234567890"),
  odd("an event's fraction", "agent_events.value", "0.5"),
  odd("an event's boolean", "agent_events.value", "true"),
  odd("an event's object", "agent_events.value", '{"id":9007199254740993}'),

  // Shapes.
  odd("a list as the first page", "chats.webpath", '[["a",3]]'),
  odd("lists and objects as pages", "chats.webpath", '[{"to":"a"},["b",1],{"to":"c"}]'),
  odd("lists of several lengths", "chats.webpath", '[["a",1],["b"]]'),
  odd("a text of digits in a page", "chats.webpath", '[{"to":"a"},["007",7]]'),
  odd("unread as 0", "chats.unread", "0", "false"),
  odd("unread as 1", "chats.unread", "1", "true"),
  odd("unread as another number", "chats.unread", "5", "null"),
  odd("an unknown member of settings", "departments.settings.routing", '{"a":[1]}'),
];

function odd(what: string, path: string, sent: string, stored = sent): OddValue {
  return { what, path, sent, stored };
}

/** The account that sends them. */
export function oddAccount(): AccountData {
  return accountWith((value) => value.sent);
}

/** What tables should hold of it; `otherwise` says by name what a target makes of some of them. */
export function oddRows(way: Way, otherwise: Readonly<Record<string, string>> = {}): AccountRows {
  const { chats, ...account } = accountWith(({ what, stored }) => otherwise[what] ?? stored);
  return accountRows({ account, chats: new ChatStore(chats) }, way);
}

function accountWith(textOf: (value: OddValue) => string): AccountData {
  const chats: JsonObject[] = [];
  const account: AccountData = { ...emptyAccount(), chats };
  const { departments, shortcuts, triggers, agent_events } = account;
  const lists: Record<string, JsonObject[]> = {
    ...{ chats, departments, shortcuts, triggers, agent_events },
  };
  for (const [index, value] of ODD_VALUES.entries()) {
    const [stream = "", ...members] = value.path.split(".");
    const row = rowFor(stream, value.what, index);
    // The API writes what a double cannot hold, so these are texts for JSON.stringify alone.
    setMember(row, members, parseForWriting(textOf(value)) as JsonObject);
    lists[stream]!.push(row);
  }
  return account;
}

function rowFor(stream: string, what: string, index: number): JsonObject {
  const time = secondText(FIRST_MS + index * MINUTE_MS);
  if (stream === "chats") return chat(what, time, { response_time: {}, session: {}, visitor: {} });
  if (stream === "agent_events") return { id: what, timestamp: time };
  if (stream === "shortcuts") return { name: what };
  return { id: index, name: what, ...(stream === "triggers" ? { definition: {} } : {}) };
}

function setMember(row: JsonObject, [name = "", ...rest]: string[], value: JsonObject): void {
  if (rest.length === 0) row[name] = value;
  else setMember((row[name] ??= {}) as JsonObject, rest, value);
}
