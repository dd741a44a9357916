#!/bin/sh
# A small authority of your own, the broker's certificate, and one for each device named.
#   make-certificates.sh FOLDER BROKER_HOST_NAME_OR_ADDRESS [DEVICE_ID...]
# Keep ca.key somewhere else. Devices get ca.pem (mqtt.ca_file), with mutual TLS also DEVICE.pem and DEVICE.key.
set -eu
[ $# -ge 2 ] || { sed -n '2,4p' "$0"; exit 2; }
folder=$1 host=$2
shift 2
umask 077
mkdir -p "$folder"
cd "$folder"
curve="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
# shellcheck disable=SC2086
[ -f ca.key ] || openssl req -x509 $curve -days 3650 -subj "/CN=rhythmd authority" -keyout ca.key -out ca.pem
sign() {
  # shellcheck disable=SC2086
  openssl req $curve -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
  printf '%s\n' "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile "$1.ext" -out "$1.pem"
  rm "$1.csr" "$1.ext"
}
case $host in
  *[!0-9.]*) name="subjectAltName=DNS:$host" ;;
  *) name="subjectAltName=IP:$host" ;;
esac
sign server "$host" "$name"
for device; do
  # A dot, a slash, a wildcard or a $ means something to brokers.
  case $device in *[!A-Za-z0-9_-]*|"") echo "device id \"$device\": use letters, digits, - and _" >&2; exit 2 ;; esac
done
for device; do sign "$device" "$device" "extendedKeyUsage=clientAuth"; done
chmod 644 ./*.pem
