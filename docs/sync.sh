#!/bin/bash
# One sync, for cron, Airflow, Kestra and whatever else starts a program and looks at its exit code.
#
# Make these three lines yours. The folder holds config.json, catalog.json and states.jsonl, which you
# make once: touch states.jsonl. It stays where it is; the target adds a line to it for each state.
folder=/opt/chats
tap=/usr/local/bin/tap-zendesk-chat
target=(/opt/target-postgres/bin/target-postgres -c target.json)

# Exit codes: those of the tap, or of the target where it was the target that failed; 75 when another
# sync is still running, which leaves nothing undone: the next one goes on from there.

set -u
export PATH=/usr/local/bin:/usr/bin:/bin # cron has hardly any

say() {
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) sync.sh: $*" >&2
}

cd "$folder" || exit 1

# The tap and the target hold the lock as well: killing this shell does not let another one in.
if ! command -v flock > /dev/null; then
  say "there is no flock: install it (util-linux; on macOS: brew install flock)"
  exit 1
fi
exec 9>> lock || exit 1
if ! flock --nonblock 9; then
  say "another sync holds $folder/lock, so this one has done nothing"
  exit 75
fi

# The target's own >> would make an empty one, and everything would be read again.
if [ ! -e states.jsonl ]; then
  say "there is no $folder/states.jsonl; for a first run make it: touch $folder/states.jsonl"
  exit 1
fi

# What a killed target left half written would run into the next state.
if [ -s states.jsonl ] && [ -n "$(tail -c 1 states.jsonl)" ]; then
  echo >> states.jsonl
fi

"$tap" -c config.json --catalog catalog.json -s states.jsonl --log-format dated |
  "${target[@]}" >> states.jsonl
codes=("${PIPESTATUS[@]}")

# A tap that ends with 141 has lost its reader: the reason is the target's.
code=${codes[0]}
if [ "$code" -eq 0 ] || [ "$code" -eq 141 ]; then
  code=$((codes[1] == 0 ? code : codes[1]))
fi
if [ "$code" -ne 0 ]; then
  say "the tap ended with ${codes[0]}, the target with ${codes[1]}"
fi
exit "$code"
