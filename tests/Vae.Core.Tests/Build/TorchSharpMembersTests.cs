using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Build;

/// <summary>
/// The same sources build on TorchSharp 0.105.1, which is what -p:Cuda=12.1 takes. That build cannot be made here, so what the assemblies
/// refer to is held against a list of that version's members, cut to what is used.
/// </summary>
public partial class TorchSharpMembersTests
{
    private const string List = "TorchSharp-0.105.1.api.txt";

    [Fact]
    public void All_that_the_assemblies_refer_to_is_in_TorchSharp_0_105_1()
    {
        string path = Path.Combine(Repository.Root, "tests", "Vae.Core.Tests", "Build", List);
        HashSet<string> used = [.. Assemblies().SelectMany(Used)];
        // After a change: VAE_TORCH_API names a list of all members of that version, of which those in use are kept.
        if (Environment.GetEnvironmentVariable("VAE_TORCH_API") is { Length: > 0 } whole)
        {
            File.WriteAllLines(path, File.ReadLines(whole).Where(line => used.Contains(Key(line))));
        }

        HashSet<string> listed = [.. File.ReadLines(path).Select(Key)];

        Assert.True(used.Count > 100);
        Assert.Equal("", string.Join('\n', used.Except(listed).Order()));
        Assert.Equal("", string.Join('\n', listed.Except(used).Order()));
    }

    [Theory]
    [InlineData("method static T.f(params long[] a, T.B<x,y> b = null, double? c = 1.5) : void", "T.f(long[], T.B<x,y>, double?) : void")]
    [InlineData("method protected virtual T<A>.g<B>(ref int i) : B", "T<A>.g<B>(int) : B")]
    [InlineData("ctor protected T(string name)", "T(string)")]
    [InlineData("property T.p[long i] : int { get; set; }", "T.p")]
    [InlineData("type sealed class T.U : T.V", "T.U")]
    [InlineData("field static T.f : int", "T.f : int")]
    public void A_line_of_the_list_names_one_member(string line, string key) => Assert.Equal(key, Key(line));

    private static IEnumerable<Assembly> Assemblies() => [typeof(VaeException).Assembly, typeof(Vae.Benchmarks.BenchOptions).Assembly];

    private static IEnumerable<string> Used(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Type[] types = [.. metadata.TypeReferences.Select(handle => assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(handle)))];
        foreach (Type type in types.Where(IsOfTorchSharp))
        {
            yield return Name(type);
        }

        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            if (Owner(metadata, metadata.GetMemberReference(handle).Parent) is not { Kind: HandleKind.TypeReference } owner
                || !IsOfTorchSharp(assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(owner))))
            {
                continue;
            }

            // The type arguments stand for the places of a generic declaration, which are of no interest.
            Type[] any = [.. Enumerable.Repeat(typeof(object), 8)];
            MemberInfo member = assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), any, any)!;
            if (member.DeclaringType is { } type && IsOfTorchSharp(type)) // not what a type of the library has from the system's
            {
                yield return Key(type.Module.ResolveMember(member.MetadataToken)!);
            }
        }
    }

    /// <summary>The type that a member belongs to, of a generic one the declaration.</summary>
    private static EntityHandle Owner(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return parent;
        }

        BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return default;
        }

        _ = signature.ReadByte(); // class or value type
        return signature.ReadTypeHandle();
    }

    private static bool IsOfTorchSharp(Type type) => type.Assembly == typeof(TorchSharp.torch).Assembly;

    private static string Key(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"{Name(made.DeclaringType!)}({Parameters(made)})",
        MethodInfo { IsSpecialName: true } accessor when Accessor().Match(accessor.Name) is { Success: true } match =>
            $"{Name(accessor.DeclaringType!)}.{match.Groups[1].Value}",
        MethodInfo method =>
            $"{Name(method.DeclaringType!)}.{method.Name}{Generic(method)}({Parameters(method)}) : {Name(method.ReturnType)}",
        FieldInfo field => $"{Name(field.DeclaringType!)}.{field.Name} : {Name(field.FieldType)}",
        _ => throw new ArgumentException($"{member} is not a kind of member that the list has", nameof(member)),
    };

    /// <summary>What a line of the list names, without modifiers, names of parameters and defaults.</summary>
    private static string Key(string line)
    {
        Match match = Line().Match(line);
        string name = match.Groups["name"].Value;
        return match.Groups["kind"].Value switch
        {
            "type" or "property" => name,
            "field" => $"{name} : {match.Groups["type"].Value}",
            "enum" => $"{name} : {name[..name.LastIndexOf('.')]}",
            string kind => $"{name}({string.Join(", ", Arguments(match))}){(kind == "ctor" ? "" : $" : {match.Groups["type"].Value}")}",
        };
    }

    private static IEnumerable<string> Arguments(Match line) =>
        line.Groups["arguments"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(argument => Argument().Match(argument).Groups["type"].Value);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)));

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.HasElementType)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsPointer ? "*" : "");
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        string name = Arity().Replace((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!, "").Replace('+', '.');
        return type.IsGenericType ? $"{name}<{string.Join(",", type.GetGenericArguments().Select(Name))}>" : name;
    }

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

    [GeneratedRegex(
        @"^(?<kind>\w+) ((protected|static|virtual|abstract|sealed|class|struct|interface|enum) )*"
        + @"(?<name>[^ (\[]+)(\((?<arguments>.*)\)|\[.*\])?( : (?<type>[^ ]+).*| = .*)?$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^((params|ref|out) )?(?<type>[^ ]+) [^ ]+( = .*)?$")]
    private static partial Regex Argument();

    [GeneratedRegex("^(?:get|set)_(.+)$")]
    private static partial Regex Accessor();

    [GeneratedRegex("`[0-9]+")]
    private static partial Regex Arity();
}
