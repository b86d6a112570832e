namespace Vae.Cli.Tests.Reporting;

public class ResultsTests
{
    [Fact]
    public void A_finished_run_is_one_object_on_one_line() => Assert.Equal(
        """{"run":"runs/für/a","epochs":20,"steps":7820,"best_epoch":19,"best_elbo":-101.5,"seconds":83.25,"interrupted":false}""",
        Results.Json(Events.Finished("runs/für/a")));

    [Fact]
    public void Before_the_first_epoch_there_is_no_best_elbo() => Assert.Equal(
        """{"run":"runs/a","epochs":0,"steps":77,"best_epoch":0,"best_elbo":null,"seconds":83.25,"interrupted":true}""",
        Results.Json(Events.Finished(interrupted: true)));
}
