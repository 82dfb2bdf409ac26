import MedicalImaging

/// From stored values to an image in the smallest type that keeps the real ones.
enum Intensities {
    /// Scales voxels and picks the sample type.
    ///
    /// - Parameters:
    ///   - stored: One volume; not RGB24.
    ///   - grid: Where the voxels lie.
    ///   - scaling: Slope and intercept, `nil` for none.
    /// - Returns: The image; no copy is made when the stored type is the result's.
    static func image(
        _ stored: consuming StoredVoxels, grid: Grid, scaling: IntensityScaling?
    ) -> ImageVolume {
        switch stored {
        case .int16(let values):
            if scaling == nil { return .int16(Volume(grid: grid, samples: values)) }
            return integers(values, grid, scaling)
        case .uint8(let values), .rgb24(let values): return integers(values, grid, scaling)
        case .int8(let values): return integers(values, grid, scaling)
        case .uint16(let values): return integers(values, grid, scaling)
        case .uint32(let values): return integers(values, grid, scaling)
        case .int32(let values): return integers(values, grid, scaling)
        case .uint64(let values): return integers(values, grid, scaling)
        case .int64(let values): return integers(values, grid, scaling)
        case .float32(let values):
            guard let scaling else { return .float32(Volume(grid: grid, samples: values)) }
            return floats(values, grid, scaling)
        case .float64(let values): return floats(values, grid, scaling)
        }
    }

    private static func integers<Value: FixedWidthInteger & VoxelSample>(
        _ values: [Value], _ grid: Grid, _ scaling: IntensityScaling?
    ) -> ImageVolume {
        let (slope, intercept) = scaling == nil ? (1, 0) : scaling?.whole ?? (0, 0)
        if slope != 0, let range = wholeRange(of: values, slope: slope, intercept: intercept) {
            if range.lowerBound >= Int(Int16.min), range.upperBound <= Int(Int16.max) {
                return .int16(
                    Volume(grid: grid, samples: converted(values, slope, intercept, Int16.self)))
            }
            if range.lowerBound >= Int(Int32.min), range.upperBound <= Int(Int32.max) {
                if let same = values as? [Int32], slope == 1, intercept == 0 {
                    return .int32(Volume(grid: grid, samples: same))
                }
                return .int32(
                    Volume(grid: grid, samples: converted(values, slope, intercept, Int32.self)))
            }
        }
        let (factor, summand) = (scaling?.slope ?? 1, scaling?.intercept ?? 0)
        let result = [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            LargePages.advise(UnsafeMutableRawBufferPointer(buffer))
            for index in values.indices {
                buffer[index] = Float(Double(values[index]) * factor + summand)
            }
            count = values.count
        }
        return .float32(Volume(grid: grid, samples: result))
    }

    /// The range of the real values, when all of them are whole numbers that an `Int` holds.
    private static func wholeRange<Value: FixedWidthInteger>(
        of values: [Value], slope: Int, intercept: Int
    ) -> ClosedRange<Int>? {
        guard var low = values.first else { return 0...0 }
        var high = low
        for value in values {
            low = min(low, value)
            high = max(high, value)
        }
        var ends: [Int] = []
        for end in [low, high] {
            guard let whole = Int(exactly: end) else { return nil }
            let product = whole.multipliedReportingOverflow(by: slope)
            let sum = product.partialValue.addingReportingOverflow(intercept)
            if product.overflow || sum.overflow { return nil }
            ends.append(sum.partialValue)
        }
        return min(ends[0], ends[1])...max(ends[0], ends[1])
    }

    /// The real values; the caller has made sure that they fit.
    private static func converted<Value: FixedWidthInteger, Result: FixedWidthInteger>(
        _ values: [Value], _ slope: Int, _ intercept: Int, _: Result.Type
    ) -> [Result] {
        [Result](unsafeUninitializedCapacity: values.count) { buffer, count in
            LargePages.advise(UnsafeMutableRawBufferPointer(buffer))
            // Arithmetic modulo 2ⁿ of the result is exact, since the result fits.
            let factor = Result(truncatingIfNeeded: slope)
            let summand = Result(truncatingIfNeeded: intercept)
            for index in values.indices {
                buffer[index] = Result(truncatingIfNeeded: values[index]) &* factor &+ summand
            }
            count = values.count
        }
    }

    private static func floats<Value: BinaryFloatingPoint>(
        _ values: [Value], _ grid: Grid, _ scaling: IntensityScaling?
    ) -> ImageVolume {
        let (factor, summand) = (scaling?.slope ?? 1, scaling?.intercept ?? 0)
        let result = [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            LargePages.advise(UnsafeMutableRawBufferPointer(buffer))
            for index in values.indices {
                buffer[index] = Float(Double(values[index]) * factor + summand)
            }
            count = values.count
        }
        return .float32(Volume(grid: grid, samples: result))
    }
}
