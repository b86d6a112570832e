# What setup.ps1, vae.ps1 and test.ps1 share. Windows PowerShell 5.1 and PowerShell 7, on Windows; elsewhere these scripts hand over
# to their bash twins. ASCII only, as 5.1 reads a file without a byte order mark in the code page of the system.

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
$setupFolder = Join-Path $root 'artifacts\setup'
$nativeFolder = Join-Path $root 'artifacts\native'
$nativeLibrary = Join-Path $nativeFolder 'vae_torch.dll'
$propsFile = Join-Path $setupFolder 'Engine.props'
$buildStamp = Join-Path $setupFolder 'vae.stamp'
$program = Join-Path $root 'artifacts\bin\Vae.Cli\release\vae.dll'

# Exit codes of the program (src/Vae.Cli/ExitCode.cs) that the scripts use too.
$exitUsage = 64
$exitMissingInput = 66
$exitUnavailable = 69
$exitDefect = 70
$exitOutputUnwritable = 73

$askedLibtorch = ''
if ($env:VAE_LIBTORCH) {
    $askedLibtorch = [IO.Path]::GetFullPath([IO.Path]::Combine((Get-Location -PSProvider FileSystem).ProviderPath, $env:VAE_LIBTORCH))
}

function Say([string] $Message) { [Console]::Error.WriteLine("vae: $Message") }

# One line, then the end of the script that called.
function Fail([int] $Code, [string] $Message) {
    Say $Message
    exit $Code
}

function Write-Text([string] $Path, [string] $Text) { [IO.File]::WriteAllText($Path, $Text) }

