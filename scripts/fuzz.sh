#!/usr/bin/env bash
# Feeds damaged files to every parser of the program; tests/Vae.Core.Tests/Fuzzing says what must hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage="usage: scripts/fuzz.sh [CASES] [--seed N] [--parser NAME]
  CASES     damaged files in all, 1000000 by itself
  --seed    of the damage, another each time by itself
  --parser  only this one: idx, gzip, amat, npy, npz, safetensors, checkpoint, png, configuration, override or metrics"

say() { printf 'vae: %s\n' "$*" >&2; }

usage_error() {
    say "$1"
    exit 64
}

cases=1000000 seed=$RANDOM$RANDOM parser='' filter='FullyQualifiedName~Fuzzing.FuzzTests'
while [ $# -gt 0 ]; do
    case $1 in
        --seed)
            case ${2:-} in '' | *[!0-9]*) usage_error "--seed takes a number, not '${2:-}'" ;; esac
            seed=$2
            shift
            ;;
        --parser)
            case ${2:-} in '' | *[!a-z]*) usage_error "--parser takes a name, not '${2:-}'" ;; esac
            parser=$2
            shift
            ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit 0
            ;;
        '' | *[!0-9]*) usage_error "scripts/fuzz.sh knows no '$1': see scripts/fuzz.sh --help" ;;
        *) cases=$1 ;;
    esac
    shift
done
if [ -n "$parser" ]; then filter="$filter&DisplayName~$parser"; fi

scripts/build tests/Vae.Core.Tests
report=$(mktemp "${TMPDIR:-/tmp}/vae-fuzz.XXXXXX") log=artifacts/fuzz.log status=0
trap 'rm -f "$report"' EXIT
say "$cases cases, seed $((seed % 1000000000))…"
started=$SECONDS
DOTNET_CLI_UI_LANGUAGE=en VAE_FUZZ_CASES=$cases VAE_FUZZ_SEED=$((seed % 1000000000)) VAE_FUZZ_REPORT=$report \
    dotnet test tests/Vae.Core.Tests -c Release --no-build --nologo --filter "$filter" >"$log" 2>&1 || status=$?
sort "$report"
awk '{ for (i = 2; i <= NF; i++) { if ($i == "cases") cases += $(i - 1); if ($i == "read") read += $(i - 1); if ($i == "refused") refused += $(i - 1) } }
    END { printf "%d cases: %d read, %d refused in words of our own", cases, read, refused }' "$report"
echo "; $((SECONDS - started)) s"
if [ "$status" -ne 0 ]; then
    sed -n '/Error Message/,/Stack Trace/p' "$log" >&2
    say "FAILED (the whole log: $log); the same damage again: scripts/fuzz.sh $cases --seed $((seed % 1000000000))"
    exit 1
fi
