namespace Vae.Core.Data;

/// <summary>Images that are read one after the other.</summary>
internal interface IImageReader : IDisposable
{
    /// <summary>The next images, fewer where fewer are left and none after the last; what the file says of itself is verified by then.</summary>
    /// <param name="most">How many at most.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where the file is wrong.</exception>
    PixelStore Read(int most);
}
