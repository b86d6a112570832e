#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of common.sh
# Shows the system calls by which a checkpoint reaches the disk: a temporary file in the same folder, fsync, rename, fsync of the folder.
set -euo pipefail
# shellcheck source=common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

command -v strace >/dev/null || skip "strace is not installed"
strace -o /dev/null true 2>/dev/null || skip "this system lets no process be traced"
prepare
run=$work/run
status=0
strace -f -y -o "$work/trace" -e trace=openat,open,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink \
    dotnet "$program" train --config "$work/tiny.json" --epochs 1 --set train.checkpoint_every_steps=0 --run "$run" "${repeatable[@]}" \
    >/dev/null 2>"$work/err" || status=$?
[ "$status" -eq 0 ] || broken "training ended with $status: $(cat "$work/err")"

# The last save of last.safetensors, from the opening of its temporary file on. Process ids, descriptors and data are left out.
temporary=$(sed -n 's|.*openat([^"]*"[^"]*/\(\.last\.safetensors\.[0-9]*\.[0-9a-f]*\.tmp\)".*O_EXCL.*|\1|p' "$work/trace" | tail -n 1)
[ -n "$temporary" ] || broken "no temporary file was opened for the checkpoint"
calls=$(sed -n "/openat(.*$temporary/,\$p" "$work/trace" | grep -E "$temporary|$run/checkpoints[\">]" |
    sed -E -e "s|$run|RUN|g" -e "s|$temporary|.last.safetensors.PID.RANDOM.tmp|g" -e 's/^[0-9]+ +//' -e 's/AT_FDCWD<[^>]*>/AT_FDCWD/' \
        -e 's/ = [0-9]+<RUN[^>]*>/ = a descriptor/' -e 's/\([0-9]+<(RUN[^>]*)>/(\1/' -e 's/(write|pwrite64)\(([^,]*), .*\) = /\1(\2, …) = /')
summary=$(awk '/^(write|pwrite64)\(/ { writes++; bytes += $NF; next } writes { printf "write(…) %d times, %d bytes in all\n", writes, bytes; writes = 0; bytes = 0 } { print }' <<<"$calls")

# in_order PATTERN…: each is found in a line after the one before.
in_order() {
    local pattern rest=$summary
    for pattern in "$@"; do
        grep -qE "$pattern" <<<"$rest" || broken "no '$pattern' after the calls before it:"$'\n'"$summary"
        rest=$(sed -nE "/${pattern//\//\\/}/,\$p" <<<"$rest" | tail -n +2)
    done
}
in_order '^openat\(.*RUN/checkpoints/\.last.*\.tmp.*O_CREAT\|O_EXCL' '^write\(' '^fsync\(RUN/checkpoints/\.last.*\.tmp\) = 0' \
    '^rename.*\.tmp.*RUN/checkpoints/last\.safetensors.* = 0' '^openat\(.*RUN/checkpoints"' '^fsync\(RUN/checkpoints\) = 0'
printf '%s\n' "$summary"
