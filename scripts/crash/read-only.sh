#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of common.sh
# A run folder that cannot be written to fails before training begins, with exit code 73. Root passes over permissions, so the folders
# lie on file systems that are mounted read-only.
set -euo pipefail
# shellcheck source=common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# refused WHAT ARGUMENT…: training with these arguments fails, before it says that it begins.
refused() {
    local what=$1 status=0
    shift
    vae train "$@" "${repeatable[@]}" >"$work/out" 2>"$work/err" || status=$?
    check_failure "$status" "$exit_output_unwritable" "$work/out" "$work/err" 'cannot be written\|cannot make'
    if grep -q 'parameters' "$work/err"; then broken "$what: training began: $(cat "$work/err")"; fi
    echo "$what: exit code $status, $(tail -n 1 "$work/err" | sed "s|$work|…|g")"
}

mount_read_only() { mount -o remount,ro,bind "$1"; }

require_mounts "$@"
prepare
disk=$work/disk
mkdir "$disk"
mount -t tmpfs -o size=16m tmpfs "$disk"
mkdir "$disk/empty"
vae train --config "$work/tiny.json" --epochs 1 --run "$disk/run" "${repeatable[@]}" >/dev/null 2>"$work/err" || broken "$(cat "$work/err")"
before=$(digest "$disk/run/checkpoints/last.safetensors")

# Only the part that takes the checkpoints.
mount --bind "$disk/run/checkpoints" "$disk/run/checkpoints"
mount_read_only "$disk/run/checkpoints"
refused 'resume with read-only checkpoints' --resume "$disk/run" --epochs 2
umount "$disk/run/checkpoints"

# All of it.
mount_read_only "$disk"
refused 'a new run in a read-only folder' --config "$work/tiny.json" --run "$disk/empty"
refused 'a new folder on a read-only file system' --config "$work/tiny.json" --run "$disk/new"
refused 'resume on a read-only file system' --resume "$disk/run" --epochs 2
[ "$before" = "$(digest "$disk/run/checkpoints/last.safetensors")" ] || broken "the checkpoint was changed"
echo "the checkpoint is what it was, and loads:"
vae sample --run "$disk/run" -n 4 --out "$work/grid.png" >/dev/null 2>"$work/err" || broken "$(cat "$work/err")"
echo "  vae sample --run RUN: exit code 0"
