using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchCreationTests
{
    [Fact]
    public void Numbers_and_arrays_keep_their_type()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1, 255 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1.0, 2 }, dtype: float32).dtype);
        Assert.Empty(tensor(1f).shape);
        Assert.Equal([2, 2], tensor(new float[,] { { 1, 2 }, { 3, 4 } }).shape);
        TorchTest.Near([1, 2, 3, 4], tensor(new float[,] { { 1, 2 }, { 3, 4 } }));
        TorchTest.Near([1, 2, 3, 4], tensor(new List<float> { 1, 2, 3, 4 }, 2, 2));
        TorchTest.Near([1, 2, 3, 4], tensor(new long[] { 1, 2, 3, 4 }, [2, 2]));
        TorchTest.Near([5, 6], from_array(new[] { 5, 6 }));
        Assert.True(tensor(2.0, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Constant_and_counting_tensors_have_their_elements_and_types()
    {
        using var scope = NewDisposeScope();

        TorchTest.Near([0, 0, 0, 0], zeros(2, 2));
        TorchTest.Near([1, 1], ones(2, dtype: int64));
        TorchTest.Near([2.5, 2.5], full(2, 2.5));
        Assert.Equal(ScalarType.Int64, full(2, 3).dtype);
        TorchTest.Near([0, 1, 2], arange(3));
        TorchTest.Near([1, 1.5, 2], arange(1.0, 2.5, 0.5));
        Assert.Equal(ScalarType.Int64, arange(0, 5).dtype);
        TorchTest.Near([0, 0.25, 0.5, 0.75, 1], linspace(0, 1, 5), 1e-6);
        TorchTest.Near([1, 0, 0, 1], eye(2));
        TorchTest.Near([1, 0, 0, 0, 1, 0], eye(2, 3));
        TorchTest.Near([3, 3], full_like(zeros(2), 3));
        Assert.Equal([2, 3], empty(2, 3).shape);
        Assert.Equal([2, 3], zeros_like(ones(2, 3)).shape);
        Assert.Equal(ScalarType.Float64, ones_like(zeros(1), ScalarType.Float64).dtype);
        Assert.Equal([2, 0], zeros([2, 0]).shape);
    }

    [Fact]
    public void Elements_are_read_and_written_in_place()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Assert.Equal([1f, 2, 3, 4, 5, 6], x.data<float>().ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6], x.t().data<float>().ToArray());
        Assert.Equal(6f, x.data<float>()[1, 2]);
        MemoryMarshal.Cast<byte, float>(x.bytes)[0] = 10;
        x.data<float>()[0, 1] = 20;
        Assert.Equal(10f, x[0, 0].item<float>());
        Assert.Equal(20f, x[0, 1].ToSingle());
        var target = new float[4];
        x.data<float>().CopyTo(target, 1);
        Assert.Equal([0f, 10, 20, 3], target);
        x.data<float>().CopyFrom(new float[] { 7, 8 });
        Assert.Equal(8f, (float)x[0, 1]);
    }

    [Fact]
    public void Reading_by_another_type_is_refused()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.Throws<ArgumentException>(() => ones(2).data<int>());
        Assert.Equal(1, ones(1, dtype: int64).ToInt32());
        Assert.Equal(1.5, tensor(1.5f).ToDouble());
    }

    [Fact]
    public void A_tensor_over_a_buffer_shares_the_array()
    {
        using var scope = NewDisposeScope();
        var array = new float[] { 1, 2, 3, 4 };
        var x = frombuffer(array, ScalarType.Float32);
        x.mul_(2);
        array[3] = -1;

        Assert.Equal([2f, 4, 6, -1], array);
        TorchTest.Near([2, 4, 6, -1], x);
        TorchTest.Near([6, -1], frombuffer(array, ScalarType.Float32, offset: 2));
    }

    [Fact]
    public void Bytes_go_to_a_stream_and_come_back()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var x = TorchTest.Uniform(-1, 1, 100);
        x.WriteBytesToStream(stream);
        stream.Position = 0;
        var back = zeros_like(x);
        back.ReadBytesFromStream(stream);

        Assert.Equal(800, stream.Length);
        Assert.True(x.Equals(back));
    }

    [Fact]
    public void Types_convert_and_devices_are_told()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Doubles([1.7, -1.7]);

        TorchTest.Near([1, -1], x.to(int32));
        TorchTest.Near([1, -1], x.@long());
        Assert.Equal(ScalarType.Float32, x.@float().dtype);
        Assert.Equal(ScalarType.Float16, x.half().dtype);
        Assert.Equal(ScalarType.Float32, x.type_as(zeros(1)).dtype);
        Assert.Equal(2, x.half().ElementSize);
        Assert.Equal(DeviceType.CPU, x.device_type);
        Assert.Equal("cpu", x.cpu().device.ToString());
        Assert.StartsWith("[2], type = Float64, device = cpu", x.ToString(), StringComparison.Ordinal);
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal(cuda.is_available(), TryInitializeDeviceType(DeviceType.CUDA));
        Assert.True(x.to(x.dtype, copy: true).bytes.SequenceEqual(x.bytes));
    }

    [Fact]
    public void The_default_type_and_the_thread_count_can_be_set()
    {
        var (type, threads) = (get_default_dtype(), get_num_threads());
        try
        {
            set_default_dtype(ScalarType.Float64);
            set_num_threads(1);
            using var x = zeros(1);

            Assert.Equal(ScalarType.Float64, x.dtype);
            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_default_dtype(type);
            set_num_threads(threads);
        }
    }
}
