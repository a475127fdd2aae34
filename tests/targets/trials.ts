/** Everything that is tried, as a list of trials that are independent of each other. */

import { startFakeChatApi } from "../fakes/chat_api/mod.ts";
import type { Way } from "./account_rows.ts";
import { casesFor, sampleOf } from "./cases.ts";
import { checkTap } from "./check_tap.ts";
import { duckdbTarget } from "./duckdb_target.ts";
import type { Extent } from "./extent.ts";
import { csvTarget, jsonlTarget } from "./file_targets.ts";
import { meltanoPostgres, pipelinewisePostgres } from "./postgres_targets.ts";
import type { PostgresServer } from "./postgres_server.ts";
import { DIRECTIONS, swap } from "./swap.ts";
import { Warehouse } from "./warehouse.ts";

/** One thing that is tried. */
export interface Trial {
  /** The table in which its result is shown, with its column and row. */
  table: string;
  target: string;
  what: string;
  /** The list of what has to be installed for it, a name in `requirements/`. */
  requirements: string;
  /** Given the folder of the programs installed. @throws {Finding} when something is wrong. */
  run(bin: string): Promise<void>;
}

const WAYS: readonly Way[] = ["search", "incremental"];

/** The trials, longest first; targets write into the server or below the folder. */
export function allTrials(extent: Extent, server: PostgresServer, parent: string): Trial[] {
  return [...swapTrials(extent), ...targetTrials(extent, server, parent), ...checkTrials(extent)];
}

function swapTrials({ rowsOfNights }: Extent): Trial[] {
  return DIRECTIONS.map((direction) => ({
    table: "swap",
    target: "tap-zendesk-chat",
    what: `${direction}, ${rowsOfNights} rows of nights`,
    requirements: "python_tap",
    run: (bin) => swap(bin, direction, rowsOfNights),
  }));
}

function targetTrials(extent: Extent, server: PostgresServer, parent: string): Trial[] {
  const targets = [
    pipelinewisePostgres(server),
    meltanoPostgres(server),
    duckdbTarget,
    jsonlTarget,
    csvTarget,
  ];
  return targets.flatMap((target) =>
    casesFor(target, extent).flatMap(({ name, ways = WAYS, account, run }) =>
      ways.map((way): Trial => {
        const what = `${name}, ${way}`;
        const schema = `${target.requirements}_${what.replaceAll(/\W+/g, "_")}`;
        return {
          table: "targets",
          target: target.name,
          what,
          requirements: target.requirements,
          async run(bin) {
            const folder = `${parent}/${schema}`;
            await Deno.mkdir(folder);
            await using api = await startFakeChatApi({ account: account() });
            await run(new Warehouse(target, { folder, schema, bin }, api), api, way);
          },
        };
      })
    )
  );
}

function checkTrials(extent: Extent): Trial[] {
  return WAYS.map((way) => ({
    table: "checks",
    target: "singer-check-tap",
    what: `first run, ${way}`,
    requirements: "check_tap",
    run: (bin) => checkTap(bin, sampleOf(extent), way),
  }));
}
