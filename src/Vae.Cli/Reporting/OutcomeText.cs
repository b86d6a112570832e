using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vae.Core.Training;

namespace Vae.Cli.Reporting;

/// <summary>What `train --json` prints.</summary>
internal static class OutcomeText
{
    /// <summary>One object on one line, in snake_case; best_elbo is null before the first epoch is done.</summary>
    public static string Json(TrainingOutcome outcome)
    {
        using MemoryStream buffer = new MemoryStream();
        // Paths stay readable: nobody puts this line into a web page.
        JsonWriterOptions options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("run", outcome.RunFolder);
            json.WriteNumber("epochs", outcome.Epochs);
            json.WriteNumber("steps", outcome.Steps);
            json.WriteNumber("best_epoch", outcome.BestEpoch);
            if (outcome.BestElbo is { } best && double.IsFinite(best))
            {
                json.WriteNumber("best_elbo", best);
            }
            else
            {
                json.WriteNull("best_elbo");
            }

            json.WriteNumber("seconds", Math.Round(outcome.Seconds, 3));
            json.WriteBoolean("interrupted", outcome.Interrupted);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
