/** What this program is called and which version it is; `deno.json` alone states the version. */

import manifest from "../deno.json" with { type: "json" };

/** The program's name, as on the command line and in the user agent. */
export const NAME = "tap-zendesk-chat";

/** The version, such as `1.0.0`. */
export const VERSION: string = manifest.version;
