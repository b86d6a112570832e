#!/usr/bin/env bash
# Builds, checks the format and runs every test, one project after the other, as some measure time. The last line is the sum:
# `N passed, N failed, N skipped`. A build, a format or a test run that breaks counts as one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

usage="usage: scripts/test.sh [--no-format] [OPTION…]
  --no-format  leave out 'dotnet format --verify-no-changes'
  OPTION…      for dotnet test, such as --filter 'FullyQualifiedName~Idx'"
log=$(mktemp) passed=0 failed=0 skipped=0 names=''
trap 'rm -f "$log"' EXIT

# broken WHAT
broken() {
    failed=$((failed + 1)) names="$names  Failed $1"$'\n'
}

finish() {
    printf '%s%d passed, %d failed, %d skipped\n' "$names" "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# run PROJECT OPTION…: adds the figures of the project's last line, which is missing where the test host crashed. A test that hangs is
# named and ended.
run() {
    local status run_failed run_passed run_skipped
    dotnet test "$@" -c Release --no-build --nologo --results-directory artifacts/test-results \
        --blame-hang-timeout 8m --blame-hang-dump-type none </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r run_failed run_passed run_skipped <<<"$(sed -n \
        's/^[A-Z][a-z]*! *- Failed: *\([0-9]*\), Passed: *\([0-9]*\), Skipped: *\([0-9]*\),.*/\1 \2 \3/p' "$log")"
    passed=$((passed + run_passed)) failed=$((failed + run_failed)) skipped=$((skipped + run_skipped))
    names=$names$(grep -E '^  (Failed|Skipped) ' "$log" && echo x) names=${names%x}
    if grep -q '^Test Run Aborted' "$log" || { [ "$status" -ne 0 ] && [ "$((run_failed))" -eq 0 ]; }; then
        broken "$1: the run broke off (dotnet test ended with $status)"
    fi
}

format=true options=()
for argument in "$@"; do
    case $argument in
        --no-format) format=false ;;
        -h | --help)
            printf '%s\n' "$usage"
            exit 0
            ;;
        *) options+=("$argument") ;;
    esac
done

if ! scripts/build Vae.Cli.sln; then
    broken 'the build'
    finish
fi
if [ "$format" = true ] && ! dotnet format Vae.Cli.sln --verify-no-changes --no-restore; then broken "the format: 'dotnet format' mends it"; fi
for project in tests/*.Tests; do run "$project" ${options[@]+"${options[@]}"}; done
finish
