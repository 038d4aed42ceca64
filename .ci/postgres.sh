#!/usr/bin/env bash
# Postgres 15 with pgvector 0.8 on loopback, for tests and benches, on Debian 12. Nothing of it is installed system-wide but
# libraries that are missing; the server runs without root.
#
#   .ci/postgres.sh start FOLDER [postgres options, such as -c fsync=off]   prints the URL of a new, empty database
#   .ci/postgres.sh stop FOLDER                                             ends it and removes FOLDER
#
# The programs are kept in $PICARD_POSTGRES (default: a folder of yours in the temporary folder) and used again.
# The packages come from the Debian mirror that apt is set to, the source of pgvector from the same one.
set -euo pipefail

pgvector=0.8.0
pgvector_sha256=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0

say() { echo "postgres.sh: $*" >&2; }
fail() { say "$@"; exit 1; }

usage='usage: .ci/postgres.sh start|stop FOLDER'
verb=${1:?$usage} folder=$(realpath -m "${2:?$usage}")
shift 2
programs=${PICARD_POSTGRES:-${TMPDIR:-/tmp}/picard-postgres-15-$(id -u)}
bin=$programs/usr/lib/postgresql/15/bin

# Postgres refuses to run as root: then it runs as nobody.
as_nobody() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

# One `apt-get update` at most, and none where the lists are there.
refresh() { [ -n "${refreshed:-}" ] || { as_root 'apt-get update' apt-get update -qq; refreshed=1; }; }
as_root() {
  local what=$1; shift
  [ "$(id -u)" = 0 ] || fail "needs root for «$what»: run that once as root, then this again as yourself."
  DEBIAN_FRONTEND=noninteractive "$@" >&2
}

install_missing() {
  refresh
  as_root "apt-get install $*" apt-get install -y -qq --no-install-recommends "$@"
}

mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Codename: bookworm' | sed -n 1p; }

# Gets the packages and unpacks them; as they are not installed, no service starts and no cluster is made.
unpack() {
  local names=(postgresql-15 postgresql-client-15 postgresql-server-dev-15)
  apt-get -o APT::Sandbox::User=root download -qq "${names[@]}" 2>/dev/null || { refresh; apt-get -o APT::Sandbox::User=root download -qq "${names[@]}" >&2; } \
    || fail "Debian's packages of Postgres 15 cannot be had. This needs Debian 12 (bookworm); elsewhere start a Postgres" \
      'with pgvector yourself and set PICARD_TEST_DATABASE_URL.'
  local package
  for package in ./*.deb; do dpkg -x "$package" "$1"; done
}

# What the server is linked with: only asked for when something is missing. LLVM serves the JIT alone, which is not used.
link_libraries() {
  local linked; linked=$(ldd "$bin/postgres" "$bin/initdb" "$bin/pg_ctl")
  if [[ $linked != *'not found'* && -d /usr/share/zoneinfo ]]; then return; fi
  refresh
  local names
  mapfile -t names <<<"$(apt-cache depends postgresql-15 postgresql-client-15 \
    | awk '$1 == "Depends:" && $2 ~ /^lib/ && $2 !~ /llvm/ && !seen[$2]++ { print $2 }')"
  install_missing tzdata "${names[@]}"
}

build_pgvector() {
  command -v make >/dev/null && command -v gcc >/dev/null || install_missing gcc make libc6-dev
  [ -n "$(mirror)" ] || refresh
  local source; source="$(mirror)pool/main/p/pgvector/pgvector_$pgvector.orig.tar.gz"
  # apt's own downloader: it honours apt's proxy and checks the sum.
  /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$source" "$PWD/pgvector.tar.gz" "SHA256:$pgvector_sha256" >&2 \
    || fail "the source of pgvector $pgvector could not be fetched, or is not the one with the pinned SHA-256."
  mkdir pgvector && tar -xzf pgvector.tar.gz -C pgvector --strip-components=1
  local make=(make -s -C pgvector PG_CONFIG="$bin/pg_config" with_llvm=no)
  # The programs may be kept for another machine of the same kind: no -march=native.
  "${make[@]}" -j"$(nproc)" OPTFLAGS= >&2 && "${make[@]}" install >&2
}

prepare() {
  mkdir -p "$programs"
  [ -O "$programs" ] || fail "$programs belongs to somebody else: set PICARD_POSTGRES to a folder of yours."
  exec 9>"$programs/lock"
  flock 9
  if [ ! -f "$programs/complete" ]; then
    say 'getting Postgres 15 and building pgvector (once)'
    local work; work=$(mktemp -d)
    (
      cd "$work"
      unpack "$programs"
      link_libraries
      build_pgvector
    )
    rm -rf "$work"
    touch "$programs/complete"
  fi
  link_libraries
  exec 9>&-
}

start() {
  [ ! -e "$folder" ] || fail "$folder exists already: name a new folder, or stop the server in it."
  prepare
  install -d -m 700 "$folder"
  [ "$(id -u)" != 0 ] || chown 65534:65534 "$folder"
  as_nobody test -w "$folder" || fail "nobody, as whom Postgres runs, cannot reach $folder: name one in a folder open to all."
  cd "$folder"
  # Trust: it listens on loopback only and holds nothing but test data.
  as_nobody "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >/dev/null
  local attempt port
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if as_nobody "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=200 $*" start >/dev/null 2>&1
    then
      echo "postgres://postgres@127.0.0.1:$port/postgres"
      return
    fi
  done
  tail -n 20 "$folder/log" >&2
  fail "did not start on any of $attempt ports tried; above is the end of its log."
}

stop() {
  [ -d "$folder/data" ] || fail "there is no server in $folder."
  cd /
  as_nobody "$bin/pg_ctl" -D "$folder/data" -m fast -w -s stop >/dev/null
  rm -rf "$folder"
}

case $verb in
  start) start "$@" ;;
  stop) stop ;;
  *) fail "$usage" ;;
esac
