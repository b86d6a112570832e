# Trains a configuration of configs/papers, evaluates it on the test set, compares it with the published figure and writes
# docs/results/NAME.md. A run that was stopped goes on where it was. Twin of scripts/reproduce.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$invariant = [Globalization.CultureInfo]::InvariantCulture
$expected = Import-Csv -LiteralPath (Join-Path $root 'configs/papers/expected.csv')
$usage = @"
usage: scripts/reproduce.ps1 NAME [--epochs N] [--importance-samples K] [--images N] [--out FILE] [OPTION...]
       scripts/reproduce.ps1 --table      what the pages of docs/results say, as a table
  NAME                  one of configs/papers: $(($expected | ForEach-Object { $_.name }) -join ', ')
  --epochs N            train so many epochs in all (default: the configuration's)
  --importance-samples  draws for each test image (default: as for the published figure, mostly 5000)
  --images N            evaluate on the first N test images only
  --out FILE            the page to write (default: docs/results/NAME.md), its curve beside it
  OPTION...             --data DIR, --offline, --device and --threads, for training and evaluation alike
"@

function Refuse([string] $Problem, [int] $Code = 64) {
    [Console]::Error.WriteLine("vae: ${Problem}: see scripts/reproduce.ps1 --help")
    exit $Code
}

# What stands in a page's row of the given name.
function Get-PageCell([string[]] $Lines, [string] $Label) {
    foreach ($line in $Lines) {
        $cells = $line.Split('|') | ForEach-Object { $_.Trim() }
        if ($cells.Count -gt 2 -and $cells[1] -eq $Label) { return $cells[2].Replace('*', '') }
    }
    return ''
}

# A row of docs/results for each page that is there, in the order of the published figures.
function Write-ResultsTable {
    [Console]::Out.WriteLine('| configuration | paper, nats | reproduced, nats | ours, nats | K | epochs | training | test images |')
    [Console]::Out.WriteLine('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |')
    foreach ($row in $expected) {
        $page = Join-Path $root "docs/results/$($row.name).md"
        if (-not (Test-Path -LiteralPath $page -PathType Leaf)) { continue }
        $lines = [IO.File]::ReadAllLines($page)
        $evaluated = (Get-PageCell $lines 'evaluation').Split(' ')
        $cells = @("[$($row.name)]($($row.name).md)", $row.published, $row.reproduced, (Get-PageCell $lines '**this run**'),
            $evaluated[3], (Get-PageCell $lines 'epochs'), (Get-PageCell $lines 'training'), $evaluated[0])
        [Console]::Out.WriteLine("| $($cells -join ' | ') |")
    }
}

$name = ''
$values = @{ '--epochs' = ''; '--importance-samples' = ''; '--images' = ''; '--out' = '' }
$common = @()
for ($i = 0; $i -lt $args.Count; $i++) {
    $argument = [string] $args[$i]
    if ($argument -in '-h', '--help') {
        [Console]::Out.WriteLine($usage)
        exit 0
    }
    elseif ($argument -in '--epochs', '--importance-samples', '--images', '--out', '--data', '--device', '--threads') {
        if ($i + 1 -ge $args.Count) { Refuse "$argument takes a value" }
        $i++
        if ($values.ContainsKey($argument)) { $values[$argument] = [string] $args[$i] } else { $common += $argument, [string] $args[$i] }
    }
    elseif ($argument -eq '--table') {
        Write-ResultsTable
        exit 0
    }
    elseif ($argument -eq '--offline') { $common += $argument }
    elseif ($argument.StartsWith('-')) { Refuse "scripts/reproduce.ps1 knows no '$argument'" }
    elseif ($name) { Refuse "one name at a time, not '$name' and '$argument'" }
    else { $name = $argument }
}
if (-not $name) { Refuse 'which configuration of configs/papers?' }
$published = $expected | Where-Object { $_.name -eq $name } | Select-Object -First 1
$configuration = Join-Path $root "configs/papers/$name.json"
if (-not $published -or -not (Test-Path -LiteralPath $configuration -PathType Leaf)) {
    Refuse "configs/papers has no '$name'" 66
}
if (-not $values['--importance-samples']) { $values['--importance-samples'] = $published.importance_samples }
$run = Join-Path $root "runs/papers/$name"
$page = if ($values['--out']) { [IO.Path]::GetFullPath([IO.Path]::Combine((Get-Location -PSProvider FileSystem).ProviderPath, $values['--out'])) }
    else { Join-Path $root "docs/results/$name.md" }

# Runs the program and ends with it where it fails; gives its standard output.
function Invoke-Vae([string[]] $Arguments) {
    $ErrorActionPreference = 'Continue'
    $output = & "$PSScriptRoot/vae.ps1" @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    return $output
}

function Format-Number([double] $Value, [string] $Format = '0.00') { $Value.ToString($Format, $invariant) }

function Format-Clock([double] $Seconds) {
    $time = [TimeSpan]::FromSeconds([Math]::Round($Seconds))
    '{0}:{1:00}:{2:00}' -f [Math]::Floor($time.TotalHours), $time.Minutes, $time.Seconds
}

# A figure of an object that may lack it, as a table's cell.
function Get-Cell($Object, [string] $Section, [string] $Key) {
    foreach ($part in @($Section, $Key) | Where-Object { $_ }) {
        if ($null -eq $Object -or -not ($Object.PSObject.Properties.Name -contains $part)) { return '' }
        $Object = $Object.$part
    }
    if ($null -eq $Object) { '' } else { Format-Number $Object }
}

$start = if (Test-Path -LiteralPath $run -PathType Container) { @('--resume', $run) } else { @('--config', $configuration, '--run', $run) }
$epochOptions = if ($values['--epochs']) { @('--epochs', $values['--epochs']) } else { @() }
New-Item -ItemType Directory -Force -Path (Join-Path $root 'runs/papers') | Out-Null
Invoke-Vae (@('train') + $start + $epochOptions + $common) | Out-Null

$watch = [Diagnostics.Stopwatch]::StartNew()
$imageOptions = if ($values['--images']) { @('--images', $values['--images']) } else { @() }
$evaluation = Invoke-Vae (@('eval-elbo', '--run', $run, '--split', 'test', '--importance-samples', $values['--importance-samples'], '--json') +
    $imageOptions + $common) | ConvertFrom-Json
$settings = [IO.File]::ReadAllText($configuration) | ConvertFrom-Json
$seed = ([IO.File]::ReadAllText((Join-Path $run 'config.json')) | ConvertFrom-Json).train.seed
$epochs = @([IO.File]::ReadAllLines((Join-Path $run 'metrics.jsonl')) | Where-Object { $_ } | ForEach-Object { $_ | ConvertFrom-Json })
$ours = -[double] $evaluation.log_likelihood
$machine = "$([Runtime.InteropServices.RuntimeInformation]::OSDescription.Trim()) $([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)"
$machine += ", $([Environment]::ProcessorCount) processors"
if (Get-Command Get-CimInstance -ErrorAction SilentlyContinue) { # Windows alone has it
    $machine += " ($((Get-CimInstance Win32_Processor | Select-Object -First 1).Name.Trim()))"
}
$minus = [char] 0x2212
$plusMinus = [char] 0x00B1

$lines = New-Object 'System.Collections.Generic.List[string]'
$lines.AddRange([string[]] @("# $name", '', $settings.description, ''))
$given = @('--epochs', '--images') | Where-Object { $values[$_] } | ForEach-Object { " $_ $($values[$_])" }
if ($values['--importance-samples'] -ne $published.importance_samples) { $given = @($given) + " --importance-samples $($values['--importance-samples'])" }
$note = "Written by ``scripts/reproduce $name$(-join $given)``."
$patience = if ($settings.train.PSObject.Properties['patience']) { $settings.train.patience } else { 0 }
$staleEpochs = 0
if ($patience -gt 0) {
    $best = $epochs | Sort-Object -Property @{ Expression = { $_.validation.elbo }; Descending = $true }, epoch | Select-Object -First 1
    $staleEpochs = $epochs.Count - $best.epoch
}
if ($epochs.Count -lt $settings.train.epochs -and $patience -gt 0 -and $staleEpochs -ge $patience) {
    $note += " Training ended by itself: the validation ELBO had not risen for $patience epochs."
} elseif ($epochs.Count -lt $settings.train.epochs) {
    $note += " **This run has $($epochs.Count) of the $($settings.train.epochs) epochs of the configuration: it shows that the model learns, not where it ends.**"
}
$lines.AddRange([string[]] @($note, '', '| negative log-likelihood, nats | | difference of ours |', '| --- | ---: | ---: |'))
$lines.Add("| **this run** | **$(Format-Number $ours) $plusMinus $(Format-Number $evaluation.log_likelihood_se)** | |")
foreach ($row in @(@("published ($($published.source))", $published.published), @('reproduced elsewhere', $published.reproduced))) {
    if ($row[1]) { $lines.Add("| $($row[0]) | $($row[1]) | $(Format-Number ($ours - [double]::Parse($row[1], $invariant)) '+0.00;-0.00') |") }
}
$lines.AddRange([string[]] @('', '| | |', '| --- | --- |'))
$lines.Add("| configuration | [configs/papers/$name.json](../../configs/papers/$name.json) |")
$lines.Add("| seed | $seed |")
$lines.Add("| epochs | $($epochs.Count) of $($settings.train.epochs) |")
$lines.Add("| machine | $machine |")
$lines.Add("| training | $(Format-Clock ($epochs | Measure-Object -Property seconds -Sum).Sum) |")
$lines.Add("| evaluation | $($evaluation.examples) test images, $($evaluation.importance_samples) importance samples each, $(Format-Clock $watch.Elapsed.TotalSeconds) |")
$lines.Add("| test ELBO | $(Format-Number $evaluation.elbo) = reconstruction $(Format-Number $evaluation.reconstruction) $minus KL $(Format-Number $evaluation.kl) |")
$lines.Add("| active units | $($evaluation.active_units) of $($evaluation.latent) |")
$lines.AddRange([string[]] @('', '## The bound over the number of samples', '', '| k | negative log-likelihood | effective samples |', '| ---: | ---: | ---: |'))
foreach ($point in $evaluation.curve) { $lines.Add("| $($point.k) | $(Format-Number (-$point.log_likelihood)) | $(Format-Number $point.ess '0.0') |") }
$svg = [IO.Path]::GetFileNameWithoutExtension($page) + '.svg'
$lines.AddRange([string[]] @('', '## The course of training', '', "![ELBO, reconstruction and KL over epochs]($svg)", ''))
$lines.AddRange([string[]] @('| epoch | training ELBO | validation ELBO | reconstruction | KL | seconds | hours so far |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |'))
$hours = 0.0
$step = [Math]::Max(1, [Math]::Floor(($epochs.Count + 19) / 20))
for ($i = 1; $i -le $epochs.Count; $i++) {
    $epoch = $epochs[$i - 1]
    $hours += $epoch.seconds / 3600
    if ($i -ne 1 -and $i -ne $epochs.Count -and $i % $step -ne 0) { continue }
    $cells = @((Get-Cell $epoch 'train' 'elbo'), (Get-Cell $epoch 'validation' 'elbo'), (Get-Cell $epoch 'train' 'reconstruction'),
        (Get-Cell $epoch 'train' 'kl'), (Get-Cell $epoch '' 'seconds'), (Format-Number $hours '0.000'))
    $lines.Add("| $($epoch.epoch) | $($cells -join ' | ') |")
}
New-Item -ItemType Directory -Force -Path (Split-Path -Parent $page) | Out-Null
Copy-Item -LiteralPath (Join-Path $run 'loss.svg') -Destination (Join-Path (Split-Path -Parent $page) $svg) -Force
[IO.File]::WriteAllText($page, ($lines -join "`n") + "`n")
[Console]::Out.WriteLine($page.Replace($root + [IO.Path]::DirectorySeparatorChar, ''))
