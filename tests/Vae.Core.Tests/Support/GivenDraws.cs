namespace Vae.Core.Tests.Support;

/// <summary>Draws that a test has made itself, [K, B, D].</summary>
internal sealed record GivenDraws(Tensor Noise) : Draws((int)Noise.shape[0])
{
    public override Tensor Normal(uint site, int dimension) => Noise;
}

/// <summary>Terms of images that are input and target at once.</summary>
internal static class TermsOf
{
    public static Batch Batch(Tensor images) => new(images, images, [.. Enumerable.Range(0, (int)images.shape[0])]);

    public static Terms Terms(this LatentModel model, Tensor images, Tensor noise, TermsRequest? request = null) =>
        model.Infer(Batch(images)).Terms(new GivenDraws(noise), request);

    public static Terms Terms(this LatentModel model, DiagonalGaussian posterior, Tensor images, Tensor noise) =>
        model.Infer(Batch(images), new Given { Posterior = posterior }).Terms(new GivenDraws(noise));

    public static ObjectiveValue Evaluate(
        this Objective objective, LatentModel model, Tensor images, Tensor noise, ObjectiveContext context) =>
        objective.Evaluate(model.Infer(Batch(images)), new GivenDraws(noise), context);
}

/// <summary>Terms that are known already.</summary>
internal sealed class KnownTerms(Terms terms) : Inference
{
    public override Tensor MeanLatents => throw new NotSupportedException();

    public override IReadOnlyList<Tensor> Codes() => throw new NotSupportedException();

    public override Terms Terms(Draws draws, TermsRequest? request = null) => terms;

    public override Inference Narrow(int start, int count) => throw new NotSupportedException();
}
