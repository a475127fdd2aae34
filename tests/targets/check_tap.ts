/** `tap | singer-check-tap`: each record is held against the schema that was sent before it. */

import { type AccountData, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { type CatalogFile, catalogWith } from "../program/catalogs.ts";
import { configFor, createRunFolder } from "../program/run_folder.ts";
import { tapCommand } from "../program/tap_process.ts";
import { STREAMS } from "../../streams/mod.ts";
import type { Way } from "./account_rows.ts";
import { runPipeline } from "./pipeline.ts";
import { Finding } from "./finding.ts";

/** Checks a run over an account; `bin` is where the checker is. @throws {Finding} what it says. */
export async function checkTap(bin: string, account: AccountData, way: Way): Promise<void> {
  await using api = await startFakeChatApi({ account });
  await using folder = await createRunFolder({
    "config.json": configFor(api, { chats_api: way, start_date: "2025-12-01" }),
    "catalog.json": catalogForChecker(),
  });
  const file = (name: string) => `${folder.path}/${name}`;
  const { tap, target } = await runPipeline(
    { argv: [...tapCommand(), "-c", file("config.json"), "--catalog", file("catalog.json")] },
    { argv: [`${bin}/singer-check-tap`] },
  );
  if (target.code !== 0 || !target.output.includes("The output is valid.")) {
    throw new Finding(`${target.output}${target.log}`.trim());
  }
  if (tap.code !== 0) throw new Finding(`the tap ended with ${tap.code}`);
}

/**
 * Everything but `chats.webpath`: where an item may be an object or a list, the checker looks for an
 * object's members in the list as well, and ends with an AttributeError of its own.
 */
function catalogForChecker(): CatalogFile {
  const catalog = catalogWith(...STREAMS.map(({ tapStreamId }) => tapStreamId));
  const { metadata } = catalog.streams.find((stream) => stream.tap_stream_id === "chats")!;
  const webpath = metadata.find(({ breadcrumb }) => `${breadcrumb}` === "properties,webpath")!;
  webpath.metadata.selected = false;
  return catalog;
}
