import { assertEquals } from "@std/assert";
import { Mask } from "../../lib/mask.ts";

/** What becomes of a text once these secrets are named. */
function masked(text: string, ...secrets: string[]): string {
  const mask = new Mask();
  for (const secret of secrets) mask.conceal(secret);
  return mask.apply(text);
}

Deno.test("Mask leaves texts alone while no secret is named", { permissions: "none" }, () => {
  assertEquals([masked("abcdef"), masked("abcdef", ""), masked("", "abcdef")], [
    "abcdef",
    "abcdef",
    "",
  ]);
});

Deno.test("Mask takes a secret out wherever it stands, as often as it does", {
  permissions: "none",
}, () => {
  const cases = [
    ["s3cr3t-token", "***"],
    ["Bearer s3cr3t-token.", "Bearer ***."],
    ["s3cr3t-tokens3cr3t-token", "******"],
    ["a s3cr3t-token and s3cr3t-token b", "a *** and *** b"],
    ["https://s3cr3t-token@acme", "https://***@acme"],
  ] as const;
  for (const [text, expected] of cases) assertEquals(masked(text, "s3cr3t-token"), expected);
});

Deno.test("Mask takes out what is left of a secret that was cut short", {
  permissions: "none",
}, () => {
  const cases = [
    ["token s3cr3t-tok…", "token ***…"],
    ["token s3cr3t…", "token ***…"],
    ["token s3cr3", "token s3cr3"],
    ["s3cr3t-other", "***other"],
  ] as const;
  for (const [text, expected] of cases) assertEquals(masked(text, "s3cr3t-token"), expected);
});

Deno.test("Mask takes out secrets in any letter case, as host names are in lower case", {
  permissions: "none",
}, () => {
  assertEquals(
    masked("https://abcdefgh.zendesk.com ABCDEFGH", "AbCdEfGh"),
    "https://***" +
      ".zendesk.com ***",
  );
});

Deno.test("Mask ends where letters have one upper case and two lower cases", {
  permissions: "none",
}, () => {
  // The micro sign and Greek mu, the two forms of sigma, and letters that grow in upper case.
  const cases = [
    ["a μtoken b", "µtoken"],
    ["a ςtoken b", "σtoken"],
    ["a ßtoken b", "ßtoken"],
    ["a İtoken b", "İtoken"],
  ] as const;
  for (const [text, secret] of cases) assertEquals(masked(text, secret), "a *** b");
});

Deno.test("Mask takes secrets literally, whatever they mean in a regular expression", {
  permissions: "none",
}, () => {
  for (const secret of [".*.*.*", "^a|b$c", "(a)[b]", "a{2,3}", "\\d\\w\\s", "a-z/+?", "]}{["]) {
    assertEquals([secret, masked(`<${secret}> aaaaaa zzzzzz 12`, secret)], [
      secret,
      "<***> aaaaaa zzzzzz 12",
    ]);
  }
});

Deno.test("Mask takes out a secret as JSON writes it, once and twice", {
  permissions: "none",
}, () => {
  const secret = 'ab"c\\d\te';
  const once = JSON.stringify(secret);
  const twice = JSON.stringify(once);

  assertEquals(
    [secret, once, twice].map((text) => masked(`<${text}>`, secret)),
    ["<***>", '<"***">', '<"\\"***\\"">'],
  );
});

Deno.test("Mask takes out a short secret as a whole only", { permissions: "none" }, () => {
  assertEquals(masked("an abc, an ab, ABCD", "abc"), "an ***, an ab, ***D");
});

Deno.test("Mask takes out the longest of secrets that begin alike", {
  permissions: "none",
}, () => {
  const text = "abc abcdef abcdefghij abcdefgh";
  for (const secrets of [["abc", "abcdef", "abcdefghij"], ["abcdefghij", "abcdef", "abc"]]) {
    assertEquals(masked(text, ...secrets), "*** *** *** ***");
  }
});

Deno.test("Mask takes out secrets that overlap from the first on", { permissions: "none" }, () => {
  // What is left of the second one does not give it away.
  assertEquals(masked("<abcdefghijkl>", "abcdefgh", "ghijkl"), "<***ijkl>");
});

Deno.test("Mask keeps what it has put in place of a secret", { permissions: "none" }, () => {
  assertEquals(masked("token and ***", "token", "*"), "*** and *********");
});
