import Foundation
import MedicalImaging
import Testing

/// Every case of `Fixtures/resampling.json`, against Pillow 13.0, SciPy 1.17 and scikit-image 0.26.
@Suite struct ResamplingOracleTests {
    @Test(
        "8-bit results equal the oracle's in every byte",
        arguments: ResamplingOracle.all.filter { $0.type == "uint8" })
    func bytes(oracle: ResamplingOracle) throws {
        let size = oracle.targetSize
        if oracle.method.hasPrefix("pillow"), oracle.channels > 1 {
            let order: PillowPassOrder =
                oracle.method == "pillow-13" ? .pillow13 : .horizontalFirst
            let result = PillowResize.bilinear(
                interleaved: oracle.bytes, size: oracle.inputSize, channels: oracle.channels,
                to: size, order: order)
            return try expectSame(result, oracle)
        }
        let slice = oracle.grey
        let result: [UInt8]
        switch oracle.method {
        case "pillow-13":
            result = PillowResize.bilinear(slice, to: size, order: .pillow13).samples
        case "pillow-bilinear":
            result = PillowResize.bilinear(slice, to: size).samples
            #expect(slice.resized(to: size, by: .pillowBilinear).samples == result)
        case "pillow-nearest":
            result = PillowResize.nearest(slice, to: size).samples
            #expect(slice.resizedLabels(to: size, by: .pillowBilinear).samples == result)
            #expect(slice.resized(to: size, by: .nearest).samples == result)
        case "zoom-0":
            result = SplineZoom.zoomLabels(slice, to: size).samples
            #expect(slice.resizedLabels(to: size, by: .splineZoom).samples == result)
        case "zoom-3":
            result = SplineZoom.zoom(slice, to: size).samples
            #expect(slice.resized(to: size, by: .splineZoom).samples == result)
        case "scikit-0":
            result = ScikitResize.resizeLabels(slice, to: size).samples
            #expect(slice.resizedLabels(to: size, by: .scikit).samples == result)
        default: throw Unknown(method: oracle.method)
        }
        try expectSame(result, oracle)
    }

    @Test(
        "Float results equal the oracle's in every bit",
        arguments: ResamplingOracle.all.filter { $0.type == "float32" && !$0.isSmoothed })
    func floats(oracle: ResamplingOracle) throws {
        let result = try float(oracle)
        try expectSame(littleEndianBytes(result), oracle)
        try expectNear(result.map { Double($0) }, oracle, tolerance: 0, sumTolerance: 1e-13)
    }

    @Test(
        "Double results equal the oracle's in every bit",
        arguments: ResamplingOracle.all.filter { $0.type == "float64" && !$0.isSmoothed })
    func doubles(oracle: ResamplingOracle) throws {
        let result = ScikitResize.resize(oracle.grey, to: oracle.targetSize).samples
        try expectSame(littleEndianBytes(result), oracle)
        try expectNear(result, oracle, tolerance: 0, sumTolerance: 1e-13)
    }

    /// The Gaussian's weights may differ in their last bit: values up to 255 then differ by some
    /// 1e-13, and a `Float` result up to 1 may round to the neighbour after any of three roundings
    /// (3 x 2^-24).
    @Test(
        "Smoothed results equal the oracle's but for rounding",
        arguments: ResamplingOracle.all.filter(\.isSmoothed))
    func smoothed(oracle: ResamplingOracle) throws {
        if oracle.type == "float32" {
            let result = try float(oracle).map { Double($0) }
            try expectNear(result, oracle, tolerance: 0x3p-24, sumTolerance: 1e-7)
        } else {
            let result = ScikitResize.resize(oracle.grey, to: oracle.targetSize).samples
            try expectNear(result, oracle, tolerance: 1e-12, sumTolerance: 1e-13)
        }
    }

    @Test("The fixture covers every method") func coverage() {
        let methods = Set(ResamplingOracle.all.map(\.method))
        #expect(
            methods == [
                "pillow-13", "pillow-bilinear", "pillow-nearest", "zoom-0", "zoom-1", "zoom-3",
                "scikit-3",
                "scikit-0",
            ])
        #expect(ResamplingOracle.all.count > 150)
        #expect(ResamplingOracle.all.allSatisfy { ($0.base64 == nil) != ($0.fnv == nil) })
    }

    // MARK: -

    struct Unknown: Error { let method: String }

    private func float(_ oracle: ResamplingOracle) throws -> [Float] {
        let (slice, size) = (oracle.real, oracle.targetSize)
        switch oracle.method {
        case "pillow-bilinear":
            let result = PillowResize.bilinear(slice, to: size)
            #expect(slice.resized(to: size, by: .pillowBilinear) == result)
            return result.samples
        case "pillow-13":
            return PillowResize.bilinear(slice, to: size, order: .pillow13).samples
        case "zoom-0": return SplineZoom.zoom(slice, to: size, order: .nearest).samples
        case "zoom-1": return SplineZoom.zoom(slice, to: size, order: .linear).samples
        case "zoom-3":
            let result = SplineZoom.zoom(slice, to: size)
            #expect(slice.resized(to: size, by: .splineZoom) == result)
            return result.samples
        case "scikit-3":
            let result = ScikitResize.resize(slice, to: size)
            #expect(slice.resized(to: size, by: .scikit) == result)
            return result.samples
        default: throw Unknown(method: oracle.method)
        }
    }

    private func expectSame(_ bytes: [UInt8], _ oracle: ResamplingOracle) throws {
        if let text = oracle.base64 {
            #expect(bytes == [UInt8](try #require(Data(base64Encoded: text))))
        } else {
            #expect(fnv(bytes) == oracle.fnv)
        }
    }

    private func expectNear(
        _ values: [Double], _ oracle: ResamplingOracle, tolerance: Double, sumTolerance: Double
    ) throws {
        if let text = oracle.base64 {
            let data = [UInt8](try #require(Data(base64Encoded: text)))
            let width = oracle.type == "float32" ? 4 : 8
            try #require(data.count == values.count * width)
            for (index, value) in values.enumerated() {
                let bits = (0..<width).reduce(UInt64(0)) {
                    $0 | UInt64(data[index * width + $1]) << (8 * UInt64($1))
                }
                let expected =
                    width == 4
                    ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
                #expect(abs(value - expected) <= tolerance, "sample \(index)")
            }
        } else {
            let places = try #require(oracle.places)
            for (place, expected) in zip(places, try #require(oracle.probes)) {
                #expect(abs(values[place] - expected) <= tolerance, "sample \(place)")
            }
            // NumPy adds pairwise, this adds in a row: the sums differ by their rounding only.
            let sum = try #require(oracle.sum)
            let scale = values.reduce(0) { $0 + abs($1) }
            #expect(
                abs(values.reduce(0, +) - sum) <= max(sumTolerance, 1e-16 * Double(values.count))
                    * scale)
        }
    }
}
