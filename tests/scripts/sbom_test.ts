import { assertEquals } from "@std/assert";
import { VERSION } from "../../lib/version.ts";
import { billOfMaterials, embeddedPackages } from "../../scripts/sbom.ts";

const INTEGRITY = `sha512-${btoa("0123456789")}`;
const LOCK = {
  npm: {
    "deno-std@1.4.0": { integrity: INTEGRITY },
    "@scope/name@2.0.0_peer@3.0.0": { integrity: INTEGRITY },
    "ajv@8.17.1": { integrity: INTEGRITY },
  },
};
const GRAPH = {
  modules: [
    { kind: "esm" },
    { kind: "npm", npmPackage: "deno-std@1.4.0" },
    { kind: "npm", npmPackage: "deno-std@1.4.0" },
    { kind: "npm", npmPackage: "@scope/name@2.0.0_peer@3.0.0" },
  ],
};

Deno.test("embeddedPackages() are those that modules come from, each once", {
  permissions: "none",
}, () => {
  assertEquals(embeddedPackages(GRAPH, LOCK), [
    { name: "@scope/name", version: "2.0.0", integrity: INTEGRITY },
    { name: "deno-std", version: "1.4.0", integrity: INTEGRITY },
  ]);
});

Deno.test("billOfMaterials() lists the runtime and the packages with their digests", {
  permissions: "none",
}, () => {
  const bill = JSON.parse(billOfMaterials(embeddedPackages(GRAPH, LOCK), "2.9.6"));

  assertEquals([bill.bomFormat, bill.specVersion], ["CycloneDX", "1.6"]);
  assertEquals(
    [bill.metadata.component.name, bill.metadata.component.version],
    ["tap-zendesk-chat", VERSION],
  );
  assertEquals(
    bill.components.map(({ purl, hashes }: { purl: string; hashes?: unknown }) => [purl, hashes]),
    [
      ["pkg:github/denoland/deno@v2.9.6", undefined],
      ["pkg:npm/%40scope/name@2.0.0", [{ alg: "SHA-512", content: "30313233343536373839" }]],
      ["pkg:npm/deno-std@1.4.0", [{ alg: "SHA-512", content: "30313233343536373839" }]],
    ],
  );
  assertEquals(
    bill.dependencies[0].dependsOn,
    bill.components.map((component: Record<string, string>) => component["bom-ref"]),
  );
});
