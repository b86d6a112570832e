using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Tests.Runs;

public class SafetensorsWriterTests
{
    private static SafetensorsTensor Tensor(string name, SafetensorsType type, params long[] shape)
    {
        int bytes = (int)shape.Aggregate((long)type.Size(), (product, dimension) => product * dimension);
        return new SafetensorsTensor(name, type, shape, SafetensorsBytes.Data(bytes, name.Length));
    }

    [Fact]
    public void The_file_is_laid_out_as_the_format_says()
    {
        byte[] bytes = SafetensorsBytes.Write([Tensor("b", SafetensorsType.U8, 3), Tensor("a", SafetensorsType.F32, 2, 1)], ("epoch", "7"));

        const string Header =
            """{"__metadata__":{"epoch":"7"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}"""
            + ""","b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";
        string padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        Assert.Equal((ulong)padded.Length, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(padded, Encoding.UTF8.GetString(bytes, 8, padded.Length));
        Assert.Equal((byte[])[1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3], bytes[(8 + padded.Length)..]);
    }

    [Fact]
    public void Every_type_reads_back_and_begins_where_its_elements_are_aligned()
    {
        SafetensorsTensor[] tensors = Enum.GetValues<SafetensorsType>().Select(type => Tensor("tensor." + type, type, 3, 5)).Reverse()
            .Append(Tensor("scalar", SafetensorsType.F32)).Append(Tensor("none", SafetensorsType.I16, 4, 0)).ToArray();

        byte[] bytes = SafetensorsBytes.Write(tensors, ("key", "value"));
        SafetensorsFile file = SafetensorsBytes.Read(bytes);

        Assert.Equal(tensors.Length, file.Entries.Count);
        foreach (SafetensorsTensor? tensor in tensors)
        {
            SafetensorsEntry entry = file.Entries.Single(entry => entry.Name == tensor.Name);
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (entry.Type, string.Join(',', entry.Shape)));
            Assert.Equal(tensor.Data().ToArray(), file.Data(tensor.Name).ToArray());
            Assert.Equal(0, (bytes.Length - file.Entries.Sum(other => other.ByteCount) + entry.Offset) % entry.Type.Size());
        }
    }

    [Fact]
    public void The_order_in_which_tensors_and_metadata_come_does_not_matter()
    {
        SafetensorsTensor[] tensors =
        [
            Tensor("b", SafetensorsType.F32, 2),
            Tensor("A", SafetensorsType.F32, 2),
            Tensor("a", SafetensorsType.F64, 1),
            Tensor("é", SafetensorsType.F32, 1),
        ];

        byte[] first = SafetensorsBytes.Write(tensors, ("x", "1"), ("a", "2"), ("B", "3"));
        byte[] second = SafetensorsBytes.Write([.. tensors.Reverse()], ("B", "3"), ("x", "1"), ("a", "2"));

        Assert.Equal(first, second);
        Assert.Equal(["a", "A", "b", "é"], SafetensorsBytes.Read(first).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Without_metadata_there_is_no_key_for_it() => Assert.Equal("{}      "u8.ToArray(), SafetensorsBytes.Write([])[8..]);

    [Fact]
    public void Each_header_length_is_padded_to_eight()
    {
        for (int length = 1; length < 20; length++)
        {
            byte[] bytes = SafetensorsBytes.Write([Tensor(new string('n', length), SafetensorsType.U8, 1)]);

            Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 8);
            Assert.Equal([1L], SafetensorsBytes.Read(bytes).Entries.Single().Shape);
        }
    }

    [Fact]
    public void Tensors_that_do_not_fit_their_shapes_or_names_are_refused()
    {
        void Refused(params SafetensorsTensor[] tensors) => Assert.Throws<ArgumentException>(() => SafetensorsBytes.Write(tensors));

        Refused(Tensor("a", SafetensorsType.U8, 1), Tensor("a", SafetensorsType.F32, 1));
        Refused(Tensor("__metadata__", SafetensorsType.U8, 1));
        Refused(new SafetensorsTensor("a", SafetensorsType.U8, [2], new byte[1]));
        Refused(new SafetensorsTensor("a", SafetensorsType.U8, [2], new byte[3]));
        Refused(new SafetensorsTensor("a", SafetensorsType.U8, [-1], Array.Empty<byte>()));
        Refused(new SafetensorsTensor("a", SafetensorsType.F32, [long.MaxValue], Array.Empty<byte>()));
    }

    [Fact]
    public void Data_is_asked_for_only_when_its_turn_comes()
    {
        List<string> asked = new List<string>();
        SafetensorsTensor Asked(string name) => new(name, SafetensorsType.U8, [1], () =>
        {
            asked.Add(name);
            return new byte[1];
        });

        SafetensorsBytes.Write([Asked("b"), Asked("a")]);

        Assert.Equal(["a", "b"], asked);
    }
}
