import Foundation
import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// The encoder against the oracle files; weights by rule.
@Suite(.enabled(if: SAMOracle.isPresent)) struct ViTOracleTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// The encoder of a file, with the weights of its rule; the image size may differ from that of the weights.
    static func encoder(
        _ file: HDF5Reader, storedImage: Int? = nil, level: Kernels.Level = Kernels.highestLevel
    ) throws -> ViTImageEncoder {
        let size = Int(try file.number("config_image"))
        let width = Int(try file.number("config_dim"))
        var configuration = ViTConfiguration(
            width: Int(try file.number("config_embed")),
            depth: Int(try file.number("config_depth")),
            heads: Int(try file.number("config_heads")),
            globalBlocks: try file.integers("config_global"),
            windowSize: Int(try file.number("config_window")))
        configuration.patchSize = Int(try file.number("config_patch"))
        configuration.mlpRatio = Int(try file.number("config_mlp_ratio"))
        let shapes = configuration.tensorShapes(
            gridSize: (storedImage ?? size) / configuration.patchSize, outputWidth: width)
        let reader = WeightReader(
            DeterministicWeights(
                salt: try file.text("det_salt"),
                tensors: shapes.map { (name: "image_encoder." + $0.name, shape: $0.shape) }))
        let encoder = ViTImageEncoder(
            configuration: configuration, imageSize: size, outputWidth: width, weights: reader,
            level: level)
        #expect(try reader.finish() == WeightReader.Report())
        return encoder
    }

    /// Cuts a grid into the windows of the reference; `nil` where it has padding.
    static func windows(_ grid: Tensor, side: Int) -> [Float?] {
        let (size, width) = (grid.shape[1], grid.shape[3])
        let across = (size + side - 1) / side
        let values = grid.values
        var result: [Float?] = []
        for window in 0..<across * across {
            for place in 0..<side * side {
                let y = window / across * side + place / side
                let x = window % across * side + place % side
                for feature in 0..<width {
                    let isReal = y < size && x < size
                    result.append(isReal ? values[(y * size + x) * width + feature] : nil)
                }
            }
        }
        return result
    }

    @Test(
        arguments: [
            ("tiny64", "square"), ("tiny64", "wide"), ("tiny64", "tall_large"),
            ("tiny96", "square"),
        ], levels)
    func `every stage of the small networks is that of the reference`(
        file: (name: String, picture: String), level: Kernels.Level
    ) throws {
        let oracle = try SAMOracle.open(file.name + ".h5")
        let encoder = try Self.encoder(oracle, level: level)
        let group = "/\(file.picture)/encoder/"
        var stages: [String: Tensor] = [:]
        let embedding = encoder.encode(try oracle.tensor(group + "input")) { stages[$0] = $1 }
        let plain = encoder.encode(try oracle.tensor(group + "input"))
        try SAMOracle.expect(plain, matches: group + "embedding", of: oracle)
        try SAMOracle.expect(embedding, matches: group + "embedding", of: oracle)
        var compared = 0
        func visit(_ path: String) throws {
            for name in try oracle.children(of: group + path) {
                let inner = path + name
                if inner == "input" { continue }
                if inner.hasPrefix("block_"), !inner.contains("/") {
                    try visit(inner + "/")
                    continue
                }
                let found = try #require(stages[inner], "\(inner) is not traced")
                let shape = try oracle.info(group + inner).shape
                compared += 1
                guard shape.count == 4, shape != found.shape else {
                    try SAMOracle.expect(found, matches: group + inner, of: oracle)
                    continue
                }
                // Windows of the reference: padding tokens are not worked out here.
                let expected = try oracle.tensor(group + inner).values
                let windows = Self.windows(found, side: shape[1])
                #expect(windows.count == expected.count, "\(inner)")
                let real = windows.indices.filter { windows[$0] != nil }
                var result = OracleComparison(
                    name: group + inner, found: real.compactMap { windows[$0] },
                    expected: real.map { expected[$0] })
                result.setLimits(
                    l2: try oracle.number("f32_rel_l2_err", at: group + inner),
                    largest: try oracle.number("f32_max_abs_err", at: group + inner),
                    rms: try oracle.number("rms", at: group + inner))
                #expect(result.isAccepted, "\(result)")
            }
        }
        try visit("")
        // Patches, positions, neck and embedding, an output for each block.
        #expect(compared >= (file.picture == "square" ? 7 + encoder.configuration.depth : 1))
    }

    @Test(arguments: ["tiny64_at_160", "tiny64_at_352"], levels)
    func `weights loaded at another size give the tables and the embedding of the reference`(
        name: String, level: Kernels.Level
    ) throws {
        let oracle = try SAMOracle.open(name + ".h5")
        let encoder = try Self.encoder(oracle, storedImage: 256, level: level)
        let embedding = encoder.encode(try oracle.tensor("/input"))
        try SAMOracle.expect(embedding, matches: "/embedding", of: oracle)

        let position = try oracle.tensor("/resized/pos_embed")
        let found = OracleComparison(
            name: "pos_embed", found: encoder.positions.values, expected: position.values)
        #expect(found.largest < 1e-6, "\(found)")
        let source = WeightReader(
            DeterministicWeights(
                salt: try oracle.text("det_salt"),
                tensors: [(name: "image_encoder.blocks.1.attn.rel_pos_w", shape: [31, 16])]))
        let table = ViTPositions.axis(
            "image_encoder.blocks.1.attn.rel_pos_w", side: encoder.gridSize, width: 16,
            resamples: true, weights: source)
        let expected = try oracle.tensor("/resized/blocks.1.attn.rel_pos_w")
        #expect(table.shape == expected.shape)
        let other = OracleComparison(
            name: "rel_pos_w", found: table.values, expected: expected.values)
        #expect(other.largest < 1e-6, "\(other)")
    }

    @Test func `ViT-B at 1024 pixels is the reference, block by block`() throws {
        let oracle = try SAMOracle.open("vit_b_det.h5")
        guard case .vit(let configuration) = SAMConfiguration.vitB.encoder else { return }
        let reader = WeightReader(
            DeterministicWeights(
                salt: try oracle.text("det_salt"), tensors: SAMConfiguration.vitB.tensorShapes))
        let encoder = ViTImageEncoder(
            configuration: configuration, imageSize: 1024, outputWidth: 256, weights: reader)
        #expect(try reader.finish().isFatal == false)
        let input = ViTPicture.input(salt: "img-full-a", size: 1024)
        var compared = 0
        func compare(_ name: String, _ found: Tensor) throws {
            let path = "/encoder/" + name
            let values = found.values
            let stride = Int(try oracle.number("stride", at: path + "/strided64"))
            let parts: [(String, [Float])] = [
                ("first16", Array(values.prefix(16))), ("last16", Array(values.suffix(16))),
                ("strided64", (0..<64).map { values[$0 * stride] }),
            ]
            let deviation = try oracle.number("std", at: path)
            for (part, found) in parts {
                var result = OracleComparison(
                    name: "\(name)/\(part)", found: found,
                    expected: try oracle.readArray("\(path)/\(part)"))
                result.setLimits(
                    l2: try oracle.number("f32_rel_l2_err", at: path),
                    largest: try oracle.number("f32_max_abs_err", at: path), rms: deviation)
                #expect(result.isAccepted, "\(result)")
            }
            let mean = values.reduce(into: 0.0) { $0 += Double($1) } / Double(values.count)
            let expectedMean = try oracle.number("mean", at: path)
            #expect(abs(mean - expectedMean) < 1e-6 * deviation, "\(name)")
            let largest = try oracle.number("max", at: path)
            #expect(abs(Double(values.max() ?? 0) - largest) < 1e-4 * deviation, "\(name)")
            compared += 1
        }
        try compare("input", input)
        let stages = Set(try oracle.children(of: "/encoder"))
        let embedding = try encoder.encodeForTest(input) { name, tensor in
            let short = name.replacingOccurrences(of: "/output", with: "")
            if stages.contains(short) { try compare(short, tensor) }
        }
        #expect(compared == stages.count, "\(stages)")
        try SAMOracle.expect(embedding, matches: "/embedding", of: oracle)
        try SAMOracle.expect(encoder.encode(input), matches: "/embedding", of: oracle)
    }
}

