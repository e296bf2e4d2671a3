# shellcheck shell=bash
# What some tests need beyond the toolchain: PostgreSQL, Chromium with two npm packages, schemathesis. Installs what it
# can (root on a Debian-like system), says what it could not. Sourced after common.sh and postgres.sh, never run.

lacking=()

# apt_install WHAT-FOR PACKAGE...: only as root on a Debian-like system; fails quietly elsewhere.
apt_install() {
    local purpose=$1
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installing $purpose: apt-get install $*"
    export DEBIAN_FRONTEND=noninteractive
    local log=$cache/apt.log
    { apt-get -qq update && apt-get -qq -y --no-install-recommends install "$@"; } >"$log" 2>&1 && return 0
    tail -n 5 "$log" >&2
    return 1
}

# lack WHAT HOW: a tool whose tests are going to be skipped.
lack() { lacking+=("$1: $2"); }

find_chromium() {
    local name
    for name in "${PORTAL_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null; then
            PORTAL_TEST_CHROMIUM=$(command -v "$name")
            export PORTAL_TEST_CHROMIUM
            return 0
        fi
    done
    return 1
}

prepare_postgres() {
    find_postgres && return 0
    apt_install PostgreSQL postgresql && find_postgres && return 0
    lack PostgreSQL "every test runs on SQLite only; apt-get install postgresql (only its programs are used)"
}

prepare_browser() {
    if ! find_chromium && ! { apt_install Chromium chromium fonts-liberation && find_chromium; }; then
        lack Chromium "the walk in a real browser; apt-get install chromium"
        return 0
    fi
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    if [ "$major" -lt 20 ]; then
        unset PORTAL_TEST_CHROMIUM
        lack "Node.js 20" "the walk in a real browser; this is $(node --version)"
    elif ! npm_ci tests/browser; then
        unset PORTAL_TEST_CHROMIUM
        lack "playwright-core and axe-core" "the walk in a real browser; npm ci --prefix tests/browser must work"
    fi
}

# A virtual environment of its own, named after the list it was made from, so that a new list makes a new one.
prepare_schemathesis() {
    local list=scripts/api/requirements.txt folder
    folder=$cache/schemathesis-$(sha256sum "$list" | cut -c1-12)
    if [ ! -f "$folder/complete" ]; then
        { command -v python3 && python3 -c 'import ensurepip, venv'; } >/dev/null 2>&1 ||
            apt_install "Python's venv" python3 python3-venv || true
        say "installing schemathesis into $folder"
        rm -rf "$folder"
        : >"$cache/schemathesis.log"
        if ! command -v python3 >/dev/null || ! { python3 -m venv "$folder" && "$folder/bin/python" -m pip install --quiet \
            --disable-pip-version-check --requirement "$list"; } >"$cache/schemathesis.log" 2>&1; then
            tail -n 5 "$cache/schemathesis.log" >&2 || true
            rm -rf "$folder"
            lack schemathesis "the search for faults in the API; needs python3 with venv and the packages of $list"
            return 0
        fi
        touch "$folder/complete"
    fi
    export PORTAL_TEST_SCHEMATHESIS=$folder/bin/schemathesis
}

# Says what is lacking before anything long starts. In CI a lacking tool is an error: a green run must mean all of it.
report_lacking() {
    [ "${#lacking[@]}" -gt 0 ] || return 0
    local line
    for line in "${lacking[@]}"; do printf 'lacking: %s\n' "$line" >&2; done
    [ "${CI:-}" != true ] || fail "CI=true, so nothing may be lacking"
    say "the tests that need what is lacking will be skipped"
}
