/** The Python tap, reading from a fake API. */

import type { FakeChatApi } from "../fakes/chat_api/mod.ts";
import { projectPath } from "../program/tap_process.ts";

const STARTER = projectPath("tests/targets/start_python_tap.py");

/** The command that starts it; `bin` is the folder of its environment. */
export function pythonTapCommand(bin: string, api: FakeChatApi): string[] {
  return [`${bin}/python`, STARTER, new URL(api.url).origin];
}
