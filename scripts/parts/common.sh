# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the scripts that source this
# What setup.sh, vae and test.sh share. Sourced with `set -euo pipefail` on; runs in bash 3.2 (macOS) as well.

# shellcheck source=current.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/current.sh"
setup_folder=$root/artifacts/setup

# Exit codes of the program (src/Vae.Cli/ExitCode.cs) that the scripts use too.
exit_usage=64 exit_missing_input=66 exit_unavailable=69 exit_defect=70 exit_output_unwritable=73

say() { printf 'vae: %s\n' "$*" >&2; }

# fail CODE MESSAGE: one line, then the end.
fail() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

# Sets `dotnet`: the one in PATH, else where its installers put it.
find_dotnet() {
    local folder
    if dotnet=$(command -v dotnet); then return; fi
    for folder in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/local/share/dotnet /usr/share/dotnet /usr/lib/dotnet; do
        dotnet=$folder/dotnet
        if [ -f "$dotnet" ] && [ -x "$dotnet" ]; then return; fi
    done
    fail "$exit_unavailable" "the .NET SDK is not installed: get version 10 at https://dot.net and run this again"
}

# run_dotnet ARGUMENT…, from the root, as global.json and a NuGet.config count from there: in English, as its messages are read;
# without standard input and the lock, as a server that it starts may outlive this.
run_dotnet() {
    (cd "$root" && DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 "$dotnet" "$@") </dev/null 9>&-
}

# The SDK that global.json asks for; a runtime alone, or an older SDK, cannot build.
require_sdk() {
    local answer found
    find_dotnet
    if answer=$(run_dotnet --version 2>&1); then return; fi
    found=$("$dotnet" --list-sdks 2>/dev/null | awk '{ printf "%s%s", separator, $1; separator = ", " }' || true)
    case ", $found" in
        *', 10.'*) fail "$exit_unavailable" "$dotnet does not run: $(head -n 1 <<<"$answer")" ;;
        *) fail "$exit_unavailable" "the .NET SDK 10 is needed, $dotnet has ${found:-none}: get it at https://dot.net and run this again" ;;
    esac
}

# One setup or build at a time. flock (Linux) ends with the process; where it is missing (macOS), a folder that holds its owner's
# process id does, and whoever waits clears it away when the owner is dead.
take_lock() {
    if ! mkdir -p "$setup_folder" 2>/dev/null || [ ! -w "$setup_folder" ]; then
        fail "$exit_output_unwritable" "$setup_folder cannot be written: run this as its owner, or in a copy of your own"
    fi
    if command -v flock >/dev/null 2>&1; then
        exec 9>>"$setup_folder/lock"
        flock 9
        return
    fi
    local folder=$setup_folder/lock.d owner nameless=0
    until mkdir "$folder" 2>/dev/null; do
        owner=$(cat "$folder/pid" 2>/dev/null || true)
        if [ -z "$owner" ]; then nameless=$((nameless + 1)); else nameless=0; fi
        if [ "$nameless" -gt 50 ] || { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; }; then
            # Moving is atomic: of those who wait, one clears it.
            if mv "$folder" "$folder.$$" 2>/dev/null; then rm -rf "$folder.$$"; fi
            nameless=0
        fi
        sleep 0.2
    done
    echo $$ >"$folder/pid"
    trap release_lock EXIT
}

release_lock() {
    if [ "$(cat "$setup_folder/lock.d/pid" 2>/dev/null || true)" = $$ ]; then rm -rf "$setup_folder/lock.d"; fi
    exec 9>&-
}

# The build overwrites files in place, and a program that runs from them would crash on its own mappings. So each file first gets
# an inode of its own, and what runs keeps the old one. The packages' big libraries do not change.
detach_running_programs() {
    local folder
    folder=$(dirname "$program")
    [ -d "$folder" ] || return 0
    find "$folder" -type f -size -16384k -exec sh -c '
    for file; do cp -p "$file" "$file.fresh" && mv -f "$file.fresh" "$file"; done' sh {} +
}

# build TARGET LOG: Release. Where it fails, the errors on standard error, each once, and the exit code as status.
build() {
    local status=0
    detach_running_programs
    run_dotnet build "$1" -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false >"$2" 2>&1 || status=$?
    [ "$status" -ne 0 ] || return 0
    if ! grep -E ': (error|warning) ' "$2" | sed -e "s|$root/||g" -e 's/ \[[^]]*\]$//' -e 's/^ *//' | sort -u | head -n 40 >&2; then
        tail -n 20 "$2" >&2
    fi
    if grep -q 'error NU[0-9]' "$2"; then
        say "NuGet lacks a package, so nothing was built (the whole log: ${2#"$root"/})"
        return "$exit_unavailable"
    fi
    say "the build failed (the whole log: ${2#"$root"/})"
    return "$exit_defect"
}
