using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost first, and what its tensors did.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _ofThisThread;

    public static ThreadDisposeScopeStatistics Statistics => OfThisThread.ThreadStatistics;

    internal static DisposeScopeManager OfThisThread => _ofThisThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics ThreadStatistics { get; } = new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope Open() => Current = new DisposeScope(this);

    internal void Register(Tensor tensor)
    {
        if (Current is { } scope)
        {
            scope.Add(tensor);
            ThreadStatistics.TensorStatistics.CreatedInScopeCount++;
        }
        else
        {
            ThreadStatistics.TensorStatistics.CreatedOutsideScopeCount++;
        }
    }

    internal void Unregister(Tensor tensor)
    {
        if (tensor.OwningDisposeScope is { } scope)
        {
            scope.Remove(tensor);
            ThreadStatistics.TensorStatistics.DisposedInScopeCount++;
        }
        else
        {
            ThreadStatistics.TensorStatistics.DisposedOutsideScopeCount++;
        }
    }

    /// <summary>Takes a scope out of the chain; it need not be the innermost.</summary>
    internal void Close(DisposeScope closed)
    {
        if (Current == closed)
        {
            Current = closed.Outer;
            return;
        }

        for (var scope = Current; scope is not null; scope = scope.Outer)
        {
            if (scope.Outer == closed)
            {
                scope.Outer = closed.Outer;
                return;
            }
        }
    }
}
