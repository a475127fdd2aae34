#!/bin/sh
# Installs a release of tap-zendesk-chat: picks the executable for this machine, checks it against SHA256SUMS, starts it
# once, and puts it into a folder. When anything fails nothing is installed.
#
#   curl -fsSL https://github.com/tap-zendesk-chat/tap-zendesk-chat/releases/latest/download/install.sh | sh
#
# TAP_VERSION    a version such as 1.2.3 (otherwise the latest release)
# TAP_FOLDER     where to put it (otherwise ~/.local/bin)
# TAP_RELEASES   the address of the releases, as of a mirror
set -eu

fail() {
  echo "Cannot install tap-zendesk-chat: $*" >&2
  exit 1
}

fetch() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --output-document="$2" "$1"
  else
    fail "it needs curl or wget"
  fi || fail "$1 could not be downloaded"
}

digest() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1"
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$1"
  else
    fail "it needs sha256sum or shasum to check what it downloads"
  fi | cut -d " " -f 1
}

target() {
  machine="$(uname -s) $(uname -m)"
  case $machine in
    "Linux x86_64" | "Linux amd64") echo x86_64-unknown-linux-gnu ;;
    "Linux aarch64" | "Linux arm64") echo aarch64-unknown-linux-gnu ;;
    "Darwin x86_64") echo x86_64-apple-darwin ;;
    "Darwin arm64") echo aarch64-apple-darwin ;;
    *) fail "there is no executable for $machine" ;;
  esac
}

# All in a function: of a script that is cut off on its way into sh, nothing is run.
main() {
  releases=${TAP_RELEASES:-https://github.com/tap-zendesk-chat/tap-zendesk-chat/releases}
  folder=${TAP_FOLDER:-$HOME/.local/bin}
  address=$releases/${TAP_VERSION:+download/v$TAP_VERSION}
  [ -n "${TAP_VERSION:-}" ] || address=$releases/latest/download
  target=$(target)

  workshop=$(mktemp -d)
  trap 'rm -rf "$workshop"' EXIT
  fetch "$address/SHA256SUMS" "$workshop/SHA256SUMS"
  line=$(grep -E "^[0-9a-f]{64}  tap-zendesk-chat-[^/]*-$target\$" "$workshop/SHA256SUMS") ||
    fail "$address/SHA256SUMS lists no executable for $target"
  file=${line#*  }
  fetch "$address/$file" "$workshop/tap-zendesk-chat"
  [ "$(digest "$workshop/tap-zendesk-chat")" = "${line%%  *}" ] ||
    fail "$address/$file is not the file that SHA256SUMS lists; it has not been kept"

  chmod 755 "$workshop/tap-zendesk-chat"
  version=$("$workshop/tap-zendesk-chat" --version) ||
    fail "$file does not start here; on Linux it needs glibc 2.27 or newer, which Alpine has not"
  mkdir -p "$folder"
  mv "$workshop/tap-zendesk-chat" "$folder/tap-zendesk-chat"
  echo "$version is in $folder"
  case :$PATH: in
    *:"$folder":*) ;;
    *) echo "$folder is not on the PATH: add it, or call it as $folder/tap-zendesk-chat" ;;
  esac
}

main
