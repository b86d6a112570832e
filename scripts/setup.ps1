# Chooses where TorchSharp and ScottPlot come from, builds what the choice needs and writes it to artifacts/setup/Engine.props.
# Does nothing where all of that is done. docs/engines.md is its manual; scripts/setup.sh its twin.
if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) {
    & "$PSScriptRoot/setup.sh" @args
    exit $LASTEXITCODE
}
. "$PSScriptRoot\parts\common.ps1"
. "$PSScriptRoot\parts\choice.ps1"
. "$PSScriptRoot\parts\libtorch.ps1"

$usage = @'
usage: scripts/setup.ps1 [--torch auto|package|shim] [--plot auto|package|shim] [--cuda|--no-cuda] [--build] [--force] [--quiet]
  --torch, --plot  where TorchSharp and ScottPlot come from; kept for later calls
  --cuda           the libtorch for NVIDIA GPUs, as by itself where a driver is seen; --no-cuda never; kept for later calls
  --build          build the program too
  --force          forget what earlier calls asked for and found, and do everything anew
  --quiet          say nothing where nothing is to be done
VAE_LIBTORCH=DIR   the shim on this libtorch: an unpacked one, or the torch folder of a Python installation; kept for later
                   calls until --torch auto
'@

$stateFile = Join-Path $setupFolder 'state'
$requests = @('torch_request', 'plot_request', 'cuda_request', 'libtorch_request')
# What is asked for (empty: what an earlier call asked for), what was chosen and why, and from what that was made.
$state = @{ torch_request = ''; plot_request = ''; cuda_request = ''; libtorch_request = $askedLibtorch; torch_source = ''; plot_source = ''
    cuda = 'false'; reason_torch = ''; reason_plot = ''; choice_key = ''; native_key = '' }
$buildToo = $false
$force = $false
$quiet = $false
$didSomething = $false
$askedNuGet = $false

function Get-Key([object[]] $Parts) {
    $hash = [Security.Cryptography.SHA256]::Create()
    try { return [BitConverter]::ToString($hash.ComputeHash([Text.Encoding]::UTF8.GetBytes($Parts -join "`n"))) }
    finally { $hash.Dispose() }
}

function Read-Arguments([object[]] $Given) {
    for ($i = 0; $i -lt $Given.Count; $i++) {
        $option = "$($Given[$i])"
        switch -CaseSensitive ($option) {
            { $_ -in '--torch', '--plot' } {
                $i++
                $value = ''
                if ($i -lt $Given.Count) { $value = "$($Given[$i])" }
                if ($value -notin 'auto', 'package', 'shim') { Fail $exitUsage "$option takes auto, package or shim, not '$value'" }
                $state[$option.Substring(2) + '_request'] = $value
                break
            }
            '--cuda' { $state.cuda_request = 'true'; break }
            '--no-cuda' { $state.cuda_request = 'false'; break }
            '--build' { $script:buildToo = $true; break }
            '--force' { $script:force = $true; break }
            '--quiet' { $script:quiet = $true; break }
            { $_ -in '-h', '--help' } { [Console]::Out.WriteLine($usage); exit 0 }
            default { Fail $exitUsage "scripts/setup.ps1 knows no '$option': see scripts/setup.ps1 --help" }
        }
    }
}

# Fills in from the earlier call what this one leaves open.
function Restore-State {
    $forgetLibtorch = $state.torch_request -eq 'auto' -and -not $state.libtorch_request
    if (-not $force -and (Test-Path -LiteralPath $stateFile)) {
        foreach ($line in @(Get-Content -LiteralPath $stateFile -Encoding UTF8)) {
            $key, $value = $line -split '=', 2
            if (-not $state.ContainsKey($key)) { continue }
            if ($requests -contains $key -and $state[$key]) { continue }
            if ($key -eq 'libtorch_request' -and $forgetLibtorch) { continue }
            $state[$key] = $value
        }
    }
    foreach ($key in @('torch_request', 'plot_request', 'cuda_request')) { if (-not $state[$key]) { $state[$key] = 'auto' } }
}

