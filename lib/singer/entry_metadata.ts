/** The metadata of a catalog entry, as whoever selects streams and fields changes it. */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** The metadata of one entry, by breadcrumb. */
export class EntryMetadata {
  readonly #items: Json[];
  readonly #byBreadcrumb = new Map<string, JsonObject>();

  constructor(entry: JsonObject) {
    if (entry.metadata === undefined || entry.metadata === null) entry.metadata = [];
    // What is no list cannot be used, which is for others to say.
    this.#items = Array.isArray(entry.metadata) ? entry.metadata : [];
    for (const item of this.#items) {
      if (!isJsonObject(item) || !isJsonObject(item.metadata)) continue;
      this.#byBreadcrumb.set(JSON.stringify(item.breadcrumb), item.metadata);
    }
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
      this.#items.push({ breadcrumb, metadata });
      this.#byBreadcrumb.set(key, metadata);
    }
  }
}
