import MedicalImaging
import NIfTI
import SafeFiles
import SampleStore
import SegmentAnything

/// Segments one case: every record of the store is a prompt, every prompt becomes a mask.
///
/// Slices are worked on one after the other, so that memory is bounded by one embedding, the volume of the source and the
/// compressed masks.
struct CaseSegmenter {
    let plan: SegmentationPlan
    let model: SegmentationModel
    let cache: EmbeddingCache?
    let layout: SegmentationLayout
    /// The most bytes of voxels of one label map.
    let maxBytes: Int

    /// Prompts that are answered together; decides no bit.
    private static let batch = 32

    /// What happened to the embeddings of a case.
    struct Embeddings {
        var computed = 0
        var stored = 0
    }

    /// Segments and publishes a case.
    func segment(
        _ unit: UnitRecord, _ reader: CaseFileReader, slice: (_ done: Int, _ of: Int) -> Void
    ) throws -> (unit: SegmentationUnit, embeddings: Embeddings) {
        let description = reader.description
        let placement = try SourcePlacement(reader, name: reader.path)
        var voxels = [UInt8](
            repeating: 0,
            count: try placement.grid.shape.voxelCount(
                atMost: maxBytes, name: reader.path))
        let prompts = try SegmentationPrompts(plan.prompts, of: reader)
        let records = try reader.records()
        let pictures =
            description.channelMeaning == .rgb ? nil : try SlicePictures(reader, threads: 1)
        let file = try MaskFileWriter(reader, plan: plan, records: records.count)
        var scores = [RecordScore](repeating: RecordScore(), count: records.count)
        var result = SegmentationUnit(id: unit.id, part: unit.part, key: try plan.key(of: unit))
        var embeddings = Embeddings()
        var pixels = [Int](repeating: 0, count: 256)
        let bySlice = Dictionary(grouping: records.indices) { records[$0].slice }
        for position in 0..<reader.count {
            var merger = LabelSliceMerger(rows: description.rows, columns: description.columns)
            if let mine = bySlice[position] {
                let picture = try picture(reader, pictures, at: position)
                let encoded = try encode(picture, &embeddings)
                try answer(mine, prompts, encoded) { record, mask in
                    scores[record] = RecordScore(
                        predictedIoU: mask.predictedIoU, stability: mask.stability,
                        area: mask.area)
                    merger.add(
                        mask.mask, label: records[record].label, predictedIoU: mask.predictedIoU)
                    try file.write(mask.mask, to: "/masks", at: record)
                }
            }
            for label in merger.slice.samples { pixels[Int(label)] += 1 }
            result.contestedPixels += merger.contested
            try file.write(merger.slice, to: "/label", at: position)
            try placement.put(
                merger.slice, at: reader.sliceIndices[position], into: &voxels, name: reader.path)
            slice(position + 1, reader.count)
        }
        result.slices = reader.count
        result.records = records.count
        result.emptyMasks = scores.count { $0.area == 0 }
        if !scores.isEmpty {
            let count = Double(scores.count)
            let mean = scores.reduce(0) { $0 + Double($1.predictedIoU) } / count
            result.meanPredictedIoU = mean.isFinite ? mean : nil
            result.meanStability = scores.reduce(0) { $0 + Double($1.stability) } / count
        }
        result.labels = counts(description, records, pixels, voxels)
        try publish(
            file, records, scores, LabelMap(grid: placement.grid, samples: voxels), into: &result)
        return (result, embeddings)
    }

    // MARK: - Parts

    /// A slice through its window, or a patch in its colours.
    private func picture(
        _ reader: CaseFileReader, _ pictures: SlicePictures?, at position: Int
    ) throws -> InputImage {
        let (rows, columns) = (reader.description.rows, reader.description.columns)
        guard let pictures else {
            return InputImage(rows: rows, columns: columns, rgb: try reader.rgb(at: position))
        }
        return InputImage(
            grey: Slice(rows: rows, columns: columns, samples: try pictures.grey(at: position)))
    }

    private func encode(
        _ picture: InputImage, _ embeddings: inout Embeddings
    ) throws -> EncodedImage {
        guard let cache else {
            embeddings.computed += 1
            return try model.sam().encode(picture)
        }
        let (encoded, wasStored) = try cache.encoded(picture)
        if wasStored { embeddings.stored += 1 } else { embeddings.computed += 1 }
        return encoded
    }

    /// Answers the prompts of some records of one picture.
    private func answer(
        _ records: [Int], _ prompts: SegmentationPrompts, _ encoded: EncodedImage,
        _ body: (_ record: Int, _ mask: MaskPrediction) throws -> Void
    ) throws {
        var start = 0
        while start < records.count {
            let batch = records[start..<min(start + Self.batch, records.count)]
            let answers = try encoded.predictLowResolution(
                batch.map { prompts.prompt(of: $0) },
                output: plan.masks == .single ? .single : .multiple)
            for (record, answer) in zip(batch, answers) {
                try body(record, encoded.prediction(answer, mask: answer.best))
            }
            start = batch.endIndex
        }
    }

    private func counts(
        _ description: CaseDescription, _ records: [StoredRecord], _ pixels: [Int],
        _ voxels: [UInt8]
    ) -> [SegmentationUnit.LabelCount] {
        var volume = [Int](repeating: 0, count: 256)
        for label in voxels { volume[Int(label)] += 1 }
        return description.labels.filter { (1...255).contains($0.id) }.map { entry in
            SegmentationUnit.LabelCount(
                id: entry.id, name: entry.name,
                records: records.count { Int($0.label) == entry.id }, pixels: pixels[entry.id],
                voxels: volume[entry.id])
        }
    }

    /// Writes the files, the label map last: with it a case is there for `score`.
    private func publish(
        _ file: MaskFileWriter, _ records: [StoredRecord], _ scores: [RecordScore],
        _ map: LabelMap, into result: inout SegmentationUnit
    ) throws {
        let names = (layout.relativeVolume(result.id), layout.relativeMasks(result.id))
        try file.publish(records, scores, to: "\(layout.root)/\(names.1)")
        try NIfTIWriter.write(map, as: .labels, to: "\(layout.root)/\(names.0)")
        for name in [names.0, names.1] {
            let path = "\(layout.root)/\(name)"
            guard let bytes = Folders.size(of: path) else {
                throw FileError(.missing, path: path, message: "file vanished after it was written")
            }
            result.files.append(
                SegmentationUnit.File(
                    path: name, bytes: bytes, sha256: try FileReading.sha256(of: path)))
        }
    }
}

extension LowResolutionMasks {
    /// The mask with the best predicted IoU, the first of equal ones.
    var best: Int {
        var best = 0
        for index in predictedIoU.indices where predictedIoU[index] > predictedIoU[best] {
            best = index
        }
        return best
    }
}
