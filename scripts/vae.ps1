# Starts the program; builds it first where it is not there or a source is newer. Twin of scripts/vae.
$root = Split-Path -Parent $PSScriptRoot
$program = Join-Path $root 'artifacts/bin/Vae.Cli/release/vae.dll'
$stamp = Join-Path $root 'artifacts/stamp'

function Test-Current {
    if (-not ((Get-Command dotnet -ErrorAction SilentlyContinue) -and (Test-Path -LiteralPath $program) -and (Test-Path -LiteralPath $stamp))) { return $false }
    if ([IO.File]::ReadAllText($stamp) -ne "$env:Cuda") { return $false }
    $built = [IO.File]::GetLastWriteTimeUtc($stamp)
    $watched = @(Get-Item -Path "$root/src", "$root/Directory.*.props", "$root/global.json") + @(Get-ChildItem -LiteralPath "$root/src" -Recurse -Force)
    foreach ($entry in $watched) { if ($entry.LastWriteTimeUtc -gt $built) { return $false } }
    return $true
}

if (-not (Test-Current)) {
    & "$PSScriptRoot/build.ps1" src/Vae.Cli
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
# PowerShell makes an array of a,b, which the program means as one word.
& dotnet $program @($args | ForEach-Object { $_ -join ',' })
exit $LASTEXITCODE
