/** What the program says of itself: no more is loaded for it than it needs. */

import { NAME, VERSION } from "../version.ts";
import type { Question } from "./args.ts";
import { usage } from "./usage.ts";

/** The answer to a question about the program, without a last line feed. */
export async function answer(question: Question): Promise<string> {
  switch (question.kind) {
    case "help":
      return usage(VERSION);
    case "version":
      return `${NAME} ${VERSION}`;
    case "about": {
      const { about } = await import("./about.ts");
      return about(question.format);
    }
  }
}
