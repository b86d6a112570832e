# shellcheck shell=bash
# shellcheck disable=SC2034 # variables for the scripts that source this
# What scripts/crash/* share: the program, a folder to work in, a run that is tiny and saves at every step, and what is proven of one.
# VAE_PROGRAM names another vae.dll than that of scripts/vae; the tests do that.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
exit_done=0 exit_usage=64 exit_output_unwritable=73 exit_input_output=74 killed=137

say() { printf 'vae: %s\n' "$*" >&2; }

# usage_error MESSAGE
usage_error() {
    say "$1"
    exit "$exit_usage"
}

prepare() {
    program=${VAE_PROGRAM:-$root/artifacts/bin/Vae.Cli/release/vae.dll}
    if [ -z "${VAE_PROGRAM:-}" ]; then "$root/scripts/vae" --version >/dev/null; fi # builds where a source is newer
    work=$(mktemp -d "${TMPDIR:-/tmp}/vae-crash.XXXXXX")
    trap clean_up EXIT
    cat >"$work/tiny.json" <<'JSON'
{
  "data": { "source": "digits", "train_images": 320, "validation": 64, "test_images": 64 },
  "model": { "latent": 4, "encoder": { "kind": "mlp", "hidden": [32] }, "decoder": { "kind": "mlp", "hidden": [32] } },
  "train": { "epochs": 20, "batch_size": 16, "checkpoint_every_steps": 1 },
  "output": { "sample_every": 5, "samples": 4 }
}
JSON
    repeatable=(--device cpu --threads 1)
}

clean_up() {
    if [ "${VAE_CRASH_NAMESPACE:-}" = yes ]; then umount -R "$work/disk" 2>/dev/null || true; fi
    rm -rf "$work"
}

vae() { dotnet "$program" "$@"; }

# broken WHAT: the end of a script whose proof did not come out.
broken() {
    say "FAILED: $*"
    exit 1
}

# skip WHY: told on standard output, so that nobody takes it for a proof.
skip() {
    echo "skipped: $*"
    exit 0
}

# Goes on in a mount namespace of its own, so that no mount outlives the script, whatever becomes of it. Root is needed, or a system
# that lets users be root in a namespace.
require_mounts() {
    if [ "${VAE_CRASH_NAMESPACE:-}" = yes ]; then return; fi
    local options probe
    for options in '--mount' '--mount --map-root-user'; do
        # shellcheck disable=SC2086 # two words
        if probe=$(unshare $options sh -c 'mount -t tmpfs tmpfs /mnt && echo can' 2>/dev/null) && [ "$probe" = can ]; then
            # shellcheck disable=SC2086
            VAE_CRASH_NAMESPACE=yes exec unshare $options "$BASH" "$0" "$@"
        fi
    done
    skip "a file system can be mounted neither as this user nor in a namespace of its own"
}

# header FILE: the JSON header of a safetensors file.
header() {
    local length
    length=$(od -An -t u8 -N 8 "$1" | tr -d ' ')
    head -c $((8 + length)) "$1" | tail -c +9
}

# check_whole FILE: the file is as long as its header says, by no code of ours. Sets `step`, the update that it was saved after.
check_whole() {
    local text length end
    text=$(header "$1")
    length=$(wc -c <"$1" | tr -d ' ')
    end=$(grep -o '"data_offsets":\[[0-9]*,[0-9]*\]' <<<"$text" | sed 's/.*,\([0-9]*\)]/\1/' | sort -n | tail -n 1)
    step=$(sed -n 's/.*"vae\.step":"\([0-9]*\)".*/\1/p' <<<"$text")
    if [ -z "$end" ] || [ -z "$step" ] || [ "$length" -ne $((8 + $(printf '%s' "$text" | wc -c) + end)) ]; then
        broken "$1 is not whole: $length bytes, tensors to ${end:-?}"
    fi
}

digest() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1; }

metrics_but_for_times() { sed -e 's/,"images_per_second":[^,}]*//' -e 's/,"seconds":[^,}]*//' "$1"; }

# check_same WHOLE RUN: both went the same way, to the last bit of weights, optimizer state, progress and figures.
check_same() {
    local file
    for file in checkpoints/last.safetensors checkpoints/best.safetensors; do
        [ "$(digest "$1/$file")" = "$(digest "$2/$file")" ] || broken "$2/$file is not that of the run that never stopped"
    done
    [ "$(metrics_but_for_times "$1/metrics.jsonl")" = "$(metrics_but_for_times "$2/metrics.jsonl")" ] ||
        broken "$2/metrics.jsonl is not that of the run that never stopped, times left aside"
}

temporary_files() { find "$1" -name '.*.tmp'; }

check_no_temporary_file() { [ -z "$(temporary_files "$1")" ] || broken "left behind: $(temporary_files "$1")"; }

# check_failure STATUS EXPECTED OUT ERR WORDS: the exit code, nothing on standard output, and a last line on standard error that says WORDS.
check_failure() {
    [ "$1" -eq "$2" ] || broken "exit code $1 where $2 is due: $(cat "$4")"
    [ ! -s "$3" ] || broken "standard output is not empty: $(cat "$3")"
    tail -n 1 "$4" | grep -q "$5" || broken "the last line does not say '$5': $(tail -n 1 "$4")"
}
