import ArgumentParser
import MedicalDatasets
import SamdataWorkflow

/// How the files of the two sides are found, read and brought together.
struct ScoreFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the case id stands in the names of the files: label{case}.nii.gz.",
            valueName: "text"))
    var pattern: String?

    @Option(
        help: ArgumentHelp(
            "The same for the predictions, when they are named otherwise.", valueName: "text"))
    var predictionPattern: String?

    @Flag(
        help: ArgumentHelp(
            "Put the slices of prepared stores back on the original voxel grid and score there."))
    var fromPrepared = false

    @Flag(
        help: ArgumentHelp(
            "Compare voxel by voxel although spacing, orientation or origin differ (the shapes must agree)."
        ))
    var allowGridMismatch = false

    @Option(
        help: ArgumentHelp(
            "Bring a prediction on another grid onto that of the reference: nearest.",
            valueName: "nearest"))
    var resamplePrediction: String?

    @Option(
        help: ArgumentHelp(
            "The order of axes in arrays without geometry (.npy, .npz, .h5): auto, zyx or xyz.",
            valueName: "order"))
    var arrayAxes = ScoreInputOptions.ArrayAxes.automatic

    @Option(
        help: ArgumentHelp(
            "Millimetres between pixels of files that do not say, slowest axis first: 3,0.8,0.8; or one number.",
            valueName: "list"))
    var spacing: String?

    @Option(
        help: ArgumentHelp(
            "The array in .npz and .h5 files of the reference that hold several.", valueName: "name"
        ))
    var referenceArray: String?

    @Option(
        help: ArgumentHelp(
            "The array in .npz and .h5 files of the prediction that hold several.",
            valueName: "name"))
    var predictionArray: String?

    @Option(
        help: ArgumentHelp(
            "The stored value that stands for a probability of 1 (default: 1, and the full range of pictures).",
            valueName: "value"))
    var scoreMax: Double?

    @Option(
        help: ArgumentHelp(
            "By how much the x and y of detections are finer than the lesion maps (32 for level 0 and level 5).",
            valueName: "n"))
    var detectionDownsampling = 1

    @Option(
        help: ArgumentHelp(
            "The most gibibytes one image may take; larger TIFF masks are read in bands.",
            valueName: "GiB"))
    var maxMemory = 4

    func validate() throws {
        _ = try number(maxMemory, "--max-memory", 1...1 << 20)
        if let resamplePrediction, resamplePrediction != "nearest" {
            throw ValidationError(
                "--resample-prediction: found `\(resamplePrediction)`, expected nearest")
        }
        if let scoreMax, !(scoreMax.isFinite && scoreMax > 0) {
            throw ValidationError(
                "--score-max: found \(scoreMax), expected a finite number above 0")
        }
        _ = try spacingValues()
        guard (1...1 << 20).contains(detectionDownsampling) else {
            throw ValidationError(
                "--detection-downsampling: found \(detectionDownsampling), expected 1 to 1048576")
        }
    }

    func apply(to configuration: inout ScoreConfiguration, labels: ScoreLabelOptions) throws {
        var inputs = ScoreInputOptions()
        inputs.card = try labels.resolveCard()
        let encoding: LabelEncoding = labels.labelValues == "card-ids" ? .cardIDs : .raw
        inputs.referenceValues = encoding
        inputs.predictionValues = encoding
        inputs.referenceLabels = labels.referenceLabels
        inputs.predictionLabels = labels.predictionLabels
        inputs.ignoredLabels = labels.ignoreLabel
        inputs.labelGroups = labels.labelGroup
        inputs.onlyLabels = labels.onlyLabel.isEmpty ? nil : labels.onlyLabel
        inputs.pattern = try pattern.map { try PathPattern($0) }
        inputs.predictionPattern = try predictionPattern.map { try PathPattern($0) }
        inputs.requiresStore = fromPrepared
        inputs.arrayAxes = arrayAxes
        inputs.spacing = try spacingValues()
        inputs.referenceArray = referenceArray
        inputs.predictionArray = predictionArray
        inputs.scoreMaximum = scoreMax
        inputs.allowsGridMismatch = allowGridMismatch
        inputs.resamplesPrediction = resamplePrediction != nil
        if let name = labels.split {
            let split = try DatasetOptions.split(name)
            let part = labels.part ?? (split.cases(in: .test).isEmpty ? .validation : .test)
            inputs.cases = Set(split.cases(in: part))
            configuration.split = split.name
            configuration.part = part
        }
        inputs.maxBytes = maxMemory << 30
        configuration.inputs = inputs
        configuration.memoryLimit = maxMemory << 30
        configuration.detectionDownsampling = detectionDownsampling
    }

    private func spacingValues() throws -> [Double]? {
        guard let spacing else { return nil }
        let values = spacing.split(separator: ",").map { Double($0) }
        let found = values.compactMap { $0 }.filter { $0.isFinite && $0 > 0 }
        guard found.count == values.count, (1...3).contains(found.count) else {
            throw ValidationError(
                "--spacing: found `\(spacing)`, expected one to three millimetres above 0, as in 3,0.8,0.8"
            )
        }
        return found
    }
}

extension ScoreInputOptions.ArrayAxes: ExpressibleByArgument {}
