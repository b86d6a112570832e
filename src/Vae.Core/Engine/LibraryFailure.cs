using System.Text.RegularExpressions;

namespace Vae.Core.Engine;

/// <summary>What the tensor library's failures mean. It has one type for all of them, so their texts tell them apart.</summary>
public static partial class LibraryFailure
{
    /// <summary>Memory that ran out, in the tensor library or in the runtime, as a failure of ours; anything else as it is.</summary>
    public static Exception Of(Exception exception) => exception switch
    {
        OutOfMemoryException => OutOfMemory("", exception),
        ExternalException when MemoryRanOut().IsMatch(exception.Message) => OutOfMemory(Wanted(exception.Message), exception),
        _ => exception,
    };

    /// <summary>A message of the library without the C++ stack that it puts behind.</summary>
    public static string WithoutStack(string message) => NativeStack().Split(message, 2)[0];

    private static VaeException OutOfMemory(string wanted, Exception exception) => new(
        FailureKind.InputOutput, $"out of memory{wanted} (try a smaller train.batch_size, fewer images or a smaller model)", exception);

    private static string Wanted(string message) => Amount().Match(message) is { Success: true } amount
        ? $": {(amount.Groups["bytes"] is { Success: true } bytes ? InWords(bytes.Value) : amount.Groups["amount"].Value)} more were wanted"
        : "";

    private static string InWords(string bytes) => MemorySize.Text(double.Parse(bytes, CultureInfo.InvariantCulture));

    // DefaultCPUAllocator on Linux and macOS, on Windows, and under aligned allocation; CUDA; cuBLAS and cuDNN; C++ itself.
    [GeneratedRegex("can't allocate memory|not enough memory|out of memory|ALLOC_FAILED|bad_alloc|bad allocation", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryRanOut();

    [GeneratedRegex(@"tried to allocate (?:(?<bytes>\d+) bytes|(?<amount>[\d.]+ [KMGT]i?B))", RegexOptions.IgnoreCase)]
    private static partial Regex Amount();

    [GeneratedRegex(@"\s*(?:\(no backtrace available\)|^Exception raised from |^frame #0: )", RegexOptions.Multiline)]
    private static partial Regex NativeStack();
}
