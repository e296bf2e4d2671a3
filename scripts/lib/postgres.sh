# shellcheck shell=bash
# A throw-away PostgreSQL cluster for one run of the tests or the benchmark: own directory, port and password, no root.
# Sourced after common.sh, never run.

pg_root=
pg_user=
pg_bin=
# Set to anything before start_postgres for a cluster with PostgreSQL's own durability.
pg_durable=

# find_postgres: sets pg_bin to the newest server's programs, or fails.
find_postgres() {
    local candidate
    for candidate in "${PORTAL_POSTGRES_BIN:-}" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -rV) \
        "$(pg_config --bindir 2>/dev/null)" "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/x)")"; do
        if [ -n "$candidate" ] && [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
            pg_bin=$candidate
            return 0
        fi
    done
    return 1
}

# as_pg_user COMMAND...: the server refuses to run as root, so root becomes somebody else for it.
as_pg_user() {
    if [ -z "$pg_user" ]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid "$pg_user" --regid "$(id -g "$pg_user")" --clear-groups -- env HOME="$pg_root" "$@"
    else
        runuser -u "$pg_user" -- env HOME="$pg_root" "$@"
    fi
}

# start_postgres: a running cluster. PORTAL_TEST_POSTGRES is its address for an ordinary role that may make databases, as
# the portal has in earnest; PORTAL_TEST_POSTGRES_ADMINISTRATOR is a superuser's, whom no policy binds.
start_postgres() {
    pg_root=$(mktemp -d "${TMPDIR:-/tmp}/portal-postgres.XXXXXXXX")
    if [ "$(id -u)" = 0 ]; then
        for pg_user in postgres portal-test; do
            ! id "$pg_user" >/dev/null 2>&1 || break
        done
        id "$pg_user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$pg_user"
        chown "$pg_user" "$pg_root"
    fi
    local password port attempt log=$pg_root/server.log
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s\n' "$password" >"$pg_root/password")
    [ -z "$pg_user" ] || chown "$pg_user" "$pg_root/password"

    # The server must be able to stand in its working directory, which the checkout may not allow it.
    cd "$pg_root"
    as_pg_user "$pg_bin/initdb" --pgdata="$pg_root/data" --username=administrator --pwfile="$pg_root/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >"$pg_root/initdb.log" 2>&1 ||
        { cat "$pg_root/initdb.log" >&2; fail "PostgreSQL's initdb failed"; }
    as_pg_user tee -a "$pg_root/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
log_min_messages = warning
CONF
    if [ -z "$pg_durable" ]; then
        # Nothing of a test outlives its run, so nothing has to survive a power cut.
        as_pg_user tee -a "$pg_root/data/postgresql.conf" >/dev/null <<CONF
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
    fi
    # Before the server runs there is no need for a client. The password is hexadecimal, so nothing in it ends the quotation.
    as_pg_user "$pg_bin/postgres" --single -D "$pg_root/data" -c exit_on_error=on postgres \
        >>"$pg_root/initdb.log" 2>&1 <<<"CREATE ROLE portal LOGIN CREATEDB PASSWORD '$password'" ||
        { cat "$pg_root/initdb.log" >&2; fail "PostgreSQL's role could not be made"; }
    # A port can only be claimed by listening on it: try until one was free.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if as_pg_user "$pg_bin/pg_ctl" --pgdata="$pg_root/data" --options="-p $port" --log="$log" --wait start \
            >/dev/null 2>&1; then
            export PORTAL_TEST_POSTGRES=postgres://portal:$password@127.0.0.1:$port/postgres
            export PORTAL_TEST_POSTGRES_ADMINISTRATOR=postgres://administrator:$password@127.0.0.1:$port/postgres
            cd "$root"
            watch_over_postgres
            return 0
        fi
    done
    cat "$log" >&2
    fail "PostgreSQL did not start in $attempt attempts"
}

# Even if this script is killed without a chance to tidy up, the cluster goes within seconds.
watch_over_postgres() {
    local parent=$$
    (
        trap '' INT TERM HUP
        while kill -0 "$parent" 2>/dev/null && [ -d "$pg_root" ]; do sleep 2; done
        stop_postgres
    ) </dev/null >/dev/null 2>&1 &
    disown
}

stop_postgres() {
    [ -n "$pg_root" ] && [ -d "$pg_root" ] || return 0
    cd "$pg_root"
    if [ -f "$pg_root/data/postmaster.pid" ]; then
        as_pg_user "$pg_bin/pg_ctl" --pgdata="$pg_root/data" --mode=immediate --wait stop >/dev/null 2>&1 || true
    fi
    cd /
    rm -rf "$pg_root"
}
