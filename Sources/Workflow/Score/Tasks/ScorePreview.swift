import MedicalDatasets
import SampleStore
import SegmentationMetrics
import Synchronization

/// What has to be known of the files before the first case is scored: the task, and the labels when nothing names them.
struct ScorePreview: Sendable {
    let cases: [ScoreCase]
    let reader: ScoreImageReader
    /// Images that were read for the preview and need not be read again.
    let cached = CachedImages()

    init(_ cases: [ScoreCase], reader: ScoreImageReader) {
        self.cases = cases
        self.reader = reader
    }

    /// The task that the first prediction asks for: floating point that is not whole is a score map.
    ///
    /// - Throws: ``WorkflowError`` when the first prediction cannot be read.
    func task() throws(WorkflowError) -> MetricTask {
        guard let first = cases.first(where: { $0.prediction != nil })?.prediction,
            first.format != .preparedCase, first.format != .png
        else { return .labels }
        if reader.storesFloats(first) == false { return .labels }
        // A broken first file is an error of its case, not of the run.
        guard let stored = try? reader.stored(first, like: nil), stored.samples.isFloat else {
            return .labels
        }
        return (try? stored.valueCounts()) == nil ? .scores : .labels
    }

    /// The labels: as named by an option, the card or the store, else every value that occurs on either side.
    ///
    /// - Throws: ``WorkflowError`` when names cannot be read or brought together.
    func labels() throws -> ScoreLabels {
        let options = reader.options
        let reference = try scheme(isPrediction: false)
        let prediction =
            try options.predictionLabels.map {
                try LabelScheme.parse($0, encoding: options.predictionValues)
            } ?? storeScheme(isPrediction: true)
            ?? (options.card != nil && options.referenceLabels == nil
                && options.predictionValues != options.referenceValues
                ? try scheme(isPrediction: true) : nil)
        return try ScoreLabels.resolve(
            reference: reference, prediction: prediction, ignore: options.ignoredLabels,
            groups: options.labelGroups, only: options.onlyLabels)
    }

    private func scheme(isPrediction: Bool) throws -> LabelScheme {
        let options = reader.options
        if !isPrediction, let text = options.referenceLabels {
            return try LabelScheme.parse(text, encoding: options.referenceValues)
        }
        if let store = try storeScheme(isPrediction: isPrediction) { return store }
        if let card = options.card {
            return LabelScheme(
                card: card,
                encoding: isPrediction ? options.predictionValues : options.referenceValues)
        }
        return try valueScheme()
    }

    /// The classes of a prepared store.
    private func storeScheme(isPrediction: Bool) throws -> LabelScheme? {
        let files = cases.compactMap { isPrediction ? $0.prediction : $0.reference }
        guard let first = files.first(where: { $0.format == .preparedCase }) else { return nil }
        return LabelScheme(
            classes: try CaseFileReader(path: first.path).description.labels,
            store: first.displayPath)
    }

    /// Every value that occurs, with the names that a label table in the files gives it.
    private func valueScheme() throws -> LabelScheme {
        var values: Set<Int> = []
        var names: [Int: String] = [:]
        for one in cases {
            for (file, isReference) in [(one.reference, true), (one.prediction, false)] {
                guard let file else { continue }
                // What cannot be read is an error of its case, which the scoring finds again.
                guard let image = try? reader.stored(file, like: nil),
                    let counts = try? image.valueCounts()
                else { continue }
                values.formUnion(counts.keys)
                if isReference {
                    names.merge(reader.embeddedNames(file)) { first, _ in first }
                }
                if cases.count == 1 { cached.keep(image) }
            }
        }
        values.remove(0)
        guard !values.isEmpty else {
            throw WorkflowError(
                .data,
                "label values: found no value above 0 in \(cases.count) cases, expected label maps; "
                    + "name the labels with --dataset, --card or --reference-labels to score empty masks"
            )
        }
        return LabelScheme(values: values.sorted(), names: names)
    }
}

/// Images of a single case, kept between the preview and the scoring.
final class CachedImages: Sendable {
    private let images = Mutex<[ScoreFile: StoredImage]>([:])

    func keep(_ image: StoredImage) { images.withLock { $0[image.file] = image } }

    /// Gives an image away; it is not kept any longer.
    func take(_ file: ScoreFile) -> StoredImage? {
        images.withLock { $0.removeValue(forKey: file) }
    }
}
