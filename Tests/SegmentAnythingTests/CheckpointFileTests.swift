import Foundation
import HDF5
import SafeFiles
import TensorFiles
import Tensors
import Testing

@testable import SegmentAnything

@Suite("Checkpoint files")
struct CheckpointFileTests {
    let files: CheckpointTestFiles

    init() throws { files = try CheckpointTestFiles() }

    @Test("What was written is read: architecture, tensors, checksums, and that weights are random")
    func roundTrip() throws {
        let checkpoint = try Checkpoint.open(try files.writeMini())
        let weights = CheckpointTestFiles.miniWeights
        var expected = CheckpointTestFiles.mini
        expected.name = "vit_4x2-random"
        #expect(checkpoint.configuration == expected)
        #expect(checkpoint.header.weights == .random)
        #expect(checkpoint.header.method.contains("masks mean nothing"))
        #expect(checkpoint.precision == .float32)
        #expect(checkpoint.header.rounding == nil)
        #expect(checkpoint.version == "1.0")
        #expect(checkpoint.tensorNames == weights.tensorNames.sorted())
        #expect(checkpoint.report == WeightReader.Report())
        for name in checkpoint.tensorNames {
            let found = try checkpoint.tensor(named: name)
            let wanted = try weights.tensor(named: name)
            #expect(found.shape == wanted.shape)
            #expect(found.values == wanted.values, "\(name)")
            let bytes = try checkpoint.bytes(of: name)
            #expect(checkpoint.entry(named: name)?.sha256 == ContentDigest.sha256(of: bytes))
        }
        #expect(try checkpoint.verify() == [])
    }

    @Test("Equal tensors give equal bytes, whatever their order, and no other file is left behind")
    func deterministic() throws {
        try files.writeMini("a.h5")
        try files.writeMini("b.h5")
        #expect(try files.bytes("a.h5") == files.bytes("b.h5"))
        let checkpoint = try Checkpoint.open(files.path("a.h5"))
        let entries = try checkpoint.tensors.reversed().map {
            try TensorEntry(name: $0.name, elementType: $0.elementType, shape: $0.shape)
        }
        try Checkpoint.write(
            checkpoint.header, tensors: entries, to: files.path("c.h5"),
            bytes: { try checkpoint.bytes(of: $0.name) })
        #expect(try files.bytes("a.h5") == files.bytes("c.h5"))
        #expect(try files.names == ["a.h5", "b.h5", "c.h5"])
        var header = checkpoint.header
        header.licence = "other"
        try Checkpoint.write(
            header, tensors: entries, to: files.path("c.h5"),
            bytes: { try checkpoint.bytes(of: $0.name) })
        #expect(try files.bytes("a.h5") != files.bytes("c.h5"))
    }

    @Test("A file written by h5py from the specification is read, its unknown attribute ignored")
    func foreign() throws {
        let checkpoint = try Checkpoint.open(try files.unpack("mini"))
        #expect(checkpoint.configuration == CheckpointTestFiles.mini)
        #expect(checkpoint.precision == .bfloat16)
        #expect(checkpoint.header.licence == "CC0-1.0")
        #expect(try checkpoint.verify() == [])
        try files.writeMini(precision: .bfloat16)
        let ours = try Checkpoint.open(files.path("mini.h5"))
        #expect(ours.tensors.map(\.sha256) == checkpoint.tensors.map(\.sha256))
        #expect(ours.tensors.map(\.name) == checkpoint.tensors.map(\.name))
    }

