# Sets up, builds and runs every test, one project after the other, as some measure time. The last line is the sum:
# `N passed, N failed, N skipped`. A build, a format or a test run that breaks counts as one failure. Twin of scripts/test.sh.
if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) {
    & "$PSScriptRoot/test.sh" @args
    exit $LASTEXITCODE
}
. "$PSScriptRoot\parts\common.ps1"

$usage = @'
usage: scripts/test.ps1 [--no-format] [OPTION...]
  --no-format  leave out 'dotnet format --verify-no-changes'
  OPTION...    for dotnet test, such as --filter 'FullyQualifiedName~Idx'
'@

$results = Join-Path $root 'artifacts\test-results'
$passed = 0
$failures = New-Object 'System.Collections.Generic.List[string]'
$skips = New-Object 'System.Collections.Generic.List[string]'

function Complete {
    if ($skips.Count -gt 0) { [Console]::Out.WriteLine("Skipped:`n  " + ($skips -join "`n  ")) }
    if ($failures.Count -gt 0) { [Console]::Out.WriteLine("Failed:`n  " + ($failures -join "`n  ")) }
    if ($passed + $failures.Count -eq 0) { [Console]::Out.WriteLine('No test ran.') }
    [Console]::Out.WriteLine("$passed passed, $($failures.Count) failed, $($skips.Count) skipped")
    if ($failures.Count -gt 0 -or $passed -eq 0) { exit 1 }
    exit 0
}

function Build-Solution {
    & "$PSScriptRoot\setup.ps1"
    $code = $LASTEXITCODE
    if ($code -eq 0) {
        $lock = Lock-Setup
        try {
            Say 'building the solution...'
            $code = Invoke-Build (Join-Path $root 'Vae.Cli.sln') (Join-Path $setupFolder 'build-solution.log')
        }
        finally { $lock.Dispose() }
    }
    if ($code -ne 0) {
        $failures.Add("setup or build (exit code $code)")
        Complete
    }
}

function Test-Format {
    Say 'checking the format...'
    $log = Join-Path $setupFolder 'format.log'
    $result = Invoke-Captured (Get-Dotnet) @('format', 'Vae.Cli.sln', '--verify-no-changes', '--no-restore')
    Write-Text $log ($result.Lines -join [Environment]::NewLine)
    if ($result.ExitCode -eq 0) { return }
    foreach ($line in @($result.Lines | Sort-Object -Unique | Select-Object -First 40)) { [Console]::Error.WriteLine($line.Replace("$root\", '')) }
    $failures.Add("format: run 'dotnet format' and look at what it changed (the whole log: $(Get-Shown $log))")
}

# Adds up the project's result file, which the test host's crash may have left out or cut.
function Add-Results([string] $Name, [int] $Code) {
    $file = Join-Path $results "$Name.trx"
    $before = $failures.Count
    $broken = $false
    try {
        $document = New-Object Xml.XmlDocument
        $document.Load($file)
        foreach ($result in $document.SelectNodes("//*[local-name()='UnitTestResult']")) {
            switch ($result.GetAttribute('outcome')) {
                'Passed' { $script:passed++ }
                'Failed' { $failures.Add($result.GetAttribute('testName')) }
                'NotExecuted' { $skips.Add($result.GetAttribute('testName')) }
            }
        }
        # A test host that crashed or was ended for hanging shows in a message only, while tests that finished before it have results.
        foreach ($text in $document.SelectNodes("//*[local-name()='RunInfos']//*[local-name()='Text']")) {
            if ($text.InnerText -match 'active test run was aborted|Test host process (crashed|exited)') { $broken = $true }
        }
    }
    catch { $broken = $Code -ne 0 }
    if ($broken -or ($Code -ne 0 -and $failures.Count -eq $before)) { $failures.Add("${Name}: the run broke off (dotnet test ended with $Code)") }
}

function Invoke-Tests([string] $Project, [object[]] $Options) {
    $name = [IO.Path]::GetFileNameWithoutExtension($Project)
    Say "testing $name..."
    # A test that hangs is named and ended, so that the sum comes all the same.
    $arguments = @('test', $Project, '-c', 'Release', '--no-build', '--nologo', '--results-directory', $results, '--logger', "trx;LogFileName=$name.trx",
        '--blame-hang-timeout', '8m', '--blame-hang-dump-type', 'none') + $Options
    $code = (Invoke-Captured (Get-Dotnet) $arguments -Show).ExitCode
    Add-Results $name $code
}

# The libtorch of the shim that setup.ps1 chose; empty with the package.
function Get-ShimLibrary {
    $lines = @(Get-Content -LiteralPath (Join-Path $setupFolder 'state') -Encoding UTF8)
    if ($lines -notcontains 'torch_source=shim') { return '' }
    $folder = ($lines | Where-Object { $_ -like 'libtorch_request=*' }) -replace '^libtorch_request=', ''
    return Join-Path $folder 'lib\torch.lib'
}

$options = @($args | Where-Object { $_ -ne '--no-format' })
if ($options -contains '--help' -or $options -contains '-h') {
    [Console]::Out.WriteLine($usage)
    exit 0
}
Build-Solution
if ($args -notcontains '--no-format') { Test-Format }
if (Test-Path -LiteralPath $results) { Remove-Item -LiteralPath $results -Recurse -Force }
$path = $env:PATH
$env:PATH = Get-ProgramPath (Get-ShimLibrary)
try {
    foreach ($project in Get-ChildItem -Path (Join-Path $root 'tests\*\*.csproj')) {
        if ([IO.File]::ReadAllText($project.FullName).Contains('<IsTestProject>true')) { Invoke-Tests $project.FullName $options }
    }
}
finally { $env:PATH = $path }
Complete
