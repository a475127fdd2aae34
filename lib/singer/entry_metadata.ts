/** The metadata of a catalog entry, as whoever selects streams and fields changes it. */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** The metadata of one entry, by breadcrumb, to be changed without changing what it was read from. */
export class EntryMetadata {
  /** What an entry is to have as its metadata: a list, unless what was there is none. */
  readonly items: Json;
  readonly #byBreadcrumb = new Map<string, JsonObject>();

  constructor(metadata: Json | undefined) {
    // What is no list cannot be used, which is for others to say.
    this.items = Array.isArray(metadata) ? metadata.map(copyItem) : metadata ?? [];
    for (const item of this.#list) {
      if (!isJsonObject(item) || !isJsonObject(item.metadata)) continue;
      this.#byBreadcrumb.set(JSON.stringify(item.breadcrumb), item.metadata);
    }
  }

  get #list(): Json[] {
    return Array.isArray(this.items) ? this.items : [];
  }

  /** Whether anything is said of a breadcrumb. */
  has(breadcrumb: readonly string[]): boolean {
    return this.#byBreadcrumb.has(JSON.stringify(breadcrumb));
  }

  /** Selects what is no key; keys are always there. */
  select(breadcrumb: string[], selected: boolean): void {
    const key = JSON.stringify(breadcrumb);
    const found = this.#byBreadcrumb.get(key);
    if (breadcrumb.length > 0 && found?.inclusion === "automatic") return;
    if (found !== undefined) found.selected = selected;
    else {
      const metadata = { selected };
      this.#list.push({ breadcrumb, metadata });
      this.#byBreadcrumb.set(key, metadata);
    }
  }
}

function copyItem(item: Json): Json {
  if (!isJsonObject(item) || !isJsonObject(item.metadata)) return item;
  return { ...item, metadata: { ...item.metadata } };
}
