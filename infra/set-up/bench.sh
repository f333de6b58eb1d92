#!/bin/sh
# `npm run bench`: sets up what is missing, then measures and prints a table. Arguments choose benches by
# their names: `npm run bench -- parse`.
. "$(dirname "$0")/set-up.sh"
set_up ffmpeg=ffmpeg redis-server=redis-server
ensure_dashboard || exit 1
exec node infra/bench/main.ts "$@"
