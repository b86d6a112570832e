using System.Reflection;
using System.Text.RegularExpressions;
using TorchSharp.Utils;

namespace Vae.Core.Tests.Conventions;

/// <summary>
/// TorchSharp registers each field that holds a module, a parameter or a tensor, under the field's own name where no other is given: a
/// field _layers would put each of its weights into the checkpoint a second time, as _layers.….
/// </summary>
public sealed partial class ComponentNameTests
{
    [Fact]
    public void Each_field_that_becomes_part_of_a_parameters_name_says_its_name_in_PyTorch()
    {
        FieldInfo[] fields = [.. ComponentFields()];

        Assert.Contains(fields, field => field.Name == "_encoder");
        Assert.Empty(
            fields.Where(field => !SnakeCase().IsMatch(field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? "")).Select(Place));
    }

    private static string Place(FieldInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";

    // Fields that the compiler makes, of properties and of captured constructor parameters, are among them.
    private static IEnumerable<FieldInfo> ComponentFields() =>
        from type in typeof(VariationalAutoencoder).Assembly.GetTypes()
        where type.IsAssignableTo(typeof(nn.Module))
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType.IsAssignableTo(typeof(nn.Module)) || field.FieldType.IsAssignableTo(typeof(Tensor))
            || (field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(nn.IModule<,>))
        select field;

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
