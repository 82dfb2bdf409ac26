import Foundation
import Testing

@testable import TensorFiles

@Suite("Writing safetensors")
struct SafetensorsWriterTests {
    /// Writes a file anew, each tensor in pieces of a given size.
    static func copy(
        _ file: TensorFile, to path: String, piece: Int = .max, metadata: [String: String]? = nil
    ) throws {
        var writer = try SafetensorsWriter(
            path: path, tensors: file.entries.reversed(), metadata: metadata ?? file.metadata)
        for entry in writer.order {
            var rest = try file.bytes(of: entry.name)[...]
            while !rest.isEmpty {
                try writer.write(Array(rest.prefix(piece)), of: entry.name)
                rest = rest.dropFirst(piece)
            }
        }
        try writer.finish()
    }

    @Test("a file of the reference implementation comes out byte for byte")
    func reference() throws {
        try TensorFixtures.withFolder { folder in
            let original = try TensorFixtures.bytes("mixed.safetensors")
            for piece in [Int.max, 3] {
                let path = folder + "/copy.safetensors"
                try Self.copy(try TensorFile(original), to: path, piece: piece)
                #expect(FileManager.default.contents(atPath: path).map(Array.init) == original)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder) == ["copy.safetensors"])
        }
    }

    @Test("what is written is read back, views as plain tensors", arguments: TensorFixtures.names)
    func roundTrip(_ name: String) throws {
        try TensorFixtures.withFolder { folder in
            let file = try TensorFixtures.open(name)
            let path = folder + "/t.safetensors"
            try Self.copy(file, to: path, metadata: [:])
            let back = try TensorFile.open(path)
            #expect(back.metadata.isEmpty)
            #expect(Set(back.entries) == Set(file.entries))
            for entry in file.entries {
                #expect(try back.bytes(of: entry.name) == file.bytes(of: entry.name))
            }
            let bytes = try #require(FileManager.default.contents(atPath: path))
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            #expect(length.isMultiple(of: 8))
        }
    }

    @Test("texts of any kind survive as metadata")
    func metadata() throws {
        try TensorFixtures.withFolder { folder in
            let texts = ["a\"\\\n\t\u{1}": "é😀/\u{7f}", "": "", "z": "\u{8}\u{c}\r"]
            let path = folder + "/m.safetensors"
            try SafetensorsWriter(path: path, tensors: [], metadata: texts).finish()
            #expect(try TensorFile.open(path).metadata == texts)
        }
    }

    @Test(
        "tensors written out of turn, too long, too short or twice are refused, and leave no file")
    func misuse() throws {
        try TensorFixtures.withFolder { folder in
            let path = folder + "/x.safetensors"
            let a = try TensorEntry(name: "a", elementType: .float32, shape: [2])
            let b = try TensorEntry(name: "b", elementType: .uint8, shape: [3])
            func write(_ steps: [(String, Int)]) throws(TensorFileError) {
                var writer = try SafetensorsWriter(path: path, tensors: [b, a])
                for (name, count) in steps {
                    try writer.write([UInt8](repeating: 1, count: count), of: name)
                }
                try writer.finish()
            }
            for steps in [
                [("b", 3), ("a", 8)], [("a", 9)], [("a", 8), ("b", 4)], [("a", 8), ("b", 2)], [],
                [("a", 8), ("b", 3), ("a", 8)], [("c", 1)],
            ] {
                #expect(throws: TensorFileError.self, "\(steps)") { try write(steps) }
            }
            #expect(throws: TensorFileError.self) {
                try SafetensorsWriter(path: path, tensors: [a, a]).finish()
            }
            let reserved = try TensorEntry(name: "__metadata__", elementType: .bool, shape: [])
            #expect(throws: TensorFileError.self) {
                try SafetensorsWriter(path: path, tensors: [reserved]).finish()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            try write([("a", 4), ("a", 4), ("b", 3)])
            #expect(try TensorFile.open(path).entries == [a, b])
        }
    }

    @Test("impossible shapes are refused")
    func shapes() throws {
        #expect(throws: TensorFileError.self) {
            try TensorEntry(name: "a", elementType: .bool, shape: [-1])
        }
        #expect(throws: TensorFileError.self) {
            try TensorEntry(name: "a", elementType: .bool, shape: [1 << 40, 1 << 40])
        }
        #expect(throws: TensorFileError.self) {
            try TensorEntry(name: "a", elementType: .bool, shape: [Int](repeating: 1, count: 65))
        }
        #expect(try TensorEntry(name: "a", elementType: .int16, shape: [2, 3]).byteCount == 12)
        #expect(try TensorEntry(name: "a", elementType: .int16, shape: []).byteCount == 2)
        #expect(try TensorEntry(name: "a", elementType: .int16, shape: [9, 0]).byteCount == 0)
    }
}
