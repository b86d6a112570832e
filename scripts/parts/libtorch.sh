# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shares its variables with setup.sh
# The shim's libtorch: finding it, installing the distribution's, and building the shim's native part on it. Sourced by setup.sh.

native_source=$root/src/Shims/TorchSharp/native
library_suffix=so
[ "$system" != Darwin ] || library_suffix=dylib
native_library=$root/artifacts/native/libvae_torch.$library_suffix

# Sets `libtorch_file` and `headers`; false where there is no libtorch.
locate_libtorch() {
    local folder
    if [ -n "$libtorch_request" ]; then
        libtorch_file=$libtorch_request/lib/libtorch.$library_suffix headers=$libtorch_request/include
    else
        libtorch_file='' headers=/usr/include
        for folder in "/usr/lib/$machine-linux-gnu" /usr/lib64 /usr/lib; do
            if [ -z "$libtorch_file" ] && [ -f "$folder/libtorch.so" ]; then libtorch_file=$folder/libtorch.so; fi
        done
    fi
    [ -d "$headers/torch/csrc" ] && [ -n "$libtorch_file" ] && [ -f "$libtorch_file" ]
}

# Its own notes go before its headers: those of 1.13.1 call themselves 1.13.0.
libtorch_version() {
    local found='' header=$headers/torch/headeronly/version.h
    [ -f "$header" ] || header=$headers/torch/csrc/api/include/torch/version.h # before 2.10
    if [ -z "$libtorch_request" ]; then
        found=$(dpkg-query -W -f='${Version}' libtorch-dev 2>/dev/null | sed 's/[^0-9.].*//' || true)
    elif [ -f "$libtorch_request/build-version" ]; then
        found=$(head -n 1 "$libtorch_request/build-version")
    elif [ -f "$libtorch_request/version.py" ]; then
        found=$(sed -n "s/^__version__ *= *'\([^']*\)'.*/\1/p" "$libtorch_request/version.py")
    fi
    if [ -z "$found" ] && [ -f "$header" ]; then
        found=$(awk '/define TORCH_VERSION_(MAJOR|MINOR|PATCH) / { v = v s $3; s = "." } END { print v }' "$header")
    fi
    printf '%s' "${found:-of unknown version}"
}

require_supported() {
    local major=${1%%.*} minor=${1#*.}
    minor=${minor%%.*}
    case $major$minor in *[!0-9]* | '') return 0 ;; esac # unknown: the compiler decides
    if [ "$major" -lt 1 ] || { [ "$major" -eq 1 ] && [ "$minor" -lt 13 ]; }; then
        fail "$exit_unavailable" "libtorch $1 is too old, 1.13 is the first that works: set VAE_LIBTORCH to a newer one"
    fi
}

have() { command -v "$1" >/dev/null 2>&1; }

