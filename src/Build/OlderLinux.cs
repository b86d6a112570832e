#nullable enable
#if !TESTS
using System;
using System.Collections.Generic;
#endif
using System.Text;

namespace Vae.Build;

/// <summary>
/// Makes a copy of LibTorchSharp that loads where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04). The library wants one symbol
/// of that version, which does what a constructor in every libstdc++ does. The copy asks for that constructor instead, and does not insist
/// on the version. It loads on newer systems as well.
/// </summary>
public static class OlderLinux
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string OldVersion = "GLIBCXX_3.4";
    private const uint ElfMagic = 0x464C457F;
    private const ushort Weak = 2;
    private const int SymbolSize = 24;

    /// <summary>The changed library, or null where it is not the one that is known; then <paramref name="reason"/> says why.</summary>
    public static byte[]? Change(byte[] library, out string reason)
    {
        try
        {
            return Changed(library, out reason);
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or OverflowException or IndexOutOfRangeException)
        {
            reason = "its tables are not as expected";
            return null;
        }
    }

    private static byte[]? Changed(byte[] library, out string reason)
    {
        reason = "it is no 64-bit ELF file";
        if (library.Length < 64 || BitConverter.ToUInt32(library, 0) != ElfMagic || library[4] != 2 || library[5] != 1)
        {
            return null;
        }

        Dictionary<string, (long Offset, long Size)> sections = Sections(library);
        long strings = sections[".dynstr"].Offset;
        Dictionary<string, (ushort Number, long Entry)> versions = Versions(library, sections[".gnu.version_r"].Offset, strings);
        reason = $"it does not ask for {NewVersion} and {OldVersion}";
        if (!versions.TryGetValue(NewVersion, out (ushort Number, long Entry) newer)
            || !versions.TryGetValue(OldVersion, out (ushort Number, long Entry) older))
        {
            return null;
        }

        (long symbols, long versionOfSymbols) = (sections[".dynsym"].Offset, sections[".gnu.version"].Offset);
        List<long> wanting = [];
        for (long i = 0; i < sections[".dynsym"].Size / SymbolSize; i++)
        {
            if (BitConverter.ToUInt16(library, checked((int)(versionOfSymbols + (2 * i)))) == newer.Number)
            {
                wanting.Add(i);
            }
        }

        reason = $"it wants other symbols of {NewVersion} than {NewSymbol}";
        if (wanting.Count != 1 || Name(library, strings, symbols + (SymbolSize * wanting[0])) != NewSymbol)
        {
            return null;
        }

        reason = "";
        byte[] changed = (byte[])library.Clone();
        long name = strings + BitConverter.ToUInt32(library, checked((int)(symbols + (SymbolSize * wanting[0]))));
        Encoding.ASCII.GetBytes(OldSymbol.PadRight(NewSymbol.Length, '\0')).CopyTo(changed, name);
        BitConverter.GetBytes(older.Number).CopyTo(changed, versionOfSymbols + (2 * wanting[0]));
        BitConverter.GetBytes(Weak).CopyTo(changed, newer.Entry + 4);
        return changed;
    }

    private static Dictionary<string, (long Offset, long Size)> Sections(byte[] file)
    {
        Dictionary<string, (long, long)> sections = [];
        long table = BitConverter.ToInt64(file, 0x28);
        int size = BitConverter.ToUInt16(file, 0x3A);
        int count = BitConverter.ToUInt16(file, 0x3C);
        int names = BitConverter.ToUInt16(file, 0x3E);
        long text = BitConverter.ToInt64(file, checked((int)(table + ((long)size * names) + 0x18)));
        for (int i = 0; i < count; i++)
        {
            int header = checked((int)(table + ((long)size * i)));
            sections[Name(file, text, header)] = (BitConverter.ToInt64(file, header + 0x18), BitConverter.ToInt64(file, header + 0x20));
        }

        return sections;
    }

    /// <summary>The versions of libstdc++ that are asked for: their number in the table of symbols, and where their entry is.</summary>
    private static Dictionary<string, (ushort Number, long Entry)> Versions(byte[] file, long needs, long strings)
    {
        Dictionary<string, (ushort, long)> versions = [];
        for (long need = needs, next = -1; next != 0; need += next)
        {
            int at = checked((int)need);
            bool ofLibrary = Name(file, strings, at + 4) == "libstdc++.so.6";
            long entry = need + BitConverter.ToUInt32(file, at + 8);
            for (int left = BitConverter.ToUInt16(file, at + 2); left > 0; left--)
            {
                if (ofLibrary)
                {
                    versions[Name(file, strings, entry + 8)] = (BitConverter.ToUInt16(file, checked((int)entry + 6)), entry);
                }

                entry += BitConverter.ToUInt32(file, checked((int)entry + 12));
            }

            next = BitConverter.ToUInt32(file, at + 12);
        }

        return versions;
    }

    /// <summary>The text whose place in the table at <paramref name="strings"/> is the 32-bit number at <paramref name="place"/>.</summary>
    private static string Name(byte[] file, long strings, long place)
    {
        int start = checked((int)(strings + BitConverter.ToUInt32(file, checked((int)place))));
        return Encoding.ASCII.GetString(file, start, Array.IndexOf(file, (byte)0, start) - start);
    }
}

#if !TESTS // the tests have no MSBuild beside them
/// <summary>The step of the build: writes the changed copy, or says in one line why there is none.</summary>
public sealed class WriteOlderLinuxCopy : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; } = "";

    [Microsoft.Build.Framework.Required]
    public string Copy { get; set; } = "";

    public override bool Execute()
    {
        System.IO.File.Delete(Copy);
        byte[]? changed = OlderLinux.Change(System.IO.File.ReadAllBytes(Library), out string reason);
        if (changed is null)
        {
            Log.LogMessage(
                Microsoft.Build.Framework.MessageImportance.High,
                $"{Library} is left as it is: {reason}. It may want a newer libstdc++ than this system has.");
            return true;
        }

        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Copy)!);
        System.IO.File.WriteAllBytes(Copy + ".new", changed);
        System.IO.File.Move(Copy + ".new", Copy);
        return true;
    }
}
#endif
