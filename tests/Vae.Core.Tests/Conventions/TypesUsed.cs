using System.Reflection;
using System.Reflection.Emit;

namespace Vae.Core.Tests.Conventions;

/// <summary>Which types a compiled type names: in its members, their signatures and their code.</summary>
internal static class TypesUsed
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> Operations = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(operation => operation.Value);

    /// <summary>The types, without those they are made of: elements, arguments and definitions of generic ones stand for them.</summary>
    public static IEnumerable<Type> By(Type type)
    {
        IEnumerable<Type?> members = type.GetMembers(Declared).SelectMany(OfMember);
        return members.Concat(type.GetInterfaces()).Append(type.BaseType).OfType<Type>().SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type?> OfMember(MemberInfo member) => member switch
    {
        FieldInfo field => [field.FieldType],
        MethodBase method => OfSignature(method).Concat(OfBody(method)),
        _ => [], // a property is its methods, a nested type is asked by itself
    };

    private static IEnumerable<Type?> OfSignature(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType);

    private static IEnumerable<Type?> OfBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (MemberInfo member in MembersNamed(method, body.GetILAsByteArray()!))
        {
            yield return member as Type ?? member.DeclaringType;
            if (member is MethodBase { IsGenericMethod: true } generic)
            {
                foreach (Type argument in generic.GetGenericArguments())
                {
                    yield return argument;
                }
            }
        }
    }

    private static IEnumerable<MemberInfo> MembersNamed(MethodBase method, byte[] code)
    {
        Type[] ofType = method.DeclaringType!.GetGenericArguments();
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            OpCode operation = Operations[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += operation.Size;
            if (operation.OperandType
                is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 * (1 + BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsConstructedGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
