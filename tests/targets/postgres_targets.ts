/** The two targets for PostgreSQL; both read into the same server. */

import type { JsonObject } from "../../lib/json.ts";
import { type ExactObject, parseExact } from "./exact_json.ts";
import { POSTGRES, type PostgresServer } from "./postgres_server.ts";
import type { Place, Target } from "./target.ts";

/** PipelineWise's target, set to confirm what it has stored while it runs. */
export function pipelinewisePostgres(server: PostgresServer): Target {
  return {
    name: "pipelinewise-target-postgres",
    requirements: "pipelinewise_postgres",
    executable: "target-postgres",
    config: ({ schema }) => ({
      ...loginTo(server),
      dbname: POSTGRES,
      default_target_schema: schema,
      // 5,000 in earnest: here each run has to come to several batches.
      batch_size_rows: 500,
      flush_all_streams: true,
    }),
    storage: { emptyTextIsNull: true },
    storesOtherwise: { "tabs and line feeds in a column": '"a\\\\tb\\\\nc"' },
    rows: (place, { tap_stream_id }) => tableRows(server, place, tap_stream_id),
  };
}

/** Meltano's target. Its columns for times have no zone, so the session's zone has to be UTC. */
export function meltanoPostgres(server: PostgresServer): Target {
  return {
    name: "meltanolabs-target-postgres",
    requirements: "meltano_postgres",
    executable: "target-postgres",
    config: ({ schema }) => ({
      ...loginTo(server),
      database: POSTGRES,
      default_target_schema: schema,
    }),
    env: { PGTZ: "UTC" },
    storage: {},
    // Of items that may be objects or lists it makes a `jsonb[]`, which cannot hold every list; of a
    // column that may be either itself it makes a `jsonb`.
    editCatalog({ streams }) {
      for (const { schema } of streams) {
        const { webpath } = schema.properties as Record<string, JsonObject>;
        if (webpath !== undefined) webpath.type = ["null", "array", "object"];
      }
    },
    dropsGoneRows: true,
    async rows(place, { tap_stream_id }) {
      const rows = await tableRows(server, place, tap_stream_id);
      // Where it drops rows it only marks them, unless `hard_delete` is set.
      return rows.filter((row) => row._sdc_deleted_at === null);
    },
  };
}

/** Where the server is and who asks, as both name it. */
function loginTo({ port }: PostgresServer): JsonObject {
  return { host: "127.0.0.1", port, user: POSTGRES, password: "not asked for" };
}

async function tableRows(
  server: PostgresServer,
  { schema }: Place,
  table: string,
): Promise<ExactObject[]> {
  const name = `${schema}.${table}`;
  const [isThere] = await server.query(`SELECT to_regclass('${name}') IS NOT NULL`);
  if (isThere !== "t") return [];
  const lines = await server.query(`SELECT row_to_json(row) FROM ${name} row`);
  return lines.map((line) => parseExact(line) as ExactObject);
}
