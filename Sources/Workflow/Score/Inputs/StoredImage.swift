import MedicalImaging
import SafeFiles
import SegmentationMetrics

/// The digest of one file of an image.
struct ScoreDigest: Hashable, Sendable {
    /// The file as reports call it.
    let path: String
    /// Its size in bytes.
    let byteCount: Int
    /// The SHA-256 digest of its bytes, 64 hexadecimal digits.
    let sha256: String
}

/// A decoded file before its numbers are given a meaning.
struct StoredImage: Sendable {
    /// The file.
    let file: ScoreFile
    /// The numbers, i fastest.
    var samples: StoredSamples
    /// Voxels along i, j, k.
    var shape: GridShape
    /// 2 for a picture, 3 for a volume.
    var dimensions: Int
    /// Distances of voxel centres along i, j, k.
    var spacing: Spacing
    /// Whether the spacing comes from the file or an option, and is no mere assumption.
    var hasSpacing: Bool
    /// Where the voxels lie in the world; nil for formats that do not say.
    var world: Grid?
    /// The stored value that stands for a score of 1, as far as the format says.
    var scoreMaximum: Double = 1
    /// The row of the file that the first row is, for a band of a large picture.
    var firstRow = 0
    /// Whether whole numbers may have been rounded on the way: no ids then.
    var isRounded = false
    /// The digests of the files read.
    var digests: [ScoreDigest]
    /// What a reader should know, one line each.
    var notes: [String] = []

    /// The place of a sample, for messages.
    func place(of index: Int) -> String {
        let i = index % shape.i
        let j = index / shape.i % shape.j
        return dimensions == 2
            ? "column \(i), row \(firstRow + j)"
            : "i \(i), j \(j), k \(index / (shape.i * shape.j))"
    }

    private func failure(_ problem: SampleProblem) -> WorkflowError {
        let place = problem.index.map { "at \(self.place(of: $0)): " } ?? ""
        return WorkflowError(.data, "\(file.name): \(place)\(problem.text); \(problem.nextStep)")
    }

    /// The number of voxels of each value.
    ///
    /// - Throws: ``WorkflowError`` when the file is no label map.
    func valueCounts() throws(WorkflowError) -> [Int: Int] {
        do throws(SampleProblem) { return try samples.valueCounts() } catch { throw failure(error) }
    }

    /// The image as a map of dense label ids.
    ///
    /// - Throws: ``WorkflowError`` for values that are not whole, negative, or of no label.
    consuming func labels(by table: LabelValueTable) throws(WorkflowError) -> ScoreImage {
        let stored = self.samples
        self.samples = .uint8([])
        let result: StoredSamples.DenseLabels
        do throws(SampleProblem) { result = try stored.labels(by: table) } catch {
            throw failure(error)
        }
        switch result {
        case .ids(let ids): return try image(.labels(ids))
        case .unknown(let counts):
            let rows = firstRow > 0 ? ", rows \(firstRow) to \(firstRow + shape.j - 1)" : ""
            throw table.unknownValues(counts, in: file.name + rows)
        }
    }

    /// The image as a map of dense label ids, which its 8-bit samples already are.
    consuming func asLabels() throws(WorkflowError) -> ScoreImage {
        guard case .uint8(let ids) = samples else {
            preconditionFailure("dense ids are 8-bit numbers")
        }
        return try image(.labels(ids))
    }

    /// The image as a map of instance ids.
    ///
    /// - Throws: ``WorkflowError`` for values that are no ids.
    consuming func instances() throws(WorkflowError) -> ScoreImage {
        if isRounded {
            throw WorkflowError(
                .data,
                "\(file.name): found values beyond 16777216 in floats or 64-bit numbers, expected ids "
                    + "that int32 holds; save the map as int32")
        }
        let stored = self.samples
        self.samples = .uint8([])
        let ids: [Int32]
        do throws(SampleProblem) { ids = try stored.instances() } catch { throw failure(error) }
        return try image(.instances(ids))
    }

    /// The image as a map of scores.
    ///
    /// - Parameter maximum: The stored value that stands for 1; nil for what the format says.
    /// - Returns: The map.
    /// - Throws: ``WorkflowError`` for a score that is no finite number.
    consuming func scores(maximum: Double?) throws(WorkflowError) -> ScoreImage {
        let stored = self.samples
        self.samples = .uint8([])
        let divisor = maximum ?? scoreMaximum
        if divisor != 1 {
            notes.append("scores are the stored values divided by \(Self.text(divisor))")
        }
        let values: [Float]
        do throws(SampleProblem) { values = try stored.scores(maximum: divisor) } catch {
            throw failure(error)
        }
        if let (low, high) = Self.range(of: values), low < 0 || high > 1 {
            notes.append(
                "scores run from \(low) to \(high), outside of 0 to 1: calibration has no meaning, and a "
                    + "threshold of 0.5 may have none; scale them with --score-max")
        }
        return try image(.scores(values))
    }

    private consuming func image(_ samples: ScoreImage.Samples) throws(WorkflowError) -> ScoreImage
    {
        let grid: MaskGrid
        do throws(MetricError) {
            grid = try MaskGrid(shape: shape, spacing: spacing, dimensions: dimensions)
        } catch { throw WorkflowError(.data, "\(file.name): \(error)") }
        return ScoreImage(
            samples: samples, maskGrid: grid, world: world,
            orientation: world.map { "\($0.orientation)" } ?? "", hasSpacing: hasSpacing,
            digests: digests, notes: notes)
    }

    private static func range(of values: [Float]) -> (Float, Float)? {
        guard var low = values.first else { return nil }
        var high = low
        for value in values {
            low = min(low, value)
            high = max(high, value)
        }
        return (low, high)
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
}

/// A decoded image, ready to be measured.
struct ScoreImage: Sendable {
    /// The samples by task, i fastest.
    enum Samples: Sendable {
        /// Dense label ids; 0 is background.
        case labels([UInt8])
        /// Instance ids; 0 is background.
        case instances([Int32])
        /// Scores.
        case scores([Float])

        /// The number of samples.
        var count: Int {
            switch self {
            case .labels(let values): values.count
            case .instances(let values): values.count
            case .scores(let values): values.count
            }
        }
    }

    /// The samples.
    var samples: Samples
    /// The grid on which masks are compared.
    var maskGrid: MaskGrid
    /// Where the voxels lie in the world; nil for formats that do not say.
    var world: Grid?
    /// The axes as three letters; empty for formats that do not say.
    var orientation: String
    /// Whether the spacing is more than an assumption.
    var hasSpacing: Bool
    /// The digests of the files read: one, or header and voxels of a pair.
    var digests: [ScoreDigest]
    /// What a reader should know, one line each.
    var notes: [String]

    /// The digest of the file; of the list of digests when there are several.
    var sha256: String {
        digests.count == 1
            ? digests[0].sha256
            : ContentDigest.sha256(ofText: digests.map(\.sha256).joined(separator: " "))
    }

    /// The label ids; nil for other tasks.
    var labels: [UInt8]? { if case .labels(let values) = samples { values } else { nil } }
    /// The instance ids; nil for other tasks.
    var instances: [Int32]? { if case .instances(let values) = samples { values } else { nil } }
    /// The scores; nil for other tasks.
    var scores: [Float]? { if case .scores(let values) = samples { values } else { nil } }
}
