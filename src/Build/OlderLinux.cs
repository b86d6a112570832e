#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Vae.Build;

/// <summary>
/// Makes a copy of LibTorchSharp that loads where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04). The library wants one symbol
/// of that version, which does what a constructor in every libstdc++ does. The copy asks for that constructor instead, and no longer
/// insists on the version. Both loads on newer systems too.
/// </summary>
public static class OlderLinux
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv", NewVersion = "GLIBCXX_3.4.32";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev", OldVersion = "GLIBCXX_3.4";
    private const ushort Weak = 2;

    /// <summary>The changed library, or null where this is not the library that is known; then <paramref name="reason"/> says why.</summary>
    public static byte[]? Change(byte[] library, out string reason)
    {
        reason = "";
        try
        {
            if (BitConverter.ToUInt32(library, 0) != 0x464C457F || library[4] != 2 || library[5] != 1) { reason = "it is no 64-bit ELF file"; return null; }
            var sections = Sections(library);
            long strings = sections[".dynstr"].Offset, symbols = sections[".dynsym"].Offset, count = sections[".dynsym"].Size / 24;
            long versionOfSymbols = sections[".gnu.version"].Offset;
            var versions = Versions(library, sections[".gnu.version_r"].Offset, strings); // name: (number, place of its entry)
            if (!versions.TryGetValue(NewVersion, out var newer) || !versions.TryGetValue(OldVersion, out var older)) { reason = $"it does not ask for {NewVersion} and {OldVersion}"; return null; }
            var wanting = new List<long>();
            for (long i = 0; i < count; i++) if (BitConverter.ToUInt16(library, checked((int)(versionOfSymbols + 2 * i))) == newer.Number) wanting.Add(i);
            if (wanting.Count != 1 || Name(library, strings, symbols + 24 * wanting[0]) != NewSymbol) { reason = $"it wants other symbols of {NewVersion} than {NewSymbol}"; return null; }

            var changed = (byte[])library.Clone();
            long text = strings + BitConverter.ToUInt32(library, checked((int)(symbols + 24 * wanting[0])));
            Encoding.ASCII.GetBytes(OldSymbol.PadRight(NewSymbol.Length, '\0')).CopyTo(changed, text);
            BitConverter.GetBytes(older.Number).CopyTo(changed, versionOfSymbols + 2 * wanting[0]);
            BitConverter.GetBytes(Weak).CopyTo(changed, newer.Entry + 4);
            return changed;
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or OverflowException or IndexOutOfRangeException) { reason = "its tables are not as expected"; return null; }
    }

    private static Dictionary<string, (long Offset, long Size)> Sections(byte[] file)
    {
        var sections = new Dictionary<string, (long, long)>();
        long table = BitConverter.ToInt64(file, 0x28);
        int size = BitConverter.ToUInt16(file, 0x3A), count = BitConverter.ToUInt16(file, 0x3C), names = BitConverter.ToUInt16(file, 0x3E);
        long text = BitConverter.ToInt64(file, checked((int)(table + (long)size * names + 0x18)));
        for (var i = 0; i < count; i++)
        {
            var header = checked((int)(table + (long)size * i));
            sections[Name(file, text, header)] = (BitConverter.ToInt64(file, header + 0x18), BitConverter.ToInt64(file, header + 0x20));
        }
        return sections;
    }

    private static Dictionary<string, (ushort Number, long Entry)> Versions(byte[] file, long needs, long strings)
    {
        var versions = new Dictionary<string, (ushort, long)>();
        for (long need = needs, next = -1; next != 0; need += next)
        {
            int at = checked((int)need), count = BitConverter.ToUInt16(file, at + 2);
            var ofStdLib = Name(file, strings, at + 4) == "libstdc++.so.6";
            long entry = need + BitConverter.ToUInt32(file, at + 8);
            for (var i = 0; i < count; i++, entry += BitConverter.ToUInt32(file, checked((int)entry + 12)))
                if (ofStdLib) versions[Name(file, strings, entry + 8)] = (BitConverter.ToUInt16(file, checked((int)entry + 6)), entry);
            next = BitConverter.ToUInt32(file, at + 12);
        }
        return versions;
    }

    /// <summary>The text whose place in the table at <paramref name="strings"/> is the 32-bit number at <paramref name="place"/>.</summary>
    private static string Name(byte[] file, long strings, long place)
    {
        var start = checked((int)(strings + BitConverter.ToUInt32(file, checked((int)place))));
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
        File.Delete(Copy);
        var changed = OlderLinux.Change(File.ReadAllBytes(Library), out var reason);
        if (changed is null)
        {
            Log.LogMessage(Microsoft.Build.Framework.MessageImportance.High, $"{Library} is left as it is: {reason}. It may want a newer libstdc++ than this system has.");
            return true;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Copy));
        File.WriteAllBytes(Copy + ".new", changed);
        File.Move(Copy + ".new", Copy);
        return true;
    }
}
#endif
