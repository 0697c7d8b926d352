# Starting and stopping servers. Every process started here is in `started` and ends with the script.
started=()

note() { echo "bench: $*" >&2; }

stop() { # process ids
  local id
  for id in "$@"; do kill "$id" 2>/dev/null; done
  for id in "$@"; do
    for _ in {1..40}; do kill -0 "$id" 2>/dev/null && sleep 0.05 || break; done
    kill -9 "$id" 2>/dev/null
    wait "$id" 2>/dev/null
  done
  return 0
}

stop_all() {
  stop "${started[@]}"
  started=()
}

free_port() {
  local candidate
  while candidate=$((20000 + RANDOM % 10000)); do
    (: <"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { echo "$candidate" && return; }
  done
}

# server_command PEER PORT OPTIONS...  sets `command`, or fails with a note when the peer is not there.
server_command() {
  local peer=$1 port=$2
  shift 2
  case $peer in
    troupe | troupe-*)
      command=("$troupe" serve --listen "127.0.0.1:$port" --threads "$threads" --bench
        --log-level warn --max-connections 0 --max-connections-per-address 0
        --messages-per-s 0 --burst 0 --bytes-per-s 0 "$@") ;;
    uws) command=("$work/uws_peer" --port "$port") ;;
    beast) command=("$build/bench/beast_chat" --port "$port") ;;
    gorilla) command=("$work/gorilla_hub" --port "$port") ;;
    ws) command=(node "$here/peers/ws_peer.mjs" --port "$port") ;;
    socketio) command=(node "$here/peers/socketio_peer.mjs" --port "$port") ;;
    loops-*) command=("$build/bench/loops" --loop "${peer#loops-}" --port "$port") ;;
    *) note "unknown peer $peer" && return 1 ;;
  esac
}

# start PEER OPTIONS...  sets `server` (process id) and `port`; fails when the peer does not listen in 10 s.
start() {
  local peer=$1
  shift
  port=$(free_port)
  server_command "$peer" "$port" "$@" || return
  "${on_server_core[@]}" "${command[@]}" >"$work/$peer.log" 2>&1 &
  server=$!
  started+=("$server")
  for _ in {1..100}; do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  note "$peer does not start: $(tail -1 "$work/$peer.log")"
  return 1
}

# Builds what is needed and leaves the peers that are available in `peers`.
prepare_peers() {
  local peer available=()
  for peer in $peers; do
    case $peer in
      troupe) [[ -x $troupe ]] || { note "skipped: troupe ($troupe is not there)" && continue; } ;;
      uws) "$here/build-uws" "$work/uws_peer" || continue ;;
      beast) [[ -x $build/bench/beast_chat ]] || { note "skipped: beast (not built)" && continue; } ;;
      gorilla) prepare_gorilla || continue ;;
      ws | socketio) prepare_node "$peer" || continue ;;
    esac
    available+=("$peer")
  done
  peers=${available[*]}
}

# Debian: apt-get install golang-go golang-github-gorilla-websocket-dev
prepare_gorilla() {
  GO111MODULE=off GOPATH=${GOPATH:-/usr/share/gocode} \
    go build -o "$work/gorilla_hub" "$here/peers/gorilla_hub.go" 2>"$work/gorilla.log" && return
  note "skipped: gorilla (no go, or no github.com/gorilla/websocket)"
  return 1
}

prepare_node() { # peer
  [[ $1 == socketio && -z ${WSLOAD:-} ]] &&
    note "skipped: socketio (its protocol needs WSLOAD)" && return 1
  command -v node >/dev/null || { note "skipped: $1 (no node)" && return 1; }
  [[ -d $here/node_modules ]] || (cd "$here" && timeout 300 npm ci --silent --no-audit --no-fund) ||
    { note "skipped: $1 (npm ci failed)" && return 1; }
}

build_ours() {
  [[ $build_first == yes ]] || return 0
  note "building the release preset in $build"
  cmake -S "$here/.." -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTROUPE_BUILD_BENCH=ON \
    >"$work/build.log" 2>&1 && cmake --build "$build" >>"$work/build.log" 2>&1 ||
    { tail -20 "$work/build.log" >&2 && note "the build failed" && exit 2; }
}
