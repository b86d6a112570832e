#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of common.sh
# Kills training at random moments, with a checkpoint at every step, and resumes it. Each run that comes to its end must equal, to the
# last bit, one that was never killed.
set -euo pipefail
# shellcheck source=common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage="usage: scripts/crash/kill.sh [COUNT] [--seed N] [--minutes N]
  COUNT      how often training is killed, 1000 by itself
  --seed     of the moments, another each time by itself
  --minutes  go on no longer than that, however many kills it was"

count=1000 seed=$RANDOM minutes=''
while [ $# -gt 0 ]; do
    case $1 in
        --seed | --minutes)
            case ${2:-} in '' | *[!0-9]*) usage_error "$1 takes a number, not '${2:-}'" ;; esac
            if [ "$1" = --seed ]; then seed=$2; else minutes=$2; fi
            shift
            ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit 0
            ;;
        '' | *[!0-9]*) usage_error "scripts/crash/kill.sh knows no '$1': see scripts/crash/kill.sh --help" ;;
        *) count=$1 ;;
    esac
    shift
done

# Moments are milliseconds after the start of the process (one in eight, and half of a run's first) or after the start of training.
longest_start=900 longest_training=700

kills=0 before_first=0 in_write=0 between=0 left=0 checkpoints=0 runs=0 run='' reached=0

# Sets `delay`, after how many seconds to kill, and `since`, from when on.
choose_moment() {
    local milliseconds odds=8
    if [ ! -e "$run/checkpoints/last.safetensors" ]; then odds=2; fi
    if [ $((RANDOM % odds)) -eq 0 ]; then
        since=process milliseconds=$((RANDOM % longest_start))
    else
        since=training milliseconds=$((RANDOM % longest_training))
    fi
    delay=$(printf '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000)))
}

# Starts or resumes the run in the background, its standard error in a pipe that is read up to where training begins.
start() {
    local what line
    if [ -e "$run/config.json" ]; then what=(--resume "$run"); else what=(--config "$work/tiny.json" --run "$run"); fi
    dotnet "$program" train "${what[@]}" "${repeatable[@]}" >/dev/null 2>"$work/pipe" 3<&- &
    process=$!
    exec 3<"$work/pipe"
    said=''
    if [ "$since" = process ]; then return; fi
    while IFS= read -r line <&3; do
        said="$said$line"$'\n'
        case $line in *' steps'*) break ;; esac
    done
}

# Waits for the process; its exit code is in `status`.
end() {
    status=0
    { wait "$process" || status=$?; } 2>/dev/null
    said="$said$(cat <&3)"
    exec 3<&-
}

# What a kill left: where it hit, and a checkpoint that is whole and not older than those seen before.
look_at_what_is_left() {
    local temporary=''
    kills=$((kills + 1))
    if [ -d "$run" ]; then temporary=$(temporary_files "$run"); fi
    if [ ! -e "$run/checkpoints/last.safetensors" ]; then
        before_first=$((before_first + 1))
    elif [ -n "$temporary" ]; then
        in_write=$((in_write + 1))
    else
        between=$((between + 1))
    fi
    if [ -n "$temporary" ]; then left=$((left + $(grep -c . <<<"$temporary"))); fi
    if [ -e "$run/checkpoints/last.safetensors" ]; then
        check_whole "$run/checkpoints/last.safetensors"
        [ "$step" -ge "$reached" ] || broken "the checkpoint of step $reached gave way to one of step $step"
        reached=$step checkpoints=$((checkpoints + 1))
    fi
}

finish_run() {
    check_same "$work/whole" "$run"
    check_no_temporary_file "$run"
    rm -rf "$run"
    begin_run
}

begin_run() {
    runs=$((runs + 1)) reached=0
    run=$work/run-$runs
}

prepare
RANDOM=$seed
mkfifo "$work/pipe"
vae train --config "$work/tiny.json" --run "$work/whole" "${repeatable[@]}" >/dev/null 2>"$work/whole.err" || broken "$(cat "$work/whole.err")"
begin_run
started=$SECONDS
while [ "$kills" -lt "$count" ] && { [ -z "$minutes" ] || [ $((SECONDS - started)) -lt $((60 * minutes)) ]; }; do
    choose_moment
    start
    sleep "$delay"
    { kill -9 "$process" || true; } 2>/dev/null
    end
    case $status in
        "$killed") look_at_what_is_left ;;
        "$exit_done") finish_run ;;
        *) broken "after $kills kills, training ended with $status: $said" ;;
    esac
done

since=process
start
end
[ "$status" -eq "$exit_done" ] || broken "after $kills kills, training ended with $status: $said"
finish_run
cat <<END
kills survived: $kills (seed $seed, $((SECONDS - started)) s)
  before the run's first checkpoint        $before_first
  in a write (a temporary file was left)   $in_write
  between writes                           $between
checkpoints found whole after a kill: $checkpoints, none older than the one before
temporary files left by kills: $left, all cleared away on resume
runs finished and equal, bit for bit, to one never killed: $((runs - 1))
END
