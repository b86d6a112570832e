#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of common.sh
# Trains on a small file system until it is full: exit code 74, the old checkpoint whole, no temporary file left, and with room again the
# run goes on to where one that never stopped arrives.
set -euo pipefail
# shellcheck source=common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_mounts "$@"
prepare
disk=$work/disk run=$work/disk/run
mkdir "$disk"
mount -t tmpfs -o size=8m tmpfs "$disk"

vae train --config "$work/tiny.json" --run "$work/whole" "${repeatable[@]}" >/dev/null 2>"$work/whole.err" || broken "$(cat "$work/whole.err")"

vae train --config "$work/tiny.json" --run "$run" "${repeatable[@]}" >"$work/out" 2>"$work/err" &
process=$!
until [ -e "$run/checkpoints/best.safetensors" ]; do
    kill -0 "$process" 2>/dev/null || broken "training ended before the disk was full: $(cat "$work/err")"
    sleep 0.01
done
cat /dev/zero >"$disk/other" 2>/dev/null || true # another program takes all the room
status=0
wait "$process" || status=$?

check_failure "$status" "$exit_input_output" "$work/out" "$work/err" 'disk full'
check_no_temporary_file "$run"
check_whole "$run/checkpoints/last.safetensors"
free=$(df -k "$disk" | awk 'END { print $4 }')
echo "disk full ($free KiB free): exit code $status, $(tail -n 1 "$work/err" | sed "s|$run|RUN|g")"
echo "the checkpoint of step $step is whole; no temporary file is left"

stopped_at=$step kept=$(digest "$run/checkpoints/last.safetensors") status=0
vae train --resume "$run" "${repeatable[@]}" >"$work/out" 2>"$work/err" || status=$?
check_failure "$status" "$exit_input_output" "$work/out" "$work/err" 'disk full'
[ "$kept" = "$(digest "$run/checkpoints/last.safetensors")" ] || broken "a resume on the full disk changed the checkpoint"
check_no_temporary_file "$run"
echo "resumed on the full disk: exit code $status, the checkpoint untouched"

rm "$disk/other"
vae train --resume "$run" "${repeatable[@]}" >/dev/null 2>"$work/err" || broken "$(cat "$work/err")"
check_same "$work/whole" "$run"
echo "resumed with room again from step $stopped_at: equal, bit for bit, to a run that never stopped"
