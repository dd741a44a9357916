#!/bin/sh
# First boot of a Raspberry Pi OS Lite (bookworm or later) whose boot partition holds this file and rhythmd_VERSION_all.deb: installs
# both Node and the daemon, opens the page to the network behind a token that is made here, and says where it is.
# Run again it changes nothing. RHYTHMD_OVERLAY=1 makes the root read-only from the next boot: what is
# written after that is in memory, and recordings need another disk.
set -eu

boot=$(cd "$(dirname "$0")" && pwd)
configuration=/etc/rhythmd/config.toml
secrets=/etc/rhythmd/environment

if [ "$(id -u)" -ne 0 ]; then
  echo "run as root" >&2
  exit 1
fi

if ! command -v rhythmd >/dev/null; then
  # avahi answers to the name raspberrypi.local.
  if ! dpkg -s nodejs avahi-daemon >/dev/null 2>&1; then apt-get update -q; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nodejs avahi-daemon "$boot"/rhythmd_*_all.deb
fi

if [ ! -s "$secrets" ]; then
  umask 077
  token=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
  mkdir -p "$(dirname "$secrets")"
  {
    echo "RHYTHMD_WEB_TOKEN=$token"
    echo "RHYTHMD_WEB_HOST=0.0.0.0"
    # The first USB serial port, whatever it is called.
    echo "RHYTHMD_SOURCE_URL=serial:"
  } >"$secrets"
  echo "The page: http://$(hostname).local:8360/ with the token $token (also in $secrets). Said once."
fi

rhythmd config check --config "$configuration"
if [ -d /run/systemd/system ]; then
  systemctl enable --now rhythmd
fi

if [ "${RHYTHMD_OVERLAY:-0}" = 1 ] && command -v raspi-config >/dev/null; then
  # Nothing is kept on the root from here on: a card that is never written does not wear out.
  raspi-config nonint enable_overlayfs
  echo "The root is read-only from the next boot; recordings need recorder.folder on another disk."
fi
