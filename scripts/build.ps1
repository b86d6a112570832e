# scripts/build.ps1 TARGET: builds a project or the solution, as Release. The other scripts call it. 69: no SDK, or NuGet lacks a package;
# 70: the build failed; 73: artifacts cannot be written. Twin of scripts/build, for Windows PowerShell 5.1 too.
param([string] $Target)
$root = Split-Path -Parent $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
# The stamp of scripts/vae bears the time before the build, so that a source that changes meanwhile is newer.
$stamp = Join-Path $artifacts "stamp.$PID"
$lock = $null

function Stop-Build([int] $Code, [string] $Message) {
    [Console]::Error.WriteLine("vae: $Message")
    exit $Code
}

Push-Location -LiteralPath $root # global.json counts from here
try {
    try { $version = & dotnet --version } catch { $version = $null }
    if (-not $version -or $LASTEXITCODE -ne 0) { Stop-Build 69 'the .NET SDK 10 is needed: get it at https://dot.net and run this again' }
    try {
        [void] [IO.Directory]::CreateDirectory($artifacts)
        [IO.File]::WriteAllText($stamp, "$env:Cuda")
        while (-not $lock) { # one build at a time
            try { $lock = [IO.File]::Open((Join-Path $artifacts 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
            catch [IO.IOException] { Start-Sleep -Milliseconds 200 }
        }
    }
    catch { Stop-Build 73 "$artifacts cannot be written: run this as its owner, or in a copy of your own" }

    [Console]::Error.WriteLine('vae: building...')
    # No server of the compiler outlives this, as it would keep a pipe that this writes to open.
    $output = & dotnet build $Target '-c' Release '--nologo' '-v' quiet '-nodeReuse:false' '-p:UseSharedCompilation=false' '-consoleLoggerParameters:NoSummary'
    if ($LASTEXITCODE -ne 0) {
        foreach ($line in $output) { [Console]::Error.WriteLine($line) }
        if ($output -match 'error NU') { Stop-Build 69 'NuGet lacks a package, so nothing was built' }
        Stop-Build 70 'the build failed'
    }
    if ($Target -in 'src/Vae.Cli', 'Vae.Cli.sln') { Move-Item -LiteralPath $stamp -Destination (Join-Path $artifacts 'stamp') -Force }
}
finally {
    if ($lock) { $lock.Dispose() }
    if (Test-Path -LiteralPath $stamp) { Remove-Item -LiteralPath $stamp }
    Pop-Location
}
exit 0
