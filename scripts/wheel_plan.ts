/**
 * What a wheel holds, decided without touching anything: the executable as a script, which pip puts
 * on the `PATH` as it is, and the texts about it that Python's packaging asks for. Nothing in them
 * depends on when or where they were written.
 */

import { DESCRIPTION } from "../lib/cli/about.ts";
import { NAME, VERSION } from "../lib/version.ts";
import {
  DISTRIBUTION,
  executableName,
  REPOSITORY,
  type Target,
  wheelStem,
  wheelTag,
} from "./release_plan.ts";

/** A file in a wheel, with the permissions that unpacking gives it. */
export interface WheelEntry {
  path: string;
  content: Uint8Array<ArrayBuffer>;
  mode: number;
}

/** What goes into a wheel from the checkout. */
export interface WheelSources {
  executable: Uint8Array<ArrayBuffer>;
  readme: string;
  license: string;
}

const KEYWORDS = ["singer", "tap", "zendesk", "chat", "elt", "meltano"];
const CLASSIFIERS = [
  "Development Status :: 5 - Production/Stable",
  "Environment :: Console",
  "Intended Audience :: Developers",
  "Operating System :: MacOS",
  "Operating System :: Microsoft :: Windows",
  "Operating System :: POSIX :: Linux",
  "Programming Language :: Python :: 3",
  "Topic :: Database",
];
const RELATIVE_LINK_REGEXP = /\]\((?!https?:|#)([^)\s]+)\)/g;

/** The entries of the wheel for `target` in their order, but for RECORD, which goes last. */
export function wheelEntries(target: Target, sources: WheelSources): WheelEntry[] {
  const stem = wheelStem(VERSION);
  return [
    {
      path: `${stem}.data/scripts/${executableName(NAME, target)}`,
      content: sources.executable,
      mode: 0o755,
    },
    textEntry(`${stem}.dist-info/licenses/LICENSE`, sources.license),
    textEntry(`${stem}.dist-info/METADATA`, metadata(sources.readme)),
    textEntry(`${stem}.dist-info/WHEEL`, wheelFacts(target)),
  ];
}

/** The entry that lists the others with digest (base64url of SHA-256) and size, and itself without. */
export function recordEntry(
  files: readonly { path: string; digest: string; size: number }[],
): WheelEntry {
  const path = `${wheelStem(VERSION)}.dist-info/RECORD`;
  const lines = files.map(({ path, digest, size }) => `${path},sha256=${digest},${size}`);
  return textEntry(path, lines.concat(`${path},,`, "").join("\n"));
}

function textEntry(path: string, text: string): WheelEntry {
  return { path, content: new TextEncoder().encode(text), mode: 0o644 };
}

/**
 * What the index shows. No `Requires-Python`: nothing in a wheel is run by a Python, so the oldest pip
 * that knows its tag may install it.
 */
function metadata(readme: string): string {
  const links = {
    Homepage: REPOSITORY,
    Documentation: `${REPOSITORY}/tree/v${VERSION}/docs`,
    Changelog: `${REPOSITORY}/blob/v${VERSION}/CHANGELOG.md`,
    Issues: `${REPOSITORY}/issues`,
  };
  const fields = [
    ["Metadata-Version", "2.4"],
    ["Name", DISTRIBUTION],
    ["Version", VERSION],
    ["Summary", DESCRIPTION],
    ["Keywords", KEYWORDS.join()],
    ["License-Expression", "MIT"],
    ["License-File", "LICENSE"],
    ...CLASSIFIERS.map((classifier) => ["Classifier", classifier]),
    ...Object.entries(links).map(([label, url]) => ["Project-URL", `${label}, ${url}`]),
    ["Description-Content-Type", "text/markdown; charset=UTF-8; variant=GFM"],
  ];
  const head = fields.map(([name, value]) => `${name}: ${value}\n`).join("");
  return `${head}\n${withAbsoluteLinks(readme)}`;
}

/** Markdown for readers outside the repository. */
function withAbsoluteLinks(markdown: string): string {
  return markdown.replace(RELATIVE_LINK_REGEXP, `](${REPOSITORY}/blob/v${VERSION}/$1)`);
}

function wheelFacts(target: Target): string {
  return `Wheel-Version: 1.0
Generator: ${NAME} ${VERSION}
Root-Is-Purelib: false
Tag: ${wheelTag(target)}
`;
}
