/**
 * What a release consists of, decided without touching anything: its targets, file names, the
 * lines of `SHA256SUMS`, the notes, and whether it may be made at all.
 */

/** The platforms that get an executable, as `deno compile --target` names them. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** The file name of an executable for `target`: Windows wants an ending. */
export function executableName(name: string, target: string): string {
  return target.includes("windows") ? `${name}.exe` : name;
}

/** Lines that `sha256sum --check` reads, for files given by name with their digests in hex. */
export function checksums(digests: ReadonlyMap<string, string>): string {
  return [...digests].map(([file, digest]) => `${digest}  ${file}\n`).join("");
}

/** The text under the changelog's heading for `version`; throws if there is none. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.match(/^\[?v?([^\s\]]+)/)?.[1] === version);
  const notes = section?.split("\n").slice(1).join("\n").trim();
  if (!notes) {
    throw new Error(`Cannot release ${version}: CHANGELOG.md says nothing under "## ${version}"`);
  }
  return `${notes}\n`;
}

/** Throws if `tag`, when there is one, is not that of `version`, or if a stub was named. */
export function checkRelease(
  version: string,
  { tag, denortBin }: { tag: string | undefined; denortBin: string | undefined },
): void {
  if (tag !== undefined && tag !== `v${version}`) {
    throw new Error(
      `Cannot release tag "${tag}": deno.json says version ${version}, whose tag is v${version}`,
    );
  }
  if (denortBin !== undefined) {
    throw new Error(
      `Cannot release with DENORT_BIN="${denortBin}": one stub serves one platform, and each ` +
        `target needs its own (${TARGETS.join(", ")}). Unset it, Deno downloads them`,
    );
  }
}
