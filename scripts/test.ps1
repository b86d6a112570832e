# Builds, checks the format and runs every test, one project after the other, as some measure time. The last line is the sum:
# `N passed, N failed, N skipped`. A build, a format or a test run that breaks counts as one failure. Twin of scripts/test.sh.
$usage = @'
usage: scripts/test.ps1 [--no-format] [OPTION...]
  --no-format  leave out 'dotnet format --verify-no-changes'
  OPTION...    for dotnet test, such as --filter 'FullyQualifiedName~Idx'
'@
$sums = @{ Passed = 0; Failed = 0; Skipped = 0 }
$names = @()

function Add-Break([string] $What) {
    $sums.Failed++
    $script:names += "  Failed $What"
}

function Complete {
    foreach ($name in $names) { [Console]::Out.WriteLine($name) }
    [Console]::Out.WriteLine("$($sums.Passed) passed, $($sums.Failed) failed, $($sums.Skipped) skipped")
    if ($sums.Failed -gt 0 -or $sums.Passed -eq 0) { exit 1 }
    exit 0
}

# Adds the figures of the project's last line, which is missing where the test host crashed. A test that hangs is named and ended.
function Invoke-Tests([string] $Project, [object[]] $Options) {
    $lines = @(& dotnet test $Project @Options '-c' Release '--no-build' '--nologo' '--results-directory' artifacts/test-results `
            '--blame-hang-timeout' 8m '--blame-hang-dump-type' none 2>&1 | ForEach-Object { [Console]::Out.WriteLine("$_"); "$_" })
    $status = $LASTEXITCODE
    $failed = 0
    foreach ($line in $lines) {
        if ($line -match '^[A-Z][a-z]*! *- Failed: *(\d+), Passed: *(\d+), Skipped: *(\d+),') {
            $failed = [int] $Matches[1]
            $sums.Failed += $failed
            $sums.Passed += [int] $Matches[2]
            $sums.Skipped += [int] $Matches[3]
        }
        elseif ($line -match '^  (Failed|Skipped) ') { $script:names += $line }
    }
    if (($lines -match '^Test Run Aborted') -or ($status -ne 0 -and $failed -eq 0)) { Add-Break "${Project}: the run broke off (dotnet test ended with $status)" }
}

if ($args -contains '--help' -or $args -contains '-h') {
    [Console]::Out.WriteLine($usage)
    exit 0
}
$language = $env:DOTNET_CLI_UI_LANGUAGE
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
Push-Location -LiteralPath (Split-Path -Parent $PSScriptRoot)
try {
    & "$PSScriptRoot/build.ps1" Vae.Cli.sln
    if ($LASTEXITCODE -ne 0) {
        Add-Break 'the build'
        Complete
    }
    if ($args -notcontains '--no-format') {
        & dotnet format Vae.Cli.sln '--verify-no-changes' '--no-restore'
        if ($LASTEXITCODE -ne 0) { Add-Break "the format: 'dotnet format' mends it" }
    }
    foreach ($project in Get-ChildItem -Directory -Path 'tests/*.Tests') { Invoke-Tests "tests/$($project.Name)" @($args | Where-Object { $_ -ne '--no-format' }) }
}
finally {
    Pop-Location
    $env:DOTNET_CLI_UI_LANGUAGE = $language
}
Complete
