#!/usr/bin/env bash
# A minimal Debian in a folder, to try things in as root: functions for other scripts, which read this with `source`. apt
# there takes its mirrors, its options, its proxies and its certificates from this machine's apt.

# The first repository that apt has lists of under Debian's own label; URI of the archive or of its security updates.
mirror() { apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' | sed -n "s/^$1 //p" | head -n 1; }

# make_root 12|13 FOLDER [PACKAGE...]: makes it anew with mmdebstrap, with these packages. Says what it does on stderr.
make_root() {
  local suite archive security options root=$2 packages=ca-certificates package
  case "$1" in
    12) suite=bookworm ;;
    13) suite=trixie ;;
    *) echo "make_root: expected Debian 12 or 13, not $1" >&2; return 1 ;;
  esac
  for package in "${@:3}"; do packages+=,$package; done
  [ "$(id -u)" = 0 ] || { echo "$0: needs root: it makes a system with mmdebstrap and runs in it with chroot" >&2; return 1; }
  command -v mmdebstrap >/dev/null || { echo "$0: needs mmdebstrap: apt-get install mmdebstrap" >&2; return 1; }
  archive=$(mirror Debian)
  security=$(mirror Debian-Security)
  [ -n "$archive" ] || { echo "$0: apt knows no mirror of Debian here; name one in its sources and run apt-get update" >&2; return 1; }
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  options=$(mktemp)
  apt-config dump --no-empty | grep -E '^Acquire::(http|https|Check|Retries|ForceIP)' > "$options" || true
  local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  {
    echo "deb $signed $archive $suite main"
    echo "deb $signed $archive $suite-updates main"
    [ -z "$security" ] || echo "deb $signed $security $suite-security main"
  } | mmdebstrap --variant=minbase --include="$packages" --aptopt="$options" \
    --essential-hook='[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"' \
    "$suite" "$root" - >&2 || { rm -f "$options"; return 1; }
  rm -f "$options"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  # A machine that was installed has it; the browser of a test looks for its driver there.
  echo '127.0.0.1 localhost' > "$root/etc/hosts"
}

# run_in_root FOLDER COMMAND: a bash command line. Mounts and processes live in namespaces of their own and end with the
# script, however it ends.
run_in_root() {
  local proxies=() name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
  done
  trap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT
  trap 'exit 1' INT TERM
  unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
    root=$1 command=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" bash -euo pipefail -c "$command"
  ' - "$1" "$2" "${proxies[@]}" &
  wait $!
}
