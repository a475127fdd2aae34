/**
 * What a release consists of, decided without touching anything: its targets, the names of
 * executables and wheels, the lines of `SHA256SUMS`, the notes, and whether it may be made at all.
 */

import { TapError } from "../lib/errors.ts";
import { NAME } from "../lib/version.ts";

/**
 * Where the project lives. Metadata of packages, the definition for Meltano Hub and `install.sh`
 * point there; no other repository can make a release.
 */
export const REPOSITORY = "https://github.com/tap-zendesk-chat/tap-zendesk-chat";

/** What the wheels are called on Python's package index, where the tap's own name is taken. */
export const DISTRIBUTION = "tap-zendesk-chat-deno";

/** The platforms that get an executable, as `deno compile --target` names them. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One of the platforms that get an executable. */
export type Target = typeof TARGETS[number];

/** What pip calls the platforms: the oldest glibc and macOS that Deno's runtime starts on. */
const WHEEL_PLATFORMS: Record<Target, string> = {
  "x86_64-unknown-linux-gnu": "manylinux_2_27_x86_64",
  "aarch64-unknown-linux-gnu": "manylinux_2_27_aarch64",
  "x86_64-apple-darwin": "macosx_10_12_x86_64",
  "aarch64-apple-darwin": "macosx_11_0_arm64",
  "x86_64-pc-windows-msvc": "win_amd64",
};

/** Whether a release has an executable for `target`. */
export function isTarget(target: string): target is Target {
  return (TARGETS as readonly string[]).includes(target);
}

/** The file name of an executable for `target`: Windows wants an ending. */
export function executableName(name: string, target: string): string {
  return target.includes("windows") ? `${name}.exe` : name;
}

/** The file name of a release's executable for `target`. */
export function releasedName(version: string, target: Target): string {
  return executableName(`${NAME}-${version}-${target}`, target);
}

/** The tag of a wheel: any Python 3, no Python ABI, one platform. */
export function wheelTag(target: Target): string {
  return `py3-none-${WHEEL_PLATFORMS[target]}`;
}

/** What a wheel's file name and the folders in it begin with. */
export function wheelStem(version: string): string {
  return `${DISTRIBUTION.replaceAll("-", "_")}-${version}`;
}

/**
 * The file name of a wheel for `target`. Throws unless the version is of the form 1.2.3, of which
 * alone semantic versioning and Python's packaging have the same notion.
 */
export function wheelName(version: string, target: Target): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new TapError(`Cannot make a wheel of version "${version}": expected a form like 1.2.3`);
  }
  return `${wheelStem(version)}-${wheelTag(target)}.whl`;
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
    throw new TapError(
      `Cannot release ${version}: CHANGELOG.md says nothing under "## ${version}"`,
    );
  }
  return `${notes}\n`;
}

/** What a release is made from, as far as it is known. */
export interface ReleaseOrigin {
  tag: string | undefined;
  /** `DENORT_BIN`. */
  denortBin: string | undefined;
  /** The address of the repository that makes it. */
  repository: string | undefined;
}

/** Throws if tag or repository, where there is one, are not the project's, or a stub was named. */
export function checkRelease(
  version: string,
  { tag, denortBin, repository }: ReleaseOrigin,
): void {
  if (tag !== undefined && tag !== `v${version}`) {
    throw new TapError(
      `Cannot release tag "${tag}": deno.json says version ${version}, whose tag is v${version}`,
    );
  }
  if (repository !== undefined && repository !== REPOSITORY) {
    throw new TapError(
      `Cannot release from ${repository}: packages would point to ${REPOSITORY}. ` +
        "Change REPOSITORY in scripts/release_plan.ts, and what its tests then name",
    );
  }
  if (denortBin !== undefined) {
    throw new TapError(
      `Cannot release with DENORT_BIN="${denortBin}": one stub serves one platform, and each ` +
        `target needs its own (${TARGETS.join(", ")}). Unset it, Deno downloads them`,
    );
  }
}
