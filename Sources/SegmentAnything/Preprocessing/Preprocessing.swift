import MedicalImaging
import Tensors

/// Brings pictures into the form the image encoder takes: resized, normalised, padded.
///
/// The resize is Pillow's 8-bit bilinear filter, bit for bit. Each colour is then (value - mean) / deviation in Float, and what the picture
/// does not cover at the right and the bottom is 0 **after** normalisation.
///
/// - Source: `ResizeLongestSide` and `Sam.preprocess` of Segment Anything.
public struct Preprocessing: Hashable, Sendable {
    /// Side of the model's square input in pixels.
    public let modelSize: Int
    /// Subtracted from red, green and blue.
    public let mean: [Float]
    /// Divides red, green and blue after that.
    public let deviation: [Float]

    /// Makes the preprocessing of a model.
    ///
    /// - Parameter configuration: Its input size, mean and deviation.
    public init(configuration: SAMConfiguration) {
        self.init(
            modelSize: configuration.imageSize, mean: configuration.pixelMean,
            deviation: configuration.pixelDeviation)
    }

    /// Makes a preprocessing.
    ///
    /// - Parameters:
    ///   - modelSize: Side of the model's square input in pixels.
    ///   - mean: Subtracted from red, green and blue.
    ///   - deviation: Divides red, green and blue after that.
    public init(modelSize: Int, mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "three colours")
        self.modelSize = modelSize
        self.mean = mean
        self.deviation = deviation
    }

    /// Resizes a picture so that its longer side fills the model input.
    ///
    /// - Parameter image: The picture.
    /// - Returns: The resized picture, as Pillow before version 13 gives it.
    /// - Throws: ``SAMError/image(_:)`` when nothing is left of it.
    public func resized(_ image: InputImage) throws(SAMError) -> InputImage {
        let frame = try InputFrame(original: image.size, modelSize: modelSize)
        guard frame.resized != frame.original else { return image }
        let samples = PillowResize.bilinear(
            interleaved: image.samples, size: image.size, channels: image.channels,
            to: frame.resized)
        let (rows, columns) = (frame.resized.rows, frame.resized.columns)
        return image.channels == 3
            ? InputImage(rows: rows, columns: columns, rgb: samples)
            : InputImage(grey: Slice(rows: rows, columns: columns, samples: samples))
    }

    /// The input of the image encoder.
    ///
    /// - Complexity: O(model pixels + picture pixels).
    /// - Parameter image: The picture.
    /// - Returns: 1 x 3 x S x S, and where the picture lies in it.
    /// - Throws: ``SAMError/image(_:)`` when the picture is empty or too thin.
    public func callAsFunction(
        _ image: InputImage
    ) throws(SAMError) -> (input: Tensor, frame: InputFrame) {
        let frame = try InputFrame(original: image.size, modelSize: modelSize)
        return (normalised(try resized(image)), frame)
    }

    /// Normalises and pads a resized picture.
    private func normalised(_ image: InputImage) -> Tensor {
        let (side, channels) = (modelSize, image.channels)
        let (rows, columns) = (image.size.rows, image.size.columns)
        // A byte has 256 values: the division is done once for each.
        let tables = (0..<3).map { colour in
            (0..<256).map { (Float($0) - mean[colour]) / deviation[colour] }
        }
        var tensor = Tensor(uninitialized: [1, 3, side, side])
        tensor.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            nonisolated(unsafe) let output = base
            ParallelRange.forEach(count: 3 * rows, piece: 192) { range in
                for index in range {
                    let (colour, row) = (index / rows, index % rows)
                    let line = output + (colour * side + row) * side
                    image.samples.withUnsafeBufferPointer { samples in
                        tables[colour].withUnsafeBufferPointer { table in
                            var at = row * columns * channels + (channels == 3 ? colour : 0)
                            for x in 0..<columns {
                                line[x] = table[Int(samples[at])]
                                at += channels
                            }
                        }
                    }
                    (line + columns).update(repeating: 0, count: side - columns)
                }
            }
            for colour in 0..<3 {
                (output + (colour * side + rows) * side)
                    .update(repeating: 0, count: (side - rows) * side)
            }
        }
        return tensor
    }
}
