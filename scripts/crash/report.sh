#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # code in Markdown, variables of common.sh
# Runs every proof of scripts/crash, and the fuzzer, and keeps what they print: docs/results/crash.md and docs/results/fsync.txt.
set -euo pipefail
# shellcheck source=common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage="usage: scripts/crash/report.sh [--kills N] [--minutes N] [--cases N]
  --kills    how often training is killed, 1000 by itself, within --minutes, 15 by itself
  --cases    damaged files, 1000000 by itself"

kills=1000 minutes=15 cases=1000000
while [ $# -gt 0 ]; do
    case $1 in
        --kills | --minutes | --cases)
            case ${2:-} in '' | *[!0-9]*) usage_error "$1 takes a number, not '${2:-}'" ;; esac
            case $1 in --kills) kills=$2 ;; --minutes) minutes=$2 ;; *) cases=$2 ;; esac
            shift
            ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit 0
            ;;
        *) usage_error "scripts/crash/report.sh knows no '$1': see scripts/crash/report.sh --help" ;;
    esac
    shift
done

results=$root/docs/results
report=$results/crash.md
mkdir -p "$results"

# prove COMMAND…: its words, run from the root, and what it prints.
prove() {
    local printed
    say "$*…"
    printed=$(cd "$root" && "$@")
    printf '\n```\n$ %s\n%s\n```\n' "$*" "$printed" >>"$report"
}

printf '%s\n' '# Runs that survive' '' 'Written by `scripts/crash/report.sh`; each block is a command and what it printed.' >"$report"
prove scripts/crash/full-disk.sh
prove scripts/crash/read-only.sh
prove scripts/crash/kill.sh "$kills" --minutes "$minutes"
prove scripts/fuzz.sh "$cases"
"$root/scripts/crash/fsync.sh" >"$results/fsync.txt"
printf '\n%s\n' 'The system calls by which a checkpoint reaches the disk (`scripts/crash/fsync.sh`): [fsync.txt](fsync.txt).' >>"$report"
