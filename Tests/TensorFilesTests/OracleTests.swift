import Foundation
import HDF5
import Testing

@testable import TensorFiles

@Suite("Checkpoints against PyTorch")
struct OracleTests {
    @Test(
        "every container variant gives the tensors PyTorch reads", arguments: TensorFixtures.names)
    func variants(_ name: String) throws {
        let file = try TensorFixtures.open(name)
        try TensorFixtures.withExpected { expected in
            let names = try expected.children(of: name + "/")
            let joined = try leaves(of: name, in: expected).map {
                String($0.dropFirst(name.count + 1))
            }
            #expect(!names.isEmpty)
            #expect(Set(file.entries.map(\.name)) == Set(joined))
            #expect(file.entries.count == joined.count)
            for entry in file.entries {
                let path = "\(name)/\(entry.name)"
                let info = try expected.info(path)
                #expect(entry.shape == info.shape, "\(path)")
                guard case .string(let type)? = try expected.attribute("dtype", at: path) else {
                    Issue.record("no dtype of \(path)")
                    continue
                }
                #expect(entry.elementType.rawValue == type, "\(path)")
                let wanted = try expected.readArray(path, as: Double.self)
                let values = try file.floats(of: entry.name)
                #expect(values.map(\.bitPattern) == wanted.map { Float($0).bitPattern }, "\(path)")
                let bytes = try file.bytes(of: entry.name)
                #expect(bytes.count == entry.byteCount)
                #expect(try exact(bytes, entry.elementType) == wanted, "\(path)")
            }
        }
    }

    /// All arrays below a group; names may hold `|` but no slash.
    private func leaves(of group: String, in file: HDF5Reader) throws -> [String] {
        try file.children(of: group).map { "\(group)/\($0)" }
    }

    /// Elements as numbers, written a second time and slowly.
    private func exact(_ bytes: [UInt8], _ type: TensorElementType) throws -> [Double] {
        stride(from: 0, to: bytes.count, by: type.byteCount).map { start in
            let bits = (0..<type.byteCount).reversed().reduce(0 as UInt64) {
                $0 << 8 | UInt64(bytes[start + $1])
            }
            switch type {
            case .float64: return Double(bitPattern: bits)
            case .float32: return Double(Float(bitPattern: UInt32(bits)))
            case .bfloat16: return Double(Float(bitPattern: UInt32(bits) << 16))
            case .float16:
                let exponent = Int(bits >> 10 & 31)
                let fraction = Double(bits & 1023) / 1024
                let size =
                    exponent == 0
                    ? fraction * 0x1p-14
                    : (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
                return bits >> 15 == 1 ? -size : size
            case .int64: return Double(Int64(bitPattern: bits))
            case .int32: return Double(Int32(truncatingIfNeeded: bits))
            case .int16: return Double(Int16(truncatingIfNeeded: bits))
            case .int8: return Double(Int8(truncatingIfNeeded: bits))
            case .uint8, .bool: return Double(bits)
            }
        }
    }

    @Test("plain values beside the tensors are kept as metadata")
    func metadata() throws {
        let training = try TensorFixtures.open("zip_training_state.pth").metadata
        #expect(training["epoch"] == "7")
        #expect(training["name"] == "résumé")
        #expect(training["optimizer|param_groups|0|betas|1"] == "0.999")
        #expect(
            try TensorFixtures.open("mixed.safetensors").metadata
                == ["format": "pt", "note": "café \"quoted\""])
    }

    @Test("files are told apart by content, on disk as in memory")
    func containers() throws {
        let kinds: [(String, TensorFile.Container)] = [
            ("legacy_format.pth", .torchStream), ("mixed.safetensors", .safetensors),
            ("zip_plain.pth", .torchArchive),
        ]
        for (name, container) in kinds {
            let file = try TensorFile.open(TensorFixtures.path(name))
            #expect(file.container == container)
            let memory = try TensorFixtures.open(name)
            #expect(file.entries == memory.entries)
            for entry in file.entries {
                #expect(try file.bytes(of: entry.name) == memory.bytes(of: entry.name))
            }
        }
    }

