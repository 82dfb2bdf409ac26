import Foundation
import HDF5
import Testing

@Suite struct HostileFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let path: String
        let kind: HDF5Error.Kind
        let words: String
        var testDescription: String { "\(file) \(path)" }

        init(_ file: String, _ path: String, _ kind: HDF5Error.Kind, _ words: String) {
            (self.file, self.path, self.kind, self.words) = (file, path, kind, words)
        }
    }

    static let cases = [
        Case("external_link", "/image", .refused, "a link 'image' to another file"),
        Case("external_storage", "/image", .refused, "values stored in another file"),
        Case("virtual", "/image", .refused, "a virtual array"),
        Case("soft_link", "/image", .refused, "a soft link 'image'"),
        Case("soft_link", "/loop", .refused, "a soft link 'loop'"),
        Case("types", "/compound", .unsupported, "a compound type"),
        Case("types", "/reference", .unsupported, "references"),
        Case("types", "/ragged", .unsupported, "lists of variable length"),
        Case("types", "/text", .unsupported, "strings of variable length"),
        Case("types", "/opaque", .unsupported, "opaque bytes"),
        Case("types", "/twelve_bits", .unsupported, "unused bits"),
        Case("types", "/named", .mismatch, "a named type"),
        Case("huge_claim", "/terabyte", .tooLarge, "4294967296 bytes"),
        Case("huge_claim", "/overflow", .tooLarge, "more bytes than can be counted"),
        Case("huge_claim", "/gigabyte", .tooLarge, "what 0 stored bytes can hold"),
        Case("huge_claim", "/chunk", .tooLarge, "67108864 bytes per chunk"),
        Case("filters", "/three_deflates", .refused, "the filter deflate twice"),
        Case("filters", "/two_shuffles", .refused, "the filter shuffle twice"),
        Case("filters", "/scale_offset", .refused, "scale-offset"),
        Case("filters", "/lzf", .refused, "LZF"),
        Case("filters", "/unknown", .refused, "number 40000"),
        Case("chunk_sizes", "/long_stored", .damaged, "8163 stored bytes"),
        Case("chunk_sizes", "/bomb", .damaged, "no zlib stream of 4096 bytes"),
        Case("chunk_sizes", "/short", .damaged, "no zlib stream of 4096 bytes"),
        Case("chunk_sizes", "/short_shuffled", .damaged, "5 bytes instead of 4096"),
        Case("broken_chunk", "/image", .damaged, "no zlib stream of 64 bytes"),
        Case("latest", "/image", .unsupported, "libver='v110'"),
        Case("foreign", "/filled", .unsupported, "fill value"),
        Case("foreign", "/absent", .missing, "no 'absent'"),
        Case("foreign", "/cube/below", .missing, "no 'below'"),
        Case("foreign", "/", .mismatch, "a group"),
        Case("foreign", "/./cube", .missing, "'.'"),
    ]

    @Test("an array that is not safe to read is refused with the reason", arguments: cases)
    func refused(_ example: Case) throws {
        let file = HDF5TestFiles.fixture(example.file)
        let reader = try HDF5Reader(path: file)
        let error = #expect(throws: HDF5Error.self) {
            try reader.readArray(example.path, as: UInt8.self)
        }
        let text = error?.description ?? ""
        #expect(error?.kind == example.kind, "\(text)")
        #expect(text.contains(example.words), "\(text)")
        #expect(text.hasPrefix("\(file): /"))
        #expect(text.contains(example.path))
        #expect(!text.contains("\n"))
    }

    @Test(
        "a file that is no whole HDF5 file is refused when it is opened",
        arguments: [
            ("truncated", "cut short at 5887 bytes"), ("stub", "cut short at 100 bytes"),
            ("not_hdf5", "no HDF5 signature"), ("empty", "no HDF5 signature"),
        ])
    func opening(_ name: String, _ words: String) {
        let error = #expect(throws: HDF5Error.self) {
            try HDF5Reader(path: HDF5TestFiles.fixture(name))
        }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains(words) == true)
    }

    @Test("a missing file, a folder and a pipe are refused without waiting")
    func noFile() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let pipe = folder + "/hdf5-tests-\(UUID().uuidString)"
        #expect(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        for (path, words) in [
            (folder + "/no such file.h5", "No such file"), (folder, "a folder"), (pipe, "a device"),
            ("a\0b", "a zero character"),
        ] {
            let error = #expect(throws: HDF5Error.self) { try HDF5Reader(path: path) }
            #expect(error?.kind == .missing)
            #expect(error?.description.contains(words) == true, "\(path)")
        }
    }

    @Test("every cut of a file is refused or reads what the whole file holds")
    func everyCut() throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: HDF5TestFiles.fixture("whole"))))
        let expected = (0..<4096).map { Int16($0) }
        var refusals = 0
        for count in stride(from: 0, to: whole.count, by: 97) {
            try HDF5TestFiles.withFile([UInt8](whole[..<count])) { path in
                do {
                    let reader = try HDF5Reader(path: path)
                    #expect(try reader.readArray("/image", as: Int16.self) == expected)
                } catch is HDF5Error { refusals += 1 }
            }
        }
        #expect(refusals == (whole.count + 96) / 97)
    }

    @Test("a changed byte is refused or leaves the process alive")
    func changedBytes() throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: HDF5TestFiles.fixture("whole"))))
        var refusals = 0
        for index in stride(from: 0, to: whole.count, by: 3) where whole[index] != 0 {
            var bytes = whole
            bytes[index] ^= 0xff
            try HDF5TestFiles.withFile(bytes) { path in
                do {
                    let reader = try HDF5Reader(path: path)
                    _ = try reader.children(of: "/")
                    _ = try reader.attributeNames()
                    _ = try reader.readArray("/image", as: Int16.self)
                } catch is HDF5Error { refusals += 1 }
            }
        }
        #expect(refusals > 150)
    }

    @Test("a chunk that does not match its checksum is refused")
    func checksum() throws {
        let path = HDF5TestFiles.fixture("foreign")
        let chunk = try HDF5Reader(path: path).readChunkBytes("/checked", offset: [1, 0]).bytes
        var file = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let start = try #require(
            file.indices.first { file[$0...].prefix(chunk.count).elementsEqual(chunk) })
        file[start + chunk.count - 1] ^= 1
        try HDF5TestFiles.withFile(file) { path in
            let reader = try HDF5Reader(path: path)
            let rest = try reader.readSlab("/checked", offset: [2, 0], count: nil, as: Int16.self)
            #expect(rest == [8, 9, 10, 11])
            let error = #expect(throws: HDF5Error.self) {
                try reader.readArray("/checked", as: Int16.self)
            }
            #expect(error?.found == "a wrong checksum")
        }
    }

    @Test("what refused neighbours leave in the file is still readable")
    func neighbours() throws {
        let links = try HDF5Reader(path: HDF5TestFiles.fixture("soft_link"))
        #expect(try links.children(of: "/") == ["image", "loop", "real"])
        #expect(try links.readArray("/real", as: Int16.self) == (0..<12).map { Int16($0) })
        #expect(throws: HDF5Error.self) { try links.exists("/image") }
        let latest = try HDF5Reader(path: HDF5TestFiles.fixture("latest"))
        #expect(try latest.readArray("/plain", as: Int16.self) == (0..<12).map { Int16($0) })
    }

    @Test("a name from a file does not reach the terminal as a control sequence")
    func controlCharacters() throws {
        let name = "a\u{1b}[31m\nb"
        try HDF5TestFiles.roundTrip { writer in
            try writer.createGroup("/\(name)")
        } _: { reader throws in
            #expect(try reader.children(of: "/") == [name])
            let error = #expect(throws: HDF5Error.self) { try reader.info("/\(name)") }
            #expect(error?.description.contains("/a?[31m?b: ") == true)
        }
    }

    @Test("limits hold for whole arrays, parts and names")
    func limits() throws {
        let limits = HDF5Limits(arrayBytes: 16, chunkBytes: 16, names: 2)
        try HDF5TestFiles.roundTrip(limits: limits) { writer in
            try writer.writeArray("/a", [Int16](repeating: 1, count: 9), shape: [9])
            try writer.createGroup("/g/1")
            try writer.createGroup("/g/2")
            try writer.createGroup("/g/3")
        } _: { reader throws in
            #expect(try reader.readSlab("/a", offset: [0], count: [8], as: Int16.self).count == 8)
            #expect(try reader.children(of: "/") == ["a", "g"])
            for body in [
                { _ = try reader.readArray("/a", as: Int16.self) },
                { _ = try reader.readSlab("/a", offset: [0], count: [3], as: Double.self) },
                { _ = try reader.children(of: "/g") },
            ] as [() throws -> Void] {
                let error = #expect(throws: HDF5Error.self) { try body() }
                #expect(error?.kind == .tooLarge)
            }
        }
    }
}
