#!/bin/sh
# Writes what infra/aws made for the edge into its settings file: `sh infra/deploy/from-aws.sh [FILE]`, with the AWS command
# line's login. TRIBUTARY_NAME is the environment's name there, and TRIBUTARY_REGIONS its regions, the home first. What
# the file has stays as it is; a secret is never shown.
set -eu
file=${1:-$(dirname "$0")/production.env}
name=${TRIBUTARY_NAME:-tributary}
regions=${TRIBUTARY_REGIONS:-eu-central-1}
region=${regions%% *}

umask 077
touch "$file"

secret() { aws secretsmanager get-secret-value --region "$region" --secret-id "$name/$1" --query SecretString --output text; }
# Of JSON text; no value of AWS's keys has a quote in it.
field() { printf '%s' "$1" | sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p"; }

put() {
  if grep -q "^$1=" "$file"; then
    echo "$1 is in $file already, and stays" >&2
  elif [ -z "$2" ]; then
    echo "$1: AWS has no value for it" >&2
    exit 1
  else
    printf "%s='%s'\n" "$1" "$2" >>"$file"
  fi
}

put FLEET "$(aws cloudformation describe-stacks --region "$region" --stack-name "$name-edge" \
  --query "Stacks[0].Outputs[?OutputKey=='Fleet'].OutputValue" --output text)"
put TRIBUTARY_SECRET "$(secret secret)"
put METRICS_TOKEN "$(secret metrics-token)"
keys=$(secret edge)
put AWS_ACCESS_KEY_ID "$(field "$keys" AWS_ACCESS_KEY_ID)"
put AWS_SECRET_ACCESS_KEY "$(field "$keys" AWS_SECRET_ACCESS_KEY)"
