/** `deno task definitions`: writes the definitions for Meltano anew, as after a change of settings. */

import { hubYaml, projectYaml } from "./plugin_definition.ts";

await Deno.writeTextFile("docs/meltano/hub.yml", hubYaml());
await Deno.writeTextFile("docs/meltano/meltano.yml", projectYaml());
