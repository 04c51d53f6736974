# Sourced by quickstart and test: runs a long command with its output in a log, and shows that it
# lives. On a terminal one line follows the log; elsewhere a line every half minute.

# step LOG TITLE COMMAND...: prints the title, runs the command, prints its time. When it fails,
# prints the end of the log, says where the rest is, and returns the command's exit code.
step() {
  local log="$1" title="$2" started=$SECONDS code=0 ticker
  shift 2
  mkdir -p "$(dirname "$log")"
  : >"$log"
  printf '== %s\n' "$title" >&2
  follow "$log" "$started" &
  ticker=$!
  # Not left behind by Ctrl-C, which reaches the command itself but not a background job.
  # shellcheck disable=SC2064
  trap "kill $ticker 2>/dev/null || true" EXIT
  "$@" >>"$log" 2>&1 </dev/null || code=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  trap - EXIT
  [ -t 2 ] && printf '\r\033[K' >&2
  if [ "$code" -ne 0 ]; then
    tail -n 40 "$log" >&2
    printf '%s: "%s" failed with exit code %d; the end of %s is above\n' \
      "$(basename "$0")" "$title" "$code" "$log" >&2
    return "$code"
  fi
  printf '   done in %d s\n' $((SECONDS - started)) >&2
}

# follow LOG STARTED: shows the log's last line until killed.
follow() {
  local log="$1" started="$2" pause=30 line
  [ -t 2 ] && pause=1
  # The sleep must end with its parent, or it would hold the terminal open.
  trap 'kill "$nap" 2>/dev/null; exit 0' TERM
  while true; do
    sleep "$pause" &
    nap=$!
    wait "$nap"
    line="$(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
    if [ -t 2 ]; then
      printf '\r\033[K   %4d s  %s' $((SECONDS - started)) "$line" >&2
    else
      printf '   %4d s  %s\n' $((SECONDS - started)) "$line" >&2
    fi
  done
}
