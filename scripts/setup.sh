#!/usr/bin/env bash
# shellcheck disable=SC2154 # variables of scripts/parts
# Chooses where TorchSharp and ScottPlot come from, installs what the choice needs and writes it to artifacts/setup/Engine.props.
# Does nothing where all of that is done. docs/engines.md is its manual.
set -euo pipefail
# shellcheck source=parts/common.sh source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/parts/common.sh"
system=$(uname -s) machine=$(uname -m)
# shellcheck source=parts/choice.sh source-path=SCRIPTDIR
. "$root/scripts/parts/choice.sh"
# shellcheck source=parts/libtorch.sh source-path=SCRIPTDIR
. "$root/scripts/parts/libtorch.sh"

usage="usage: scripts/setup.sh [--torch auto|package|shim] [--plot auto|package|shim] [--cuda|--no-cuda] [--build] [--force] [--quiet]
  --torch, --plot  where TorchSharp and ScottPlot come from; kept for later calls
  --cuda           the libtorch for NVIDIA GPUs, as by itself where a driver is seen; --no-cuda never; kept for later calls
  --build          build the program too
  --force          forget what earlier calls asked for and found, and do everything anew
  --quiet          say nothing where nothing is to be done
VAE_LIBTORCH=DIR   the shim on this libtorch: an unpacked one, or the torch folder of a Python installation; kept for later
                   calls until --torch auto"

# What is asked for (empty: what an earlier call asked for), what was chosen and why, and from what that was made.
torch_request='' plot_request='' cuda_request='' libtorch_request=''
torch_source='' plot_source='' cuda=false reason_torch='' reason_plot=''
choice_key='' native_key='' libtorch_file=''
kept='torch_request plot_request cuda_request libtorch_request torch_source plot_source cuda reason_torch reason_plot choice_key native_key'

build_too=false force=false quiet=false did_something=false asked_nuget=false

checksum() { cksum | tr ' ' -; }

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
            --torch | --plot)
                case ${2:-} in auto | package | shim) ;; *) fail "$exit_usage" "$1 takes auto, package or shim, not '${2:-}'" ;; esac
                if [ "$1" = --torch ]; then torch_request=$2; else plot_request=$2; fi
                shift
                ;;
            --cuda) cuda_request=true ;;
            --no-cuda) cuda_request=false ;;
            --build) build_too=true ;;
            --force) force=true ;;
            --quiet) quiet=true ;;
            -h | --help)
                printf '%s\n' "$usage"
                exit 0
                ;;
            *) fail "$exit_usage" "scripts/setup.sh knows no '$1': see scripts/setup.sh --help" ;;
        esac
        shift
    done
    libtorch_request=${VAE_LIBTORCH:-}
}

# Fills in from the earlier call what this one leaves open.
recall() {
    local key value asked=" torch_request plot_request cuda_request libtorch_request "
    if [ "$torch_request" = auto ] && [ -z "$libtorch_request" ]; then libtorch_request=none; fi
    if [ "$force" = false ] && [ -f "$setup_folder/state" ]; then
        while IFS='=' read -r key value; do
            case " $kept " in *" $key "*) ;; *) continue ;; esac
            case $asked in *" $key "*) [ -z "${!key}" ] || continue ;; esac
            printf -v "$key" '%s' "$value"
        done <"$setup_folder/state"
    fi
    [ "$libtorch_request" != none ] || libtorch_request=''
    torch_request=${torch_request:-auto} plot_request=${plot_request:-auto} cuda_request=${cuda_request:-auto}
}

remember() {
    local name
    for name in $kept; do printf '%s=%s\n' "$name" "${!name}"; done >"$setup_folder/state.new"
    mv -f "$setup_folder/state.new" "$setup_folder/state"
}

choose() {
    local key
    platform=$(package_platform)
    key=$({
        cat "$root/Directory.Packages.props" "$root/scripts/parts/choice.sh"
        printf '%s\n' "$torch_request" "$plot_request" "$cuda_request" "$libtorch_request" "$platform"
        if driver_seen; then echo driver; fi
    } | checksum)
    if [ "$key" = "$choice_key" ]; then return; fi
    require_sdk
    did_something=true native_key=''
    choose_torch
    choose_plot
    choice_key=$key
}

# What the choice needs beyond NuGet's packages, which the build fetches. Sets `torch_summary`.
provide() {
    local version whose=$libtorch_request note=''
    if [ "$torch_source" = package ]; then
        libtorch_file=''
        torch_summary="TorchSharp $(pinned TorchSharp) with $(libtorch_package "$cuda") from NuGet ($reason_torch)"
        return
    fi
    # A native part that is there was built with all that it needs, so only what it loads is looked for.
    if [ -z "$native_key" ] || ! locate_libtorch; then provide_libtorch; fi
    version=$(libtorch_version)
    require_supported "$version"
    if [ ! -e "$(dirname "$libtorch_file")/libtorch_cuda.so" ]; then
        if [ "$cuda_request" = true ]; then fail "$exit_unavailable" "$libtorch_file is without CUDA: leave out --cuda, or set VAE_LIBTORCH to one with it"; fi
        if driver_seen; then note='; it is without CUDA, so for the GPU set VAE_LIBTORCH to one with it'; fi
    fi
    build_native "$version"
    # shellcheck disable=SC1091 # a file of the system
    if [ -z "$whose" ]; then whose="$( (. /etc/os-release && printf '%s' "${NAME%% *}") 2>/dev/null || echo system)'s"; fi
    torch_summary="TorchSharp from the shim on libtorch $version ($whose; $reason_torch$note)"
}

summarize() {
    local plot='plots from the shim'
    [ "$plot_source" = shim ] || plot="ScottPlot $(pinned ScottPlot) from NuGet"
    if [ "$plot_source" != "$torch_source" ]; then plot="$plot ($reason_plot)"; fi
    say "$torch_summary, $plot"
}

# Without the ahead-of-time compiler the program is the same, but starts slower, so its lack is told and nothing more.
fetch_compiler() {
    local log=$setup_folder/compiler.log
    if NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=2 run_dotnet restore src/ReadyToRun.proj -nodeReuse:false >"$log" 2>&1; then return; fi
    say "starting will take longer, as NuGet has no ahead-of-time compiler (the whole log: ${log#"$root"/})"
}

# The stamp bears the time before the build, so that a source that changes meanwhile is newer. Another call may have built while
# this one waited for the lock.
build_program() {
    if is_current; then return; fi
    require_sdk
    if [ -f "$program" ]; then say 'building (a source is newer)…'; else say 'building (first use)…'; fi
    {
        printf '%s\n' "$libtorch_request"
        if [ "$torch_source" = shim ]; then printf '%s\n' "$libtorch_file" "$native_library"; fi
    } >"$build_stamp.new"
    fetch_compiler
    build src/Vae.Cli/Vae.Cli.csproj "$setup_folder/build.log" || exit
    mv -f "$build_stamp.new" "$build_stamp"
}

parse_arguments "$@"
take_lock
recall
choose
provide
write_props
remember
if [ "$did_something" = true ] || [ "$quiet" = false ]; then summarize; fi
if [ "$build_too" = true ]; then build_program; fi
