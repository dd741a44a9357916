#!/bin/sh
# Settings and updates for a fleet: what `rhythmd fleet` made goes to each device in turn, and the first that fails stops the rest.
#   distribute.sh FLEET_DIR ID=SSH_DESTINATION...          bed-01=admin@10.1.3.1 bed-02=admin@10.1.3.2
#   PACKAGE=rhythmd_0.2.0_all.deb distribute.sh ...        and an update; without a new file nothing is installed again
# A destination that begins with / is a root file system: an image, or a card in this machine. Ansible does the same with copy and apt.
set -eu
[ $# -ge 2 ] || { sed -n '2,5p' "$0"; exit 2; }
fleet=$1
shift
for target; do
  id=${target%%=*} to=${target#*=}
  case $id in *[!A-Za-z0-9_-]* | '') echo "no device id: $id" >&2; exit 2 ;; esac
  [ -f "$fleet/devices/$id/config.toml" ] || { echo "$id: not in this fleet" >&2; exit 1; }
done
for target; do
  id=${target%%=*} to=${target#*=} own=$fleet/devices/${target%%=*}
  case $to in
    /*)
      mkdir -p "$to/etc/rhythmd"
      changed=
      for file in "$own"/*; do
        name=$(basename "$file")
        cmp -s "$file" "$to/etc/rhythmd/$name" && continue
        # Beside its name, then renamed: never half a file. To be read by the daemon's user, and nobody else.
        install -m 0640 "$file" "$to/etc/rhythmd/.$name.new"
        mv "$to/etc/rhythmd/.$name.new" "$to/etc/rhythmd/$name"
        changed="$changed $name"
      done
      if [ -n "${PACKAGE:-}" ]; then dpkg-deb -x "$PACKAGE" "$to"; fi
      ;;
    *)
      changed=' settings'
      tar -C "$own" -cf - . | ssh "$to" 'sudo sh -c "umask 027; mkdir -p /etc/rhythmd && tar -C /etc/rhythmd --no-same-owner -xf - &&
        chown root:rhythmd /etc/rhythmd/* && chmod 0640 /etc/rhythmd/* && rhythmd config check --config /etc/rhythmd/config.toml"'
      if [ -n "${PACKAGE:-}" ]; then
        scp -q "$PACKAGE" "$to:/tmp/rhythmd.deb"
        ssh "$to" 'sudo apt-get install -y -q /tmp/rhythmd.deb'
      fi
      ssh "$to" 'sudo systemctl restart rhythmd && sleep 5 && systemctl is-active rhythmd'
      ;;
  esac
  echo "$id:${changed:- nothing new}"
done