# Debian's libtorch takes whatever update-alternatives gives for libblas.so.3 and liblapack.so.3. The reference implementation, which
# comes by itself, is many times slower than OpenBLAS; where somebody chose another fast one, it stays.
blas_folder=/usr/lib/$machine-linux-gnu
is_reference() { case $(readlink -f "$blas_folder/$1.so.3") in "$blas_folder"/blas/* | "$blas_folder"/lapack/*) return 0 ;; *) return 1 ;; esac }

needs_openblas() {
    [ ! -e "$blas_folder/openblas-pthread/libblas.so.3" ] || return 1
    [ ! -e "$blas_folder/libblas.so.3" ] || is_reference libblas
}

# Sets `missing` to the Debian packages that the shim still needs.
list_missing() {
    missing=()
    if [ -z "$libtorch_request" ]; then
        locate_libtorch || missing+=(libtorch-dev)
        if needs_openblas; then missing+=(libopenblas-dev libopenblas-pthread-dev); fi
    fi
    have cmake || missing+=(cmake)
    have c++ || missing+=(g++)
    have make || missing+=(make)
}

# Sets `as_root` to what goes before a command that needs root; false where that cannot be had without a password.
may_install() {
    as_root=()
    [ "$(id -u)" -ne 0 ] || return 0
    if have sudo && sudo -n true >/dev/null 2>&1; then as_root=(sudo -n); else return 1; fi
}

install_missing() {
    local log=$setup_folder/apt.log reason
    if ! may_install; then
        fail "$exit_unavailable" "only root may install what is missing; have this run once, then try again: sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
    say "installing ${missing[*]} by apt-get (log: ${log#"$root"/})…"
    # An update that fails matters only if the installation then fails too.
    ${as_root[@]+"${as_root[@]}"} apt-get -qq update >"$log" 2>&1 </dev/null 9>&- || true
    if ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 install --yes \
        --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null 9>&-; then return; fi
    reason=$(grep '^E:' "$log" | tail -n 1 || true)
    fail "$exit_unavailable" "apt-get could not install ${missing[*]} (${reason#E: }): see ${log#"$root"/}, or set VAE_LIBTORCH to an unpacked libtorch"
}

prefer_openblas() {
    local name command
    have update-alternatives || return 0
    for name in libblas liblapack; do
        is_reference $name || continue
        command="update-alternatives --set $name.so.3-$machine-linux-gnu $blas_folder/openblas-pthread/$name.so.3"
        # shellcheck disable=SC2086 # a command and its arguments, none of which has a space
        if may_install && ${as_root[@]+"${as_root[@]}"} $command >/dev/null 2>&1; then
            say "$name was the slow reference implementation, it is OpenBLAS's now"
        else
            say "$name is the slow reference implementation; have this run once: sudo $command"
        fi
    done
}

# How a person gets CMake and a compiler here.
tools_hint() {
    if [ "$system" = Darwin ]; then
        echo 'xcode-select --install; brew install cmake'
    elif have dnf; then
        echo 'sudo dnf install cmake gcc-c++ make'
    elif have pacman; then
        echo 'sudo pacman -S cmake gcc make'
    elif have zypper; then
        echo 'sudo zypper install cmake gcc-c++ make'
    else
        echo 'with the package manager of the system'
    fi
}

provide_libtorch() {
    local note=''
    if [ -n "$libtorch_request" ] && ! locate_libtorch; then
        [ -n "${VAE_LIBTORCH:-}" ] || note=' (kept from an earlier call, scripts/setup.sh --force forgets it)'
        fail "$exit_missing_input" "VAE_LIBTORCH=$libtorch_request$note has no include/torch/csrc and lib/libtorch.$library_suffix: give an unpacked libtorch or the torch folder of a Python installation"
    fi
    if have apt-get; then
        list_missing
        [ ${#missing[@]} -eq 0 ] || install_missing
        [ -n "$libtorch_request" ] || prefer_openblas
    fi
    if ! locate_libtorch; then
        fail "$exit_unavailable" "there is no libtorch here ($reason_torch): unpack one from https://pytorch.org/get-started/locally, set VAE_LIBTORCH to its folder and try again"
    fi
    if ! have cmake || ! have c++; then
        fail "$exit_unavailable" "CMake or a C++ compiler is missing, install both ($(tools_hint)) and try again"
    fi
}

# build_native VERSION: does nothing where neither its source nor libtorch has changed.
build_native() {
    local log=$setup_folder/native.log key option=()
    key=$({
        find "$native_source" -type f -exec cksum {} + | sort
        echo "$libtorch_request $1 ${CUDA_HOME:-} ${CUDA_PATH:-}"
        ls -lnL "$libtorch_file"
    } | checksum)
    if [ "$key" = "$native_key" ] && [ -f "$native_library" ]; then return; fi
    say "compiling the shim's native part for libtorch $1…"
    did_something=true native_key=''
    [ -z "$libtorch_request" ] || option=("-DVAE_LIBTORCH=$libtorch_request")
    # CMake would go on with a libtorch that its cache knows.
    rm -rf "$root/artifacts/native/build"
    if ! { cmake -S "$native_source" -B "$root/artifacts/native/build" -DCMAKE_BUILD_TYPE=Release ${option[@]+"${option[@]}"} &&
        cmake --build "$root/artifacts/native/build" --config Release; } >"$log" 2>&1 </dev/null 9>&-; then
        if ! grep -i 'error' "$log" | sed "s|$root/||g" | head -n 20 >&2; then tail -n 20 "$log" >&2; fi
        fail "$exit_defect" "the shim's native part does not build with libtorch $1 (the whole log: ${log#"$root"/})"
    fi
    [ -f "$native_library" ] || fail "$exit_defect" "CMake was to make $native_library, but did not (the whole log: ${log#"$root"/})"
    if grep -q 'no CUDA graphs' "$log"; then
        say "without CUDA graphs, as no headers of CUDA's runtime were found that fit (CUDA_HOME names a toolkit; the whole log: ${log#"$root"/})"
    fi
    native_key=$key
}
