#!/bin/sh
# `npm start`: sets up what is missing, then becomes the supervisor of the whole system.
. "$(dirname "$0")/set-up.sh"
set_up ffmpeg=ffmpeg redis-server=redis-server
ensure_dashboard || exit 1
exec node infra/local/start.ts "$@"
