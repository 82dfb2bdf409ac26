import Foundation
import HDF5
import Testing

@testable import SegmentAnything

@Suite("Hostile checkpoints")
struct CheckpointHostileTests {
    let files: CheckpointTestFiles
    let sound: String

    init() throws {
        files = try CheckpointTestFiles()
        sound = try files.writeMini()
    }

    /// Opens and reads everything; the error, or `nil` when nothing was found.
    private func read(_ path: String) -> String? {
        checkpointError {
            let checkpoint = try Checkpoint.open(path)
            for name in checkpoint.tensorNames { _ = try checkpoint.tensor(named: name) }
            _ = try SAM(checkpoint: checkpoint)
        }
    }

    private func forged(_ change: (inout ForgedCheckpoint) throws -> Void) throws -> String? {
        var forgery = try ForgedCheckpoint(sound)
        try change(&forgery)
        try forgery.write(files.path("forged.h5"))
        return read(files.path("forged.h5"))
    }

    @Test("A forgery that changes nothing is read")
    func control() throws { #expect(try forged { _ in } == nil) }

    @Test("Every attribute the format asks for is missed by name")
    func missingAttributes() throws {
        let optional: Set = ["rounding_relative_l2", "rounding_largest"]
        for name in try ForgedCheckpoint(sound).root.keys where !optional.contains(name) {
            let text = try #require(try forged { $0.root[name] = nil }, "\(name)")
            #expect(text.contains(name), "\(text)")
            let other = try #require(try forged { $0.root[name] = .integers([1, 2]) }, "\(name)")
            #expect(other.contains(name), "\(other)")
        }
        let tensor = "mask_decoder.iou_token.weight"
        for name in ["element-type", "sha256"] {
            let text = try #require(
                try forged { $0.arrays[tensor]?.attributes[name] = nil }, "\(name)")
            #expect(text.contains(name) && text.contains(tensor), "\(text)")
        }
        let group = try #require(
            try forged {
                $0.hasGroup = false
                $0.arrays = [:]
            })
        #expect(group.contains("/tensors"))
    }

    @Test(
        "Versions of another generation are refused, later minor ones and unknown attributes are not"
    )
    func versions() throws {
        for version in ["2.0", "0.9", "1", "1.", "1.x", "01.0", "", "1.0.0", "1.99999"] {
            let text = try #require(
                try forged { $0.root["encoding-version"] = .string(version) }, "\(version)")
            #expect(text.contains("1.x"))
        }
        let later = try forged {
            $0.root["encoding-version"] = .string("1.7")
            $0.root["news"] = .string("tomorrow")
            $0.arrays["mask_decoder.iou_token.weight"]?.attributes["news"] = .double(1)
        }
        #expect(later == nil)
        let kind = try #require(try forged { $0.root["encoding-type"] = .string("samdata-case") })
        #expect(kind.contains("another kind"))
    }

    @Test("Changed elements, and checksums that are none, are found")
    func checksums() throws {
        let name = "mask_decoder.iou_token.weight"
        let flipped = try #require(try forged { $0.arrays[name]?.bytes[5] ^= 1 })
        #expect(flipped.contains(name) && flipped.contains("SHA-256"))
        #expect(try Checkpoint.open(files.path("forged.h5")).verify() == [name])
        let trusting = try Checkpoint.open(files.path("forged.h5"), verifiesChecksums: false)
        #expect(try trusting.tensor(named: name).count == 16)
        let short = try #require(
            try forged { $0.arrays[name]?.attributes["sha256"] = .string("0123") })
        #expect(short.contains("64"))
    }

    @Test("Shapes and types that contradict the architecture are reported")
    func shapes() throws {
        let name = "mask_decoder.iou_token.weight"
        let turned = try #require(try forged { $0.arrays[name]?.shape = [16, 1] })
        #expect(turned.contains("found [16, 1], expected [1, 16]"))
        let gone = try #require(try forged { $0.arrays[name] = nil })
        #expect(gone.contains("1 missing (\(name))"))
        let type = try #require(
            try forged { $0.arrays[name]?.attributes["element-type"] = .string("float16") })
        #expect(type.contains("float16"))
        let double = try #require(
            try forged {
                $0.arrays[name]?.type = .number(.float64)
                $0.arrays[name]?.bytes = [UInt8](repeating: 0, count: 128)
                $0.arrays[name]?.attributes["element-type"] = .string("float64")
            })
        #expect(double.contains("float64"))
        let precision = try #require(try forged { $0.root["precision"] = .string("float16") })
        #expect(precision.contains("precision"))
    }

    @Test("Architectures that cannot be are refused before memory is asked for")
    func architectures() throws {
        let text = ArchitectureText.text(of: CheckpointTestFiles.mini)
        let changes = [
            ("\"depth\":2", "\"depth\":1000000000"), ("\"depth\":2", "\"depth\":1024"),
            ("\"heads\":2", "\"heads\":0"), ("\"heads\":2", "\"heads\":3"),
            ("\"heads\":2", "\"heads\":-2"), ("\"width\":4", "\"width\":16384"),
            ("\"width\":4", "\"width\":9223372036854775807"), ("\"width\":4", "\"width\":4.5"),
            ("\"width\":4", "\"width\":1e400"), ("\"windowSize\":2", "\"windowSize\":0"),
            ("\"globalBlocks\":[1]", "\"globalBlocks\":[2]"),
            ("\"globalBlocks\":[1]", "\"globalBlocks\":[-1]"),
            ("\"globalBlocks\":[1]", "\"globalBlocks\":\(Array(repeating: 1, count: 99))"),
            ("\"globalBlocks\":[1]", "\"globalBlocks\":[]"),
            ("\"imageSize\":64", "\"imageSize\":65"), ("\"imageSize\":64", "\"imageSize\":128"),
            ("\"imageSize\":64", "\"imageSize\":-64"), ("\"patchSize\":16", "\"patchSize\":0"),
            ("\"mlpRatio\":4", "\"mlpRatio\":1000000"), ("\"maskTokens\":4", "\"maskTokens\":1"),
            ("\"maskTokens\":4", "\"maskTokens\":64"), ("123.675", "1e39"),
            ("58.395", "0"), ("vit_4x2", ""), ("vit_4x2", "\\u001b[2J"), ("{\"vit\"", "{\"vat\""),
            ("\"name\":", "\"nome\":"), ("}", ""), (text, ""), (text, "[]"), (text, "null"),
            (text, String(repeating: "[", count: 100_000)),
        ]
        for (old, new) in changes {
            let changed = text.replacingOccurrences(of: old, with: new)
            #expect(changed != text, "nothing of \(old) to change")
            let found = try #require(
                try forged { $0.root["architecture"] = .string(changed) }, "\(old) to \(new)")
            #expect(!found.contains("\u{1b}"))
        }
        let other = try #require(try forged { $0.root["image_size"] = .integer(1024) })
        #expect(other.contains("image_size"))
        let mean = try #require(try forged { $0.root["pixel_mean"] = .doubles([1, 2]) })
        #expect(mean.contains("pixel_mean"))
    }

    @Test(
        "A claim of 4 TiB, another file's bytes, links and shared bytes are refused",
        arguments: [
            ("absurd", "values outside a place of their own"), ("external", "another file"),
            ("linked", "a soft link"), ("shared", "bytes that belong to tensor a too"),
        ])
    func forged(_ name: String, _ reason: String) throws {
        let text = try #require(read(try files.unpack("hostile-" + name)))
        #expect(text.contains(reason), "\(text)")
    }

    @Test("Texts that would reach a terminal as commands are refused, in files and from callers")
    func controlCharacters() throws {
        for name in ["licence", "source_file", "method"] {
            for text in ["a\u{1b}[2J", "a\nb", "a\u{9b}1m", "\u{202e}a"] {
                let found = try #require(try forged { $0.root[name] = .string(text) })
                #expect(found.contains("control characters"))
            }
        }
        let tensor = try #require(
            try forged {
                $0.arrays["a\u{1b}[2J"] = $0.arrays["mask_decoder.iou_token.weight"]
            })
        #expect(tensor.contains("control characters") && !tensor.contains("\u{1b}"))
        var header = try Checkpoint.open(sound).header
        header.licence = "a\nb"
        let refused = checkpointError {
            try Checkpoint.write(header, tensors: [], to: files.path("x.h5"), bytes: { _ in [] })
        }
        #expect(refused?.contains("control characters") == true)
    }

    @Test("Chunks, strings and groups in the place of tensors are refused")
    func otherObjects() throws {
        let writer = try HDF5Writer(name: "other.h5")
        for (name, value) in try ForgedCheckpoint(sound).root {
            try writer.setAttribute(name, value)
        }
        try writer.createGroup("/tensors/a")
        try Data(try writer.finish()).write(to: URL(fileURLWithPath: files.path("other.h5")))
        #expect(try #require(read(files.path("other.h5"))).contains("/tensors/a"))
        for kind in ["strings", "chunks"] {
            let other = try HDF5Writer(name: "other.h5")
            for (name, value) in try ForgedCheckpoint(sound).root {
                try other.setAttribute(name, value)
            }
            if kind == "strings" {
                try other.writeStrings("/tensors/b", ["x"])
            } else {
                try other.createChunkedDataset(
                    "/tensors/b", type: .uint8, shape: [4], chunk: [4], shuffle: false, deflate: 0)
                try [UInt8](repeating: 0, count: 4).withUnsafeBytes {
                    try other.writeChunk("/tensors/b", offset: [0], bytes: $0)
                }
            }
            try other.setAttribute("element-type", .string("uint8"), at: "/tensors/b")
            try Data(try other.finish()).write(to: URL(fileURLWithPath: files.path("other.h5")))
            let text = try #require(read(files.path("other.h5")), "\(kind)")
            #expect(text.contains(kind == "strings" ? "uint8" : "chunks"), "\(text)")
        }
    }

    @Test("A file cut anywhere is refused, and none stops the process")
    func truncated() throws {
        let bytes = try files.bytes("mini.h5")
        let path = files.path("cut.h5")
        var places = Array(stride(from: 0, to: bytes.count, by: max(1, bytes.count / 80)))
        places += [1, 7, 8, 47, 48, 49, bytes.count - 1]
        for place in places {
            try Data(bytes[..<place]).write(to: URL(fileURLWithPath: path))
            #expect(read(path) != nil, "cut at \(place) of \(bytes.count)")
        }
    }

    @Test("A file with changed bytes is refused or the same, and none stops the process")
    func changed() throws {
        let bytes = try files.bytes("mini.h5")
        let path = files.path("changed.h5")
        let expected = try Checkpoint.open(sound)
        var refused = 0
        let step = bytes.count / 240
        for index in 0..<240 {
            var copy = bytes
            // A fixed walk: every place of the file in turn, three kinds of change.
            let place = (index * step + index * 37 % max(step, 1)) % bytes.count
            switch index % 3 {
            case 0: copy[place] ^= 1 << UInt8(index % 8)
            case 1: copy[place] = 0xff
            default:
                for next in place..<min(place + 8, copy.count) { copy[next] = UInt8(index & 0xff) }
            }
            try Data(copy).write(to: URL(fileURLWithPath: path))
            if read(path) != nil {
                refused += 1
            } else {
                let found = try Checkpoint.open(path)
                #expect(found.tensors.map(\.sha256) == expected.tensors.map(\.sha256))
            }
        }
        #expect(refused > 120)
    }
}
