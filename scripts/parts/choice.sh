# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shares its variables with setup.sh
# Where TorchSharp and ScottPlot come from. Sourced by setup.sh.

# The version that Directory.Packages.props pins, so that it stands in one place.
pinned() {
    local version
    version=$(sed -n 's/.*Include="'"$1"'" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
    # shellcheck disable=SC2016 # a property of MSBuild, not of the shell
    if [ "$version" = '$(LibTorchVersion)' ]; then
        version=$(sed -n 's|.*<LibTorchVersion>\(.*\)</LibTorchVersion>.*|\1|p' "$root/Directory.Packages.props")
    fi
    printf '%s' "$version"
}

driver_seen() {
    [ "$system" = Linux ] || return 1
    [ -e /proc/driver/nvidia/version ] || { command -v nvidia-smi && nvidia-smi -L; } >/dev/null 2>&1
}

# How the packages of libtorch name this platform; empty where there is none (src/Engine.targets agrees). They are built on glibc.
package_platform() {
    case $system-$machine in
        Linux-x86_64) if ! ldd --version 2>&1 | grep -qi musl; then echo linux-x64; fi ;;
        Darwin-arm64) echo osx-arm64 ;;
    esac
}

libtorch_package() { if [ "$1" = true ]; then echo "libtorch-cuda-12.1-$platform"; else echo "libtorch-cpu-$platform"; fi; }

# search_finds NAME VERSION: NuGet's search lists that version, or any where VERSION is empty. It drops a fourth part that is zero.
search_finds() {
    local answer wanted=$2
    case $wanted in *.*.*.0) wanted=${wanted%.0} ;; esac
    answer=$(run_dotnet package search "$1" --exact-match --format json 2>/dev/null) || return 1
    if [ -z "$wanted" ]; then wanted='[0-9][^"]*'; fi
    grep -q "\"version\": *\"$wanted\"" <<<"$answer"
}

# Sets `verdict` to yes, no or unreachable, and `lacking`, by restoring a throw-away project with the pinned versions.
try_restore() {
    local folder=$setup_folder/probe log=$setup_folder/probe.log name
    rm -rf "$folder"
    mkdir -p "$folder"
    # Files of its own keep the solution's out of the trial.
    for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' >"$folder/$name"; done
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
        for name in "$@"; do echo "<PackageReference Include=\"$name\" Version=\"[$(pinned "$name")]\" />"; done
        echo '</ItemGroup></Project>'
    } >"$folder/probe.csproj"
    lacking=''
    if NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=2 run_dotnet restore "$folder/probe.csproj" -nodeReuse:false >"$log" 2>&1; then
        verdict=yes
    elif grep -q 'NU1301' "$log"; then
        verdict=unreachable
    else
        verdict=no
        lacking=$(sed -n 's/.*Unable to find package \([A-Za-z0-9._-]*[A-Za-z0-9_-]\).*/\1/p' "$log" | head -n 1)
    fi
    rm -rf "$folder"
}

# ask_nuget NAME…: sets `verdict` and `lacking`. Search comes first, as it fetches nothing; but some sources restore what their
# search does not list. Both packages draw on SkiaSharp, and some sources carry one without the other.
ask_nuget() {
    local name
    [ "$asked_nuget" = true ] || say 'asking NuGet what it has…'
    asked_nuget=true
    for name in "$@"; do
        if ! search_finds "$name" "$(pinned "$name")"; then
            try_restore "$@"
            return
        fi
    done
    if search_finds SkiaSharp ''; then verdict=yes; else try_restore "$@"; fi
}

why_not() { if [ "$verdict" = unreachable ]; then echo 'NuGet does not answer'; else echo "the NuGet source has no ${lacking:-$1}"; fi; }

choose_torch() {
    local wants_cuda=$cuda_request
    cuda=false
    if [ "$wants_cuda" = true ] && [ "$system" = Darwin ]; then fail "$exit_unavailable" "there is no CUDA on macOS: leave out --cuda"; fi
    if [ "$wants_cuda" = auto ]; then if driver_seen; then wants_cuda=true; else wants_cuda=false; fi; fi

    if [ "$torch_request" = shim ]; then
        torch_source=shim reason_torch='as asked for'
    elif [ "$torch_request" = auto ] && [ -n "$libtorch_request" ]; then
        torch_source=shim reason_torch='as VAE_LIBTORCH asks'
    elif [ "$torch_request" = auto ] && [ -z "$platform" ]; then
        torch_source=shim reason_torch="there is no libtorch package for $system on $machine"
    elif [ -z "$platform" ]; then
        fail "$exit_unavailable" "there is no libtorch package for $system on $machine: use --torch shim"
    elif [ "$torch_request" = package ]; then
        torch_source=package cuda=$wants_cuda reason_torch='as asked for'
    else
        choose_torch_by_nuget "$wants_cuda"
    fi
}

choose_torch_by_nuget() {
    local wants_cuda=$1
    ask_nuget TorchSharp "$(libtorch_package "$wants_cuda")"
    if [ "$verdict" = yes ]; then
        torch_source=package cuda=$wants_cuda reason_torch='NuGet has it'
        if [ "$wants_cuda" = true ] && [ "$cuda_request" = auto ]; then reason_torch='an NVIDIA driver was seen'; fi
        return
    fi
    torch_source=shim reason_torch=$(why_not TorchSharp)
    if [ "$verdict" = unreachable ] || [ "$wants_cuda" = false ]; then return; fi

    # It may be the CUDA package alone that is not to be had.
    ask_nuget TorchSharp "$(libtorch_package false)"
    if [ "$verdict" = yes ]; then
        [ "$cuda_request" = auto ] || fail "$exit_unavailable" "$reason_torch: leave out --cuda, or set VAE_LIBTORCH to a libtorch with CUDA"
        torch_source=package reason_torch="without the GPU, as $reason_torch"
    fi
}

choose_plot() {
    plot_source=$plot_request reason_plot='as asked for'
    [ "$plot_request" = auto ] || return 0
    ask_nuget ScottPlot
    if [ "$verdict" = yes ]; then
        plot_source=package reason_plot='NuGet has it'
    else
        plot_source=shim reason_plot=$(why_not ScottPlot)
    fi
}

write_props() {
    local props=$setup_folder/Engine.props
    cat >"$props.new" <<PROPS
<Project>
  <!-- Written by scripts/setup.sh; docs/engines.md tells what it means. A property given to dotnet with -p: goes first. -->
  <PropertyGroup>
    <TorchSource>$torch_source</TorchSource>
    <PlotSource>$plot_source</PlotSource>
    <Cuda>$cuda</Cuda>
  </PropertyGroup>
</Project>
PROPS
    # A file that says the same keeps its time, so that MSBuild finds nothing to do.
    if cmp -s "$props.new" "$props"; then rm -f "$props.new"; else mv -f "$props.new" "$props"; fi
}
