# The cases, one per line:  name | bar for Troupe/peer (- = none) | what it is | load
# The load is written once, for both load clients (clients.bash translates it).
bench_cases='
broadcast-500 |0.70|broadcast, 500 connections, 64 B, 10 publishers, 16 in flight   |broadcast connections=500 senders=10 window=16 size=64
broadcast-1000|0.70|broadcast, 1,000 connections, 512 B, 16 publishers, 16 in flight|broadcast connections=1000 senders=16 window=16 size=512
broadcast-40hz|1.00|broadcast, 500 connections, 64 B, open loop 40 messages/s       |broadcast connections=500 senders=10 rate=40 size=64
rooms         |1.05|100 rooms x 8 members, 30 Hz, 64 B, flush per turn              |rooms rooms=100 members=8 rate=30 size=64
rooms-tick    |0.55|100 rooms x 8 members, 30 Hz, 64 B, Troupe flushes every 33 ms  |rooms rooms=100 members=8 rate=30 size=64
echo-1        |1.10|echo, 100 connections, 1 in flight, 64 B                        |echo connections=100 window=1 size=64
echo-16       |1.25|echo, 100 connections, 16 in flight, 64 B                       |echo connections=100 window=16 size=64
native        |1.15|native room event beside raw broadcast, load of broadcast-500   |broadcast connections=500 senders=10 window=16 size=64
neffos        |1.20|neffos room event beside a native one, load of broadcast-500    |broadcast connections=500 senders=10 window=16 size=64
neffos-40hz   |1.20|the same, load of broadcast-40hz                                |broadcast connections=500 senders=10 rate=40 size=64
'
# Cases that are not a ratio of CPU per delivery; special.bash knows them.
bench_specials='idle slow slow-flood shards'

all_case_names() { awk -F'|' 'NF == 4 { gsub(/ /, "", $1); print $1 }' <<<"$bench_cases"; }

# case_field NAME bar|title|load
case_field() {
  awk -F'|' -v name="$1" -v field="$2" '
    { key = $1; gsub(/ /, "", key) }
    key == name { value = field == "bar" ? $2 : field == "title" ? $3 : $4
                  sub(/ +$/, "", value); print value }' <<<"$bench_cases"
}

# What Troupe is started with beside the usual options.
case_server_options() { [[ $1 == rooms-tick ]] && echo "--bench-flush 33ms" || true; }

# Some cases compare Troupe with itself, and neffos with a hub on the library that it stands on.
case_peers() {
  case $1 in
    native) echo "troupe troupe-raw" ;;
    neffos*) echo "troupe troupe-native $([[ " $peers " != *" gorilla "* ]] || echo gorilla)" ;;
    rooms*) echo "${peers/gorilla/}" ;; # it has one room
    *) echo "$peers" ;;
  esac
}
