import { assertEquals } from "@std/assert";
import { counted } from "../../lib/counted.ts";

Deno.test(
  "counted() has one of something, and any other number of them",
  { permissions: "none" },
  () => {
    assertEquals([0, 1, 2].map((count) => counted(count, "chat")), [
      "0 chats",
      "1 chat",
      "2 chats",
    ]);
  },
);
