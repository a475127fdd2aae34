/** The metadata of a catalog entry, as whoever selects streams and fields changes it. */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** The metadata of one entry, to be changed without changing what it was read from. */
export class EntryMetadata {
  /** What an entry is to have as its metadata: a list, unless what was there is none. */
  readonly items: Json;
  #byBreadcrumb: Map<string, JsonObject> | undefined;

  constructor(metadata: Json | undefined) {
    // What is no list cannot be used, which is for others to say.
    this.items = Array.isArray(metadata) ? metadata.map(copyItem) : metadata ?? [];
  }

  /** Whether anything is said of a breadcrumb. */
  has(breadcrumb: readonly string[]): boolean {
    return this.#find(breadcrumb) !== undefined;
  }

  /** Selects what is no key; keys are always there. */
  select(breadcrumb: string[], selected: boolean): void {
    const found = this.#find(breadcrumb);
    if (breadcrumb.length > 0 && found?.inclusion === "automatic") return;
    if (found !== undefined) found.selected = selected;
    else this.#add(breadcrumb, { selected });
  }

  /** What is said of a breadcrumb, by the last of several. */
  #find(breadcrumb: readonly string[]): JsonObject | undefined {
    // Most entries are asked for nothing but this one.
    if (breadcrumb.length === 0) return readable(this.items).findLast(isRoot)?.metadata;
    this.#byBreadcrumb ??= new Map(
      readable(this.items).map((item) => [JSON.stringify(item.breadcrumb), item.metadata]),
    );
    return this.#byBreadcrumb.get(JSON.stringify(breadcrumb));
  }

  #add(breadcrumb: string[], metadata: JsonObject): void {
    if (Array.isArray(this.items)) this.items.push({ breadcrumb, metadata });
    this.#byBreadcrumb?.set(JSON.stringify(breadcrumb), metadata);
  }
}

/** An item whose metadata can be read; its breadcrumb may be anything. */
interface ReadableItem extends JsonObject {
  metadata: JsonObject;
}

function readable(items: Json): ReadableItem[] {
  const isReadable = (item: Json): item is ReadableItem =>
    isJsonObject(item) && isJsonObject(item.metadata);
  return Array.isArray(items) ? items.filter(isReadable) : [];
}

function isRoot({ breadcrumb }: ReadableItem): boolean {
  return Array.isArray(breadcrumb) && breadcrumb.length === 0;
}

function copyItem(item: Json): Json {
  if (!isJsonObject(item) || !isJsonObject(item.metadata)) return item;
  return { ...item, metadata: { ...item.metadata } };
}
