#!/bin/sh
# Gives the streamers a renewed certificate: certbot runs it with RENEWED_LINEAGE set (`--deploy-hook`), anybody may run it
# with the folder of fullchain.pem and privkey.pem as its argument. The environment names what it is for: TRIBUTARY_NAME, an
# environment of infra/aws, and TRIBUTARY_REGIONS, its regions, the first of which has the secrets.
set -eu
folder=${1:-${RENEWED_LINEAGE:?}}
name=${TRIBUTARY_NAME:-tributary}
regions=${TRIBUTARY_REGIONS:-eu-central-1}

umask 077
secret=$(mktemp)
trap 'rm -f "$secret"' EXIT
# PEM text has neither quotes nor backslashes; as JSON its lines end in \n.
json_text() { awk '{ printf "%s\\n", $0 }' "$1"; }
printf '{"TLS_CERTIFICATE":"%s","TLS_KEY":"%s"}' \
  "$(json_text "$folder/fullchain.pem")" "$(json_text "$folder/privkey.pem")" >"$secret"
aws secretsmanager put-secret-value --region "${regions%% *}" --secret-id "$name/tls" --secret-string "file://$secret" >/dev/null

# A task reads its secrets when it starts. The running ones drain while new ones take over, and end no film.
for region in $regions; do
  aws ecs update-service --region "$region" --cluster "$name" --service streamer --force-new-deployment >/dev/null
done
