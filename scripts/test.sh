#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of scripts/parts
# Sets up, builds and runs every test, one project after the other, as some measure time. The last line is the sum:
# `N passed, N failed, N skipped`. A build, a format or a test run that breaks counts as one failure.
set -euo pipefail
# shellcheck source=parts/common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/parts/common.sh"

usage="usage: scripts/test.sh [--no-format] [OPTION…]
  --no-format  leave out 'dotnet format --verify-no-changes'
  OPTION…      for dotnet test, such as --filter 'FullyQualifiedName~Idx'"

results=$root/artifacts/test-results
passed=0 failed=0 skipped=0 failures='' skips=''

add_failure() {
    failed=$((failed + 1))
    failures="$failures  $1"$'\n'
}

finish() {
    if [ -n "$skips" ]; then printf 'Skipped:\n%s' "$skips"; fi
    if [ -n "$failures" ]; then printf 'Failed:\n%s' "$failures"; fi
    if [ $((passed + failed)) -eq 0 ]; then echo 'No test ran.'; fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then exit 1; fi
    exit 0
}

build_solution() {
    local status=0
    "$root/scripts/setup.sh" || status=$?
    if [ "$status" -eq 0 ]; then
        find_dotnet
        take_lock
        say 'building the solution…'
        build Vae.Cli.sln "$setup_folder/build-solution.log" || status=$?
        release_lock
    fi
    if [ "$status" -ne 0 ]; then
        add_failure "setup or build (exit code $status)"
        finish
    fi
}

check_format() {
    local log=$setup_folder/format.log
    say 'checking the format…'
    if run_dotnet format Vae.Cli.sln --verify-no-changes --no-restore >"$log" 2>&1; then return; fi
    sed -e "s|$root/||g" -e 's/ \[[^]]*\]$//' "$log" | sort -u | head -n 40 >&2
    add_failure "format: run 'dotnet format' and look at what it changed (the whole log: ${log#"$root"/})"
}

# names FILE OUTCOME: the tests of a result file with that outcome, one a line.
names() {
    sed -n "/<UnitTestResult .*outcome=\"$2\"/s/.* testName=\"\([^\"]*\)\".*/  \1/p" "$1" |
        sed -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&quot;/"/g' -e 's/&#x[AD];/ /g' -e "s/&apos;/'/g" -e 's/&amp;/\&/g'
}

count() { grep -c . <<<"$1" || true; }

# tally PROJECT STATUS: adds up the project's result file, which the test host's crash may have left out or cut.
tally() {
    local file=$results/$1.trx broken='' run_failures='' run_skips='' run_passed=0
    if [ -f "$file" ]; then
        run_failures=$(names "$file" Failed)
        run_skips=$(names "$file" NotExecuted)
        run_passed=$(names "$file" Passed | grep -c . || true)
        # A test host that crashed or was ended for hanging shows in a message only, while tests that finished before it have results.
        if sed -n '/<RunInfos>/,$p' "$file" | grep -qE 'active test run was aborted|Test host process (crashed|exited)'; then broken=yes; fi
    fi
    passed=$((passed + run_passed))
    failed=$((failed + $(count "$run_failures")))
    skipped=$((skipped + $(count "$run_skips")))
    if [ -n "$run_failures" ]; then failures="$failures$run_failures"$'\n'; fi
    if [ -n "$run_skips" ]; then skips="$skips$run_skips"$'\n'; fi
    if [ -n "$broken" ] || { [ "$2" -ne 0 ] && [ -z "$run_failures" ]; }; then
        add_failure "$1: the run broke off (dotnet test ended with $2)"
    fi
}

run_project() {
    local project=$1 name status=0
    shift
    name=$(basename "$project" .csproj)
    say "testing ${name}…"
    # A test that hangs is named and ended, so that the sum comes all the same.
    run_dotnet test "$project" -c Release --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang-timeout 8m --blame-hang-dump-type none "$@" 2>&1 || status=$?
    tally "$name" "$status"
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

build_solution
if [ "$format" = true ]; then check_format; fi
rm -rf "$results"
for project in "$root"/tests/*/*.csproj; do
    if grep -q '<IsTestProject>true' "$project"; then run_project "$project" ${options[@]+"${options[@]}"}; fi
done
finish
