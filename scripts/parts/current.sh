# shellcheck shell=bash
# Whether the program is there and no source is newer. In a file of its own, as it is read at each start.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build_stamp=$root/artifacts/setup/vae.stamp
program=$root/artifacts/bin/Vae.Cli/release/vae.dll

case ${VAE_LIBTORCH:-} in '' | /*) ;; *) export VAE_LIBTORCH=$PWD/$VAE_LIBTORCH ;; esac

# The stamp's first line is the VAE_LIBTORCH that was built for, the others are the libraries that the program loads. Changes are
# told by the time of a file's status, not of its content: unpacking or copying may set the latter to any time in the past.
is_current() {
    [ -f "$build_stamp" ] && [ -f "$program" ] || return 1
    local built_for library changed
    set -- "$root"/src "$root"/scripts/parts "$root"/scripts/setup.sh "$root"/global.json "$root"/Directory.*.props \
        "$root/artifacts/setup/Engine.props"
    {
        IFS= read -r built_for || return 1
        while IFS= read -r library; do set -- "$@" "$library"; done
    } <"$build_stamp"
    [ -z "${VAE_LIBTORCH:-}" ] || [ "$VAE_LIBTORCH" = "$built_for" ] || return 1
    changed=$(find "$@" -cnewer "$build_stamp" 2>&1) && [ -z "$changed" ]
}
