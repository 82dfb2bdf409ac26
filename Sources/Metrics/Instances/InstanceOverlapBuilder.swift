extension InstanceOverlap {
    /// Builds a table band by band or tile by tile, so that a slide is never in memory as a whole.
    ///
    /// The bands may come in any order and cut instances anywhere: only pixel counts are kept. Memory follows the
    /// number of pairs of ids that touch.
    ///
    /// ```swift
    /// var builder = InstanceOverlap.Builder()
    /// for tile in tiles { try builder.add(prediction: tile.predicted, reference: tile.annotated) }
    /// let overlap = builder.finish()
    /// ```
    public struct Builder: Sendable {
        /// How many different pairs of ids are counted before the maps are refused as noise.
        public let contactLimit: Int
        private var counter = PairCounter()
        private var pixelCount: UInt64 = 0

        /// Makes an empty builder.
        ///
        /// - Parameter contactLimit: How many different pairs of ids are allowed; a table takes up to 64 bytes per
        ///   pair.
        public init(contactLimit: Int = 1 << 26) {
            self.contactLimit = contactLimit
        }

        /// Adds a band of two maps with signed ids.
        ///
        /// - Parameters:
        ///   - prediction: The predicted id of every pixel, 0 for background.
        ///   - reference: The true id of every pixel, 0 for background.
        /// - Throws: ``MetricError`` when the lengths differ, an id is negative, or there are too many pairs. A builder
        ///   that has thrown has counted a part of the band: drop it.
        /// - Complexity: O(*n*); 8 pixels at a time.
        public mutating func add(
            prediction: [Int32], reference: [Int32]
        ) throws(MetricError) {
            try prediction.withUnsafeBufferPointer { prediction throws(MetricError) in
                try reference.withUnsafeBufferPointer { reference throws(MetricError) in
                    try add(prediction: prediction, reference: reference)
                }
            }
        }

        /// Adds a band of two maps with unsigned ids.
        ///
        /// - Parameters:
        ///   - prediction: The predicted id of every pixel, 0 for background.
        ///   - reference: The true id of every pixel, 0 for background.
        /// - Throws: ``MetricError`` when the lengths differ or there are too many pairs.
        public mutating func add(
            prediction: [UInt32], reference: [UInt32]
        ) throws(MetricError) {
            try prediction.withUnsafeBufferPointer { prediction throws(MetricError) in
                try reference.withUnsafeBufferPointer { reference throws(MetricError) in
                    try add(prediction: prediction, reference: reference)
                }
            }
        }

        /// Adds a band of two maps with signed ids, without copying it into an array.
        ///
        /// - Parameters:
        ///   - prediction: The predicted id of every pixel, 0 for background.
        ///   - reference: The true id of every pixel, 0 for background.
        /// - Throws: As ``add(prediction:reference:)-([Int32],_)``.
        public mutating func add(
            prediction: UnsafeBufferPointer<Int32>, reference: UnsafeBufferPointer<Int32>
        ) throws(MetricError) {
            try count(
                UnsafeRawBufferPointer(prediction), UnsafeRawBufferPointer(reference),
                largest: UInt32(Int32.max))
        }

        /// Adds a band of two maps with unsigned ids, without copying it into an array.
        ///
        /// - Parameters:
        ///   - prediction: The predicted id of every pixel, 0 for background.
        ///   - reference: The true id of every pixel, 0 for background.
        /// - Throws: As ``add(prediction:reference:)-([UInt32],_)``.
        public mutating func add(
            prediction: UnsafeBufferPointer<UInt32>, reference: UnsafeBufferPointer<UInt32>
        ) throws(MetricError) {
            try count(
                UnsafeRawBufferPointer(prediction), UnsafeRawBufferPointer(reference),
                largest: UInt32.max)
        }

        /// The table of everything added so far.
        ///
        /// - Complexity: O(*c* log *c*) for *c* pairs of ids.
        public func finish() -> InstanceOverlap {
            InstanceOverlap(entries: counter.sorted, pixelCount: pixelCount)
        }

        /// Counts a band; `largest` is the largest id that is not a negative number.
        private mutating func count(
            _ prediction: UnsafeRawBufferPointer, _ reference: UnsafeRawBufferPointer,
            largest: UInt32
        ) throws(MetricError) {
            guard prediction.count == reference.count else {
                throw .sizeMismatch(
                    what: "prediction", found: prediction.count / 4, expected: reference.count / 4)
            }
            guard let p = prediction.baseAddress, let r = reference.baseAddress else { return }
            let n = prediction.count / 4
            let end = counter.count(p, r, n, largest: largest, limit: contactLimit)
            pixelCount += UInt64(end)
            guard counter.used <= contactLimit else {
                throw .invalidArgument(
                    name: "instance maps", found: "more than \(contactLimit) pairs of ids",
                    expected: "instance ids, not noise")
            }
            guard end < n else { return }
            let a = p.loadUnaligned(fromByteOffset: 4 * end, as: UInt32.self)
            let b = r.loadUnaligned(fromByteOffset: 4 * end, as: UInt32.self)
            throw .invalidArgument(
                name: "\(a > largest ? "prediction" : "reference"), pixel \(end)",
                found: "instance id \(Int32(bitPattern: a > largest ? a : b))",
                expected: "0 for background, or an id above 0")
        }
    }
}
