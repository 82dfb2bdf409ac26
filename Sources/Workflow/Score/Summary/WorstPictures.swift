import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// The worst rows of a report as pictures: the masks on the slice where they differ most.
struct WorstPictures {
    let report: ScoreReport
    let scorer: CaseScorer
    let cases: [ScoreCase]

    /// The pictures, the worst first.
    ///
    /// Rows are chosen by the first metric of the table that has a better direction, each case and label once: missed and
    /// invented labels in at most half of the pictures while there are others, then the worst values. The files of their cases are read again, one at a time.
    ///
    /// - Parameter limit: The most pictures.
    /// - Returns: At most `limit` pictures.
    /// - Throws: ``WorkflowError`` when an image of `--images` does not fit; files that changed meanwhile give no picture.
    func pictures(_ limit: Int) throws -> [OverlayPicture] {
        guard let index = report.metrics.firstIndex(where: { $0.direction != .none }) else {
            return []
        }
        let metric = report.metrics[index]
        func badness(_ row: ScoreRow) -> Double? {
            let value = row.values[index]
            guard value.state != .na, value.state != .error, let number = value.value else {
                return nil
            }
            return metric.direction == .higher ? -number : number
        }
        var chosen: [ScoreRow] = []
        var seen: Set<String> = []
        let ranked = report.rows.enumerated().compactMap { position, row in
            badness(row).map { (position, row, $0) }
        }.sorted { ($1.2, $0.0) < ($0.2, $1.0) }
        // Missed and invented labels come first, and leave half of the room to masks that overlap.
        let isEmpty = { (row: ScoreRow) in row.values[index].state != .value }
        let some = ranked.filter { isEmpty($0.1) }
        let ordered =
            Array(some.prefix((limit + 1) / 2)) + ranked.filter { !isEmpty($0.1) }
            + some.dropFirst((limit + 1) / 2)
        for (_, row, _) in ordered where chosen.count < limit {
            // Ties of perfect rows are no pictures of mistakes.
            if row.counts.map({ $0.fp == 0 && $0.fn == 0 }) ?? false { continue }
            guard seen.insert("\(row.label) \(row.case)").inserted else { continue }
            chosen.append(row)
        }
        let byCase = Dictionary(cases.map { ($0.id, $0) }) { first, _ in first }
        let imageFiles = try CaseImages.files(for: scorer.configuration)
        var pictures: [Int: OverlayPicture] = [:]
        for (id, group) in Dictionary(grouping: chosen.indices, by: { chosen[$0].case })
            .sorted(by: { $0.key < $1.key })
        {
            guard let one = byCase[id], let prediction = one.prediction else { continue }
            var entry = CaseEntry(id: id, cluster: id, outcome: .scored)
            guard let (pair, world) = try? scorer.labelPair(one, prediction, &entry) else {
                continue
            }
            let images = try CaseImages(
                imageFiles[id], of: id, reader: scorer.reader, shape: pair.grid.shape)
            for position in group {
                let row = chosen[position]
                guard let label = scorer.labels?.labels.first(where: { $0.id == row.label }) else {
                    continue
                }
                var table = [UInt8](repeating: 0, count: 256)
                for dense in label.denseIDs { table[Int(dense)] = 1 }
                let painter = OverlayPainter(
                    pair: try pair.mapped(by: table), world: world, background: images.background)
                pictures[position] = try painter.picture(
                    of: row, label: label.name, metric: metric.title,
                    value: Self.text(row.values[index], metric))
            }
        }
        return chosen.indices.compactMap { pictures[$0] }
    }

    private static func text(_ value: ScoreValue, _ metric: MetricEntry) -> String {
        guard let number = value.value else { return value.state.rawValue }
        let digits = metric.unit.isEmpty ? 1000.0 : 100.0
        let text = number.isFinite ? "\((number * digits).rounded() / digits)" : "inf"
        let unit = metric.unit.isEmpty || !number.isFinite ? "" : " \(metric.unit)"
        return text + unit + (value.state == .value ? "" : " (\(value.state.rawValue))")
    }
}

/// The image of a case behind its masks, windowed to eight bits.
struct CaseImages: Sendable {
    private let slices: (@Sendable (Int) -> [UInt8])?

    /// The images of a folder by case: their names are matched with those of the references, as predictions are.
    ///
    /// - Parameter configuration: The run; without a folder of images there are none.
    /// - Returns: The image files by case.
    /// - Throws: ``WorkflowError`` when the images cannot be matched with the references.
    static func files(for configuration: ScoreConfiguration) throws -> [String: ScoreFile] {
        guard let folder = configuration.images else { return [:] }
        var options = configuration.inputs
        options.requiresStore = false
        options.predictionPattern = nil
        options.predictionArray = nil
        let found = try ScorePairing.pairs(
            reference: configuration.reference, prediction: folder, options: options)
        return Dictionary(
            found.cases.compactMap { one in one.prediction.map { (one.id, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Reads the image of a case.
    ///
    /// - Parameters:
    ///   - file: The image; nil for none.
    ///   - id: The case.
    ///   - reader: How files are read.
    ///   - shape: The shape the image must have.
    /// - Throws: ``WorkflowError`` for an image of another shape.
    init(_ file: ScoreFile?, of id: String, reader: ScoreImageReader, shape: GridShape) throws {
        guard let file else {
            slices = nil
            return
        }
        let stored = try reader.stored(file, like: nil)
        guard stored.shape == shape else {
            throw WorkflowError(
                .data,
                "\(file.name): found an image of \(stored.shape) voxels, expected \(shape) as in the "
                    + "reference of case \(id); give the images that belong to the label maps")
        }
        let scores = try stored.scores(maximum: 1).scores ?? []
        let sorted = stride(from: 0, to: scores.count, by: max(1, scores.count / 100_000)).map {
            scores[$0]
        }.sorted()
        // CT is shown in the soft-tissue window, everything else between its 1st and 99th percentile.
        let isCT = (sorted.first ?? 0) < -500
        let low = isCT ? -160 : sorted.isEmpty ? 0 : sorted[sorted.count / 100]
        let high = isCT ? 240 : sorted.isEmpty ? 1 : sorted[sorted.count - 1 - sorted.count / 100]
        let plane = shape.i * shape.j
        slices = { k in
            scores[k * plane..<(k + 1) * plane].map { value in
                UInt8(max(0, min(255, (value - low) / max(high - low, 1e-6) * 255)))
            }
        }
    }

    /// The brightness of every voxel of a slice; nil without an image.
    func background(_ slice: Int) -> [UInt8]? { slices?(slice) }
}
