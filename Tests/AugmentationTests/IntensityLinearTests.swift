import MedicalImaging
import Testing

@testable import SampleAugmentation

/// A picture of one row with a label, a point and a box, which intensities must not touch.
func intensityRow(_ values: [Float], range: ClosedRange<Float> = 0...1) -> AugmentationSample {
    AugmentationSample(
        extent: SampleExtent(rows: 1, columns: values.count), image: values, range: range,
        labels: values.indices.map { UInt8($0 % 3) },
        points: [.init(PointPrompt(x: 1, y: 0, isForeground: true))],
        boxes: [.init(BoxPrompt(x0: 1, y0: 0, x1: 2, y1: 0), around: .label(1))])
}

extension SampleTransform {
    /// The image after the transform; everything but image and range must have stayed.
    func image(
        of values: [Float], range: ClosedRange<Float> = 0...1
    ) throws -> [Float] {
        let before = intensityRow(values, range: range)
        var after = before
        try apply(to: &after)
        #expect(after.labels == before.labels)
        #expect(after.points == before.points)
        #expect(after.boxes == before.boxes)
        #expect(after.extent == before.extent)
        return after.image
    }
}

private func floats(_ bits: [UInt32]) -> [Float] { bits.map(Float.init(bitPattern:)) }

@Suite("Intensities, linear")
struct IntensityLinearTests {
    /// 14 values around a CT window, from -1024 to 3071.
    private let values = floats([
        0xC480_0000, 0xC32F_0000, 0xC32E_FD71, 0xC205_3333, 0x0000_0000, 0x3DCC_CCCD, 0x3EAA_AAAB,
        0x418A_0000, 0x42C7_CCCD, 0x42F6_E979, 0x4379_FD71, 0x437A_0000, 0x447A_0000, 0x453F_F000,
    ])

