/** What may be not as it was meant in a config that can be used. */

import { nearest } from "../nearest.ts";
import {
  type ConfigSource,
  describeKey,
  describeSources,
  ENVIRONMENT,
  unknownKeys,
} from "./config_source.ts";
import { type Finding, type Findings, showValue } from "./finding.ts";
import { SETTING_NAMES, type SettingName, type SettingValues } from "./settings.ts";

/** What is odd about a config that can be used, a line each; `now` is in epoch milliseconds. */
export function configWarnings(
  values: SettingValues,
  { sources, findings, now }: {
    sources: readonly ConfigSource[];
    findings: Findings;
    now: number;
  },
): string[] {
  return [
    ...sources.flatMap(warnOfUnknownKeys),
    ...warnOfHalfClient(values, sources),
    ...warnOfTextZero(findings),
    ...values.start_date > now * 1000 ? [warnOfFuture(findings.get("start_date")!)] : [],
    ...warnOfLegacyHost(values, sources),
  ];
}

function warnOfUnknownKeys(source: ConfigSource): string[] {
  return unknownKeys(source).map((key) => {
    const meant = nearest(key, SETTING_NAMES);
    const ignored = `Ignored in ${describeSources([source])}: ${
      describeKey(key, [source])
    } is not a setting`;
    return meant === undefined
      ? `${ignored}: remove it, --about lists the settings`
      : `${ignored}, did you mean ${describeKey(meant, [source])}?`;
  });
}

function warnOfFuture({ source, value }: Finding): string {
  return `${describeKey("start_date", [source])} in ${describeSources([source])} is in the ` +
    `future: current value is ${
      showValue(value, false)
    }, streams that go by date read nothing; correct it if that is not meant`;
}

/** In a file the text `"0"` means never, here; to the Python tap any text but an empty one is true. */
function warnOfTextZero(findings: Findings): string[] {
  const name = "chats_full_sync_days";
  const { source, value } = findings.get(name) ?? {};
  if (source === undefined || source.file === ENVIRONMENT) return [];
  if (typeof value !== "string" || Number(value) !== 0) return [];
  return [
    `${describeKey(name, [source])} in ${describeSources([source])} is the text ${
      showValue(value, false)
    }, ` +
    "with which the Python tap reads all chats again in each run: here it is never; write 0 if " +
    "that is meant, else 1 for each day",
  ];
}

function warnOfHalfClient(
  { client_id, client_secret }: SettingValues,
  sources: readonly ConfigSource[],
): string[] {
  if ((client_id === undefined) === (client_secret === undefined)) return [];
  const halves: SettingName[] = ["client_id", "client_secret"];
  const [there, lacking] = (client_id === undefined ? halves.reverse() : halves)
    .map((name) => describeKey(name, sources));
  return [
    `Ignored in ${
      describeSources(sources)
    }: ${there} is of no use without ${lacking}, add that too`,
  ];
}

function warnOfLegacyHost(
  { base_url, subdomain }: SettingValues,
  sources: readonly ConfigSource[],
): string[] {
  if (base_url !== undefined || subdomain !== undefined) return [];
  return [
    `No ${describeKey("subdomain", sources)} in ${describeSources(sources)}: the tap asks ` +
    'www.zopim.com, which Zendesk retired in 2025; set it to the "acme" of acme.zendesk.com',
  ];
}
