/** What `--help` prints. */

import { NAME } from "../version.ts";

/** What `--help` prints, without a last line feed. */
export function usage(version: string): string {
  return `${NAME} ${version}: reads Zendesk Chat and writes Singer messages to stdout

Usage:
  ${NAME} -c FILE [-s FILE] [--catalog FILE]   sync
  ${NAME} [-c FILE] --discover                 print the catalog
  ${NAME} -c FILE --test                       check host, token and each stream
  ${NAME} login                                get a token and write a config file

Options:
  -c, --config FILE       config in JSON; repeatable, later ones win; the word ENV adds the
                          TAP_ZENDESK_CHAT_* variables, which win over files
  -s, --state FILE        a state, or a file of states one a line, of which the last whole counts
      --catalog FILE      what to sync, as --discover prints it
  -p, --properties FILE   the same, for older callers; --catalog wins
      --select PATTERN    for a sync and what --discover prints; repeatable: chats, agents.*, *,
                          chats.visitor.email, !chats.history
  -d, --discover          print the catalog
      --test              check host, clock, token and each stream; exit code 1 if one fails
      --about             name, version, capabilities and settings
      --format FORMAT     of --about: json, markdown or text
      --log-level LEVEL   the least that is logged: debug, info, warning, error or critical
      --log-format FORMAT singer (LEVEL message), dated (with the time before it) or json
      --version           print the version
      --dev               accepted, no effect
  -h, --help              print this

Examples:
  ${NAME} login
  ${NAME} -c config.json --discover --select chats --select agents > catalog.json
  ${NAME} -c config.json -p catalog.json -s states.jsonl | target-jsonl >> states.jsonl

Exit codes:
  0 done; 1 failed, the log says why; 2 wrong usage; 130 and 143 stopped by SIGINT and SIGTERM;
  141 nobody reads standard output any more`;
}
