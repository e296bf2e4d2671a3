# shellcheck shell=bash
# What some tests need beyond the toolchain: PostgreSQL, Chromium with two npm packages, schemathesis, an S3 server, clamd,
# validators of the files that are published.
# Installs what it can (root on a Debian-like system), says what it could not. Sourced after common.sh and postgres.sh, never run.

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

# The same engine without a desktop browser around it comes first: a walk takes half the time in it.
find_chromium() {
    local name
    for name in "${PORTAL_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null; then
            PORTAL_TEST_CHROMIUM=$(command -v "$name")
            export PORTAL_TEST_CHROMIUM
            return 0
        fi
    done
    return 1
}

# The tests run the program with the allocator that a production has.
prepare_make() {
    command -v make >/dev/null || apt_install make make || lack make "the tests run with the system's allocator; apt-get install make"
    choose_features
}

prepare_postgres() {
    find_postgres && return 0
    apt_install PostgreSQL postgresql && find_postgres && return 0
    lack PostgreSQL "every test runs on SQLite only; apt-get install postgresql (only its programs are used)"
}

prepare_browser() {
    if [ -z "${PORTAL_TEST_CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null; then
        apt_install "Chromium's headless shell" chromium-headless-shell fonts-liberation || true
    fi
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

# python_tool NAME LIST PURPOSE: sets python_tool_bin to the programs of a virtual environment of its own, named after the
# list it was made from, so that a new list makes a new one; or fails, having said what is lacking.
python_tool() {
    local name=$1 list=$2 purpose=$3 folder
    folder=$cache/$name-$(sha256sum "$list" | cut -c1-12)
    if [ ! -f "$folder/complete" ]; then
        { command -v python3 && python3 -c 'import ensurepip, venv'; } >/dev/null 2>&1 ||
            apt_install "Python's venv" python3 python3-venv || true
        say "installing $name into $folder"
        rm -rf "$folder"
        : >"$cache/$name.log"
        if ! command -v python3 >/dev/null || ! { python3 -m venv "$folder" && "$folder/bin/python" -m pip install --quiet \
            --disable-pip-version-check --requirement "$list"; } >"$cache/$name.log" 2>&1; then
            tail -n 5 "$cache/$name.log" >&2 || true
            rm -rf "$folder"
            lack "$name" "$purpose; needs python3 with venv and the packages of $list"
            return 1
        fi
        touch "$folder/complete"
    fi
    python_tool_bin=$folder/bin
}

prepare_schemathesis() {
    python_tool schemathesis scripts/api/requirements.txt "the search for faults in the API" || return 0
    export PORTAL_TEST_SCHEMATHESIS=$python_tool_bin/schemathesis
}

prepare_s3() {
    python_tool moto scripts/s3/requirements.txt "files in a bucket, against a real S3 server" || return 0
    export PORTAL_TEST_S3=$python_tool_bin/moto_server
}

prepare_formats() {
    python_tool formats scripts/formats/requirements.txt "outside checks of CSVW, data packages, catalogues and PDF" || return 0
    export PORTAL_TEST_FORMATS=$python_tool_bin/python
}

# The OpenDocument schema comes with Emacs: its package is unpacked, never installed. PORTAL_TEST_ODF is the folder it is in.
prepare_odf_schema() {
    local folder=$cache/odf-schema found
    if [ ! -f "$folder/complete" ]; then
        command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
        say "unpacking the OpenDocument schema into $folder"
        rm -rf "$folder"
        mkdir -p "$folder/package"
        (cd "$folder/package" && { apt-get download emacs-common || { apt-get -qq update && apt-get download emacs-common; }; } &&
            dpkg-deb -x emacs-common*.deb .) >"$cache/odf-schema.log" 2>&1 || return 1
        found=$(find "$folder/package" -name 'OpenDocument-schema-v1.3.rnc' | head -n 1)
        [ -n "$found" ] || return 1
        cp "$found" "$folder" || return 1
        rm -rf "$folder/package"
        touch "$folder/complete"
    fi
    export PORTAL_TEST_ODF=$folder
}

prepare_jing() {
    if ! command -v jing >/dev/null; then apt_install "jing" jing default-jre-headless || true; fi
    if command -v jing >/dev/null && prepare_odf_schema; then
        PORTAL_TEST_JING=$(command -v jing)
        export PORTAL_TEST_JING
    else
        lack jing "the check of spreadsheets against the OpenDocument schema; apt-get install jing, and emacs-common for the schema"
    fi
}

prepare_vnu() {
    if ! command -v java >/dev/null; then apt_install Java default-jre-headless || true; fi
    if command -v java >/dev/null && npm_ci scripts/formats; then
        export PORTAL_TEST_VNU=$root/scripts/formats/node_modules/vnu-jar/build/dist/vnu.jar
    else
        lack "the Nu HTML checker" "the check of public pages; needs Java, and npm ci --prefix scripts/formats must work"
    fi
}

# After prepare_browser: it needs a Chromium.
prepare_lighthouse() {
    if npm_ci scripts/formats; then
        export PORTAL_TEST_LIGHTHOUSE=$root/scripts/formats/lighthouse.mjs
    else
        lack Lighthouse "the audit of public pages; npm ci --prefix scripts/formats must work"
    fi
}

find_clamd() {
    local path
    for path in "${PORTAL_TEST_CLAMD:-}" /usr/sbin/clamd /usr/local/sbin/clamd; do
        if [ -n "$path" ] && [ -x "$path" ]; then
            export PORTAL_TEST_CLAMD=$path
            return 0
        fi
    done
    unset PORTAL_TEST_CLAMD
    return 1
}

# Only the scanner's program: its tests start it with a signature of their own. Debian would start it and fetch the
# world's signatures; a policy that forbids services to start keeps it from both.
install_clamd() {
    local policy=/usr/sbin/policy-rc.d ours=
    if [ "$(id -u)" = 0 ] && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=yes
    fi
    local status=0
    apt_install clamd clamav-daemon || status=$?
    [ -z "$ours" ] || rm -f "$policy"
    return "$status"
}

prepare_clamd() {
    find_clamd && return 0
    install_clamd && find_clamd && return 0
    lack clamd "the malware scan by a real scanner; apt-get install clamav-daemon"
}

# Says what is lacking before anything long starts. In CI a lacking tool is an error: a green run must mean all of it.
report_lacking() {
    [ "${#lacking[@]}" -gt 0 ] || return 0
    local line
    for line in "${lacking[@]}"; do printf 'lacking: %s\n' "$line" >&2; done
    [ "${CI:-}" != true ] || fail "CI=true, so nothing may be lacking"
    say "the tests that need what is lacking will be skipped"
}
