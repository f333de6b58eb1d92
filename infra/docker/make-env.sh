#!/bin/sh
# Makes the .env file of compose.yaml for a domain: `sh infra/docker/make-env.sh tv.example.com`. What it has stays as it is.
set -eu
file=$(dirname "$0")/.env
if [ $# -ne 1 ] || ! printf '%s' "$1" | grep -Eq '^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$'; then
  echo "usage: sh infra/docker/make-env.sh DOMAIN, such as tv.example.com" >&2
  exit 2
fi
umask 077
touch "$file"

# 32 random bytes as letters and digits.
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

put() { grep -q "^$1=" "$file" || printf '%s=%s\n' "$1" "$2" >>"$file"; }

put DOMAIN "$1"
put TRIBUTARY_SECRET "$(secret)"
put ADMIN_TOKEN "$(secret)"
put METRICS_TOKEN "$(secret)"
put GATEWAY_TOKEN "$(secret)"
echo "$file is complete. Keep a copy of it: without TRIBUTARY_SECRET no stored provider password can be read." >&2
