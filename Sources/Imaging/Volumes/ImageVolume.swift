/// An image volume in the smallest type that keeps its values: 16-bit integers, 32-bit integers, or 32-bit floats.
public enum ImageVolume: Sendable {
    /// Whole numbers from -32,768 to 32,767, as CT in Hounsfield units.
    case int16(Volume<Int16>)
    /// Whole numbers that need 32 bits.
    case int32(Volume<Int32>)
    /// Real numbers.
    case float32(Volume<Float>)

    /// Where the voxels lie.
    public var grid: Grid {
        switch self {
        case .int16(let volume): volume.grid
        case .int32(let volume): volume.grid
        case .float32(let volume): volume.grid
        }
    }

    /// The type of the samples.
    public var sampleType: PixelType {
        switch self {
        case .int16: .int16
        case .int32: .int32
        case .float32: .float32
        }
    }

    /// The smallest and the largest sample; `nil` for a volume without voxels or with no finite sample.
    ///
    /// - Complexity: O(*n*); samples that are not finite are left out.
    public var range: ClosedRange<Double>? {
        switch self {
        case .int16(let volume): Self.range(of: volume.samples)
        case .int32(let volume): Self.range(of: volume.samples)
        case .float32(let volume): Self.finiteRange(of: volume.samples)
        }
    }

    /// Calls a body with the raw bytes of the samples.
    ///
    /// - Parameter body: Gets the bytes, i fastest, in the byte order of this machine.
    /// - Returns: What the body returns.
    public func withSampleBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .int16(let volume): volume.samples.withUnsafeBytes(body)
        case .int32(let volume): volume.samples.withUnsafeBytes(body)
        case .float32(let volume): volume.samples.withUnsafeBytes(body)
        }
    }

    private static func range(of samples: [Int16]) -> ClosedRange<Double>? {
        guard var low = samples.first else { return nil }
        var high = low
        for value in samples {
            low = min(low, value)
            high = max(high, value)
        }
        return Double(low)...Double(high)
    }

    private static func range(of samples: [Int32]) -> ClosedRange<Double>? {
        guard var low = samples.first else { return nil }
        var high = low
        for value in samples {
            low = min(low, value)
            high = max(high, value)
        }
        return Double(low)...Double(high)
    }

    private static func finiteRange(of samples: [Float]) -> ClosedRange<Double>? {
        var low = Float.infinity
        var high = -Float.infinity
        for value in samples where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        return low <= high ? Double(low)...Double(high) : nil
    }
}

/// The type of a stored pixel or voxel.
public enum PixelType: String, Hashable, Sendable, CaseIterable {
    /// Unsigned 8-bit, signed 16-bit, signed 32-bit integers and 32-bit floats.
    case uint8, int16, int32, float32

    /// Bytes of one pixel.
    public var byteCount: Int {
        switch self {
        case .uint8: 1
        case .int16: 2
        case .int32, .float32: 4
        }
    }
}
