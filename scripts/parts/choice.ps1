# Where TorchSharp and ScottPlot come from. Dot-sourced by setup.ps1, whose $state it fills.

# The version that Directory.Packages.props pins, so that it stands in one place.
function Get-Pinned([string] $Name) {
    $text = [IO.File]::ReadAllText((Join-Path $root 'Directory.Packages.props'))
    $version = [regex]::Match($text, 'Include="' + [regex]::Escape($Name) + '" Version="([^"]*)"').Groups[1].Value
    if ($version -eq '$(LibTorchVersion)') { $version = [regex]::Match($text, '<LibTorchVersion>(.*)</LibTorchVersion>').Groups[1].Value }
    return $version
}

function Test-Driver {
    $tool = Get-Command nvidia-smi.exe -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $tool) { return $false }
    return (Invoke-Captured $tool.Path @('-L')).ExitCode -eq 0
}

# There are packages of libtorch for Windows on x64 alone (src/Engine.targets agrees).
function Test-PackagePlatform { return [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString() -eq 'X64' }

function Get-LibtorchPackage([bool] $Cuda) { if ($Cuda) { 'libtorch-cuda-12.1-win-x64' } else { 'libtorch-cpu-win-x64' } }

# NuGet's search lists that version, or any where it is empty. It drops a fourth part that is zero.
function Test-Search([string] $Name, [string] $Version) {
    $answer = Invoke-Captured (Get-Dotnet) @('package', 'search', $Name, '--exact-match', '--format', 'json')
    if ($answer.ExitCode -ne 0) { return $false }
    $wanted = '[0-9][^"]*'
    if ($Version) { $wanted = [regex]::Escape(($Version -replace '^(\d+\.\d+\.\d+)\.0$', '$1')) }
    return ($answer.Lines -join "`n") -match ('"version": *"' + $wanted + '"')
}

# Restores a throw-away project with the pinned versions. Gives an object with Verdict (yes, no, unreachable) and Lacking.
function Test-Restore([string[]] $Names) {
    $folder = Join-Path $setupFolder 'probe'
    if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
    [void] (New-Item -ItemType Directory -Force -Path $folder)
    # Files of its own keep the solution's out of the trial.
    foreach ($name in @('Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props')) { Write-Text (Join-Path $folder $name) '<Project />' }
    $references = ($Names | ForEach-Object { "<PackageReference Include=`"$_`" Version=`"[$(Get-Pinned $_)]`" />" }) -join "`n"
    Write-Text (Join-Path $folder 'probe.csproj') (
        "<Project Sdk=`"Microsoft.NET.Sdk`"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>`n" +
        "$references`n</ItemGroup></Project>`n")
    $result = Invoke-Captured (Get-Dotnet) @('restore', (Join-Path $folder 'probe.csproj'), '-nodeReuse:false')
    Write-Text (Join-Path $setupFolder 'probe.log') ($result.Lines -join [Environment]::NewLine)
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
    $text = $result.Lines -join "`n"
    $lacking = [regex]::Match($text, 'Unable to find package ([A-Za-z0-9._-]*[A-Za-z0-9_-])').Groups[1].Value
    $verdict = 'no'
    if ($result.ExitCode -eq 0) { $verdict = 'yes' } elseif ($text -match 'NU1301') { $verdict = 'unreachable' }
    return New-Object PSObject -Property @{ Verdict = $verdict; Lacking = $lacking }
}

# Search comes first, as it fetches nothing; but some sources restore what their search does not list. Both packages draw on
# SkiaSharp, and some sources carry one without the other.
function Get-Availability([string[]] $Names) {
    if (-not $script:askedNuGet) { Say 'asking NuGet what it has...' }
    $script:askedNuGet = $true
    foreach ($name in $Names) {
        if (-not (Test-Search $name (Get-Pinned $name))) { return Test-Restore $Names }
    }
    if (-not (Test-Search 'SkiaSharp' '')) { return Test-Restore $Names }
    return New-Object PSObject -Property @{ Verdict = 'yes'; Lacking = '' }
}

function Get-WhyNot($Availability, [string] $Name) {
    if ($Availability.Verdict -eq 'unreachable') { return 'NuGet does not answer' }
    if ($Availability.Lacking) { $Name = $Availability.Lacking }
    return "the NuGet source has no $Name"
}

function Set-Torch([string] $Source, [string] $Reason, [bool] $Cuda = $false) {
    $state.torch_source = $Source
    $state.reason_torch = $Reason
    $state.cuda = "$Cuda".ToLowerInvariant()
}

function Select-Torch {
    $asked = $state.torch_request
    $cuda = $state.cuda_request -eq 'true' -or ($state.cuda_request -eq 'auto' -and (Test-Driver))
    $none = "there is no libtorch package for Windows on $([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)"
    if ($asked -eq 'shim') { Set-Torch 'shim' 'as asked for' }
    elseif ($asked -eq 'auto' -and $state.libtorch_request) { Set-Torch 'shim' 'as VAE_LIBTORCH asks' }
    elseif ($asked -eq 'auto' -and -not (Test-PackagePlatform)) { Set-Torch 'shim' $none }
    elseif (-not (Test-PackagePlatform)) { Fail $exitUnavailable "${none}: use --torch shim" }
    elseif ($asked -eq 'package') { Set-Torch 'package' 'as asked for' $cuda }
    else { Select-TorchByNuGet $cuda }
}

function Select-TorchByNuGet([bool] $Cuda) {
    $answer = Get-Availability @('TorchSharp', (Get-LibtorchPackage $Cuda))
    if ($answer.Verdict -eq 'yes') {
        $reason = 'NuGet has it'
        if ($Cuda -and $state.cuda_request -eq 'auto') { $reason = 'an NVIDIA driver was seen' }
        Set-Torch 'package' $reason $Cuda
        return
    }
    $reason = Get-WhyNot $answer 'TorchSharp'
    if ($Cuda -and $answer.Verdict -eq 'no') {
        # It may be the CUDA package alone that is not to be had.
        $answer = Get-Availability @('TorchSharp', (Get-LibtorchPackage $false))
        if ($answer.Verdict -eq 'yes') {
            if ($state.cuda_request -ne 'auto') { Fail $exitUnavailable "${reason}: leave out --cuda, or set VAE_LIBTORCH to a libtorch with CUDA" }
            Set-Torch 'package' "without the GPU, as $reason"
            return
        }
    }
    Set-Torch 'shim' $reason
}

function Select-Plot {
    $state.plot_source = $state.plot_request
    $state.reason_plot = 'as asked for'
    if ($state.plot_request -ne 'auto') { return }
    $answer = Get-Availability @('ScottPlot')
    if ($answer.Verdict -eq 'yes') {
        $state.plot_source = 'package'
        $state.reason_plot = 'NuGet has it'
    }
    else {
        $state.plot_source = 'shim'
        $state.reason_plot = Get-WhyNot $answer 'ScottPlot'
    }
}

function Write-Props {
    $text = @"
<Project>
  <!-- Written by scripts/setup.ps1; docs/engines.md tells what it means. A property given to dotnet with -p: goes first. -->
  <PropertyGroup>
    <TorchSource>$($state.torch_source)</TorchSource>
    <PlotSource>$($state.plot_source)</PlotSource>
    <Cuda>$($state.cuda)</Cuda>
  </PropertyGroup>
</Project>

"@
    # A file that says the same keeps its time, so that MSBuild finds nothing to do.
    if (-not (Test-Path -LiteralPath $propsFile) -or [IO.File]::ReadAllText($propsFile) -ne $text) { Write-Text $propsFile $text }
}
