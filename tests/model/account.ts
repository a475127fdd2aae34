/**
 * A random account of chats that lives on its own clock: chats end, are edited and are deleted, between
 * runs and during them. Each edit is a version, which is how a target that is behind gives itself away.
 */

import { chat, type FakeChatApi, offlineMessage } from "../fakes/chat_api/mod.ts";
import type { Draw } from "../fakes/sample_account/random.ts";
import { secondText } from "../program/accounts.ts";

/** A chat as the account has it; times are epoch milliseconds. */
export interface ModelChat {
  id: string;
  /** Without an end: an offline message, which was left then. */
  type: "chat" | "offline_msg";
  endedAt: number;
  version: number;
}

/** The chats of an account. */
export class ModelAccount {
  readonly #api: FakeChatApi;
  readonly #draw: Draw;
  readonly #chats: ModelChat[] = [];
  #made = 0;

  constructor(api: FakeChatApi, draw: Draw) {
    this.#api = api;
    this.#draw = draw;
  }

  /** All chats that were not deleted. */
  get chats(): readonly ModelChat[] {
    return this.#chats;
  }

  /** A number of chats that ended in a stretch of time. */
  add(count: number, { from, to }: { from: number; to: number }): void {
    for (; count > 0; count--) {
      const chat: ModelChat = {
        id: `2605.${this.#made++}`,
        type: this.#draw.happens(0.7) ? "chat" : "offline_msg",
        endedAt: secondOf(this.#draw.whole(from, to)),
        version: 1,
      };
      this.#chats.push(chat);
      this.#put(chat, chat.endedAt);
    }
  }

  /** One small thing that happens at an instant, or shortly before. */
  happen(atMs: number): void {
    const { happens, whole } = this.#draw;
    if (happens(0.4) || this.#chats.length === 0) return this.add(1, { from: atMs, to: atMs });
    const place = whole(0, this.#chats.length - 1);
    const chat = this.#chats[place]!;
    if (happens(0.15)) {
      this.#chats.splice(place, 1);
      this.#api.chats.delete(chat.id);
    } else {
      chat.version++;
      this.#put(chat, atMs);
    }
  }

  #put({ id, type, endedAt, version }: ModelChat, changedAt: number): void {
    const comment = `version ${version}`;
    const more = { update_timestamp: secondText(changedAt), comment, history: [{ msg: comment }] };
    const time = secondText(endedAt);
    this.#api.chats.put(
      type === "chat" ? chat(id, time, more) : offlineMessage(id, time, more),
    );
  }
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
