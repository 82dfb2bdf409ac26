import MedicalImaging

/// The map from the raw values of one volume to stored pixels, resolved once per volume.
///
/// For 16-bit volumes it is a table of 65,536 entries, so that the arithmetic of a recipe costs nothing per pixel.
public struct PixelMapping: Sendable {
    /// The type of the pixels that come out.
    public let output: PixelType
    /// The limits the values are clipped to, after percentiles were taken; `nil` without a window.
    public let limits: ClosedRange<Double>?

    /// The type of the samples that come in.
    private let input: PixelType
    /// Whether pixels keep the value and the type they have in the volume.
    private let keepsValues: Bool
    private let bytes: [UInt8]
    private let floats: [Float]
    private let arithmetic: Arithmetic

    private enum Arithmetic: Sendable {
        case copy
        case single(low: Float, span: Float)
        case double(low: Double, high: Double, first: Double, last: Double, zeroStays: Bool)
    }

    /// Resolves a window for a volume.
    ///
    /// - Parameters:
    ///   - window: The window of the recipe; must be ``IntensityWindow/isValid``.
    ///   - format: The pixels wanted.
    ///   - volume: The volume; read once for percentiles or extremes where the window needs them.
    /// - Complexity: O(1) for plain windows, O(*n*) where the volume's values decide.
    public init(_ window: IntensityWindow, format: PixelFormat, for volume: ImageVolume) {
        precondition(window.isValid, "a window has finite, ascending limits")
        var arithmetic = Arithmetic.copy
        var limits: ClosedRange<Double>?
        switch window {
        case .none: break
        case .range(let low, let high):
            limits = low...high
            arithmetic = .single(low: Float(low), span: Float(high - low))
        case .rangeThenExtremes(let low, let high):
            limits = low...high
            let extremes = volume.range ?? low...high
            arithmetic = .double(
                low: low, high: high, first: min(max(extremes.lowerBound, low), high),
                last: max(min(extremes.upperBound, high), low), zeroStays: false)
        case .percentiles(let lower, let upper, let nonZeroOnly):
            let range = VolumePercentiles.limits(
                of: volume, lower: lower, upper: upper, nonZeroOnly: nonZeroOnly)
            limits = range
            let extremes = volume.range ?? range
            arithmetic = .double(
                low: range.lowerBound, high: range.upperBound,
                first: max(extremes.lowerBound, range.lowerBound),
                last: min(extremes.upperBound, range.upperBound), zeroStays: nonZeroOnly)
        }
        self.limits = limits
        self.arithmetic = arithmetic
        input = volume.sampleType
        switch format {
        case .original: output = volume.sampleType
        case .uint8: output = .uint8
        case .float32: output = .float32
        }
        keepsValues = format == .original || (window == .none && output == volume.sampleType)
        var bytes: [UInt8] = []
        var floats: [Float] = []
        if case .int16 = volume {
            if output == .uint8 {
                bytes = (0..<65_536).map {
                    Self.byte(Double(Int($0) - 32_768), arithmetic)
                }
            } else if output == .float32 {
                floats = (0..<65_536).map {
                    Self.float(Double(Int($0) - 32_768), arithmetic)
                }
            }
        }
        self.bytes = bytes
        self.floats = floats
    }

    /// Cuts one plane out of a volume and maps its pixels.
    ///
    /// - Parameters:
    ///   - plane: Which voxels.
    ///   - volume: The volume this mapping was made for.
    ///   - output: Room for `rows * columns` pixels of the type ``output``, in the byte order of this machine.
    /// - Complexity: O(*n*); one table look-up per pixel for 16-bit volumes. A plane without pixels writes nothing.
    public func extract(
        _ plane: VoxelGather.Plane, of volume: ImageVolume,
        into output: UnsafeMutableRawBufferPointer
    ) {
        let count = plane.rows * plane.columns
        precondition(output.count >= count * self.output.byteCount)
        precondition(volume.sampleType == input, "the mapping was made for another volume")
        if keepsValues {
            volume.withSampleBytes {
                VoxelGather.copy(plane, of: $0, width: self.output.byteCount, into: output)
            }
            return
        }
        let width = volume.sampleType.byteCount
        withUnsafeTemporaryAllocation(byteCount: count * width, alignment: 16) { raw in
            volume.withSampleBytes { VoxelGather.copy(plane, of: $0, width: width, into: raw) }
            map(UnsafeRawBufferPointer(raw), type: volume.sampleType, count: count, into: output)
        }
    }

    private func map(
        _ raw: UnsafeRawBufferPointer, type: PixelType, count: Int,
        into output: UnsafeMutableRawBufferPointer
    ) {
        switch (type, self.output) {
        case (.int16, .uint8):
            let source = raw.assumingMemoryBound(to: Int16.self)
            let target = output.assumingMemoryBound(to: UInt8.self)
            bytes.withUnsafeBufferPointer { table in
                for n in 0..<count { target[n] = table[Int(source[n]) + 32_768] }
            }
        case (.int16, .float32):
            let source = raw.assumingMemoryBound(to: Int16.self)
            let target = output.assumingMemoryBound(to: Float.self)
            floats.withUnsafeBufferPointer { table in
                for n in 0..<count { target[n] = table[Int(source[n]) + 32_768] }
            }
        default:
            for n in 0..<count {
                let value: Double
                switch type {
                case .int32: value = Double(raw.load(fromByteOffset: 4 * n, as: Int32.self))
                case .float32: value = Double(raw.load(fromByteOffset: 4 * n, as: Float.self))
                case .int16: value = Double(raw.load(fromByteOffset: 2 * n, as: Int16.self))
                case .uint8: value = Double(raw[n])
                }
                switch self.output {
                case .uint8: output[n] = Self.byte(value, arithmetic)
                case .float32:
                    output.storeBytes(
                        of: Self.float(value, arithmetic), toByteOffset: 4 * n, as: Float.self)
                default: preconditionFailure("integers keep their own type")
                }
            }
        }
    }

    private static func float(_ value: Double, _ arithmetic: Arithmetic) -> Float {
        switch arithmetic {
        case .copy: return Float(value)
        case .single(let low, let span):
            return single(value, low, span)
        case .double(let low, let high, let first, let last, let zeroStays):
            if zeroStays, value == 0 { return 0 }
            return Float(double(value, low, high, first, last))
        }
    }

    private static func byte(_ value: Double, _ arithmetic: Arithmetic) -> UInt8 {
        switch arithmetic {
        case .copy: return UInt8(max(0, min(255, value.isNaN ? 0 : value)))
        case .single(let low, let span):
            return UInt8(single(value, low, span) * 255)
        case .double(let low, let high, let first, let last, let zeroStays):
            if zeroStays, value == 0 { return 0 }
            return UInt8(double(value, low, high, first, last) * 255)
        }
    }

    /// 0...1 in 32 bits, scaled before it is clipped; what is not a number becomes 0.
    private static func single(_ value: Double, _ low: Float, _ span: Float) -> Float {
        let scaled = (Float(value) - low) / span
        return scaled > 0 ? min(1, scaled) : 0
    }

    /// 0...1 in 64 bits, clipped before it is scaled; what is not a number becomes 0.
    private static func double(
        _ value: Double, _ low: Double, _ high: Double, _ first: Double, _ last: Double
    ) -> Double {
        let clipped = value > low ? (value < high ? value : high) : low
        guard last > first else { return 0 }
        return max(0, min(1, (clipped - first) / (last - first)))
    }
}
