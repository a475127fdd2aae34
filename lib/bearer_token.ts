/** What a bearer token may be made of: whatever a header can carry and nothing that must be quoted. */

const TOKEN_REGEXP = /^[!-~]+$/;

/** Whether a value is a bare token, without `Bearer` and spaces. */
export function isBearerToken(value: unknown): value is string {
  return typeof value === "string" && TOKEN_REGEXP.test(value);
}
