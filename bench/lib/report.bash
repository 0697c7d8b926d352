# Tables. `figures` holds one line per run: case peer round cpu deliveries/s p99 clean busy

record() { # case peer round file
  local busy
  busy=$(figure "$4" client_busy_pct)
  [[ -n $busy ]] || busy=$(figure "$4" client/busy_share | awk '{ print 100 * $1 }')
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" \
    "$(figure "$4" server_us_per_delivery server/cpu_us_per_delivery)" \
    "$(figure "$4" deliveries_per_s delivered_per_s)" \
    "$(figure "$4" latency/p99_us p99_us)" "$clean" "$busy" >>"$work/figures"
}

# One row per peer of a case: medians, the spread, and the base's ratio to it. The ratio is the median of the
# rounds' own ratios: both sides of each were measured within seconds, so that drift cancels.
case_rows() { # case
  awk -F'\t' -v name="$1" -v title="$(case_field "$1" title)" -v bar="$(case_field "$1" bar)" \
    -v order="$(case_peers "$1")" -v base="$base" '
    function median(text,   values, count, i, j, swap) {
      count = split(text, values, " ")
      for (i = 2; i <= count; i++)
        for (j = i; j > 1 && values[j] + 0 < values[j - 1] + 0; j--) {
          swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
        }
      least = values[1]; most = values[count]
      if (count == 0) return ""
      return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
    }
    $1 == name {
      cpu[$2, $3] = $4; costs[$2] = costs[$2] " " $4; rates[$2] = rates[$2] " " $5
      tails[$2] = tails[$2] " " $6; dirty[$2] += !$7; runs[$2]++
      busy[$2] = busy[$2] " " $8
      if ($3 > rounds) rounds = $3
    }
    END {
      count = split(order, list, " ")
      for (i = 1; i <= count; i++) {
        peer = list[i]
        if (!runs[peer]) continue
        ratios = ""
        for (round = 1; round <= rounds; round++)
          if (cpu[base, round] && cpu[peer, round])
            ratios = ratios " " cpu[base, round] / cpu[peer, round]
        ratio = peer == base ? "" : median(ratios)
        cost = median(costs[peer]); fewest = least; highest = most
        printf "| %s | %s | %.3f | %.3f to %.3f | %s | %s | %.0f | %.0f | %.0f | %s |\n",
          i == 1 ? title : "", peer, cost, fewest, highest, ratio == "" ? "-" : sprintf("%.2f", ratio),
          base == "troupe" && peer ~ /^(uws|troupe-.*)$/ ? bar : "-", median(rates[peer]),
          median(tails[peer]), median(busy[peer]),
          dirty[peer] ? dirty[peer] " of " runs[peer] " NOT clean" : "yes"
      }
    }' "$work/figures"
}

print_table() { # cases
  local name
  [[ -s $work/figures ]] || return 0
  echo "| case | peer | CPU us/delivery, median | spread | $base / peer | bar | deliveries/s | p99 us | client busy % | clean |"
  echo "| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |"
  for name in "$@"; do case_rows "$name"; done
}

print_machine() {
  local client="troupe load"
  [[ -n ${WSLOAD:-} ]] && client=wsload
  echo "$(date -u +%Y-%m-%d): $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) cores," \
    "Linux $(uname -r); client $client ${client_options[*]}; $runs rounds of $seconds s"
  echo
}

# Keeps the client's own figures of every run, one file per case.
keep_results() { # cases
  local name
  mkdir -p "$here/results"
  for name in "$@"; do
    compgen -G "$work/$name.*.json" >/dev/null || continue
    { echo '['; for file in "$work/$name".*.json; do cat "$file"; echo ','; done | sed '$d'; echo ']'; } \
      >"$here/results/$name.json"
  done
  note "the figures of each run are in bench/results"
}
