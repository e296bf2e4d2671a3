# shellcheck shell=bash
# Shared by the scripts: where things are kept, how lacking tools are reported, how long steps are run.
# Sourced first, never run. Goes to the project's root; `came_from` is where the command was typed.

came_from=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$root"

# Every script's output that is not the tools' own starts with this arrow.
say() { printf '==> %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Nothing is built inside the checkout: the cache may be emptied at any time and is shared by all clones.
home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${PORTAL_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/portal}
case $cache in /*) ;; *) cache=$came_from/$cache ;; esac
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
case $CARGO_TARGET_DIR in /*) ;; *) CARGO_TARGET_DIR=$came_from/$CARGO_TARGET_DIR ;; esac
export CARGO_TARGET_DIR
mkdir -p "$cache" "$CARGO_TARGET_DIR"

# The commands that nothing here works without. Lists all that are lacking at once, each with how to get it.
require_toolchain() {
    local none_lacking=1
    without() { printf 'lacking: %-6s %s\n' "$1" "$2" >&2; none_lacking=0; }
    command -v cargo >/dev/null || without cargo "Rust: https://rustup.rs, then open a new shell"
    command -v cc >/dev/null || without cc "a C compiler: apt-get install gcc libc6-dev"
    command -v node >/dev/null || without node "Node.js: apt-get install nodejs, or https://nodejs.org"
    command -v npm >/dev/null || without npm "npm comes with Node.js: apt-get install npm, or https://nodejs.org"
    [ "$none_lacking" = 1 ] || fail "install what is lacking above, then run this command again"
}

# choose_features: sets `features` to what is built beside the usual. The allocator of the feature jemalloc takes make to build.
features=()
choose_features() {
    if command -v make >/dev/null; then features=(--features jemalloc); fi
}

# npm_ci FOLDER: the folder's locked packages, without running any package's scripts. Does nothing when the
# lock file is the one that was installed last.
npm_ci() {
    local folder=$1 stamp=$1/node_modules/.installed-lock
    if [ -f "$stamp" ] && cmp -s "$stamp" "$folder/package-lock.json"; then return 0; fi
    say "installing the npm packages of $folder"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix "$folder"
    cp "$folder/package-lock.json" "$stamp"
}

# limited COMMAND...: with 12 GiB of address space for each process, because one ambiguous Diesel expression makes
# rustc take all the memory of a machine. Only for building: Chromium reserves more than that without using it.
limited() {
    if command -v prlimit >/dev/null && prlimit --as=12884901888 true 2>/dev/null; then
        prlimit --as=12884901888 "$@"
    else
        "$@"
    fi
}

# step COMMAND...: as a child that a signal to this script ends at once (bash would wait for a foreground one).
step_pid=
aside_pid=
step() {
    "$@" &
    step_pid=$!
    local status=0
    wait "$step_pid" || status=$?
    step_pid=
    return "$status"
}
# end_tree PID: ends a process and all below it; what a function was started as is a shell around the program that works.
end_tree() {
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do end_tree "$child"; done
    kill -TERM "$1" 2>/dev/null || true
}
end_step() {
    [ -n "$step_pid" ] || return 0
    end_tree "$step_pid"
    wait "$step_pid" 2>/dev/null || true
    step_pid=
}

# aside COMMAND...: runs beside what follows, until wait_for_aside, which then shows what it printed and fails if it did.
aside() {
    "$@" >"$cache/aside.log" 2>&1 &
    aside_pid=$!
}
wait_for_aside() {
    local status=0
    wait "$aside_pid" || status=$?
    aside_pid=
    [ "$status" = 0 ] || { cat "$cache/aside.log" >&2; return "$status"; }
}
end_aside() {
    [ -n "$aside_pid" ] || return 0
    end_tree "$aside_pid"
    wait "$aside_pid" 2>/dev/null || true
    aside_pid=
}

# in_memory: temporary files in memory from here on, where there is enough of it. No test has to outlive a power cut, and most
# of what a short one took was waiting until a disk had everything for good.
memory_folder=
in_memory() {
    local free
    [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] || return 0
    free=$(df --output=avail /dev/shm | tail -n 1)
    [ "$free" -ge 4194304 ] || return 0
    memory_folder=$(mktemp -d /dev/shm/portal.XXXXXXXX)
    # The throw-away PostgreSQL runs as somebody else.
    chmod 755 "$memory_folder"
    export TMPDIR=$memory_folder
}
end_in_memory() { [ -z "$memory_folder" ] || rm -rf "$memory_folder"; }