    // MONAI 1.6.1 with PyTorch on the CPU, ScaleIntensityRange(a_min, a_max, b_min, b_max, clip)
    @Test("A window is mapped with the bits of MONAI's ScaleIntensityRange")
    func window() throws {
        let term = IntensityRescale(from: .window(low: -175, high: 250))
        #expect(
            try term.image(of: values)
                == floats([
                    0x0000_0000, 0x0000_0000, 0x37C5_4545, 0x3EAA_B4F2, 0x3ED2_D2D3, 0x3ED2_F1AA,
                    0x3ED3_39A0, 0x3EE7_9ACE, 0x3F25_963A, 0x3F33_C69E, 0x3F7F_FE75, 0x3F80_0000,
                    0x3F80_0000, 0x3F80_0000,
                ]))
        let bytes = IntensityRescale(from: .window(low: -160, high: 240), low: 0, high: 255)
        #expect(
            try bytes.image(of: values)
                == floats([
                    0x0000_0000, 0x0000_0000, 0x0000_0000, 0x42A1_8AE1, 0x42CC_0000, 0x42CC_20A4,
                    0x42CC_6CCC, 0x42E1_FE67, 0x4325_AFAE, 0x4334_B405, 0x437F_0000, 0x437F_0000,
                    0x437F_0000, 0x437F_0000,
                ]))
        let odd = IntensityRescale(
            from: .window(low: -57.3, high: 164.1), low: -1.1, high: 2.3, clips: false)
        #expect(
            try odd.image(of: values)
                == floats([
                    0xC17F_2085, 0xC03A_1472, 0xC03A_11EE, 0xBF3B_3F69, 0xBE61_55E0, 0xBE5F_C354,
                    0xBE5C_1800, 0x3D37_B5C0, 0x3FA8_342D, 0x3FD6_81D7, 0x4067_9DA8, 0x4067_A02C,
                    0x4172_3034, 0x423B_C353,
                ]))
    }

    // MONAI 1.6.1, ScaleIntensity(minv, maxv)
    @Test("Extremes are mapped with the bits of MONAI's ScaleIntensity")
    func extremes() throws {
        #expect(
            try IntensityRescale(from: .extremes).image(of: values)
                == floats([
                    0x0000_0000, 0x3E54_4D45, 0x3E54_4DE9, 0x3E77_BC49, 0x3E80_0801, 0x3E80_0B34,
                    0x3E80_12AC, 0x3E82_3023, 0x3E8C_8595, 0x3E8F_778F, 0x3E9F_49A3, 0x3E9F_49F5,
                    0x3EFD_0FD1, 0x3F80_0000,
                ]))
        // the last value is one rounding above 0.2, there and here
        #expect(
            try IntensityRescale(from: .extremes, low: -0.1, high: 0.2).image(of: values)
                == floats([
                    0xBDCC_CCCD, 0xBD1A_D67A, 0xBD1A_D5B5, 0xBCE0_A284, 0xBCCC_A660, 0xBCCC_9704,
                    0xBCCC_732C, 0xBCC2_4C24, 0xBC90_B200, 0xBC82_8EEC, 0xBBDA_7A30, 0xBBDA_7400,
                    0x3D45_BF92, 0x3E4C_CCCE,
                ]))
        let even: [Float] = [7.7, 7.7, 7.7, 7.7]
        #expect(try IntensityRescale(from: .extremes).image(of: even) == [0, 0, 0, 0])
        #expect(
            try IntensityRescale(from: .extremes, low: 0.3).image(of: even)
                == floats(Array(repeating: 0x4013_D70A, count: 4)))
    }

    @Test("Extremes are found wherever they lie, in pictures of any size")
    func extremesAnywhere() {
        for count in [1, 2, 15, 16, 17, 31, 32, 50] {
            for place in 0..<count {
                var values = [Float](repeating: 0.5, count: count)
                values[place] = 9
                values[(place + 1) % count] = -3
                #expect(values.extremes().0 == values.min())
                #expect(values.extremes().1 == values.max())
                values[place] = .nan
                #expect(values.extremes().0.isNaN && values.extremes().1.isNaN)
            }
        }
    }

    @Test("Rescaling sets the range of the sample")
    func range() throws {
        for source in [IntensityRescale.Source.extremes, .window(low: 0, high: 2)] {
            var sample = intensityRow([0, 1, 2])
            try IntensityRescale(from: source, low: -1, high: 3).apply(to: &sample)
            #expect(sample.range == -1...3)
            #expect(sample.image == [-1, 1, 3])
        }
    }

    // MONAI 1.6.1, ShiftIntensity(offset)
    @Test("A shift has the bits of MONAI's ShiftIntensity")
    func shift() throws {
        #expect(
            try IntensityShift(offset: 0.0731).image(of: values)
                == floats([
                    0xC47F_FB52, 0xC32E_ED49, 0xC32E_EABA, 0xC204_E858, 0x3D95_B574, 0x3E31_4120,
                    0x3ED0_1808, 0x418A_95B5, 0x42C7_F23A, 0x42F7_0EE6, 0x437A_1028, 0x437A_12B7,
                    0x447A_04AE, 0x453F_F12B,
                ]))
        #expect(
            try IntensityShift(offset: -0.1).image(of: values)
                == floats([
                    0xC480_0333, 0xC32F_199A, 0xC32F_170B, 0xC205_9999, 0xBDCC_CCCD, 0x0000_0000,
                    0x3E6E_EEF0, 0x4189_3333, 0x42C7_999A, 0x42F6_B646, 0x4379_E3D7, 0x4379_E666,
                    0x4479_F99A, 0x453F_EE66,
                ]))
        #expect(try IntensityShift(offset: 0.5, clips: true).image(of: [0.25, 0.75]) == [0.75, 1])
    }

    @Test("A factor multiplies; one changes no bit, zero keeps its sign")
    func scale() throws {
        #expect(
            try IntensityScale(factor: 1.5).image(of: [-2, 0, 0.5, 1]) == [-3, 0, 0.75, 1.5])
        #expect(
            try IntensityScale(factor: 1.5, clips: true).image(of: [-2, 0, 0.5, 1])
                == [0, 0, 0.75, 1])
        let strange: [Float] = [-0.0, 0, .infinity, -.infinity, .leastNonzeroMagnitude, 3e38]
        let same = try IntensityScale(factor: 1).image(of: strange)
        #expect(same.map(\.bitPattern) == strange.map(\.bitPattern))
    }

    @Test("Values that are not numbers stay so, clipped or not")
    func notNumbers() throws {
        let transforms: [any SampleTransform] = [
            IntensityScale(factor: 2, clips: true), IntensityShift(offset: 1, clips: true),
            IntensityRescale(from: .window(low: 0, high: 2)), WindowJitter(level: 0, width: 2),
            GammaCorrection(exponent: 2), GammaCorrection(exponent: 1),
            GaussianNoise(standardDeviation: 0.1, seed: 1, clips: true),
        ]
        for transform in transforms {
            let image = try transform.image(of: [.nan, 0.5, .nan])
            #expect(image[0].isNaN && image[2].isNaN, "\(transform)")
            #expect((0...1).contains(image[1]) || transform is IntensityShift, "\(transform)")
        }
    }

    @Test("The jittered window is spread over the range and all else clipped")
    func windowJitter() throws {
        // 0...4: the middle moves by a quarter of 4 to 3, twice as wide: -1...7
        let values: [Float] = [-9, -1, 0, 3, 4, 7, 8]
        #expect(
            try WindowJitter(level: 0.25, width: 2).image(of: values, range: 0...4)
                == [0, 0, 0.5, 2, 2.5, 4, 4])
        // -160...240 at half width: -60...140
        #expect(
            try WindowJitter(level: 0, width: 0.5).image(
                of: [-200, -60, 40, 90], range: -160...240)
                == [-160, -160, 40, 140])
        // neutral: only the clip
        #expect(
            try WindowJitter(level: 0, width: 1).image(of: [-200, -33.3, 7.7], range: -160...240)
                == [-160, -33.3, 7.7])
    }

    @Test("Steps carried out together have the bits of the steps one by one")
    func together() throws {
        var random = RandomSource(seed: 5)
        let values = (0..<1003).map { _ in Float(random.unit() * 3 - 1) }
        let steps: [Transform] = [
            .intensityScale(IntensityScale(factor: 1.37)),
            .intensityShift(IntensityShift(offset: -0.123, clips: true)),
            .windowJitter(WindowJitter(level: -0.03, width: 0.91)),
            .rescale(IntensityRescale(from: .window(low: 0.1, high: 0.8), low: -2, high: 5)),
            .windowJitter(WindowJitter(level: 0.11, width: 1.3)),
            .intensityScale(IntensityScale(factor: -0.77, clips: true)),
            .gamma(GammaCorrection(exponent: 1.2)),
            .intensityShift(IntensityShift(offset: 0.01)),
        ]
        var single = intensityRow(values)
        for step in steps { try step.transform.apply(to: &single) }
        var together = intensityRow(values)
        try DrawnAugmentation(transforms: steps).apply(to: &together)
        #expect(together == single)
        // and by plain arithmetic, operation by operation
        var plain = values
        for index in plain.indices {
            plain[index] = plain[index] * Float(1.37)
            plain[index] = min(max(plain[index] + Float(-0.123), 0), 1)
        }
        var two = intensityRow(values)
        for step in steps[..<2] { try step.transform.apply(to: &two) }
        #expect(two.image == plain)
    }

    @Test("Inverses undo up to rounding, and are not there where something is lost")
    func inverses() throws {
        let size = SampleExtent(rows: 1, columns: 4)
        let values: [Float] = [-3, 0.1, 0.7, 250]
        let cases: [any SampleTransform] = [
            IntensityScale(factor: -1.7), IntensityShift(offset: 0.37),
        ]
        for transform in cases {
            var sample = intensityRow(values)
            try transform.apply(to: &sample)
            let inverse = try #require(transform.inverse(extent: size))
            try inverse.transform.apply(to: &sample)
            for (value, old) in zip(sample.image, values) {
                #expect(abs(value - old) <= 4e-7 * max(1, abs(old)))
            }
        }
        let none: [any SampleTransform] = [
            IntensityScale(factor: 0), IntensityScale(factor: 1e-7),
            IntensityScale(factor: 2, clips: true), IntensityScale(factor: .uniform(1, 2)),
            IntensityShift(offset: 1, clips: true), IntensityShift(offset: .uniform(0, 1)),
            IntensityShift(offset: .fixed(.nan)), GammaCorrection(exponent: 2),
            WindowJitter(level: 0, width: 1), GaussianBlur(sigma: 1),
            GaussianNoise(standardDeviation: 0.1, seed: 1), IntensityRescale(from: .extremes),
        ]
        for transform in none { #expect(transform.inverse(extent: size) == nil, "\(transform)") }
    }
}
