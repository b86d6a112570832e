# The shim's libtorch, which on Windows VAE_LIBTORCH names, and the shim's native part on it. Dot-sourced by setup.ps1.

$nativeSource = Join-Path $root 'src\Shims\TorchSharp\native'

function Get-LibtorchLibrary { return Join-Path $state.libtorch_request 'lib\torch.lib' }

function Assert-Libtorch {
    $folder = $state.libtorch_request
    if (-not $folder) {
        Fail $exitUnavailable "there is no libtorch here ($($state.reason_torch)): unpack one from https://pytorch.org/get-started/locally, set VAE_LIBTORCH to its folder and try again"
    }
    if (-not (Test-Path -LiteralPath (Join-Path $folder 'include\torch\csrc')) -or -not (Test-Path -LiteralPath (Get-LibtorchLibrary))) {
        $note = ''
        if (-not $askedLibtorch) { $note = ' (kept from an earlier call, scripts/setup.ps1 --force forgets it)' }
        Fail $exitMissingInput "VAE_LIBTORCH=$folder$note has no include\torch\csrc and lib\torch.lib: give an unpacked libtorch or the torch folder of a Python installation"
    }
}

# Its own notes go before its headers, which not all agree with them.
function Get-LibtorchVersion {
    $folder = $state.libtorch_request
    $notes = Join-Path $folder 'build-version'
    if (Test-Path -LiteralPath $notes) { return @(Get-Content -LiteralPath $notes)[0] }
    $notes = Join-Path $folder 'version.py'
    if (Test-Path -LiteralPath $notes) {
        $found = [regex]::Match([IO.File]::ReadAllText($notes), "(?m)^__version__ *= *'([^']*)'").Groups[1].Value
        if ($found) { return $found }
    }
    foreach ($header in @('include\torch\headeronly\version.h', 'include\torch\csrc\api\include\torch\version.h')) {
        $path = Join-Path $folder $header
        if (-not (Test-Path -LiteralPath $path)) { continue }
        $parts = [regex]::Matches([IO.File]::ReadAllText($path), 'define TORCH_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)') | ForEach-Object { $_.Groups[1].Value }
        if ($parts) { return $parts -join '.' }
    }
    return 'of unknown version'
}

function Assert-Supported([string] $Version) {
    $match = [regex]::Match($Version, '^(\d+)\.(\d+)')
    if (-not $match.Success) { return } # unknown: the compiler decides
    if ([int] $match.Groups[1].Value * 1000 + [int] $match.Groups[2].Value -lt 1013) {
        Fail $exitUnavailable "libtorch $Version is too old, 1.13 is the first that works: set VAE_LIBTORCH to a newer one"
    }
}

# Does nothing where neither its source nor libtorch has changed.
function Build-Native([string] $Version) {
    $library = Get-Item -LiteralPath (Get-LibtorchLibrary)
    $parts = @(Get-ChildItem -LiteralPath $nativeSource -Recurse -File | Sort-Object FullName | ForEach-Object { [IO.File]::ReadAllText($_.FullName) })
    $parts += @($state.libtorch_request, $Version, $env:CUDA_HOME, $env:CUDA_PATH, $library.Length, $library.LastWriteTimeUtc.Ticks)
    $key = Get-Key $parts
    if ($key -eq $state.native_key -and (Test-Path -LiteralPath $nativeLibrary)) { return }
    $cmake = Get-Command cmake -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $cmake) {
        Fail $exitUnavailable 'CMake is missing: install it, and the C++ workload of the Visual Studio Build Tools, and try again'
    }
    Say "compiling the shim's native part for libtorch $Version..."
    $script:didSomething = $true
    $state.native_key = ''
    $build = Join-Path $nativeFolder 'build'
    # CMake would go on with a libtorch that its cache knows.
    if (Test-Path -LiteralPath $build) { Remove-Item -LiteralPath $build -Recurse -Force }
    $result = Invoke-Captured $cmake.Path @('-S', $nativeSource, '-B', $build, '-DCMAKE_BUILD_TYPE=Release', "-DVAE_LIBTORCH=$($state.libtorch_request.Replace('\', '/'))")
    $lines = $result.Lines
    if ($result.ExitCode -eq 0) {
        $result = Invoke-Captured $cmake.Path @('--build', $build, '--config', 'Release')
        $lines += $result.Lines
    }
    $log = Join-Path $setupFolder 'native.log'
    Write-Text $log ($lines -join [Environment]::NewLine)
    if ($result.ExitCode -ne 0 -or -not (Test-Path -LiteralPath $nativeLibrary)) {
        foreach ($line in @($lines | Where-Object { $_ -match 'error' } | Select-Object -First 20)) { [Console]::Error.WriteLine($line) }
        Fail $exitDefect "the shim's native part does not build with libtorch $Version (the whole log: $(Get-Shown $log))"
    }
    if ($lines -match 'no CUDA graphs') {
        Say "without CUDA graphs, as no headers of CUDA's runtime were found that fit (CUDA_HOME names a toolkit; the whole log: $(Get-Shown $log))"
    }
    $state.native_key = $key
}
