#!/bin/sh
# `npm run check`: format, lint and types. No servers.
. "$(dirname "$0")/set-up.sh"
set_up
biome check . && exec turbo run types --output-logs=errors-only