    @Test("a half of any bits becomes the float of the same value")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let value = FloatConversion.half(bits)
            let exponent = Int(bits >> 10 & 31)
            let fraction = Float(bits & 1023)
            let sign: Float = bits >> 15 == 1 ? -1 : 1
            if exponent == 31 {
                #expect(fraction == 0 ? value == sign * .infinity : value.isNaN)
            } else if exponent == 0 {
                #expect(value == sign * fraction * 0x1p-24)
                #expect(value.sign == (bits >> 15 == 1 ? .minus : .plus))
            } else {
                let unit = Float(sign: .plus, exponent: exponent - 25, significand: 1)
                #expect(value == sign * (1024 + fraction) * unit)
            }
        }
    }

    @Test("memory of another size is refused, memory of the right size is filled")
    func buffers() throws {
        let file = try TensorFixtures.open("zip_views.pth")
        var room = [Float](repeating: -1, count: 9)
        try room.withUnsafeMutableBufferPointer { try file.readFloats(of: "strided", into: $0) }
        #expect(try room == file.floats(of: "strided"))
        #expect(
            throws: TensorFileError.bufferSize(
                file: "zip_views.pth", name: "whole", found: 9, expected: 60)
        ) {
            try room.withUnsafeMutableBufferPointer { try file.readFloats(of: "whole", into: $0) }
        }
        #expect(throws: TensorFileError.self) { try file.floats(of: "wholes") }
    }

    @Test("one file is read from several tasks at once")
    func tasks() async throws {
        let file = try TensorFile.open(TensorFixtures.path("zip_training_state.pth"))
        let expected = try file.entries.map { try file.floats(of: $0.name) }
        let fresh = try TensorFile.open(TensorFixtures.path("zip_training_state.pth"))
        try await withThrowingTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<8 {
                group.addTask { try fresh.entries.map { try fresh.floats(of: $0.name) } }
            }
            for try await values in group { #expect(values == expected) }
        }
    }
}

@Suite("Larger checkpoints beside the repository", .enabled(if: TensorFixtures.shared != nil))
struct SharedCheckpointTests {
    @Test("the same model from .pth and .safetensors is the same on the byte")
    func sameModel() throws {
        let folder = try #require(TensorFixtures.shared)
        let zip = try TensorFile.open(folder + "/tiny64.pth")
        let flat = try TensorFile.open(folder + "/tiny64.safetensors")
        #expect(zip.entries.count > 100)
        #expect(Set(zip.entries) == Set(flat.entries))
        for entry in zip.entries {
            #expect(try zip.bytes(of: entry.name) == flat.bytes(of: entry.name), "\(entry.name)")
        }
    }

    @Test(
        "the weights follow the rule they were made by",
        arguments: [("tiny64", "tiny64-v1"), ("tiny96", "tiny96-v1"), ("tinyvit", "tinyvit-v1")])
    func rule(_ name: String, _ salt: String) throws {
        let folder = try #require(TensorFixtures.shared)
        let file = try TensorFile.open("\(folder)/\(name).pth")
        var checked = 0
        for entry in file.entries {
            // Kinds of tensor with plain constants; the rest depends on fan-in.
            let range: (amplitude: Double, centre: Double)
            if entry.name.hasSuffix(".running_mean") {
                range = (0.125, 0)
            } else if entry.name.hasSuffix(".running_var") {
                range = (0.25, 1)
            } else if entry.name.hasSuffix(".pos_embed")
                || entry.name.hasSuffix(".attention_biases")
            {
                range = (0.75, 0)
            } else if entry.name.hasSuffix(".bias") {
                range = (0.125, 0)
            } else if entry.name.hasSuffix(".weight"), entry.shape.count == 1 {
                range = (0.25, 1)
            } else {
                continue
            }
            checked += 1
            var state: UInt64 = 0xcbf2_9ce4_8422_2325
            // The small TinyViT was made by itself and given the prefix of a whole model later.
            let name =
                name == "tinyvit"
                ? entry.name.replacing("image_encoder.", with: "", maxReplacements: 1) : entry.name
            for byte in "\(salt):\(name)".utf8 {
                state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
            }
            let expected = (0..<entry.elementCount).map { _ in
                state &+= 0x9e37_79b9_7f4a_7c15
                var z = state
                z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
                z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
                let x = Double(Int((z ^ z >> 31) >> 40) - 1 << 23) * 0x1p-23
                return Float(range.centre + range.amplitude * x)
            }
            #expect(try file.floats(of: entry.name) == expected, "\(entry.name)")
        }
        #expect(checked > 60)
    }
}
