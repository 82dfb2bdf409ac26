import HDF5
import Testing

@Suite struct WriterMisuseTests {
    private func expectMisuse(
        _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (HDF5Writer) throws -> Void
    ) throws {
        let writer = try HDF5Writer(name: "case.h5")
        try writer.writeArray("/a", [1, 2, 3] as [UInt8], shape: [3])
        try writer.createChunkedDataset(
            "/c", type: .int16, shape: [2, 4], chunk: [1, 4], shuffle: false, deflate: 0)
        let error = #expect(throws: HDF5Error.self, sourceLocation: sourceLocation) {
            try body(writer)
        }
        #expect(error?.kind == .misuse, sourceLocation: sourceLocation)
        let text = error?.description ?? ""
        #expect(text.contains(words), "\(text)", sourceLocation: sourceLocation)
        #expect(text.hasPrefix("case.h5: /"), "\(text)", sourceLocation: sourceLocation)
    }

    @Test("a wrong call names the file, the place and what was expected")
    func messages() throws {
        let four = [UInt8](repeating: 0, count: 8)
        try expectMisuse("an object of that path") {
            try $0.writeArray("/a", [1] as [UInt8], shape: [1])
        }
        try expectMisuse("an object of that path") { try $0.writeArray("/", [1], shape: [1]) }
        try expectMisuse("an array, expected another path") { try $0.createGroup("/a/b") }
        try expectMisuse("3 values") {
            try $0.writeArray("/b", [1, 2, 3] as [Int8], shape: [2, 2])
        }
        try expectMisuse("3 values") {
            try $0.writeArray("/b", [1, 2, 3] as [Int8], shape: [.max, .max])
        }
        try expectMisuse("zero character") { try $0.writeStrings("/s", ["a\0"]) }
        try expectMisuse("zero character") { try $0.setAttribute("s", .string("a\0b")) }
        try expectMisuse("zero character") {
            try $0.setAttribute("s", .strings(["", "a\0b"]), variableLength: true)
        }
        try expectMisuse("'.'") { try $0.createGroup("/a/./b") }
        try expectMisuse("no 'x'") { try $0.setAttribute("n", .integer(1), at: "/x/y") }
        try expectMisuse("an attribute of that name") {
            try $0.setAttribute("n", .integer(1))
            try $0.setAttribute("n", .integer(1))
        }
        try expectMisuse("3 values for shape [2, 2]") {
            try $0.setAttribute("m", .matrix([1, 2, 3], shape: [2, 2]))
        }
        try expectMisuse("chunk [3]") {
            try $0.createChunkedDataset(
                "/d", type: .int8, shape: [2], chunk: [3], shuffle: false, deflate: 0)
        }
        try expectMisuse("no chunked array") { writer in
            try four.withUnsafeBytes { try writer.writeChunk("/a", offset: [0], bytes: $0) }
        }
        try expectMisuse("offset [0, 1]") { writer in
            try four.withUnsafeBytes { try writer.writeChunk("/c", offset: [0, 1], bytes: $0) }
        }
        try expectMisuse("a second chunk") { writer in
            try four.withUnsafeBytes { try writer.writeChunk("/c", offset: [0, 0], bytes: $0) }
            try four.withUnsafeBytes { try writer.writeChunk("/c", offset: [0, 0], bytes: $0) }
        }
        try expectMisuse("7 bytes") { writer in
            try four.dropLast().withUnsafeBytes {
                try writer.writeChunk("/c", offset: [0, 0], bytes: $0)
            }
        }
        try expectMisuse("2 of 2 chunks missing") { _ = try $0.finish() }
    }

    @Test("a file is finished once, and takes nothing afterwards")
    func finished() throws {
        let writer = try HDF5Writer(name: "case.h5")
        let count = try writer.withFileImage { $0.count }
        #expect(count > 0)
        for body in [
            { _ = try writer.finish() }, { try writer.createGroup("/g") },
            { try writer.setAttribute("n", .integer(1)) },
        ] as [() throws -> Void] {
            let error = #expect(throws: HDF5Error.self) { try body() }
            #expect(error?.found == "a finished file")
        }
    }

    @Test("what the body of withFileImage throws reaches the caller")
    func bodyThrows() throws {
        struct DiskFull: Error {}
        let writer = try HDF5Writer(name: "case.h5")
        #expect(throws: DiskFull.self) { try writer.withFileImage { _ in throw DiskFull() } }
    }
}