extension ViTImageEncoder {
    /// Encodes with a trace that may throw.
    func encodeForTest(
        _ input: Tensor, _ trace: (String, Tensor) throws -> Void
    ) throws -> Tensor {
        var failure: (any Error)?
        let result = withoutActuallyEscaping(trace) { trace in
            encode(input) { name, tensor in
                do { try trace(name, tensor) } catch { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
        return result
    }
}

/// The picture of the oracle files at full size, by its rule.
enum ViTPicture {
    /// Pixels, height x width x 3.
    static func pixels(salt: String, size: Int) -> [UInt8] {
        let seed = DeterministicWeights.hash(salt + ":image")
        func triangle(_ t: Int, _ period: Int) -> Int {
            abs(((t % period + period) % period) * 510 / period - 255)
        }
        var result = [UInt8](repeating: 0, count: size * size * 3)
        for y in 0..<size {
            for x in 0..<size {
                for channel in 0..<3 {
                    let index = (y * size + x) * 3 + channel
                    let noise = Int(DeterministicWeights.random(seed, index) >> 57)
                    let dx = x - size * (2 + channel) / 5
                    let dy = y - size * 2 / 5
                    let radius = size / 4
                    let disc = dx * dx + dy * dy < radius * radius ? 1275 : 0
                    let value =
                        6 * triangle(2 * x + y + 37 * channel, 400)
                        + 5 * triangle(3 * y - x + 91 * channel + 271_000_000, 271) + disc + noise
                    result[index] = UInt8(min(255, value / 16))
                }
            }
        }
        return result
    }

    /// The normalised model input, 1 x 3 x size x size.
    static func input(salt: String, size: Int) -> Tensor {
        let pixels = pixels(salt: salt, size: size)
        let configuration = SAMConfiguration.vitB
        var values = [Float](repeating: 0, count: 3 * size * size)
        for channel in 0..<3 {
            for place in 0..<size * size {
                values[channel * size * size + place] =
                    (Float(pixels[place * 3 + channel]) - configuration.pixelMean[channel])
                    / configuration.pixelDeviation[channel]
            }
        }
        return Tensor(values, shape: [1, 3, size, size])
    }
}
