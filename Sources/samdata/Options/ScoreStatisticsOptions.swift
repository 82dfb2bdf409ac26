import ArgumentParser
import SamdataWorkflow
import SegmentationMetrics
import SegmentationReports

/// What a row and a mean are, how sure the mean is, and what must hold of it.
struct ScoreStatisticsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What a row is: case, or slice (every slice in which the reference has the label).",
            valueName: "case|slice"))
    var unit = ScoreConfiguration.Unit.case

    @Option(
        help: ArgumentHelp(
            "What a mean does with a missed or hallucinated organ's infinite distance: count (leave out, show the count), "
                + "diagonal (count the image diagonal), value:X, skip (leave out, warn).",
            valueName: "policy"))
    var missing = "count"

    @Option(
        help: ArgumentHelp(
            "Where a probability becomes a mask: score >= t (default: 0.5).", valueName: "t"))
    var threshold: Float?

    @Option(
        help: ArgumentHelp(
            "Take the threshold of the best F1 from a score report of validation data.",
            valueName: "FILE"), completion: .file(extensions: ["json"]))
    var thresholdFrom: String?

    @Option(help: ArgumentHelp("The seed of the bootstrap.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp("Resamples of the bootstrap; 0 for no intervals.", valueName: "n"))
    var resamples = 10_000

    @Option(
        help: ArgumentHelp(
            "How the interval of a mean is found: percentile or bca.", valueName: "method"))
    var interval = "percentile"

    @Option(
        help: ArgumentHelp(
            "Exit with 1 when a mean is below: dice=0.8, dice:liver=0.9; may be repeated.",
            valueName: "metric=x"))
    var failUnder: [ScoreFloor] = []

    @Option(
        help: ArgumentHelp(
            "Exit with 1 when a mean is above: hd95=10; may be repeated.", valueName: "metric=x"))
    var failOver: [ScoreFloor] = []

    @Option(
        help: ArgumentHelp(
            "How many of the worst rows get a picture in the HTML report.", valueName: "n"))
    var pictures = 6

    @Option(
        help: ArgumentHelp(
            "A folder of images to show behind the masks in the pictures, matched by case.",
            valueName: "DIR"), completion: .directory)
    var images: String?

    func validate() throws {
        guard ScoreConfiguration.MissingPolicy(missing) != nil else {
            throw ValidationError(
                "--missing: found `\(missing)`, expected count, diagonal, skip, or value: and a number"
            )
        }
        if let threshold, !threshold.isFinite {
            throw ValidationError("--threshold: found \(threshold), expected a finite number")
        }
        guard threshold == nil || thresholdFrom == nil else {
            throw ValidationError("--threshold and --threshold-from name two thresholds")
        }
        guard (0...10_000_000).contains(resamples) else {
            throw ValidationError("--resamples: found \(resamples), expected 0 to 10000000")
        }
        guard ["percentile", "bca"].contains(interval) else {
            throw ValidationError(
                "--interval: found `\(interval)`, expected percentile or bca")
        }
        guard (0...100).contains(pictures) else {
            throw ValidationError("--pictures: found \(pictures), expected 0 to 100")
        }
    }

    func apply(to configuration: inout ScoreConfiguration) throws {
        configuration.unit = unit
        configuration.missing = ScoreConfiguration.MissingPolicy(missing) ?? .count
        configuration.bootstrap = Bootstrap(
            resamples: resamples, seed: seed, method: interval == "bca" ? .bca : .percentile)
        configuration.pictures = pictures
        configuration.images = images
        if let threshold { configuration.threshold = threshold }
        if let thresholdFrom {
            configuration.threshold = try ScoreThreshold.best(ofReport: thresholdFrom)
            configuration.thresholdSource = thresholdFrom
        }
    }

    /// Ends the command with 1 when a mean is not good enough.
    func checkLimits(_ report: ScoreReport) throws {
        var failed: [String] = []
        for (floors, isFloor) in [(failUnder, true), (failOver, false)] {
            for floor in floors {
                let name = isFloor ? "--fail-under" : "--fail-over"
                if let line = try report.violation(
                    metric: floor.metric, label: floor.label, limit: floor.limit,
                    isLowerLimit: isFloor, option: name)
                {
                    failed.append(line)
                }
            }
        }
        failed.forEach(Terminal.error)
        if !failed.isEmpty { throw ExitCode(FailureKind.checkFailed.rawValue) }
    }
}
