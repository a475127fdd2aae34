import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parse } from "@std/yaml/parse";
import manifest from "../../deno.json" with { type: "json" };
import {
  checkRelease,
  checksums,
  executableName,
  releasedName,
  releaseNotes,
  REPOSITORY,
  TARGETS,
} from "../../scripts/release_plan.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}

interface Job {
  needs?: string;
  permissions?: Record<string, string>;
  strategy?: { matrix: { include?: { file: string }[] } };
  steps: Step[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const ORIGIN = { tag: undefined, denortBin: undefined, repository: undefined };

async function readWorkflow(name: string): Promise<Workflow> {
  const path = new URL(`../../.github/workflows/${name}`, import.meta.url);
  return parse(await Deno.readTextFile(path)) as Workflow;
}

function stepsOf(workflow: Workflow): Step[] {
  return Object.values(workflow.jobs).flatMap((job) => job.steps);
}

Deno.test("releasedName() ends in .exe on Windows only", { permissions: "none" }, () => {
  assertEquals(TARGETS.map((target) => releasedName("1.0.0", target)), [
    "tap-zendesk-chat-1.0.0-x86_64-unknown-linux-gnu",
    "tap-zendesk-chat-1.0.0-aarch64-unknown-linux-gnu",
    "tap-zendesk-chat-1.0.0-x86_64-apple-darwin",
    "tap-zendesk-chat-1.0.0-aarch64-apple-darwin",
    "tap-zendesk-chat-1.0.0-x86_64-pc-windows-msvc.exe",
  ]);
});

Deno.test("checksums() writes a line a file as sha256sum does", { permissions: "none" }, () => {
  const digests = new Map([["tap-a", "0a".repeat(32)], ["tap-b.exe", "f3".repeat(32)]]);

  assertEquals(
    checksums(digests),
    `${"0a".repeat(32)}  tap-a\n${"f3".repeat(32)}  tap-b.exe\n`,
  );
});

Deno.test("releaseNotes() are what the changelog says under the version", {
  permissions: "none",
}, () => {
  const changelog = "# Changelog\n\n## [1.10.0] - 2026-08-01\n\n- Later.\n\n" +
    "## 1.1.0\n\n### Added\n\n- A `stream`.\n\n## v1.0.0 (2026-01-01)\n\n- First.\n";

  assertEquals(releaseNotes(changelog, "1.10.0"), "- Later.\n");
  assertEquals(releaseNotes(changelog, "1.1.0"), "### Added\n\n- A `stream`.\n");
  assertEquals(releaseNotes(changelog, "1.0.0"), "- First.\n");
});

Deno.test("releaseNotes() refuses a version of which the changelog says nothing", {
  permissions: "none",
}, () => {
  for (const changelog of ["", "# Changelog\n\n## 1.0.0\n", "## 1.0.0\n\n## 0.9.0\n\n- Old.\n"]) {
    assertThrows(
      () => releaseNotes(changelog, "1.0.0"),
      Error,
      'Cannot release 1.0.0: CHANGELOG.md says nothing under "## 1.0.0"',
    );
  }
});

Deno.test("checkRelease() lets the version's own tag pass, and no tag", {
  permissions: "none",
}, () => {
  checkRelease("1.2.3", { ...ORIGIN, tag: "v1.2.3" });
  checkRelease("1.2.3", ORIGIN);
});

Deno.test("checkRelease() refuses any other tag", { permissions: "none" }, () => {
  for (const tag of ["v1.2.4", "1.2.3", "v1.2.3-rc.1", ""]) {
    assertThrows(
      () => checkRelease("1.2.3", { ...ORIGIN, tag }),
      Error,
      `Cannot release tag "${tag}": deno.json says version 1.2.3, whose tag is v1.2.3`,
    );
  }
});

Deno.test("checkRelease() refuses a repository that packages would not point to", {
  permissions: "none",
}, () => {
  checkRelease("1.2.3", { ...ORIGIN, repository: REPOSITORY });
  assertThrows(
    () => checkRelease("1.2.3", { ...ORIGIN, repository: "https://github.com/fork/tap" }),
    Error,
    `Cannot release from https://github.com/fork/tap: packages would point to ${REPOSITORY}`,
  );
});

Deno.test("checkRelease() refuses one stub for all targets", { permissions: "none" }, () => {
  const error = assertThrows(
    () => checkRelease("1.2.3", { ...ORIGIN, denortBin: "/opt/denort" }),
    Error,
    'Cannot release with DENORT_BIN="/opt/denort"',
  );
  for (const target of TARGETS) assert(error.message.includes(target));
});

Deno.test("build names the target for which there is no stub", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "build"],
    cwd: new URL("../..", import.meta.url),
    env: { DENORT_BIN: "/no/such/denort", NO_COLOR: "1" },
  }).output();

  assertEquals(code, 1);
  const text = new TextDecoder().decode(stderr);
  assertMatch(
    text,
    new RegExp(`^error: Cannot build for ${Deno.build.target}: deno compile failed`, "m"),
  );
  assertEquals(text.match(/^ +at .*scripts\/.*$/gm), null, "a stack of the script");
});

