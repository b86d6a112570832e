using System.Diagnostics.CodeAnalysis;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch: one owned reference to its native implementation.</summary>
    [SuppressMessage("Design", "CA1063", Justification = "The package's signature.")]
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            var count = Interlocked.Increment(ref _totalCount);
            if (count > _peakCount)
            {
                _peakCount = count;
            }

            if (register)
            {
                DisposeScopeManager.OfThisThread.Register(this);
            }
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => _totalCount;

        public static long PeakCount => _peakCount;

        public bool IsInvalid => _handle == 0;

        public IntPtr Handle => _handle == 0 ? throw new InvalidOperationException("The tensor has been disposed of.") : _handle;

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>The place of this tensor in the list of its scope.</summary>
        internal int IndexInScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
            {
                return;
            }

            // The finalizer runs on a thread of its own, which must not touch the lists and counts of another.
            if (disposing)
            {
                DisposeScopeManager.OfThisThread.Unregister(this);
            }

            Interlocked.Decrement(ref _totalCount);
            NativeMethods.vt_tensor_release(handle);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } scope)
            {
                scope.MoveToOther(other, this);
            }
            else
            {
                other?.Attach(this);
            }

            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) => Op.Equal.CallForBool(this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public Tensor alias() => new(NativeMethods.Check(NativeMethods.vt_tensor_share(Handle)));

        /// <summary>Gives the native reference away; this object is as if disposed of.</summary>
        [SuppressMessage("Usage", "CA1816", Justification = "There is nothing left to finalize.")]
        internal nint Release()
        {
            var handle = Handle;
            _handle = 0;
            Interlocked.Decrement(ref _totalCount);
            GC.SuppressFinalize(this);
            return handle;
        }
    }
}
