namespace Vae.Core.Training;

/// <summary>What happened in a run that a person or a log may want to know, raised on the training thread, in order.</summary>
public abstract record TrainingEvent;

/// <summary>The run folder exists, data are loaded and the model is built; training begins.</summary>
/// <param name="RunFolder">The run's folder, as given or made.</param>
/// <param name="Device">The device in words, "cpu" or "cuda:0 (name)".</param>
/// <param name="DeviceReason">Why this device was taken.</param>
/// <param name="Step">How updates are computed, with how many threads, and why.</param>
/// <param name="ParameterCount">Trainable numbers of the model.</param>
/// <param name="TrainImages">Images of the training split.</param>
/// <param name="ValidationImages">Images of the validation split.</param>
/// <param name="FirstEpoch">The first epoch of this session, 1 for a new run.</param>
/// <param name="Epochs">The last epoch.</param>
/// <param name="StepsPerEpoch">Updates in an epoch.</param>
public sealed record RunStarted(
    string RunFolder, string Device, string DeviceReason, string Step, long ParameterCount, int TrainImages, int ValidationImages,
    int FirstEpoch, int Epochs, int StepsPerEpoch) : TrainingEvent;

/// <summary>Some updates of an epoch are done. Raised a few times a second, not at every step.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="StepInEpoch">Updates done in this epoch.</param>
/// <param name="StepsPerEpoch">Updates in the whole epoch.</param>
/// <param name="Running">The figures of this epoch's images so far.</param>
/// <param name="ImagesPerSecond">Speed over this epoch so far.</param>
public sealed record StepsCompleted(
    int Epoch, int StepInEpoch, int StepsPerEpoch, EpochFigures Running, double ImagesPerSecond) : TrainingEvent;

/// <summary>An epoch, its validation included, is done.</summary>
/// <param name="Metrics">The epoch's figures.</param>
public sealed record EpochCompleted(EpochMetrics Metrics) : TrainingEvent;

/// <summary>A checkpoint is on disk, flushed and renamed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Epoch">Whole epochs it holds.</param>
/// <param name="Step">Updates it holds.</param>
/// <param name="IsBest">Whether it is the best by validation ELBO so far.</param>
public sealed record CheckpointSaved(string Path, int Epoch, long Step, bool IsBest) : TrainingEvent;

/// <summary>Something the user should know: a device fallback, a rewind after divergence.</summary>
/// <param name="Message">One line.</param>
/// <param name="IsWarning">Whether it deserves a warning's attention.</param>
public sealed record TrainingNotice(string Message, bool IsWarning) : TrainingEvent;

/// <summary>What a training session came to, at the end of the run or at the checkpoint that it was asked to stop at.</summary>
/// <param name="RunFolder">The run's folder.</param>
/// <param name="Interrupted">Whether training was stopped by request before its last epoch; a checkpoint is saved.</param>
/// <param name="EndedEarly">Whether it ended before its last epoch because the validation ELBO did not rise while patience lasts.</param>
/// <param name="Epochs">Whole epochs done.</param>
/// <param name="Steps">Updates done.</param>
/// <param name="BestEpoch">The epoch with the best validation ELBO (training ELBO without a validation split), 0 before the first.</param>
/// <param name="BestElbo">That ELBO in nats per image; null before the first epoch is done.</param>
/// <param name="Seconds">Wall time of this session.</param>
public sealed record TrainingOutcome(
    string RunFolder, bool Interrupted, bool EndedEarly, int Epochs, long Steps, int BestEpoch, double? BestElbo, double Seconds)
    : TrainingEvent;