for (const name of ["ci.yml", "release.yml"]) {
  Deno.test(`${name} runs no deno but the project's own tasks`, async () => {
    const calls = stepsOf(await readWorkflow(name))
      .flatMap((step) => step.run?.match(/(?<![-\w])deno\b.*/g) ?? []);

    assert(calls.length > 0);
    for (const call of calls) {
      const task = call.match(/^deno task (\S+)/)?.[1];
      assert(task !== undefined && task in manifest.tasks, `not a task: ${call}`);
    }
  });

  Deno.test(`${name} pins every action by commit`, async () => {
    const uses = stepsOf(await readWorkflow(name)).flatMap((step) => step.uses ?? []);

    assert(uses.length > 0);
    for (const action of uses) assertMatch(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  Deno.test(`${name} may read and no more, unless a job says otherwise`, async () => {
    assertEquals((await readWorkflow(name)).permissions, { contents: "read" });
  });

  Deno.test(`${name} has the Deno that .ci/run has`, async () => {
    const ciRun = await Deno.readTextFile(new URL("../../.ci/run", import.meta.url));
    const version = ciRun.match(/deno=\(npx --yes deno@(\S+)\)/)?.[1];
    const versions = stepsOf(await readWorkflow(name))
      .filter((step) => step.uses?.startsWith("denoland/setup-deno@"))
      .map((step) => step.with?.["deno-version"]);

    assert(versions.length > 0);
    assertEquals(new Set(versions), new Set([version]));
  });
}

Deno.test("release.yml tries the executable of every target", async () => {
  const { jobs } = await readWorkflow("release.yml");

  assertEquals(
    jobs["smoke-test"]?.strategy?.matrix.include?.map(({ file }) => file),
    TARGETS.map((target) => executableName(target, target)),
  );
});

Deno.test("release.yml publishes only what every platform has tried", async () => {
  const { jobs } = await readWorkflow("release.yml");
  const publishing = Object.entries(jobs).filter(([, { permissions }]) =>
    permissions !== undefined
  );

  assertEquals(publishing.map(([name, { needs }]) => [name, needs]), [
    ["publish", "smoke-test"],
    ["wheels", "publish"],
    ["image", "publish"],
  ]);
});

Deno.test("release.yml publishes every file that has a checksum", async () => {
  const script = await Deno.readTextFile(new URL("../../scripts/release.ts", import.meta.url));
  const { jobs } = await readWorkflow("release.yml");
  const [, files] = jobs.publish!.steps.flatMap(({ run }) =>
    /gh release create [^]*NOTES\.md([^]*)/.exec(run ?? "") ?? []
  );

  assertEquals(
    files!.split(/[\s\\]+/).filter((file) => file !== "").map((file) => file.split("/").at(-1)),
    ["tap-zendesk-chat-*", "*.whl", "install.sh", "sbom.cdx.json", "SHA256SUMS"],
  );
  for (const file of ["install.sh", "sbom.cdx.json", "SHA256SUMS"]) assert(script.includes(file));
});
