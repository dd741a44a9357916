#!/bin/bash
# The brokers of these examples on one machine, from Debian's packages, with what `rhythmd fleet FILE --out FLEET_DIR` made:
#   brokers.sh one|rooms|cluster up|down FLEET_DIR
#   brokers.sh cluster kill|start FLEET_DIR NODE        (NODE: 1, 2 or 3)      brokers.sh rooms kill FLEET_DIR
# one: a mosquitto (8883, pages 9001). rooms: the same as centre, and one in a room (8884) that hands on to it; its user is called room-WARD.
# cluster: three RabbitMQ nodes (8891 to 8893, pages 15681 to 15683, AMQP 5681 to 5683) and haproxy (8883, pages 8443); NODES=1: one.
# The fleet's brokers must name 127.0.0.1. PORT_OFFSET is added to every port. State and logs: FLEET_DIR/state.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,7p' "$0"; exit 2; }
what=$1 verb=$2 fleet=$(cd "$3" && pwd) node=${4:-}
here=$(cd "$(dirname "$0")" && pwd)
state=$fleet/state offset=${PORT_OFFSET:-0} nodes=${NODES:-3} wait_s=${WAIT_S:-600}
umask 077
mkdir -p "$state"
port() { echo $(($1 + offset)); }

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
until_listens() {
  for _ in $(seq $((wait_s * 5))); do
    if listens "$1"; then return; fi
    sleep 0.2
  done
  echo "nothing listens on port $1; see $state" >&2
  exit 1
}
# Ends what was started under a name: by its process id, never by its program's name.
end() {
  local file=$state/$1.pid pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  rm -f "$file"
  kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
  for _ in $(seq 150); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

mosquitto_up() {
  local name=$1 listening=$2
  if [ "$(id -u)" = 0 ]; then echo 'user root' >>"$state/$name.conf"; fi
  setsid mosquitto -c "$state/$name.conf" >>"$state/$name.log" 2>&1 &
  echo $! >"$state/$name.pid"
  until_listens "$listening"
}
# A configuration with this fleet's files, a state folder of its own and shifted ports.
mosquitto_lines() {
  mkdir -p "$state/$1-data"
  sed -e "s|/etc/mosquitto/rhythmd/|$fleet/broker/|g" -e "s|/var/lib/mosquitto/|$state/$1-data/|g" \
    -e "s|^listener 8883|listener $(port "$2")|" -e "s|^listener 9001|listener $(port 9001)|" "${@:3}"
}
one_up() {
  mosquitto_lines one 8883 "$here/mosquitto/rhythmd.conf" "$here/mosquitto/websocket.conf" >"$state/one.conf"
  mosquitto_up one "$(port 8883)"
  until_listens "$(port 9001)"
}
room_up() {
  local user ward
  user=$(basename "$(find "$fleet/users" -maxdepth 1 -name 'room-*' | sort | head -1)")
  ward=${user#room-}
  [ -n "$user" ] || { echo 'the fleet has no user room-WARD' >&2; exit 2; }
  mosquitto_lines room 8884 "$here/mosquitto/rhythmd.conf" "$here/mosquitto/room.conf" |
    sed -e "s|broker.example.org:8883|127.0.0.1:$(port 8883)|" -e "s|ward-3|$ward|g" \
      -e "s|change-me|$(cat "$fleet/users/$user/mqtt-password")|" -e 's|^restart_timeout.*|restart_timeout 1 2|' >"$state/room.conf"
  mosquitto_up room "$(port 8884)"
}

start_node() {
  local n=$1 home=$state/node-$1
  mkdir -p "$home"
  # One secret for all nodes.
  [ -s "$state/cookie" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$state/cookie"
  cp "$state/cookie" "$home/.erlang.cookie"
  chmod 400 "$home/.erlang.cookie"
  sed -e "s|/etc/rabbitmq/rhythmd/|$fleet/broker/|g" -e "s|127.0.0.1:5672|127.0.0.1:$(port $((5680 + n)))|" \
    -e "s|^mqtt.listeners.ssl.1 = .*|mqtt.listeners.ssl.1 = 127.0.0.1:$(port $((8890 + n)))|" \
    -e "s|^web_mqtt.ssl.listener = .*|web_mqtt.ssl.listener = 127.0.0.1:$(port $((15680 + n)))|" \
    -e 's|rabbit@node-\([1-3]\)|node\1@localhost|' "$here/rabbitmq/rabbitmq.conf" |
    awk -v nodes="$nodes" '!/classic_config.nodes/ || match($0, "nodes.[1-" nodes "] ")' >"$home/rabbitmq.conf"
  echo '[rabbitmq_mqtt,rabbitmq_web_mqtt].' >"$home/enabled_plugins"
  HOME=$home ERL_EPMD_PORT=$(port 4370) ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME=node$n@localhost \
    RABBITMQ_DIST_PORT=$(port $((25680 + n))) RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf RABBITMQ_MNESIA_BASE=$home/mnesia \
    RABBITMQ_LOG_BASE=$home/log RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins RABBITMQ_PID_FILE=$state/node-$n.pid \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none' \
    setsid "${RABBITMQ_SERVER:-/usr/lib/rabbitmq/bin/rabbitmq-server}" >>"$state/node-$n.log" 2>&1 &
}
haproxy_up() {
  sed -e "s/maxconn 20000/maxconn 2000/" -e "s|bind :8883|bind 127.0.0.1:$(port 8883)|" -e "s|bind :443|bind 127.0.0.1:$(port 8443)|" "$here/haproxy/haproxy.cfg" |
    awk -v nodes="$nodes" '!/^  server node-/ || match($0, "server node-[1-" nodes "] ")' >"$state/haproxy.cfg"
  for n in 1 2 3; do
    sed -i -e "s|node-$n:8883|127.0.0.1:$(port $((8890 + n)))|" -e "s|node-$n:15676|127.0.0.1:$(port $((15680 + n)))|" "$state/haproxy.cfg"
  done
  setsid haproxy -f "$state/haproxy.cfg" -db >>"$state/haproxy.log" 2>&1 &
  echo $! >"$state/haproxy.pid"
  until_listens "$(port 8883)"
}

case "$what $verb" in
  'one up') one_up ;;
  'one down') end one ;;
  'rooms up') one_up && room_up ;;
  'rooms down') end room && end one ;;
  'rooms kill') end room KILL ;;
  'cluster up')
    for n in $(seq "$nodes"); do start_node "$n"; done
    for n in $(seq "$nodes"); do until_listens "$(port $((8890 + n)))" && until_listens "$(port $((15680 + n)))"; done
    haproxy_up
    ;;
  'cluster down')
    end haproxy KILL
    for n in 1 2 3; do end "node-$n" KILL; done
    ERL_EPMD_PORT=$(port 4370) epmd -kill >/dev/null 2>&1 || true
    ;;
  'cluster kill') end "node-$node" KILL ;;
  'cluster start') start_node "$node" ;;
  *) sed -n '2,7p' "$0"; exit 2 ;;
esac
