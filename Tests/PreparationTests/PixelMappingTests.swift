import MedicalImaging
import SamplePreparation
import Testing

@Suite struct PixelMappingTests {
    struct Oracle: Decodable, Sendable, CustomStringConvertible {
        let input: String
        let window: String
        let low: Double
        let high: Double
        let limits: [Double]
        let pixels: PixelFormat
        let fnv: String

        var description: String { "\(input), \(window) \(low) to \(high), \(pixels)" }

        static let all: [Oracle] = PreparationFixtures.decode("pixels.json")

        func volume() throws -> ImageVolume {
            let noise = Noise.words(5000, seed: 77)
            switch input {
            case "all16": return .row((-32_768...32_767).map { Int16($0) })
            case "narrow16": return .row((-100..<138).map { Int16($0) })
            case "noise16": return .row(noise.map { Int16(Int($0 >> 20) - 1500) })
            case "sparse16": return .row(noise.map { $0 >> 31 == 0 ? Int16(0) : Int16($0 >> 22) })
            case "unevenFloat":
                return .row([Float(-1000.1), -0.3, 0.1, 700.7, 0.001, 3.3])
            case "noise32": return .row(noise.map { Int32($0 >> 14) - 100_000 })
            case "sparse32": return .row(noise.map { $0 >> 31 == 0 ? Int32(0) : Int32($0 >> 13) })
            case "noiseFloat": return .row(noise.map { Float($0 >> 8) / 16384 - 500 })
            case "sparseFloat":
                return .row(noise.map { $0 >> 31 == 0 ? Float(0) : Float($0 >> 8) / 65536 })
            default: throw Unknown(name: input)
            }
        }

        func resolved() throws -> IntensityWindow {
            switch window {
            case "range": return .range(low: low, high: high)
            case "extremes": return .rangeThenExtremes(low: low, high: high)
            case "percentiles": return .percentiles(lower: low, upper: high, nonZeroOnly: false)
            case "percentiles-nonzero":
                return .percentiles(lower: low, upper: high, nonZeroOnly: true)
            default: throw Unknown(name: window)
            }
        }
    }

    struct Unknown: Error { let name: String }

    @Test("Pixels equal NumPy's in every bit", arguments: Oracle.all)
    func oracle(oracle: Oracle) throws {
        let volume = try oracle.volume()
        let mapping = PixelMapping(try oracle.resolved(), format: oracle.pixels, for: volume)
        #expect(mapping.output.rawValue == oracle.pixels.rawValue)
        #expect(mapping.limits == oracle.limits[0]...oracle.limits[1])
        #expect(fnv(volume.bytes(through: mapping)) == oracle.fnv)
    }

    @Test("The presets ask for the windows of their papers")
    func presets() {
        let term = SlicePreset.termProject.recipe
        #expect(term.window == .range(low: -175, high: 250) && term.pixels == .uint8)
        #expect(term.selection == SliceSelection(.labelled(minimumArea: 1)))
        #expect(term.size == nil && term.neighbours == 0 && term.cleanup == .none)
        let transunet = SlicePreset.transunet.recipe
        #expect(transunet.window == .range(low: -125, high: 275) && transunet.pixels == .float32)
        #expect(transunet.selection == SliceSelection(.all) && transunet.size == nil)
        let medsam = SlicePreset.medsam.recipe
        #expect(medsam.window == .rangeThenExtremes(low: -160, high: 240))
        #expect(medsam.pixels == .uint8)
        #expect(medsam.cleanup == LabelCleanup(minimumVoxels: 1_000, minimumPixels: 100))
        #expect(SlicePreset.allCases.map(\.recipe.axis) == [.axial, .axial, .axial])
    }

    @Test("Windowed values by hand: the ends, the middle, and truncation")
    func byHand() {
        let volume = ImageVolume.row([Int16(-1000), -175, -174, 37, 38, 249, 250, 3000])
        let mapping = PixelMapping(.range(low: -175, high: 250), format: .uint8, for: volume)
        // 255 / 425 = 0.6 for each unit: 212 units are 127.2, 213 are 127.8, 424 are 254.4.
        #expect(volume.bytes(through: mapping) == [0, 0, 0, 127, 127, 254, 255, 255])
        let narrow = ImageVolume.row([Int16(0), 50, 100])
        let extremes = PixelMapping(
            .rangeThenExtremes(low: -160, high: 240), format: .uint8, for: narrow)
        #expect(narrow.bytes(through: extremes) == [0, 127, 255])
    }

    @Test("Original pixels keep every bit of every type")
    func original() {
        let shorts = ImageVolume.row((-32_768...32_767).map { Int16($0) })
        let longs = ImageVolume.row([Int32.min, -1, 0, 1, .max])
        let payload = Float(bitPattern: 0x7fc1_2345)
        let floats = ImageVolume.row([
            -0.0, .nan, payload, .infinity, -.infinity, .leastNonzeroMagnitude, .pi,
        ])
        for volume in [shorts, longs, floats] {
            let raw = volume.withSampleBytes { Array($0) }
            for window in [IntensityWindow.none, .range(low: 0, high: 1)] {
                let mapping = PixelMapping(window, format: .original, for: volume)
                #expect(mapping.output == volume.sampleType)
                #expect(volume.bytes(through: mapping) == raw)
            }
        }
        let same = PixelMapping(.none, format: .float32, for: floats)
        #expect(floats.bytes(through: same) == floats.withSampleBytes { Array($0) })
    }

