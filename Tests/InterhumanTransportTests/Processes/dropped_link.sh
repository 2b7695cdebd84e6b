#!/usr/bin/env bash
# Two network namespaces with a cable between them: a server in one, a client in the other. When the client is
# connected, each side's frames begin to go to nobody: packets vanish, and no system call says so.
#   dropped_link.sh check                              ends with 0 where namespaces may be made
#   dropped_link.sh TRANSPORT_PEER MILLISECONDS [send] prints what the client says of its connection's end

set -euo pipefail
client=interhuman-client-$$ server=interhuman-server-$$
serving=
finish() {
  [ -z "$serving" ] || kill "$serving" 2>/dev/null || true
  ip netns del "$client" 2>/dev/null || true
  ip netns del "$server" 2>/dev/null || true
}
trap finish EXIT

ip netns add "$client"
ip netns add "$server"
ip link add left netns "$client" type veth peer name right netns "$server"
[ "$1" != check ] || exit 0
# 198.18.0.0/15 is for tests of networks (RFC 2544); nothing leads out of the namespaces.
ip -n "$client" address add 198.18.0.1/30 dev left
ip -n "$server" address add 198.18.0.2/30 dev right
ip -n "$client" link set left up
ip -n "$server" link set right up

drop() {
  ip -n "$client" neigh replace 198.18.0.2 lladdr 02:00:00:00:00:fe dev left nud permanent
  ip -n "$server" neigh replace 198.18.0.1 lladdr 02:00:00:00:00:fd dev right nud permanent
}

exec 3< <(exec ip netns exec "$server" "$1" serve 198.18.0.2)
serving=$!
read -r port <&3
ip netns exec "$client" "$1" connect "ws://198.18.0.2:$port/" "" "${@:2}" | while read -r line; do
  if [ "$line" = open ]; then drop; else echo "$line"; fi
done