    @Test("Reduced precision rounds to nearest, and the file states the error")
    func reducedPrecision() throws {
        let exact = CheckpointTestFiles.miniWeights
        for (precision, bound) in [(CheckpointPrecision.float16, 0x1p-11), (.bfloat16, 0x1p-8)] {
            try files.writeMini(precision: precision)
            let checkpoint = try Checkpoint.open(files.path("mini.h5"))
            #expect(checkpoint.precision == precision)
            var squares = 0.0
            var differences = 0.0
            var largest = 0.0
            for name in checkpoint.tensorNames {
                let found = try checkpoint.tensor(named: name).values
                for (stored, value) in zip(found, try exact.tensor(named: name).values) {
                    let difference = abs(Double(stored) - Double(value))
                    #expect(difference <= max(abs(Double(value)) * bound, 0x1p-25))
                    differences += difference * difference
                    squares += Double(value) * Double(value)
                    largest = max(largest, difference)
                }
            }
            let rounding = try #require(checkpoint.header.rounding)
            #expect(rounding.largest == largest)
            let relative = (differences / squares).squareRoot()
            #expect(abs(rounding.relativeL2 - relative) < 1e-12)
            #expect(rounding.relativeL2 < bound && rounding.relativeL2 > bound / 16)
        }
    }

    @Test(
        "Halves of every kind are those of the processor, and bfloat16 the nearest of the two neighbours"
    )
    func narrowing() {
        // Every half, the values just beside the middle of two, and a walk over all exponents.
        var patterns: [UInt32] = []
        for half in 0..<UInt32(0x7c00) {
            let value = Float(Float16(bitPattern: UInt16(half)))
            let next = Float(Float16(bitPattern: UInt16(half + 1)))
            let middle = next.isFinite ? (value + next) / 2 : 65520
            patterns += [
                value.bitPattern, middle.bitPattern, middle.nextUp.bitPattern,
                middle.nextDown.bitPattern,
            ]
        }
        patterns += stride(from: UInt32(0), through: 0x7f80_0000, by: 65_521)
        var wrongHalves = 0
        var wrongBrains = 0
        for pattern in patterns {
            for bits in [pattern, pattern | 0x8000_0000] {
                let value = Float(bitPattern: bits)
                if ElementConversion.half(value) != Float16(value).bitPattern { wrongHalves += 1 }
                let lower = bits & 0xffff_0000
                let rest = bits & 0xffff
                let isUp = rest > 0x8000 || (rest == 0x8000 && lower & 0x1_0000 != 0)
                let nearest = UInt16(lower >> 16) + (isUp ? 1 : 0)
                if ElementConversion.bfloat16(value) != nearest { wrongBrains += 1 }
            }
        }
        #expect(wrongHalves == 0)
        #expect(wrongBrains == 0)
        let quiet = Float.nan
        let signalling = Float(bitPattern: 0x7f80_0001)
        for value in [quiet, signalling, -quiet] {
            #expect(Float16(bitPattern: ElementConversion.half(value)).isNaN)
            let brain = UInt32(ElementConversion.bfloat16(value)) << 16
            #expect(Float(bitPattern: brain).isNaN)
        }
        for half in UInt16.min...UInt16.max {
            let found = FloatConversion.half(half)
            let expected = Float(Float16(bitPattern: half))
            if found.bitPattern != expected.bitPattern, !(found.isNaN && expected.isNaN) {
                Issue.record("half \(half): \(found), expected \(expected)")
            }
        }
    }

    @Test(
        "Tensors that the architecture does not know are kept and named; whole numbers keep their type"
    )
    func unusedTensors() throws {
        try files.writeMini()
        let source = try Checkpoint.open(files.path("mini.h5"))
        let extra: [(String, TensorElementType, [Int], [UInt8])] = [
            ("side.counter", .int64, [], [7, 0, 0, 0, 0, 0, 0, 0]),
            ("side.empty", .float32, [0, 3], []),
            ("side.flags", .bool, [2], [1, 0]),
        ]
        var entries = try source.tensors.map {
            try TensorEntry(name: $0.name, elementType: $0.elementType, shape: $0.shape)
        }
        for (name, type, shape, _) in extra {
            entries.append(try TensorEntry(name: name, elementType: type, shape: shape))
        }
        try Checkpoint.write(
            source.header, tensors: entries, to: files.path("more.h5"),
            bytes: { entry in
                try extra.first { $0.0 == entry.name }?.3 ?? source.bytes(of: entry.name)
            })
        let checkpoint = try Checkpoint.open(files.path("more.h5"))
        #expect(checkpoint.report.unused == ["side.counter", "side.empty", "side.flags"])
        #expect(!checkpoint.report.isFatal)
        #expect(checkpoint.precision == .float32)
        #expect(try checkpoint.tensor(named: "side.counter").values == [7])
        #expect(try checkpoint.tensor(named: "side.empty").shape == [0, 3])
        #expect(try checkpoint.tensor(named: "side.flags").values == [1, 0])
        #expect(try checkpoint.verify() == [])
        let model = try SAM(checkpoint: checkpoint)
        #expect(model.report.unused == checkpoint.report.unused)
    }