function Get-Shown([string] $Path) { $Path.Replace("$root\", '') }

# The dotnet in PATH, else where its installers put it; $null where there is none.
function Find-Dotnet {
    $command = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($command) { return $command.Path }
    foreach ($folder in @($env:DOTNET_ROOT, "$env:ProgramFiles\dotnet", "$env:LOCALAPPDATA\Microsoft\dotnet", "$env:USERPROFILE\.dotnet")) {
        if ($folder -and (Test-Path -LiteralPath "$folder\dotnet.exe" -PathType Leaf)) { return "$folder\dotnet.exe" }
    }
    return $null
}

function Get-Dotnet {
    $found = Find-Dotnet
    if (-not $found) { Fail $exitUnavailable 'the .NET SDK is not installed: get version 10 at https://dot.net and run this again' }
    return $found
}

# Runs a program from the root, as global.json and a NuGet.config count from there, with dotnet speaking English, as its messages are
# read. Gives an object with ExitCode and Lines (standard output and standard error together); -Show prints the lines as well.
function Invoke-Captured([string] $Executable, [string[]] $Arguments, [switch] $Show) {
    # In 5.1 a line on standard error would end the script otherwise.
    $ErrorActionPreference = 'Continue'
    $language = $env:DOTNET_CLI_UI_LANGUAGE
    $logo = $env:DOTNET_NOLOGO
    $env:DOTNET_CLI_UI_LANGUAGE = 'en'
    $env:DOTNET_NOLOGO = '1'
    Push-Location -LiteralPath $root
    try {
        $lines = @(& $Executable @Arguments 2>&1 | ForEach-Object {
                $line = "$_"
                if ($Show) { [Console]::Out.WriteLine($line) }
                $line
            })
        return New-Object PSObject -Property @{ ExitCode = $LASTEXITCODE; Lines = $lines }
    }
    finally {
        Pop-Location
        $env:DOTNET_CLI_UI_LANGUAGE = $language
        $env:DOTNET_NOLOGO = $logo
    }
}

# The SDK that global.json asks for; a runtime alone, or an older SDK, cannot build.
function Assert-Sdk {
    $dotnet = Get-Dotnet
    $answer = Invoke-Captured $dotnet @('--version')
    if ($answer.ExitCode -eq 0) { return }
    $found = @((Invoke-Captured $dotnet @('--list-sdks')).Lines | ForEach-Object { ($_ -split ' ')[0] })
    if (@($found | Where-Object { $_ -like '10.*' }).Count -gt 0) { Fail $exitUnavailable "$dotnet does not run: $(@($answer.Lines)[0])" }
    $shown = 'none'
    if ($found.Count -gt 0) { $shown = $found -join ', ' }
    Fail $exitUnavailable "the .NET SDK 10 is needed, $dotnet has ${shown}: get it at https://dot.net and run this again"
}

# One setup or build at a time: an open file that nobody else may open. Gives the lock, to be disposed of.
function Lock-Setup {
    try {
        [void] (New-Item -ItemType Directory -Force -Path $setupFolder)
        # Nothing else tells whether a folder can be written on Windows.
        Write-Text (Join-Path $setupFolder 'writable') ''
    }
    catch {
        Fail $exitOutputUnwritable "$setupFolder cannot be written: run this as its owner, or in a copy of your own"
    }
    while ($true) {
        try { return [IO.File]::Open((Join-Path $setupFolder 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] { Start-Sleep -Milliseconds 200 }
    }
}

# What the stamp tells: the VAE_LIBTORCH that was built for (empty: none), then the libraries that the program loads.
function Read-Stamp { return , @(Get-Content -LiteralPath $buildStamp -Encoding UTF8) }

# Whether the program is there and no source is newer. The time of creation counts as well: unpacking or copying sets it to now,
# where it may set the time of the last write to any time in the past.
function Test-Current {
    if (-not (Test-Path -LiteralPath $buildStamp) -or -not (Test-Path -LiteralPath $program)) { return $false }
    $stamp = Read-Stamp
    if ($stamp.Count -eq 0) { return $false }
    if ($askedLibtorch -and $askedLibtorch -ne $stamp[0]) { return $false }
    $since = [IO.File]::GetLastWriteTimeUtc($buildStamp)
    $watched = @("$root\src", "$root\scripts\parts", "$root\scripts\setup.ps1", "$root\global.json", $propsFile,
        "$root\Directory.Build.props", "$root\Directory.Packages.props")
    $watched += @($stamp | Select-Object -Skip 1)
    foreach ($path in $watched) {
        if (-not (Test-Path -LiteralPath $path)) { return $false }
        $entries = @($path)
        if ([IO.Directory]::Exists($path)) { $entries += [IO.Directory]::GetFileSystemEntries($path, '*', 'AllDirectories') }
        foreach ($entry in $entries) {
            if ([IO.File]::GetLastWriteTimeUtc($entry) -gt $since -or [IO.File]::GetCreationTimeUtc($entry) -gt $since) { return $false }
        }
    }
    return $true
}

# Release. Gives 0, or the exit code after the errors, each once, on standard error.
function Invoke-Build([string] $Target, [string] $Log) {
    $result = Invoke-Captured (Get-Dotnet) @('build', $Target, '-c', 'Release', '--nologo', '-v', 'quiet', '-nodeReuse:false', '-p:UseSharedCompilation=false')
    Write-Text $Log ($result.Lines -join [Environment]::NewLine)
    if ($result.ExitCode -eq 0) { return 0 }
    $errors = @($result.Lines | Where-Object { $_ -match ': (error|warning) ' } | ForEach-Object { ($_.Replace("$root\", '') -replace ' \[[^\]]*\]$', '').Trim() } |
            Sort-Object -Unique | Select-Object -First 40)
    if ($errors.Count -eq 0) { $errors = @($result.Lines | Select-Object -Last 20) }
    foreach ($line in $errors) { [Console]::Error.WriteLine($line) }
    if (@($result.Lines | Where-Object { $_ -match 'error NU[0-9]' }).Count -gt 0) {
        Say "NuGet lacks a package, so nothing was built (the whole log: $(Get-Shown $Log))"
        return $exitUnavailable
    }
    if (@($result.Lines | Where-Object { $_ -match 'error MSB302[17]' }).Count -gt 0) {
        Say 'a file of the program is in use: end the runs of vae that go on, then try again'
        return $exitUnavailable
    }
    Say "the build failed (the whole log: $(Get-Shown $Log))"
    return $exitDefect
}

# Windows looks for the libraries that vae_torch.dll needs in PATH. Gives PATH with the shim's libtorch in front, where there is one.
function Get-ProgramPath([string] $LibtorchLibrary) {
    if (-not $LibtorchLibrary) { return $env:PATH }
    return (Split-Path -Parent $LibtorchLibrary) + ';' + $env:PATH
}
