import MedicalImaging
import SampleAugmentation
import SamplePreparation
import SampleStore

/// The work on the slices of one case; shared by the threads, never changed.
struct SliceJob: Sendable {
    let preparer: CasePreparer
    let image: ImageVolume
    let labels: LabelMap
    let frame: SliceFrame
    let mapping: PixelMapping
    let pixelType: PixelType
    let drawer: PromptDrawer

    struct Encoded: Sendable {
        var image: [[UInt8]]
        var label: [UInt8]
        var records: [PromptRecord]
    }

    /// The size of a slice before it is resized.
    var extent: SampleExtent {
        SampleExtent(
            channels: 2 * preparer.recipe.neighbours + 1, rows: frame.rows, columns: frame.columns)
    }

    /// The label slice as it is stored.
    func storedLabel(_ place: SlicePlace) throws -> LabelSlice {
        let label = preparer.labelSlice(frame.plane(place.source), of: labels)
        guard let drawn = place.drawn else { return preparer.resized(label) }
        // Labels follow the geometry alone; an empty picture goes with them.
        var sample = AugmentationSample(
            extent: SampleExtent(rows: label.rows, columns: label.columns),
            image: [Float](repeating: 0, count: label.samples.count), labels: label.samples)
        try drawn.geometry.apply(to: &sample)
        return preparer.resized(
            LabelSlice(
                rows: sample.extent.rows, columns: sample.extent.columns,
                samples: sample.labels ?? []))
    }

    /// Cuts, maps and compresses one slice and draws its prompts (unless they were drawn before).
    func encode(_ place: SlicePlace, records: [PromptRecord]?) throws -> Encoded {
        let codec = PlaneCodec()
        guard let drawn = place.drawn else {
            let label = try storedLabel(place)
            let channels = neighbours(of: place.source).map { index in
                withUnsafeTemporaryAllocation(
                    byteCount: extent.planeCount * mapping.output.byteCount, alignment: 16
                ) { raw in
                    mapping.extract(frame.plane(index), of: image, into: raw)
                    return finished(
                        UnsafeRawBufferPointer(raw), rows: frame.rows, columns: frame.columns, codec
                    )
                }
            }
            return encoded(channels, label, place, records, codec)
        }
        let planes = SliceAugmenter.Planes(
            channels: neighbours(of: place.source).map(extracted),
            label: preparer.labelSlice(frame.plane(place.source), of: labels))
        let augmented = try augmenter.apply(drawn, to: planes)
        let channels = augmented.channels.map { channel in
            channel.withUnsafeBytes {
                finished($0, rows: augmented.label.rows, columns: augmented.label.columns, codec)
            }
        }
        return encoded(channels, preparer.resized(augmented.label), place, records, codec)
    }

    // MARK: - Parts

    private var augmenter: SliceAugmenter {
        get throws {
            try SliceAugmenter(
                pixelType: mapping.output, format: preparer.recipe.pixels, window: mapping.limits,
                caseID: "")
        }
    }

    /// The slices that become channels; beyond the ends of the volume the end slice is repeated.
    private func neighbours(of index: Int) -> [Int] {
        let reach = preparer.recipe.neighbours
        return (-reach...reach).map { min(max(index + $0, 0), frame.count - 1) }
    }

    private func extracted(_ index: Int) -> [UInt8] {
        let count = extent.planeCount * mapping.output.byteCount
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            mapping.extract(
                frame.plane(index), of: image, into: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    private func encoded(
        _ channels: [[UInt8]], _ label: LabelSlice, _ place: SlicePlace,
        _ records: [PromptRecord]?, _ codec: borrowing PlaneCodec
    ) -> Encoded {
        Encoded(
            image: channels, label: label.samples.withUnsafeBytes { codec.encode($0, width: 1) },
            records: records ?? drawer.records(of: label, sliceIndex: place.index))
    }

    /// Resizes the pixels of a slice where that is asked for, and compresses them.
    private func finished(
        _ pixels: UnsafeRawBufferPointer, rows: Int, columns: Int, _ codec: borrowing PlaneCodec
    ) -> [UInt8] {
        let width = mapping.output.byteCount
        guard let size = preparer.recipe.size else { return codec.encode(pixels, width: width) }
        if preparer.recipe.resampling == .nearest {
            let small = nearest(pixels, rows: rows, columns: columns, width: width, size: size)
            return small.withUnsafeBytes { codec.encode($0, width: width) }
        }
        if mapping.output == .uint8 {
            let small = Slice<UInt8>(rows: rows, columns: columns, samples: Array(pixels))
                .resized(to: size, by: preparer.recipe.resampling)
            return small.samples.withUnsafeBytes { codec.encode($0, width: 1) }
        }
        let values: [Float] = (0..<rows * columns).map { n in
            switch mapping.output {
            case .int16: Float(pixels.load(fromByteOffset: 2 * n, as: Int16.self))
            case .int32: Float(pixels.load(fromByteOffset: 4 * n, as: Int32.self))
            default: pixels.load(fromByteOffset: 4 * n, as: Float.self)
            }
        }
        let small = Slice<Float>(rows: rows, columns: columns, samples: values)
            .resized(to: size, by: preparer.recipe.resampling)
        return small.samples.withUnsafeBytes { codec.encode($0, width: 4) }
    }

    /// Copies pixels byte by byte: a 32-bit integer does not survive a detour over floats.
    private func nearest(
        _ pixels: UnsafeRawBufferPointer, rows: Int, columns: Int, width: Int, size: SliceSize
    ) -> [UInt8] {
        let rule = preparer.recipe.resampling.labelRule
        let columnIndices = rule.indices(from: columns, to: size.columns)
        var result: [UInt8] = []
        result.reserveCapacity(size.rows * size.columns * width)
        for row in rule.indices(from: rows, to: size.rows) {
            for column in columnIndices {
                if let row, let column {
                    let start = (row * columns + column) * width
                    result.append(contentsOf: pixels[start..<(start + width)])
                } else {
                    result.append(contentsOf: repeatElement(0, count: width))
                }
            }
        }
        return result
    }
}
