using System.Diagnostics.CodeAnalysis;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Generator manual_seed(long seed)
    {
        NativeMethods.Check(NativeMethods.vt_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static long seed()
    {
        var seed = DateTime.UtcNow.Ticks;
        manual_seed(seed);
        return seed;
    }

    public static long initial_seed()
    {
        using var generator = Generator.Default;
        return generator.initial_seed();
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    public static class random
    {
        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>A source of random numbers of a device.</summary>
    [SuppressMessage("Design", "CA1063", Justification = "The package's signature.")]
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = InitializeDevice(device ?? CPU);
            _handle = NativeMethods.Check(NativeMethods.vt_generator_create(seed, (int)this.device.type, this.device.index));
        }

        private Generator(nint handle, Device device)
        {
            this.device = device;
            _handle = handle;
        }

        ~Generator() => Dispose(false);

        public static Generator Default => DefaultOf(DeviceType.CPU, -1);

        public IntPtr Handle => _handle == 0 ? throw new ObjectDisposedException(nameof(Generator)) : _handle;

        public Device device { get; private set; }

        internal static Generator DefaultOf(DeviceType type, int index) =>
            new(NativeMethods.Check(NativeMethods.vt_generator_default((int)type, index)), new Device(type, index));

        public Tensor get_state() => new(NativeMethods.Check(NativeMethods.vt_generator_get_state(Handle)));

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.vt_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.vt_generator_set_seed(Handle, (ulong)seed));
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            NativeMethods.Check(NativeMethods.vt_generator_initial_seed(Handle, &seed));
            return (long)seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
            {
                NativeMethods.vt_generator_release(handle);
            }
        }
    }
}
