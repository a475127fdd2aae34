/** A small account to which something is added before each night, never anything older than what was. */

import { chat, type FakeChatApi, offlineMessage } from "../fakes/chat_api/mod.ts";
import type { Draw } from "../fakes/sample_account/random.ts";
import { secondText } from "../program/accounts.ts";

const DAY_MS = 86_400_000;
const CHATS_A_DAY = 14;

/** Adds the chats of these days (from and to in epoch milliseconds), an agent, a ban and the like. */
export function growAccount(
  { account, chats }: FakeChatApi,
  draw: Draw,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): void {
  const count = Math.ceil((toMs - fromMs) / DAY_MS * CHATS_A_DAY);
  for (let index = 0; index < count; index++) {
    const time = secondText(draw.whole(fromMs + 1000, toMs));
    const id = `${chats.size}`;
    chats.put(draw.happens(0.8) ? chat(id, time) : offlineMessage(id, time));
  }
  const id = account.agents.length + 1;
  const named = { id, name: `Number ${id}` };
  account.agents.push({ id });
  account.bans.visitor.push({ id });
  account.departments.push(named);
  account.goals.push(named);
  account.shortcuts.push(named);
  account.triggers.push(named);
}
