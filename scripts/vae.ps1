# Starts the program; sets up and builds it first where it is not there or a source is newer. Twin of scripts/vae.
if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) {
    & "$PSScriptRoot/vae" @args
    exit $LASTEXITCODE
}
. "$PSScriptRoot\parts\common.ps1"

if (-not (Test-Current)) {
    & "$PSScriptRoot\setup.ps1" --build --quiet
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

$dotnet = Get-Dotnet
# What the program writes to standard error is no error of this script.
$ErrorActionPreference = 'Continue'
$path = $env:PATH
$env:PATH = Get-ProgramPath ((Read-Stamp) | Select-Object -Skip 1 -First 1)
try { & $dotnet $program @args }
finally { $env:PATH = $path }
exit $LASTEXITCODE
