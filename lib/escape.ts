/** Characters written as `\uXXXX`, for readers that know fewer of them. */

/** The text with every UTF-16 unit that `pattern` matches written as its escape. */
export function escapeUnits(text: string, pattern: RegExp): string {
  return text.replace(
    pattern,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
