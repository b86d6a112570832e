using System.Globalization;
using System.Reflection;

namespace Shims.Tests;

/// <summary>Writes the public and protected members of an assembly, one a line, in the format of the API lists.</summary>
internal static class TorchApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static IEnumerable<string> Lines(Assembly assembly) => assembly.GetTypes().Where(IsVisible).SelectMany(Lines);

    private static IEnumerable<string> Lines(Type type)
    {
        yield return TypeLine(type);
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
            {
                yield return $"enum {Name(type)}.{name} = {Number(Enum.Parse(type, name))}";
            }

            yield break;
        }

        foreach (var line in type.GetConstructors(Declared).Where(c => IsVisible(c) && !c.IsStatic).Select(ConstructorLine))
        {
            yield return line;
        }

        foreach (var line in type.GetMethods(Declared).Where(IsOrdinary).Select(MethodLine))
        {
            yield return line;
        }

        foreach (var line in type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsVisible)).Select(PropertyLine))
        {
            yield return line;
        }

        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            yield return $"field {(field.IsStatic ? "static " : "")}{Name(type)}.{field.Name} : {Name(field.FieldType)}";
        }
    }

    private static string TypeLine(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
        var modifier = kind != "class" ? "" :
            type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var derived = kind == "class" && type.BaseType is { } b && b != typeof(object) ? $" : {Name(b)}" : "";
        return $"type {modifier}{kind} {Name(type)}{derived}";
    }

    private static string ConstructorLine(ConstructorInfo constructor) =>
        $"ctor {(constructor.IsFamily ? "protected " : "")}{Name(constructor.DeclaringType!)}({Parameters(constructor.GetParameters())})";

    private static string MethodLine(MethodInfo method)
    {
        var access = method.IsFamily ? "protected " : "";
        var modifier = method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "";
        var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(Name))}>" : "";
        return $"method {access}{modifier}{Name(method.DeclaringType!)}.{method.Name}{generic}"
            + $"({Parameters(method.GetParameters())}) : {Name(method.ReturnType)}";
    }

    private static string PropertyLine(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).ToArray();
        var indices = property.GetIndexParameters();
        var index = indices.Length == 0 ? "" : $"[{Parameters(indices)}]";
        var get = accessors.Contains(property.GetMethod) ? "get; " : "";
        var set = accessors.Contains(property.SetMethod) ? "set; " : "";
        return $"property {(accessors[0].IsStatic ? "static " : "")}{Name(property.DeclaringType!)}.{property.Name}{index}"
            + $" : {Name(property.PropertyType)} {{ {get}{set}}}";
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " :
            parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var standard = parameter.HasDefaultValue ? $" = {Default(parameter.RawDefaultValue)}" : "";
        return $"{prefix}{Name(parameter.ParameterType)} {parameter.Name}{standard}";
    }

    private static string Default(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum => Number(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.IsGenericParameter || Keywords.TryGetValue(type, out _))
        {
            return Keywords.GetValueOrDefault(type, type.Name);
        }

        // Type arguments of enclosing types stand with those of the type itself, at the end.
        var arguments = type.GetGenericArguments();
        var path = string.Join('.', Enclosing(type).Select(t => t.Name.Split('`')[0]));
        var name = type.Namespace is { } space ? $"{space}.{path}" : path;
        return arguments.Length == 0 ? name : $"{name}<{string.Join(",", arguments.Select(Name))}>";
    }

    private static IEnumerable<Type> Enclosing(Type type) =>
        type.DeclaringType is { } outer ? Enclosing(outer).Append(type) : [type];

    private static bool IsVisible(Type type) => type.IsNested
        ? IsVisible(type.DeclaringType!) && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
        : type.IsPublic;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOrdinary(MethodInfo method) =>
        IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));
}
