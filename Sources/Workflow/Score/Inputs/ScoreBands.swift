import MedicalImaging
import SegmentationMetrics
import TIFF

/// Two TIFF images that are scored in bands of full rows, because neither fits into memory.
///
/// Each tile is decoded once; memory holds one band of each image, whatever their size. Only what follows from counts can
/// be scored this way.
struct ScoreBands: Sendable {
    /// The file under test.
    let prediction: ScoreFile
    /// The file taken as truth.
    let reference: ScoreFile
    /// The SHA-256 digest of the prediction's file.
    let predictionDigest: String
    /// The SHA-256 digest of the reference's file.
    let referenceDigest: String
    /// The grid of both images.
    let grid: MaskGrid
    /// The rows of a band; the last one may be lower.
    let rows: Int
    /// What a reader should know, one line each.
    let notes: [String]

    private let reader: ScoreImageReader

    /// Bytes of memory that one pixel of a pair takes when both images are read whole: samples as stored and as ids.
    private static let bytesPerPixel = 16
    /// The most pixels of a band.
    private static let bandPixels = 1 << 24

    /// Whether a pair is better read in bands: both are TIFF, and together they would take more than some bytes.
    ///
    /// - Parameters:
    ///   - reference: The file taken as truth.
    ///   - prediction: The file under test.
    ///   - memoryLimit: The most bytes the pair may take.
    /// - Returns: `false` also for files that cannot be opened: reading them says why.
    static func needed(
        _ reference: ScoreFile, _ prediction: ScoreFile, memoryLimit: Int
    ) -> Bool {
        guard reference.format == .tiff, prediction.format == .tiff,
            let image = (try? TIFFReader(path: reference.path))?.directories.first
        else { return false }
        let (pixels, overflow) = image.width.multipliedReportingOverflow(by: image.height)
        return overflow || pixels > memoryLimit / bytesPerPixel
    }

    /// Whether a pair is better read in bands, under the limit of a run.
    static func needed(
        _ reference: ScoreFile, _ prediction: ScoreFile, _ configuration: ScoreConfiguration
    ) -> Bool {
        needed(reference, prediction, memoryLimit: configuration.memoryLimit)
    }

    /// Opens both files and compares their sizes.
    ///
    /// - Parameters:
    ///   - prediction: The file under test, a TIFF.
    ///   - reference: The file taken as truth, a TIFF.
    ///   - reader: How files are read.
    /// - Throws: ``WorkflowError`` when a file cannot be opened or is no TIFF, or the sizes differ.
    init(
        prediction: ScoreFile, reference: ScoreFile, reader: ScoreImageReader
    ) throws(WorkflowError) {
        for file in [reference, prediction] where file.format != .tiff {
            throw WorkflowError(
                .usage,
                "\(file.name): only TIFF images are read in bands, expected both files to be; raise "
                    + "--max-memory, or convert it to a tiled TIFF")
        }
        let truth = try reader.openTIFF(reference).directories[0]
        let image = try reader.openTIFF(prediction).directories[0]
        guard truth.width == image.width, truth.height == image.height else {
            throw WorkflowError(
                .data,
                "\(prediction.name): grid differs from that of the reference \(reference.name): shape "
                    + "\(truth.width)x\(truth.height) against \(image.width)x\(image.height); check that the "
                    + "files belong together and have the same resolution level first")
        }
        var notes: [String] = []
        let (spacing, _) = try reader.spacing(reference, axes: 2, notes: &notes)
        do throws(MetricError) {
            grid = try MaskGrid(
                shape: GridShape(truth.width, truth.height, 1), spacing: spacing, dimensions: 2)
        } catch { throw WorkflowError(.data, "\(reference.name): \(error)") }
        let natural = max(truth.blockHeight, image.blockHeight, 64)
        rows = max(1, min(natural, truth.height, Self.bandPixels / truth.width))
        predictionDigest = try reader.digestOfFile(prediction).sha256
        referenceDigest = try reader.digestOfFile(reference).sha256
        self.prediction = prediction
        self.reference = reference
        self.reader = reader
        self.notes = notes
    }