function Save-State { Write-Text $stateFile ((@($state.Keys | Sort-Object | ForEach-Object { "$_=$($state[$_])" }) -join "`n") + "`n") }

function Select-Sources {
    $key = Get-Key @([IO.File]::ReadAllText((Join-Path $root 'Directory.Packages.props')), [IO.File]::ReadAllText("$PSScriptRoot\parts\choice.ps1"),
        $state.torch_request, $state.plot_request, $state.cuda_request, $state.libtorch_request, (Test-Driver))
    if ($key -eq $state.choice_key) { return }
    Assert-Sdk
    $script:didSomething = $true
    $state.native_key = ''
    Select-Torch
    Select-Plot
    $state.choice_key = $key
}

# What the choice needs beyond NuGet's packages, which the build fetches. Gives the summary of it.
function Install-Torch {
    if ($state.torch_source -eq 'package') {
        return "TorchSharp $(Get-Pinned 'TorchSharp') with $(Get-LibtorchPackage ($state.cuda -eq 'true')) from NuGet ($($state.reason_torch))"
    }
    Assert-Libtorch
    $version = Get-LibtorchVersion
    Assert-Supported $version
    $note = ''
    if (-not (Test-Path -LiteralPath (Join-Path $state.libtorch_request 'lib\torch_cuda.lib'))) {
        if ($state.cuda_request -eq 'true') { Fail $exitUnavailable "$($state.libtorch_request) is without CUDA: leave out --cuda, or set VAE_LIBTORCH to one with it" }
        if (Test-Driver) { $note = '; it is without CUDA, so for the GPU set VAE_LIBTORCH to one with it' }
    }
    Build-Native $version
    return "TorchSharp from the shim on libtorch $version ($($state.libtorch_request); $($state.reason_torch)$note)"
}

function Write-Summary([string] $Torch) {
    $plot = 'plots from the shim'
    if ($state.plot_source -eq 'package') { $plot = "ScottPlot $(Get-Pinned 'ScottPlot') from NuGet" }
    if ($state.plot_source -ne $state.torch_source) { $plot = "$plot ($($state.reason_plot))" }
    Say "$Torch, $plot"
}

# Without the ahead-of-time compiler the program is the same, but starts slower, so its lack is told and nothing more.
function Get-Compiler {
    $log = Join-Path $setupFolder 'compiler.log'
    $tries = $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT
    $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT = '2'
    $result = Invoke-Captured (Get-Dotnet) @('restore', (Join-Path $root 'src\ReadyToRun.proj'), '-nodeReuse:false')
    $env:NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT = $tries
    if ($result.ExitCode -eq 0) { return }
    Write-Text $log ($result.Lines -join [Environment]::NewLine)
    Say "starting will take longer, as NuGet has no ahead-of-time compiler (the whole log: $(Get-Shown $log))"
}

# The stamp bears the time before the build, so that a source that changes meanwhile is newer. Another call may have built while
# this one waited for the lock.
function Build-Program {
    if (Test-Current) { return }
    Assert-Sdk
    if (Test-Path -LiteralPath $program) { Say 'building (a source is newer)...' } else { Say 'building (first use)...' }
    $watched = @($state.libtorch_request)
    if ($state.torch_source -eq 'shim') { $watched += @((Get-LibtorchLibrary), $nativeLibrary) }
    if (Test-Path -LiteralPath "$buildStamp.new") { Remove-Item -LiteralPath "$buildStamp.new" -Force }
    Write-Text "$buildStamp.new" (($watched -join "`n") + "`n")
    Get-Compiler
    $code = Invoke-Build (Join-Path $root 'src\Vae.Cli\Vae.Cli.csproj') (Join-Path $setupFolder 'build.log')
    if ($code -ne 0) { exit $code }
    Move-Item -LiteralPath "$buildStamp.new" -Destination $buildStamp -Force
}

Read-Arguments $args
$lock = Lock-Setup
try {
    Restore-State
    Select-Sources
    $summary = Install-Torch
    Write-Props
    Save-State
    if ($didSomething -or -not $quiet) { Write-Summary $summary }
    if ($buildToo) { Build-Program }
}
finally { $lock.Dispose() }
exit 0
