using System.Globalization;
using System.Reflection;

namespace Shims.Tests;

/// <summary>Brings the public surface of an assembly to the form of <see cref="PlotApiMember"/>.</summary>
internal static class PlotApiReflection
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static List<PlotApiMember> Surface(Assembly assembly) => [.. assembly.GetExportedTypes().SelectMany(Members)];

    /// <summary>A default value as the two sides would both write it.</summary>
    public static string Literal(object? value) => value switch
    {
        null => "null",
        "default" => "null",
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => Literal(number),
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum name => $"{name.GetType().Name}.{name}",
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"a default value of type {value.GetType()}"),
    };

    private static IEnumerable<PlotApiMember> Members(Type type)
    {
        string name = type.FullName!.Replace('+', '.');
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface" : "class";
        yield return new PlotApiMember($"{kind} {name}");
        if (type.IsEnum)
        {
            foreach (string value in Enum.GetNames(type))
            {
                yield return new PlotApiMember($"{name}: value {value}");
            }

            yield break;
        }

        IEnumerable<Type> parents = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? [parent, .. type.GetInterfaces()]
            : type.GetInterfaces();
        foreach (PlotApiMember member in parents.Select(type => new PlotApiMember($"{name} is {TypeName(type)}"))
            .Concat(type.GetMembers(Declared).SelectMany(member => Member(name, member))))
        {
            yield return member;
        }
    }

    private static IEnumerable<PlotApiMember> Member(string type, MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) =>
            [new PlotApiMember($"{type}: constructor({Parameters(constructor)})")],
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            [new PlotApiMember($"{type}: {Static(method)}{Result(method)} {Name(method)}({Parameters(method)})")],
        FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly =>
            [new PlotApiMember($"{type}: {(field.IsStatic ? "static " : string.Empty)}field {TypeName(field.FieldType)} {field.Name}")],
        PropertyInfo property when property.GetAccessors(nonPublic: true).Where(IsVisible).ToList() is { Count: > 0 } accessors =>
            [new PlotApiMember($"{type}: {Static(accessors[0])}property {TypeName(property.PropertyType)} {property.Name}",
                accessors.Select(accessor => accessor.Name[..3]).ToHashSet())],
        Type or MethodInfo or ConstructorInfo or FieldInfo or PropertyInfo => [],
        _ => [new PlotApiMember($"{type}: {member.MemberType} {member.Name}")],
    };

    // What a subclass can reach counts as well.
    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodBase method) => method.IsStatic ? "static " : string.Empty;

    private static string Result(MethodInfo method) => TypeName(method.ReturnType) + Mark(method.ReturnParameter);

    private static string Name(MethodInfo method) => method.Name switch
    {
        "op_Equality" => "operator ==",
        "op_Inequality" => "operator !=",
        _ => method.Name,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        string declared = $"{TypeName(parameter.ParameterType)}{Mark(parameter)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{declared} = {Literal(parameter.DefaultValue)}" : declared;
    }));

    /// <summary>The question mark of a reference that may be null.</summary>
    private static string Mark(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable
            ? "?"
            : string.Empty;

    private static string TypeName(Type type) => type switch
    {
        { IsArray: true } => TypeName(type.GetElementType()!) + "[]",
        { IsGenericType: true } when Nullable.GetUnderlyingType(type) is { } value => TypeName(value) + "?",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>",
        _ => Keywords.GetValueOrDefault(type, type.Name),
    };
}