    @Test("A writer that fails half-way leaves nothing, and the old file as it was")
    func failedWrite() throws {
        try files.writeMini()
        let before = try files.bytes("mini.h5")
        let source = try Checkpoint.open(files.path("mini.h5"))
        let entries = try source.tensors.map {
            try TensorEntry(name: $0.name, elementType: $0.elementType, shape: $0.shape)
        }
        var count = 0
        let text = checkpointError {
            try Checkpoint.write(
                source.header, tensors: entries, to: files.path("mini.h5"),
                bytes: { entry in
                    count += 1
                    return count < 20 ? try source.bytes(of: entry.name) : []
                })
        }
        #expect(text?.contains("0 bytes") == true)
        #expect(try files.names == ["mini.h5"])
        #expect(try files.bytes("mini.h5") == before)
        let folder = checkpointError { try files.writeMini("no/such/folder.h5") }
        #expect(folder?.contains("found no folder") == true)
        let missing = checkpointError {
            try Checkpoint.write(
                source.header, tensors: Array(entries.dropFirst(2)), to: files.path("x.h5"),
                bytes: { try source.bytes(of: $0.name) })
        }
        #expect(missing?.contains("2 missing") == true)
    }

    @Test("A random model is the same each time, says in its name that it is random, and answers")
    func randomModel() throws {
        let one = try SAM.random(CheckpointTestFiles.mini, salt: "x")
        let other = try SAM.random(CheckpointTestFiles.mini, salt: "x")
        #expect(one.configuration.name == "vit_4x2-random")
        let image = InputImage(
            rows: 40, columns: 64, rgb: (0..<(40 * 64 * 3)).map { UInt8($0 * 7 % 251) })
        let a = one.imageEncoder.encode(try one.preprocessing(image).0)
        let b = other.imageEncoder.encode(try other.preprocessing(image).0)
        #expect(a.shape == [1, 16, 4, 4])
        #expect(a.values == b.values)
        #expect(Set(a.values).count > 100)
        let different = try SAM.random(CheckpointTestFiles.mini, salt: "y")
        let c = different.imageEncoder.encode(try different.preprocessing(image).0)
        #expect(c.values != a.values)
    }

    @Test("Without its image encoder a model answers from a stored embedding as the whole one does")
    func withoutImageEncoder() throws {
        let checkpoint = try Checkpoint.open(try files.writeMini())
        let whole = try SAM(checkpoint: checkpoint)
        let part = try SAM(checkpoint: checkpoint, encodesImages: false)
        #expect(part.report == whole.report)
        let image = InputImage(
            rows: 40, columns: 64, rgb: (0..<(40 * 64 * 3)).map { UInt8($0 * 7 % 251) })
        let (input, frame) = try whole.preprocessing(image)
        let embedding = whole.imageEncoder.encode(input)
        let prompt = SAMPrompt.point(x: 20, y: 20)
        let expected = try whole.encodedImage(embedding: embedding, frame: frame).predict(prompt)
        let found = try part.encodedImage(embedding: embedding, frame: frame).predict(prompt)
        #expect(found.map(\.predictedIoU) == expected.map(\.predictedIoU))
        #expect(
            found.map(\.lowResolutionLogits.values) == expected.map(\.lowResolutionLogits.values))
        #expect(!found.isEmpty)
    }
}
