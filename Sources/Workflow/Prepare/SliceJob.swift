import MedicalImaging
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

    /// The label slice as it is stored.
    func storedLabel(_ index: Int) -> LabelSlice {
        preparer.resized(preparer.labelSlice(frame.plane(index), of: labels))
    }

    /// Cuts, maps and compresses one slice and draws its prompts (unless they were drawn before).
    func encode(_ index: Int, records: [PromptRecord]?) -> Encoded {
        let codec = PlaneCodec()
        let label = storedLabel(index)
        let neighbours = preparer.recipe.neighbours
        let channels = (-neighbours...neighbours).map { step in
            encodeImage(min(max(index + step, 0), frame.count - 1), codec)
        }
        return Encoded(
            image: channels,
            label: label.samples.withUnsafeBytes { codec.encode($0, width: 1) },
            records: records ?? drawer.records(of: label, sliceIndex: index))
    }

    private func encodeImage(_ index: Int, _ codec: borrowing PlaneCodec) -> [UInt8] {
        let count = frame.rows * frame.columns
        let width = mapping.output.byteCount
        return withUnsafeTemporaryAllocation(byteCount: count * width, alignment: 16) { raw in
            mapping.extract(frame.plane(index), of: image, into: raw)
            guard let size = preparer.recipe.size else {
                return codec.encode(UnsafeRawBufferPointer(raw), width: width)
            }
            let pixels = UnsafeRawBufferPointer(raw)
            if preparer.recipe.resampling == .nearest {
                return nearest(pixels, width: width, size: size).withUnsafeBytes {
                    codec.encode($0, width: width)
                }
            }
            if mapping.output == .uint8 {
                let slice = Slice<UInt8>(
                    rows: frame.rows, columns: frame.columns, samples: Array(pixels))
                let small = slice.resized(to: size, by: preparer.recipe.resampling)
                return small.samples.withUnsafeBytes { codec.encode($0, width: 1) }
            }
            let values: [Float] = (0..<count).map { n in
                switch mapping.output {
                case .int16: Float(pixels.load(fromByteOffset: 2 * n, as: Int16.self))
                case .int32: Float(pixels.load(fromByteOffset: 4 * n, as: Int32.self))
                default: pixels.load(fromByteOffset: 4 * n, as: Float.self)
                }
            }
            let small = Slice<Float>(rows: frame.rows, columns: frame.columns, samples: values)
                .resized(to: size, by: preparer.recipe.resampling)
            return small.samples.withUnsafeBytes { codec.encode($0, width: 4) }
        }
    }

    /// Copies pixels byte by byte: a 32-bit integer does not survive a detour over floats.
    private func nearest(_ pixels: UnsafeRawBufferPointer, width: Int, size: SliceSize) -> [UInt8] {
        let rule = preparer.recipe.resampling.labelRule
        let rows = rule.indices(from: frame.rows, to: size.rows)
        let columns = rule.indices(from: frame.columns, to: size.columns)
        var result: [UInt8] = []
        result.reserveCapacity(size.rows * size.columns * width)
        for row in rows {
            for column in columns {
                if let row, let column {
                    let start = (row * frame.columns + column) * width
                    result.append(contentsOf: pixels[start..<(start + width)])
                } else {
                    result.append(contentsOf: repeatElement(0, count: width))
                }
            }
        }
        return result
    }
}
