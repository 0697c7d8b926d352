# Cases that are not a ratio of CPU per delivery: memory, a member that stops reading, two shards.

median_of() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

idle_case() {
  local peer
  echo
  echo "| idle, $idle_connections connections on /ws | process memory per connection (bar for Troupe: 2,560 bytes) | handshakes/s |"
  echo "| --- | ---: | ---: |"
  for peer in $peers; do
    start "$peer" && measure idle "$peer" "$work/idle.$peer.json" idle connections="$idle_connections" &&
      echo "| $peer | $(memory_per_connection "$work/idle.$peer.json") |" \
        "$(handshakes_per_second "$work/idle.$peer.json") |"
    stop_all
  done
}

# slow_run PEER NAME STALLED(yes|no) ROUND MEMBERS RATE   one fresh server; the verdict goes to `verdict`
slow_run() {
  local reader=
  verdict=-
  start "$1" || return
  if [[ $3 == yes ]]; then
    "$build/bench/stalled_reader" --port "$port" --path /rooms/slow --seconds 300 >"$work/verdict" 2>&1 &
    reader=$!
    started+=("$reader")
    sleep 0.3
  fi
  measure "$2" "$1" "$work/$2.$1.$3.$4.json" broadcast connections="$5" senders=1 rate="$6" size=512 path=/rooms/slow
  if [[ -n $reader ]]; then
    kill "$reader" && wait "$reader"
    verdict=$(tail -1 "$work/verdict")
  fi
  stop_all
}

slow_figures() { # peer name stalled keys...
  for file in "$work/$2.$1.$3".*.json; do figure "$file" "${@:4}"; done | median_of
}

slow_case() { # name members rate
  local peer round
  echo
  echo "| $1: one of $2 members in a room with $3 x 512 B/s stops reading | p99 us without / with | server memory without / with, KiB | the stalled one |"
  echo "| --- | ---: | ---: | --- |"
  for peer in $peers; do
    [[ $peer == socketio || $peer == gorilla ]] && continue
    for ((round = 1; round <= runs; round++)); do
      slow_run "$peer" "$1" no "$round" "$2" "$3" || break
      slow_run "$peer" "$1" yes "$round" "$(($2 - 1))" "$3" || break
    done
    compgen -G "$work/$1.$peer.yes.*.json" >/dev/null || continue
    printf '| %s | %.0f / %.0f | %.0f / %.0f | %s |\n' "$peer" \
      "$(slow_figures "$peer" "$1" no latency/p99_us p99_us)" "$(slow_figures "$peer" "$1" yes latency/p99_us p99_us)" \
      "$(slow_figures "$peer" "$1" no server_pss server/memory_after_bytes | awk '{ print $1 / 1024 }')" \
      "$(slow_figures "$peer" "$1" yes server_pss server/memory_after_bytes | awk '{ print $1 / 1024 }')" "$verdict"
  done
}

shards_case() {
  local name load on_server_core=() on_client_core=()
  [[ " $peers " == *" troupe "* ]] || return 0
  echo
  echo "| two shards on two cores: nothing lost, duplicated or reordered | deliveries/s | clean |"
  echo "| --- | ---: | --- |"
  for name in broadcast-500 rooms; do
    read -ra load <<<"$(case_field "$name" load)"
    threads=2 start troupe && measure "$name" troupe "$work/shards.$name.json" "${load[@]}" &&
      printf '| %s | %.0f | %s |\n' "$name" \
        "$(figure "$work/shards.$name.json" deliveries_per_s delivered_per_s)" \
        "$([[ $clean == 1 ]] && echo yes || echo NO)"
    stop_all
  done
}

special_case() { # name
  case $1 in
    idle) idle_case ;;
    slow) slow_case slow 1000 20 ;;
    slow-flood) slow_case slow-flood 50 4000 ;;
    shards) shards_case ;;
  esac
}
