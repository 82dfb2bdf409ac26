import Testing

@testable import TensorFiles

@Suite("Hostile safetensors")
struct HostileSafetensorsTests {
    static func file(_ header: String, data: Int = 16, length: Int? = nil) -> [UInt8] {
        TorchBuilder.number(length ?? header.utf8.count, 8) + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    static func tensor(
        _ name: String, _ start: Int, _ end: Int, _ shape: String = "[4]", _ type: String = "F32"
    ) -> String {
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
    }

    @Test("headers that lie are refused with the place and the reason")
    func headers() throws {
        let a = Self.tensor("a", 0, 16)
        let table: [([UInt8], String)] = [
            (Self.file("{\(a)}"), ""), (Self.file(" {\(a)}"), "bytes of another kind"),
            (Self.file("{\(a)} \n  "), ""), (Self.file("{}", data: 0), ""),
            (Self.file("{\(a)}x"), "more behind"), (Self.file("{\(a),}"), "found }"),
            (Self.file("{\(a)}", length: 1 << 60), "a header of 1152921504606846976 bytes"),
            (Self.file("{\(a)}", length: -1), "a header of 18446744073709551615 bytes"),
            (Self.file("{\(a),\(a)}"), "the key a twice"),
            (Self.file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"},\(a)}"), "the key a twice"),
            (Self.file("{\"__metadata__\":{\"a\":1},\(a)}"), "found 1"),
            (Self.file("{\(Self.tensor("a", 0, 16)),\(Self.tensor("b", 0, 16))}"), "an overlap"),
            (
                Self.file("{\(Self.tensor("a", 0, 16)),\(Self.tensor("b", 20, 36))}", data: 36),
                "a hole: its data start at byte"
            ),
            (Self.file("{\(Self.tensor("a", 4, 20))}", data: 20), "a hole"),
            (Self.file("{\(a)}", data: 17), "1 bytes that belong to no tensor"),
            (Self.file("{\(a)}", data: 15), "elements up to byte 16 of the data"),
            (Self.file("{\(Self.tensor("a", 16, 0))}"), "offsets [16, 0]"),
            (Self.file("{\(Self.tensor("a", 0, 16, "[5]"))}"), "16 bytes for shape [5]"),
            (Self.file("{\(Self.tensor("a", 0, 16, "[-4]"))}"), "found -"),
            (Self.file("{\(Self.tensor("a", 0, 16, "[4.0]"))}"), "found ."),
            (Self.file("{\(Self.tensor("a", 0, 16, "[04]"))}"), "leading zero"),
            (
                Self.file("{\(Self.tensor("a", 0, 16, "[4294967296,4294967296]"))}"),
                "a shape that can be"
            ),
            (
                Self.file("{\(Self.tensor("a", 0, 16, "[99999999999999999999]"))}"),
                "a number beyond 2^63"
            ),
            (Self.file("{\(Self.tensor("a", 0, 16, "[4]", "F8_E4M3"))}"), "element type F8_E4M3"),
            (Self.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[4]}}"), "without offsets"),
            (Self.file("{\"a\":{\"shape\":[4],\"data_offsets\":[0,16]}}"), "without dtype"),
            (Self.file("{\"a\":{\"dtype\":\"F32\",\"x\":1}}"), "the key x"),
            (Self.file("{\"a\":[]}"), "found ["), (Self.file("{\"a"), "the end of a string"),
            (Self.file("{\"a\\x\":0}"), "an escape JSON does not know"),
            (Self.file("{\"\\ud800\":0}"), "an escape JSON does not know"),
            (Self.file("{\"\\ud800\\u0041\":0}"), "half a character"),
            (Self.file("{\"\\udc00\":0}"), "half a character"),
            (Self.file("{\"a\u{1}\":0}"), "a control character"),
            (Self.file("{" + Self.tensor("a\\n", 0, 16) + "}"), "without control characters"),
            (Self.file("{" + Self.tensor("", 0, 16) + "}"), "a name of 0 bytes"),
            (
                Self.file(String(repeating: "{\"a\":", count: 100_000)),
                "the key a, expected dtype"
            ),
            (
                Self.file("{\(Self.tensor("a", 0, 16, String(repeating: "[", count: 9999)))}"),
                "found ["
            ),
        ]
        for (bytes, expected) in table {
            let message = TorchBuilder.refusal(of: bytes)
            if expected.isEmpty {
                #expect(message == nil, "\(message ?? "")")
            } else {
                #expect(try #require(message, "\(expected)").contains(expected), "\(message ?? "")")
                #expect(message?.contains("\n") == false)
            }
        }
    }

    @Test("bytes that are no UTF-8 are refused")
    func encoding() throws {
        var bytes = Self.file("{" + Self.tensor("abc", 0, 16) + "}")
        #expect(TorchBuilder.refusal(of: bytes) == nil)
        bytes[11] = 0xff
        #expect(try #require(TorchBuilder.refusal(of: bytes)).contains("not UTF-8"))
    }

    @Test("escapes in names are understood")
    func escapes() throws {
        let file = try TensorFile(
            Self.file("{" + Self.tensor("\\u00e9\\ud83d\\ude00\\\"\\\\\\/", 0, 16) + "}"))
        #expect(file.entries.map(\.name) == ["é😀\"\\/"])
    }

    @Test("a header beyond the limit and too many tensors are refused")
    func limits() throws {
        var limits = TensorFileLimits()
        limits.headerBytes = 20
        let bytes = Self.file("{" + Self.tensor("a", 0, 16) + "}")
        #expect(try #require(TorchBuilder.refusal(of: bytes, limits: limits)).contains("most 20"))
        limits = TensorFileLimits()
        limits.tensors = 1
        let two = Self.file(
            "{" + Self.tensor("a", 0, 16) + "," + Self.tensor("b", 16, 32) + "}", data: 32)
        #expect(TorchBuilder.refusal(of: two) == nil)
        #expect(
            try #require(TorchBuilder.refusal(of: two, limits: limits)).contains("1 tensors"))
    }
}
