using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchModuleTests
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "dense")]
        private readonly Linear _dense;

        [ComponentName(Name = "scale")]
        private readonly Parameter _scale;

        [ComponentName(Name = "offset")]
        private readonly Tensor _offset;

        [ComponentName(Name = "head")]
        private readonly Sequential _head;

        public Block()
            : base(nameof(Block))
        {
            _dense = nn.Linear(4, 3);
            _scale = nn.Parameter(full(3, 2.0f));
            _offset = ones(3).DetachFromDisposeScope();
            _head = nn.Sequential(("norm", nn.BatchNorm1d(3)), ("out", nn.Linear(3, 2, hasBias: false)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _head.call((_dense.call(input) * _scale) + _offset);
    }

    private sealed class Outer : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly ModuleList<nn.Module<Tensor, Tensor>> _blocks;

        public Outer()
            : base(nameof(Outer))
        {
            _blocks = nn.ModuleList<nn.Module<Tensor, Tensor>>(new Block(), nn.Linear(2, 2));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input1, Tensor input2) => _blocks[1].call(_blocks[0].call(input1) + input2);
    }

    [Fact]
    public void Components_are_registered_under_the_names_of_their_fields()
    {
        using var module = new Outer();

        Assert.Equal(
            [
                "_blocks.0.dense.bias", "_blocks.0.dense.weight", "_blocks.0.head.norm.bias", "_blocks.0.head.norm.num_batches_tracked",
                "_blocks.0.head.norm.running_mean", "_blocks.0.head.norm.running_var", "_blocks.0.head.norm.weight", "_blocks.0.head.out.weight",
                "_blocks.0.offset", "_blocks.0.scale", "_blocks.1.bias", "_blocks.1.weight",
            ],
            module.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["_blocks"], module.named_children().Select(child => child.name));
        Assert.Contains("_blocks.0.head.norm", module.named_modules().Select(named => named.name));
        Assert.Equal(8, module.parameters().Count());
        Assert.Equal(4, module.named_buffers().Count());
        Assert.Empty(module.parameters(recurse: false));
    }

    [Fact]
    public void A_parameter_of_two_names_counts_once()
    {
        var shared = nn.Parameter(ones(2, 2));
        using var module = nn.Sequential(nn.Linear(shared), nn.ReLU(), nn.Linear(shared));

        Assert.Equal(["0.weight"], module.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void A_state_is_copied_into_another_module_of_the_same_form()
    {
        using var scope = NewDisposeScope();
        using var source = new Outer();
        using var target = new Outer();
        var (x, y) = (ones(3, 4) * arange(3).unsqueeze(1), ones(3, 2));
        _ = source.call(x, y);
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        source.eval();
        target.eval();

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.True(source.call(x, y).Equals(target.call(x, y)));
        var state = source.state_dict();
        state.Remove("_blocks.1.bias");
        Assert.ThrowsAny<Exception>(() => target.load_state_dict(state));
        Assert.Equal(["_blocks.1.bias"], target.load_state_dict(state, strict: false).missing_keys);
    }

    [Fact]
    public void Training_and_evaluation_reach_every_part()
    {
        using var module = new Outer();
        Assert.All(module.modules(), part => Assert.True(part.training));
        module.eval();
        Assert.All(module.modules(), part => Assert.False(part.training));
        module.train();
        Assert.True(module.training);
        var names = new List<string>();
        module.apply(part => names.Add(part.GetName()));
        Assert.Equal(nameof(Outer), names[^1]);
        Assert.Contains("BatchNorm1d", names);
    }

    [Fact]
    public void Gradients_are_cleared_to_nothing_or_to_zero()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1);
        layer.call(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        TorchTest.Near([0, 0], layer.weight!.grad!);
        layer.zero_grad();
        Assert.Null(layer.weight!.grad);
    }

    [Fact]
    public void Conversion_changes_parameters_and_leaves_whole_numbers_alone()
    {
        using var scope = NewDisposeScope();
        using var module = new Outer().to(ScalarType.Float64);

        Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(module.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
        Assert.Equal(ScalarType.Int64, module.state_dict()["_blocks.0.head.norm.num_batches_tracked"].dtype);
        Assert.Equal(ScalarType.Float64, module.call(ones(2, 4, ScalarType.Float64), ones(2, 2, ScalarType.Float64)).dtype);
        Assert.Equal(DeviceType.CPU, module.to(CPU).parameters().First().device_type);
    }

    [Fact]
    public void A_module_survives_the_scope_it_was_made_in_and_its_disposal_ends_it()
    {
        Linear layer;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
        }

        var weight = layer.weight!;
        Assert.False(weight.IsInvalid);
        using (var result = layer.call(ones(1, 2)))
        {
            Assert.Equal([1, 2], result.shape);
        }

        layer.Dispose();
        Assert.True(weight.IsInvalid);
    }

    [Fact]
    public void A_sequence_runs_its_parts_in_order_and_frees_what_lies_between()
    {
        using var empty = nn.Sequential();
        using var sequence = nn.Sequential(nn.Linear(2, 2), nn.Identity(), nn.Tanh()).append(nn.Linear(2, 1)).append("last", nn.Sigmoid());
        using var scope = NewDisposeScope();
        var x = ones(1, 2);
        var before = scope.DisposablesCount;
        using (no_grad())
        {
            var y = sequence.call(x);
            Assert.Equal([1, 1], y.shape);
            Assert.Equal(before + 1, scope.DisposablesCount);
        }

        Assert.Equal(5, sequence.Count);
        Assert.Equal(["0", "1", "2", "3", "last"], sequence.named_children().Select(child => child.name));
        Assert.True(empty.call(x).Equals(x));
        Assert.False(x.IsInvalid);
    }
}
