#!/bin/sh
# `npm test`: sets up what is missing (the players that the black-box tests drive included, and what they
# validate the guide with: xmltv-util has the DTD; debootstrap stands in for a container engine), then runs every test. Arguments go to vitest: `npm test -- ticket`.
. "$(dirname "$0")/set-up.sh"
set_up ffmpeg=ffmpeg redis-server=redis-server cvlc=vlc-bin cvlc=vlc-plugin-base mpv=mpv \
  chromium=chromium xmllint=libxml2-utils tv_cat=xmltv-util \
  debootstrap=debootstrap
ensure_dashboard || exit 1
# A filter matches tests of some packages only; without one, a package without tests is an error.
[ $# -gt 0 ] && set -- --passWithNoTests "$@"
# Two packages at a time: black-box tests wait most of the time, and one after the other all take half an hour.
exec turbo run test --concurrency=2 --continue --output-logs=full --log-prefix=none -- "$@"
