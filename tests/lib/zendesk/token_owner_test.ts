import { assertEquals, assertRejects } from "@std/assert";
import { mayExportChats, type TokenOwner, tokenOwner } from "../../../lib/zendesk/token_owner.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { createStubChatApi, refusal, STARTED_AT } from "../../fakes/stub_chat_api.ts";

const OWNERS: [agent: JsonObject, owner: TokenOwner][] = [
  [{ display_name: " Priya ", email: "p@example.com", roles: { administrator: true } }, {
    name: "Priya <p@example.com>",
    role: "administrator",
  }],
  [{ display_name: "", first_name: "Ada", last_name: "", roles: { administrator: false } }, {
    name: "Ada",
    role: "agent",
  }],
  [{ email: "p@example.com\n", roles: { administrator: false, owner: true } }, {
    name: "<p@example.com>",
    role: "owner",
  }],
  [{ display_name: "A\nCRITICAL" }, { name: "A\\u000aCRITICAL", role: undefined }],
  [{ id: 7, email: null, roles: null }, { name: undefined, role: undefined }],
];

Deno.test("tokenOwner() names the agent as far as the API tells", {
  permissions: "none",
}, async () => {
  for (const [agent, owner] of OWNERS) {
    const api = createStubChatApi([{ body: agent }]);
    assertEquals([await tokenOwner(api), api.requests], [owner, ["agents/me"]]);
  }
});

Deno.test("tokenOwner() tries the chats when the agent is hidden", {
  permissions: "none",
}, async () => {
  for (const status of [403, 404]) {
    const api = createStubChatApi([refusal(status), { body: { chats: [] } }]);
    assertEquals([await tokenOwner(api), api.requests], [
      { name: undefined, role: undefined },
      ["agents/me", "chats"],
    ]);
  }
});

Deno.test("tokenOwner() fails when the token does", { permissions: "none" }, async () => {
  for (const replies of [[refusal(401)], [refusal(403), refusal(403)]]) {
    await assertRejects(() => tokenOwner(createStubChatApi(replies)), RequestError);
  }
});

Deno.test("mayExportChats() asks for one chat, and takes a refusal for an answer", {
  permissions: "none",
}, async () => {
  const allowed = createStubChatApi([{ body: { chats: [], count: 0, end_time: null } }]);
  assertEquals(await mayExportChats(allowed, STARTED_AT), true);
  const start = STARTED_AT / 1000 - 86_400;
  assertEquals(allowed.requests, [
    `incremental/chats?fields=chats(*)&limit=1&start_time=${start}`,
  ]);
  for (const status of [403, 404, 400]) {
    assertEquals(await mayExportChats(createStubChatApi([refusal(status)]), STARTED_AT), false);
  }
});