    /// One band of both images.
    struct Band {
        /// The rows of the prediction.
        let prediction: StoredImage
        /// The same rows of the reference.
        let reference: StoredImage
    }

    /// Walks both images from top to bottom in equal bands.
    ///
    /// - Parameters:
    ///   - rows: The rows of a band; ``rows`` unless told.
    ///   - body: What to do with each band.
    /// - Throws: ``WorkflowError`` when rows cannot be decoded, and what the body throws.
    /// - Complexity: O(*n*) in the pixels; memory for one band and one row of tiles of each image.
    func forEachBand(
        rows: Int? = nil, _ body: (Band) throws(WorkflowError) -> Void
    ) throws(WorkflowError) {
        // A reader of its own for each: one reader remembers one place.
        var predicted = try Walk(prediction, reader)
        var truth = try Walk(reference, reader)
        let height = rows ?? self.rows
        while let band = try truth.next(height, reader) {
            guard let other = try predicted.next(height, reader) else {
                throw WorkflowError(.internalError, "\(prediction.name): bands out of step")
            }
            try body(Band(prediction: other, reference: band))
        }
    }

    /// How the labels of both images meet.
    ///
    /// - Parameter labels: What their values stand for.
    /// - Returns: The counts of all pixels; masked ones are background on both sides.
    /// - Throws: ``WorkflowError`` for values that are no labels or not in the table, with their rows.
    func confusion(by labels: ScoreLabels) throws(WorkflowError) -> LabelConfusion {
        var confusion = LabelConfusion()
        try forEachBand { (band) throws(WorkflowError) in
            guard var reference = try band.reference.labels(by: labels.reference).labels,
                var prediction = try band.prediction.labels(by: labels.prediction).labels
            else { throw WorkflowError(.internalError, "\(self.reference.name): no labels") }
            _ = labels.hideMasked(prediction: &prediction, reference: &reference)
            prediction.withUnsafeBufferPointer { prediction in
                reference.withUnsafeBufferPointer {
                    confusion.add(prediction: prediction, reference: $0)
                }
            }
        }
        return confusion
    }

    /// How the instances of both images overlap.
    ///
    /// - Returns: The table of all pixels.
    /// - Throws: ``WorkflowError`` for values that are no ids, with their place.
    func instanceOverlap() throws(WorkflowError) -> InstanceOverlap {
        var builder = InstanceOverlap.Builder()
        try forEachBand { (band) throws(WorkflowError) in
            guard let reference = try band.reference.instances().instances,
                let prediction = try band.prediction.instances().instances
            else { throw WorkflowError(.internalError, "\(self.reference.name): no ids") }
            do throws(MetricError) {
                try builder.add(prediction: prediction, reference: reference)
            } catch {
                throw WorkflowError(
                    .data, "\(self.prediction.name) against \(self.reference.name): \(error)")
            }
        }
        return builder.finish()
    }

    /// One image on its way from top to bottom.
    private struct Walk {
        private let file: ScoreFile
        private var bands: TIFFBands

        init(_ file: ScoreFile, _ reader: ScoreImageReader) throws(WorkflowError) {
            self.file = file
            let opened = try reader.openTIFF(file)
            bands = try reader.readingTIFF(file) { () throws(TIFFError) in try opened.bands() }
        }

        mutating func next(
            _ rows: Int, _ reader: ScoreImageReader
        ) throws(WorkflowError) -> StoredImage? {
            var bands = self.bands
            let band = try reader.readingTIFF(file) { () throws(TIFFError) in
                try bands.next(rows: rows)
            }
            self.bands = bands
            guard let band else { return nil }
            var notes: [String] = []
            let samples = try ScoreImageReader.grey(
                band.pixels, bands.image, file, row: band.y, &notes)
            var image = StoredImage(
                file: file, samples: samples,
                shape: GridShape(band.pixels.width, band.pixels.height, 1), dimensions: 2,
                spacing: Spacing(1, 1, 1), hasSpacing: false, world: nil, digests: [])
            image.firstRow = band.y
            return image
        }
    }
}
