# Makes a machine ready for the npm scripts beside this file: system packages, then node_modules.
# Sourced, not run: `set_up PROGRAM=PACKAGE ...` with the programs a script needs.
# POSIX sh, because it runs before anything of the project is installed.

say() { printf '%s\n' "$*" >&2; }

# Installs the Debian packages of the programs that are missing, or says in one line how to.
ensure_programs() {
  missing=
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
  done
  [ -z "$missing" ] && return 0
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  if ! command -v apt-get >/dev/null 2>&1; then
    say "Missing programs: install $missing with this system's package manager, then run this again."
    return 1
  fi
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo
  else
    say "Missing programs: run 'apt-get install $missing' as root, then run this again."
    return 1
  fi
  say "Installing $missing(apt)"
  log=$(mktemp)
  if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    say "apt-get could not install $missing(full log: $log)"
    return 1
  fi
  rm -f "$log"
}

# Runs `npm ci` when node_modules was not made from this lock file; the copy of the lock file inside
# node_modules is written last, so an interrupted install is done again.
ensure_node_modules() {
  cmp -s package-lock.json node_modules/.tributary-lock.json && return 0
  say "Installing node_modules (npm ci)"
  npm ci --no-audit --no-fund --loglevel=error >&2 || return 1
  cp package-lock.json node_modules/.tributary-lock.json
}

# Builds the dashboard where its sources changed; the edge serves what is in `dist`.
ensure_dashboard() {
  turbo run build --filter=@tributary/dashboard --output-logs=errors-only --log-prefix=none >/dev/null || {
    say "The dashboard could not be built: npm run build -w edge/dashboard says why"
    return 1
  }
}

set_up() {
  cd "$(dirname "$0")/../.." || exit 1
  ensure_programs "$@" || exit 1
  ensure_node_modules || exit 1
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
  # No program of the project reports to anyone.
  export WRANGLER_SEND_METRICS=false DO_NOT_TRACK=1 TURBO_TELEMETRY_DISABLED=1
}
