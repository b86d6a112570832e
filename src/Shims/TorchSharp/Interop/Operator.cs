using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An operator of libtorch's dispatcher. It is looked up at its first call and kept; arguments left out at the end
/// take the defaults of libtorch's own schema, so that a later version with more arguments is called alike.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int SlotsOnStack = 64;

    private nint _handle;

    /// <summary>Calls the operator for its one tensor.</summary>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return Take(result);
    }

    /// <summary>Calls the operator for its effect on an argument; its results are dropped.</summary>
    public void Run(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, null, 0);

    public (Tensor, Tensor) CallForTwo(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (Take(results[0]), Take(results[1]));
    }

    public (Tensor, Tensor, Tensor) CallForThree(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[3];
        Invoke(arguments, results, 3);
        return (Take(results[0]), Take(results[1]), Take(results[2]));
    }

    public Tensor[] CallForList(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return TakeList(result)!;
    }

    public bool CallForBool(params ReadOnlySpan<Argument> arguments) => CallForValue(arguments).Bits != 0;

    /// <summary>Calls the operator for a number: a Scalar, int, float or bool of its schema.</summary>
    public NativeValue CallForValue(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result;
    }

    /// <summary>Tensors from a native list, which is freed; null where a tensor is undefined.</summary>
    internal static Tensor[] TakeList(in NativeValue list)
    {
        var handles = (nint*)list.Bits;
        var tensors = new Tensor[list.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = handles[i] == 0 ? null! : new Tensor(handles[i]);
        }

        NativeMethods.vt_free((nint)list.Bits);
        return tensors;
    }

    private static Tensor Take(in NativeValue value) => value.Kind == ValueKind.Tensor ? new Tensor((nint)value.Bits) : null!;

    private void Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        var slotCount = 0;
        foreach (ref readonly var argument in arguments)
        {
            slotCount += argument.Slots;
        }

        var values = stackalloc NativeValue[arguments.Length];
        if (slotCount <= SlotsOnStack)
        {
            var slots = stackalloc long[slotCount];
            Invoke(arguments, values, slots, results, capacity);
        }
        else
        {
            fixed (long* slots = new long[slotCount])
            {
                Invoke(arguments, values, slots, results, capacity);
            }
        }
    }

    private void Invoke(ReadOnlySpan<Argument> arguments, NativeValue* values, long* slots, NativeValue* results, int capacity)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            slots += arguments[i].Write(out values[i], slots);
        }

        var op = _handle == 0 ? Find() : _handle;
        if (NativeMethods.vt_call(op, values, arguments.Length, results, capacity) < 0)
        {
            throw NativeMethods.LastError();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private nint Find()
    {
        fixed (byte* nameText = Terminated("aten::" + name), overloadText = Terminated(overload))
        {
            return _handle = NativeMethods.Check(NativeMethods.vt_operator(nameText, overloadText));
        }
    }

    private static byte[] Terminated(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');
}
