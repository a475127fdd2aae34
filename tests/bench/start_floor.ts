/** The floor of a start: a program that does nothing. */

Deno.exit(0);
