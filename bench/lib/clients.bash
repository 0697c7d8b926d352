# The load client: the path in WSLOAD if it is set (an independent client), else `troupe load`.

# Protocol bytes of the native case (docs/wire-format.md): join the room "bench", which is the first of a
# fresh server and so has number 1; publish event "p" to it with a raw payload.
native_join=05010562656e6368
native_publish=29010370
# The same of the neffos cases: connect the endpoint's namespace, join its room, publish there.
neffos_hello=(--hello t:M --hello 't:$1;default;;_OnNamespaceConnect;0;0;'
  --hello 't:$2;default;bench;_OnRoomJoin;0;0;')
neffos_publish='t:;default;bench;p;0;0;'

route_of() { # scenario
  case $1 in echo) echo /echo ;; rooms) echo '/rooms/{}' ;; *) echo /ws ;; esac
}

# wsload_load SCENARIO key=value...  sets `arguments`
wsload_load() {
  local pair
  arguments=("$1")
  for pair in "${@:2}"; do
    case $pair in
      connections=*) arguments+=(-n "${pair#*=}") ;;
      senders=*) arguments+=(-p "${pair#*=}") ;;
      window=*) arguments+=(-w "${pair#*=}") ;;
      size=*) arguments+=(-s "${pair#*=}") ;;
      rooms=*) arguments+=(-k "${pair#*=}") ;;
      members=*) arguments+=(-m "${pair#*=}") ;;
      path=*) ;;
      rate=*) [[ $1 == rooms ]] && arguments+=(-f "${pair#*=}") || arguments+=(-r "${pair#*=}") ;;
    esac
  done
}

# What a peer's own protocol needs: path, hello frames, envelopes.
wsload_protocol() { # case peer scenario
  local path event=all
  path=$(route_of "$3")
  if [[ $2 == socketio ]]; then
    path='/socket.io/?EIO=4&transport=websocket'
    [[ $3 == rooms ]] && path+='&room={}' && event=room
    [[ $3 == echo ]] && event=echo
    arguments+=(--hello t:40 --drain-before-start 1000 --find-stamp STAMPMAG
      --pre-text "451-[\"$event\",{\"_placeholder\":true,\"num\":0}]")
  elif [[ $1 == native || $1 == neffos* ]]; then
    arguments+=(--find-stamp STAMPMAG --drain-before-start 1500)
    case $1/$2 in
      native/troupe | neffos*/troupe-native) path=$native_path &&
        arguments+=(--subprotocol troupe.v1 --hello "$native_join" --wrap "$native_publish") ;;
      neffos*/troupe) path=/neffos && arguments+=("${neffos_hello[@]}" --wrap "$neffos_publish") ;;
    esac
  fi
  arguments+=(--path "$path")
}

troupe_load() { # case peer scenario key=value...
  local pair
  arguments=("$3" --path "$(route_of "$3")")
  for pair in "${@:4}"; do
    case $pair in
      rate=*) [[ $3 == rooms ]] && arguments+=(--sender-rate "${pair#*=}") || arguments+=(--rate "${pair#*=}") ;;
      path=*) arguments[2]=${pair#*=} ;;
      *) arguments+=("--${pair%%=*}" "${pair#*=}") ;;
    esac
  done
  [[ $1 == native && $2 == troupe ]] && arguments[2]=$native_path &&
    arguments+=(--protocol native --event p --room bench)
  return 0
}

# measure CASE PEER FILE SCENARIO key=value...   runs the client once; its JSON goes to FILE.
measure() {
  local name=$1 peer=$2 file=$3 scenario=$4 pair
  shift 4
  rm -f "$file"
  if [[ -n ${WSLOAD:-} ]]; then
    wsload_load "$scenario" "$@"
    wsload_protocol "$name" "$peer" "$scenario"
    for pair in "$@"; do [[ $pair == path=* ]] && arguments+=(--path "${pair#path=}"); done
    [[ $scenario == idle ]] || arguments+=(-t "$seconds")
    set -- "$WSLOAD" "${arguments[@]}" --port "$port" --label "$peer"
  else
    troupe_load "$name" "$peer" "$scenario" "$@"
    set -- "$troupe" load "${arguments[@]}" "ws://127.0.0.1:$port" --duration "${seconds}s"
  fi
  timeout --foreground $((seconds + 120)) "${on_client_core[@]}" "$@" --pid "$server" \
    --quiet --json "$file" "${client_options[@]}" >"$work/client.log" 2>&1 && clean=1 || clean=0
  [[ -s $file ]] || { note "$name on $peer: the client failed: $(tail -1 "$work/client.log")"; return 1; }
}

# figure FILE KEY...   the first of the keys that the client's JSON has, else an empty line. A key may name
# the section it stands behind: latency/p99_us.
figure() {
  local key found text
  text=$(tr -d '\n' <"$1")
  for key in "${@:2}"; do
    found=$text
    [[ $key == */* ]] && found=${text#*\"${key%/*}\"}
    [[ $key == */* && $found == "$text" ]] && continue
    found=$(grep -oE "\"${key#*/}\": *-?[0-9.eE+-]+" <<<"$found" | head -1 | sed 's/.*: *//')
    [[ -n $found ]] && echo "$found" && return
  done
  echo
}

# memory_per_connection FILE
memory_per_connection() {
  local known before
  known=$(figure "$1" pss_bytes_per_conn)
  before=$(figure "$1" server/memory_before_bytes)
  if [[ -n $known || -z $before ]]; then
    echo "$known"
  else
    awk -v a="$before" -v b="$(figure "$1" server/memory_after_bytes)" -v n="$(figure "$1" connections/opened)" \
      'BEGIN { printf "%.0f\n", (b - a) / n }'
  fi
}

# handshakes_per_second FILE
handshakes_per_second() {
  local known opened
  known=$(figure "$1" handshakes_per_s)
  opened=$(figure "$1" connections/opened)
  [[ -n $known ]] && echo "$known" && return
  awk -v n="$opened" -v s="$(figure "$1" connections/connect_s)" 'BEGIN { if (s > 0) printf "%.0f\n", n / s }'
}
