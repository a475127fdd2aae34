/** What the sources say of each setting, before it is judged. */

import { isNumber } from "../exact_number.ts";
import { describeType, type Json } from "../json.ts";
import type { ConfigSource } from "./config_source.ts";
import { SETTING_NAMES, type SettingName } from "./settings.ts";

const LONGEST_SHOWN = 60;

/** What a source says of a setting. */
export interface Finding {
  source: ConfigSource;
  value: Json;
}

/** What is said of each setting; nothing of one that is absent. */
export type Findings = ReadonlyMap<SettingName, Finding>;

/** For each setting, the value of the last source that has one. */
export function findValues(sources: readonly ConfigSource[]): Findings {
  const findings = new Map<SettingName, Finding>();
  for (const source of sources) {
    for (const name of SETTING_NAMES) {
      const given = source.values[name] ?? "";
      const value = typeof given === "string" ? given.trim() : given;
      if (value !== "") findings.set(name, { source, value });
    }
  }
  return findings;
}

/** A value as a message may show it: nothing that is a credential or may hold one. */
export function showValue(value: Json, secret: boolean): string {
  if (typeof value === "string") {
    const hidden = secret || value.length > LONGEST_SHOWN || /[@?#]/.test(value);
    return hidden ? `a text of ${value.length} characters` : JSON.stringify(value);
  }
  const isScalar = typeof value !== "object" || isNumber(value);
  return secret || !isScalar ? describeType(value) : `${value}`;
}
