import MedicalImaging
import SampleAugmentation
import SampleStore
import SamplePreparation

/// Applies drawn transforms to stored pixels.
///
/// Transforms see fractions of the window: 0 is its lower limit, 1 its upper one. Afterwards whole-number pixels are rounded
/// to nearest, halves to even, and clipped to their type; values outside the window stay outside.
struct SliceAugmenter: Sendable {
    /// A slice: its channels as stored bytes, and its labels.
    struct Planes: Sendable {
        var channels: [[UInt8]]
        var label: LabelSlice
    }

    let pixelType: PixelType
    private let low: Float
    private let width: Float

    /// Makes an augmenter.
    ///
    /// - Parameters:
    ///   - pixelType: The type of the pixels.
    ///   - format: How they are stored.
    ///   - window: The intensity window, for original values.
    ///   - caseID: The case, for the message.
    /// - Throws: ``WorkflowError`` of kind `configuration` when black and white are not known.
    init(
        pixelType: PixelType, format: PixelFormat, window: ClosedRange<Double>?, caseID: String
    ) throws {
        self.pixelType = pixelType
        let range: ClosedRange<Double>?
        switch format {
        case .uint8: range = 0...255
        case .float32: range = window == nil ? nil : 0...1
        case .original: range = window
        }
        guard let range, range.upperBound > range.lowerBound else {
            throw WorkflowError(
                .configuration,
                "case \(caseID): found no intensity window, which says what black and white are to "
                    + "an augmentation; prepare with --window LOW,HIGH")
        }
        low = Float(range.lowerBound)
        self.width = Float(range.upperBound - range.lowerBound)
    }

    /// Transforms a slice.
    ///
    /// - Parameters:
    ///   - drawn: The transforms.
    ///   - planes: The slice; its labels say its size.
    /// - Returns: The slice afterwards, of another size where a transform turns, crops or pads.
    /// - Throws: An `AugmentationError` when a transform does not fit.
    func apply(_ drawn: DrawnAugmentation, to planes: Planes) throws -> Planes {
        guard !drawn.transforms.isEmpty else { return planes }
        var sample = sample(of: planes)
        try drawn.apply(to: &sample)
        let count = sample.extent.planeCount
        return Planes(
            channels: (0..<sample.extent.channels).map {
                encode(sample.image[$0 * count..<($0 + 1) * count])
            },
            label: LabelSlice(
                rows: sample.extent.rows, columns: sample.extent.columns,
                samples: sample.labels ?? []))
    }

    /// A slice as transforms see it: fractions of the window.
    ///
    /// - Parameter planes: The slice; its labels say its size.
    /// - Returns: The sample.
    func sample(of planes: Planes) -> AugmentationSample {
        let extent = SampleExtent(
            channels: planes.channels.count, rows: planes.label.rows,
            columns: planes.label.columns)
        var image: [Float] = []
        image.reserveCapacity(extent.imageCount)
        for channel in planes.channels { decode(channel, into: &image) }
        return AugmentationSample(
            extent: extent, image: image, range: 0...1, labels: planes.label.samples)
    }

    private func decode(_ bytes: [UInt8], into image: inout [Float]) {
        bytes.withUnsafeBytes { raw in
            switch pixelType {
            case .uint8:
                for value in raw { image.append((Float(value) - low) / width) }
            case .int16:
                for value in raw.bindMemory(to: Int16.self) {
                    image.append((Float(value) - low) / width)
                }
            case .int32:
                for value in raw.bindMemory(to: Int32.self) {
                    image.append((Float(value) - low) / width)
                }
            case .float32:
                for value in raw.bindMemory(to: Float.self) {
                    image.append((value - low) / width)
                }
            }
        }
    }

    private func encode(_ values: ArraySlice<Float>) -> [UInt8] {
        switch pixelType {
        case .uint8: return whole(values, as: UInt8.self)
        case .int16: return whole(values, as: Int16.self)
        case .int32: return whole(values, as: Int32.self)
        case .float32:
            let floats = values.map { $0 * width + low }
            return floats.withUnsafeBytes(Array.init)
        }
    }

    private func whole<T: FixedWidthInteger>(
        _ values: ArraySlice<Float>, as type: T.Type
    ) -> [UInt8] {
        let least = Double(T.min)
        let most = Double(T.max)
        let numbers = values.map { value -> T in
            let number = Double(value * width + low).rounded(.toNearestOrEven)
            // What is no number becomes black, as do no pixels of ours.
            return T(min(max(number.isNaN ? Double(low) : number, least), most))
        }
        return numbers.withUnsafeBytes(Array.init)
    }
}
