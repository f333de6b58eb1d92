#!/bin/sh
# `npm run deploy`: sets up what is missing, then brings the edge to Cloudflare. An argument names the settings file.
. "$(dirname "$0")/set-up.sh"
set_up
exec node infra/deploy/deploy.ts "$@"
