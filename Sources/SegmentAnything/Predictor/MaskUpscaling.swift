import MedicalImaging
import Tensors

/// Brings low-resolution logits to the size of the picture.
///
/// The reference enlarges 4g x 4g logits to the model's square, cuts out what the picture covers and resizes that to the picture, each time
/// bilinearly between pixel centres and without antialiasing. Both steps are linear, and so is one after the other: each pixel of a
/// line is a weighted sum of at most four logits. The picture between is never made.
///
/// - Source: `Sam.postprocess_masks` of Segment Anything.
public struct MaskUpscaling: Sendable {
    /// Where the picture lies in the model input.
    public let frame: InputFrame
    /// Side of the low-resolution logits, 4g.
    public let side: Int
    private let columns: AxisWeights
    private let rows: AxisWeights

    /// Prepares the weights of both axes.
    ///
    /// - Parameters:
    ///   - frame: Where the picture lies in the model input.
    ///   - side: Side of the low-resolution logits, 4g, at most the model size.
    public init(frame: InputFrame, side: Int) {
        self.frame = frame
        self.side = side
        columns = AxisWeights(
            low: side, model: frame.modelSize, kept: frame.resized.columns,
            original: frame.original.columns)
        rows = AxisWeights(
            low: side, model: frame.modelSize, kept: frame.resized.rows,
            original: frame.original.rows)
    }

    /// A mask at the size of the picture, with the numbers that follow from its logits there.
    public struct Mask: Sendable {
        /// 1 where the logit is above the threshold.
        public var slice: LabelSlice
        /// Pixels above the threshold.
        public var area: Int
        /// Pixels above threshold + offset over pixels above threshold - offset; 1 when there are none of the latter.
        public var stability: Float
    }

    /// The logits at the size of the picture.
    ///
    /// - Complexity: O(pixels); one picture between.
    /// - Parameter logits: 4g x 4g logits.
    /// - Returns: Rows x columns logits.
    public func logits(_ logits: Tensor) -> Tensor {
        let (height, width) = (frame.original.rows, frame.original.columns)
        var result = Tensor(uninitialized: [height, width])
        result.withMutableValues { result in
            guard let base = result.baseAddress else { return }
            nonisolated(unsafe) let output = base
            forEachRow(of: logits) { row, values in
                (output + row * width).update(from: values, count: width)
            }
        }
        return result
    }

    /// The mask at the size of the picture, without keeping its logits.
    ///
    /// - Complexity: O(pixels), in parallel.
    /// - Parameters:
    ///   - logits: 4g x 4g logits.
    ///   - threshold: Logits above it are object.
    ///   - stabilityOffset: How far ``Mask/stability`` looks to both sides.
    /// - Returns: The mask.
    public func mask(
        _ logits: Tensor, threshold: Float = 0, stabilityOffset: Float = 1
    ) -> Mask {
        let (height, width) = (frame.original.rows, frame.original.columns)
        let thresholds = [threshold, threshold + stabilityOffset, threshold - stabilityOffset]
        var counts = [Int](repeating: 0, count: 3 * height)
        let samples = [UInt8](unsafeUninitializedCapacity: height * width) { samples, written in
            counts.withUnsafeMutableBufferPointer { counts in
                guard let samples = samples.baseAddress, let counts = counts.baseAddress else {
                    return
                }
                nonisolated(unsafe) let output = samples
                nonisolated(unsafe) let rowCounts = counts
                forEachRow(of: logits) { row, values in
                    Kernels.threshold(
                        values, width: width, thresholds: thresholds, mask: output + row * width,
                        counts: rowCounts + 3 * row)
                }
            }
            written = height * width
        }
        func total(_ index: Int) -> Int {
            stride(from: index, to: counts.count, by: 3).reduce(0) { $0 + counts[$1] }
        }
        let (inner, outer) = (total(1), total(2))
        return Mask(
            slice: LabelSlice(rows: height, columns: width, samples: samples), area: total(0),
            stability: outer == 0 ? 1 : Float(inner) / Float(outer))
    }

    /// Calls a body with every row of the logits at the size of the picture, in parallel.
    private func forEachRow(
        of logits: Tensor, _ body: @Sendable (Int, UnsafePointer<Float>) -> Void
    ) {
        precondition(logits.count == side * side, "logits of \(logits.shape), not \(side)")
        let width = frame.original.columns
        // Columns first, as lines of the transposed picture: sums of lines are what vectors do well.
        let narrow = UnsafeMutablePointer<Float>.allocate(capacity: side * side)
        let wide = UnsafeMutablePointer<Float>.allocate(capacity: width * side)
        defer {
            narrow.deallocate()
            wide.deallocate()
        }
        logits.withValues { logits in
            guard let logits = logits.baseAddress else { return }
            Kernels.transpose(logits, rows: side, columns: side, into: narrow)
        }
        nonisolated(unsafe) let (turned, lines) = (narrow, wide)
        ParallelRange.forEach(count: width, piece: 128) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * side) { piece in
                guard let piece = piece.baseAddress else { return }
                for column in range {
                    columns.combine(
                        turned, column, width: side,
                        into: piece + (column - range.lowerBound) * side)
                }
                Kernels.transpose(
                    piece, rows: range.count, columns: side, into: lines + range.lowerBound,
                    outputStride: width)
            }
        }
        ParallelRange.forEach(count: frame.original.rows, piece: 64) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { line in
                guard let line = line.baseAddress else { return }
                for row in range {
                    rows.combine(lines, row, width: width, into: line)
                    body(row, line)
                }
            }
        }
    }
}

/// For each pixel of one axis of the picture the four logits it is made of, and their weights.
private struct AxisWeights: Sendable {
    private let starts: [Int]
    private let weights: [Float]
    private let low: Int

    init(low: Int, model: Int, kept: Int, original: Int) {
        self.low = low
        var starts: [Int] = []
        var weights: [Float] = []
        starts.reserveCapacity(original)
        weights.reserveCapacity(4 * original)
        for pixel in 0..<original {
            var sum = [Int: Double](minimumCapacity: 4)
            for (position, share) in Self.neighbours(of: pixel, outputs: original, inputs: kept) {
                let inner = Self.neighbours(of: position, outputs: model, inputs: low)
                for (logit, part) in inner { sum[logit, default: 0] += share * part }
            }
            // Two neighbours lie within three logits, as the model input is not smaller than these.
            let start = max(0, min(sum.keys.min() ?? 0, low - 4))
            starts.append(start)
            for tap in 0..<4 { weights.append(Float(sum[start + tap] ?? 0)) }
        }
        self.starts = starts
        self.weights = weights
    }

    /// The two pixels an output lies between, and their shares.
    private static func neighbours(
        of output: Int, outputs: Int, inputs: Int
    ) -> [(Int, Double)] {
        let at = max(0, (Double(output) + 0.5) * Double(inputs) / Double(outputs) - 0.5)
        let first = min(Int(at), inputs - 1)
        let share = at - Double(first)
        return first + 1 < inputs ? [(first, 1 - share), (first + 1, share)] : [(first, 1)]
    }

    /// The weighted sum of lines for one pixel of this axis.
    func combine(
        _ lines: UnsafePointer<Float>, _ pixel: Int, width: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let first = lines + starts[pixel] * width
        // With fewer than four lines the weights of those beyond are 0; any line will do.
        func line(_ index: Int) -> UnsafePointer<Float> {
            first + (starts[pixel] + index < low ? index : 0) * width
        }
        weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            Kernels.combineRows(
                (line(0), line(1), line(2), line(3)), weights: weights + 4 * pixel, width: width,
                into: output)
        }
    }
}
