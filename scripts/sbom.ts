/**
 * The bill of materials of a release, in CycloneDX 1.6: what the executable consists of, beside the
 * project's own code. It has no serial number and no time, so the same release gives the same text.
 */

import { NAME, VERSION } from "../lib/version.ts";
import { DISTRIBUTION, REPOSITORY } from "./release_plan.ts";

/** A package of npm in the executable. */
export interface EmbeddedPackage {
  name: string;
  version: string;
  /** As lock files have it: `sha512-` and the digest in base64. */
  integrity: string;
}

/** What of `deno info --json` tells which packages a program is made of. */
export interface ModuleGraph {
  modules: { kind: string; npmPackage?: string }[];
}

/** The packages that a program's modules come from, with what the lock file says of them. */
export function embeddedPackages(
  { modules }: ModuleGraph,
  lock: { npm: Record<string, { integrity: string }> },
): EmbeddedPackage[] {
  const ids = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  return [...ids].toSorted().map((id) => {
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(id)!;
    return { name: name!, version: version!, integrity: lock.npm[id]!.integrity };
  });
}

/** The bill as JSON, for an executable with the runtime of this version of Deno. */
export function billOfMaterials(packages: readonly EmbeddedPackage[], deno: string): string {
  const program = {
    type: "application",
    "bom-ref": `pkg:pypi/${DISTRIBUTION}@${VERSION}`,
    name: NAME,
    version: VERSION,
    purl: `pkg:pypi/${DISTRIBUTION}@${VERSION}`,
    licenses: [{ license: { id: "MIT" } }],
    externalReferences: [{ type: "vcs", url: REPOSITORY }],
  };
  const components = [
    {
      type: "platform",
      "bom-ref": `pkg:github/denoland/deno@v${deno}`,
      name: "deno",
      version: deno,
      purl: `pkg:github/denoland/deno@v${deno}`,
    },
    ...packages.map(({ name, version, integrity }) => ({
      type: "library",
      "bom-ref": `pkg:npm/${name.replace("@", "%40")}@${version}`,
      name,
      version,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      hashes: [{ alg: "SHA-512", content: hexDigest(integrity) }],
    })),
  ];
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: program },
    components,
    dependencies: [
      { ref: program["bom-ref"], dependsOn: components.map((component) => component["bom-ref"]) },
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function hexDigest(integrity: string): string {
  return Uint8Array.fromBase64(integrity.replace(/^sha512-/, "")).toHex();
}