    @Test("Without a window values become floats as they are, and bytes clipped and truncated")
    func noWindow() {
        let shorts = ImageVolume.row([Int16(-5), 0, 7, 255, 256, 32_767])
        #expect(
            shorts.floats(through: PixelMapping(.none, format: .float32, for: shorts)) == [
                -5, 0, 7, 255, 256, 32_767,
            ])
        let bytes = PixelMapping(.none, format: .uint8, for: shorts)
        #expect(bytes.limits == nil)
        #expect(shorts.bytes(through: bytes) == [0, 0, 7, 255, 255, 255])
        let floats = ImageVolume.row([
            Float(-0.5), 0.99, 254.999, 255.5, .nan, .infinity, -.infinity,
        ])
        #expect(
            floats.bytes(through: PixelMapping(.none, format: .uint8, for: floats)) == [
                0, 0, 254, 255, 0, 255, 0,
            ])
        let longs = ImageVolume.row([Int32.min, 3, .max])
        #expect(
            longs.bytes(through: PixelMapping(.none, format: .uint8, for: longs)) == [0, 3, 255])
    }

    @Test(
        "Values that are not finite never stop the program and stay within the range",
        arguments: [
            IntensityWindow.range(low: -175, high: 250), .range(low: -1e300, high: 1e300),
            .range(low: 0, high: .leastNonzeroMagnitude), .rangeThenExtremes(low: -160, high: 240),
            .rangeThenExtremes(low: -1e308, high: 1e308),
            .percentiles(lower: 0.5, upper: 99.5, nonZeroOnly: false),
            .percentiles(lower: 0.5, upper: 99.5, nonZeroOnly: true),
        ])
    func notFinite(window: IntensityWindow) {
        #expect(window.isValid)
        let extreme: [Float] = [
            .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, 0, -0.0, .leastNonzeroMagnitude, 1, -1, 100, 250,
        ]
        for samples in [extreme, [.nan], [.infinity, .nan], [0, 0], [5], []] {
            let volume = ImageVolume.row(samples)
            let floats = volume.floats(through: PixelMapping(window, format: .float32, for: volume))
            #expect(floats.count == samples.count)
            for value in floats { #expect(value >= 0 && value <= 1) }
            let bytes = volume.bytes(through: PixelMapping(window, format: .uint8, for: volume))
            #expect(bytes.count == samples.count)
            for (sample, byte) in zip(samples, bytes) where sample.isNaN { #expect(byte == 0) }
        }
        for samples in [[], [Int32.min, 0, .max], [7, 7]] {
            let volume = ImageVolume.row(samples)
            let floats = volume.floats(through: PixelMapping(window, format: .float32, for: volume))
            for value in floats { #expect(value >= 0 && value <= 1) }
        }
    }

    @Test("A volume of one value is black, not an error")
    func constant() {
        let volume = ImageVolume.row([Int16(40), 40, 40])
        for window in [
            IntensityWindow.rangeThenExtremes(low: -160, high: 240),
            .percentiles(lower: 0.5, upper: 99.5, nonZeroOnly: false),
            .percentiles(lower: 0.5, upper: 99.5, nonZeroOnly: true),
        ] {
            let mapping = PixelMapping(window, format: .uint8, for: volume)
            #expect(volume.bytes(through: mapping) == [0, 0, 0])
        }
    }

    @Test("Zero voxels stay 0 where percentiles leave them out")
    func zeroStays() {
        let volume = ImageVolume.row([Int16(0), -10, 0, 20, 30])
        let mapping = PixelMapping(
            .percentiles(lower: 0, upper: 100, nonZeroOnly: true), format: .uint8, for: volume)
        #expect(mapping.limits == -10...30)
        #expect(volume.bytes(through: mapping) == [0, 0, 0, 191, 255])
        let all = PixelMapping(
            .percentiles(lower: 0, upper: 100, nonZeroOnly: false), format: .uint8, for: volume)
        #expect(volume.bytes(through: all) == [63, 0, 63, 191, 255])
    }

    @Test("A plane is mapped as it is cut")
    func plane() {
        let grid = Grid(shape: GridShape(3, 2, 2), affine: .identity)
        let samples: [Int16] = (0..<12).map { Int16($0 * 10) }
        let plane = VoxelGather.Plane(
            start: 11, rowStride: -3, columnStride: -1, rows: 2, columns: 3)
        let wanted: [Float] = [110, 100, 90, 80, 70, 60].map { $0 / 110 }
        for volume in [
            ImageVolume.int16(Volume(grid: grid, samples: samples)),
            .int32(Volume(grid: grid, samples: samples.map { Int32($0) })),
            .float32(Volume(grid: grid, samples: samples.map { Float($0) })),
        ] {
            let mapping = PixelMapping(.range(low: 0, high: 110), format: .float32, for: volume)
            var output = [Float](repeating: -1, count: 6)
            output.withUnsafeMutableBytes { mapping.extract(plane, of: volume, into: $0) }
            #expect(output == wanted)
        }
    }

    @Test("Windows that cannot be used are told apart")
    func validity() {
        #expect(IntensityWindow.none.isValid)
        for (low, high) in [
            (1.0, 1.0), (2, 1), (.nan, 1), (0, .nan), (-.infinity, 1), (0, .infinity),
        ] {
            #expect(!IntensityWindow.range(low: low, high: high).isValid)
            #expect(!IntensityWindow.rangeThenExtremes(low: low, high: high).isValid)
        }
        for (low, high) in [(-1.0, 50.0), (0, 101), (50, 50), (60, 40), (.nan, 50), (0, .nan)] {
            #expect(
                !IntensityWindow.percentiles(lower: low, upper: high, nonZeroOnly: false).isValid)
        }
        #expect(IntensityWindow.percentiles(lower: 0, upper: 100, nonZeroOnly: true).isValid)
    }
}
