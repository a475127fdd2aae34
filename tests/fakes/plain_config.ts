/** A config in which nothing is set but what every run needs, and no request waits for its turn. */

import type { Config } from "../../lib/config/config.ts";

/** The config; tests say what differs from it. */
export const PLAIN_CONFIG: Config = {
  accessToken: "token",
  client: undefined,
  startDateMicros: Date.parse("2010-01-01T00:00:00Z") * 1000,
  endDateMicros: Infinity,
  apiRoot: "https://acme.zendesk.com/api/v2/chat",
  chatsApi: "search",
  chatsFullSyncDays: undefined,
  chatSearchIntervalDays: undefined,
  emitActivateVersionMessages: false,
  agentsPageLimit: 100,
  bansPageLimit: 100,
  requestsPerMinute: 0,
  requestTimeoutSeconds: 300,
  userAgent: "tap-zendesk-chat/test",
};
