import Testing

@testable import NumPyFiles

@Suite("Hostile arrays")
struct NPYHostileTests {
    static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        let count = header.utf8.count
        let length = (0..<(version == 1 ? 2 : 4)).map {
            UInt8(truncatingIfNeeded: count >> (8 * $0))
        }
        return NPY.magic + [version, 0] + length + Array(header.utf8) + data
    }

    @Test(
        "headers that other programs write are read",
        arguments: [
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n",
            "{'shape': (2,), 'fortran_order': False, 'descr': '<i2'}",
            "{\"descr\": \"<i2\", \"fortran_order\": False, \"shape\": (2,)}   \n",
            "{'descr':'<i2','fortran_order':True,'shape':(2L,),}",
            "{ 'descr' : '<i2' , 'fortran_order' : False , 'shape' : ( 2 , ) , }",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1)}",
        ])
    func accepted(header: String) throws {
        for version: UInt8 in 1...3 {
            let array = try NPY.decode(Self.file(header, data: [1, 0, 2, 0], version: version))
            #expect(try array.values(as: Int16.self) == [1, 2])
        }
    }

    @Test(
        "headers outside the grammar are refused",
        arguments: [
            "", "{}", "{'descr': '<i2', 'fortran_order': False}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)} x",
            "{'descr': '<i2', 'fortran_order': 0, 'shape': (2,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': [2]}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (-2,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (+2,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (1,,2)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (1+1,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), 'extra': 1}",
            "{'descr': '<i2', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '<i2\\x00', 'fortran_order': False, 'shape': (2,)}",
            "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}",
            "{'descr': '|i2', 'fortran_order': False, 'shape': (2,)}",
            "{'descr': '=i2', 'fortran_order': False, 'shape': (2,)}",
            "{'descr': 'i2', 'fortran_order': False, 'shape': (2,)}",
            "{'descr': '', 'fortran_order': False, 'shape': (2,)}",
            "{,'descr': '<i2', 'fortran_order': False, 'shape': (2,)}",
        ])
    func refused(header: String) {
        #expect(throws: NumPyError.self) { try NPY.decode(Self.file(header, data: [1, 0, 2, 0])) }
    }

    @Test("Python objects and records are refused by name")
    func objects() {
        #expect(throws: NumPyError.unsupportedType(file: "o.npy", descr: "'|O'")) {
            try NPY.decode(NumPyFixtures.objects, named: "o.npy")
        }
        let record = "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (2,)}"
        #expect(
            throws: NumPyError.unsupportedType(file: "r.npy", descr: "a record of several fields")
        ) {
            try NPY.decode(Self.file(record), named: "r.npy")
        }
    }

    @Test("shapes beyond the bytes, the limits or the integers are refused")
    func sizes() {
        func decode(_ shape: String, _ count: Int) throws -> NPYArray {
            try NPY.decode(
                Self.file(
                    "{'descr': '<f8', 'fortran_order': True, 'shape': \(shape)}",
                    data: .init(repeating: 0, count: count)),
                limits: NumPyLimits(arrayBytes: 80))
        }
        #expect(throws: Never.self) { try decode("(5, 2)", 80) }
        #expect(throws: Never.self) { try decode("(0, 9000000)", 0) }
        #expect(
            throws: NumPyError.tooLarge(file: "NumPy data", found: "88 bytes", limit: "80 bytes")
        ) {
            try decode("(11,)", 88)
        }
        for (shape, count) in [("(5, 2)", 79), ("(5, 2)", 81), ("()", 0), ("(0,)", 8)] {
            #expect(throws: NumPyError.self, "\(shape)") { try decode(shape, count) }
        }
        for shape in [
            "(9223372036854775807,)", "(4294967296, 4294967296)", "(0, 9223372036854775807)",
            "(9223372036854775807, 9223372036854775807, 0)",
        ] {
            #expect(throws: NumPyError.self, "\(shape)") { try decode(shape, 8) }
        }
        let axes = [String](repeating: "1", count: 33).joined(separator: ", ")
        #expect(throws: NumPyError.self) { try decode("(\(axes))", 8) }
    }

    @Test("a file cut anywhere is refused, and no changed byte traps")
    func damaged() {
        for file in [NumPyFixtures.int16Matrix, NumPyFixtures.scalar, NumPyFixtures.fortran] {
            for length in 0..<file.count {
                #expect(throws: NumPyError.self) { try NPY.decode(Array(file.prefix(length))) }
            }
            for index in file.indices {
                for value in UInt8.min...UInt8.max {
                    var changed = file
                    changed[index] = value
                    guard let array = try? NPY.decode(changed) else { continue }
                    #expect(array.count * array.type.size == array.bytes.count)
                }
            }
        }
    }

    @Test("an enormous header is refused")
    func longHeader() {
        let file = NPY.magic + [2, 0, 0xff, 0xff, 0xff, 0xff] + [UInt8](repeating: 0x20, count: 50)
        #expect(
            throws: NumPyError.tooLarge(
                file: "NumPy data", found: "a header of 4294967295 bytes", limit: "10000")
        ) {
            try NPY.decode(file)
        }
    }

    @Test("messages are one line with file, place, found, expected and next step")
    func messages() {
        let table: [(NumPyError, String)] = [
            (
                .damaged(file: "a.npy", offset: 61, found: "\"x\"", expected: "\",\""),
                "a.npy: at byte 61: found \"x\", expected \",\"; "
                    + "the file is damaged, fetch or write it again"
            ),
            (
                .unsupportedType(file: "a.npy", descr: "'|O'"),
                "a.npy: header: found element type '|O', expected whole numbers, float32, float64 or bool; "
                    + "save it in NumPy as array.astype('float32') or another of these types"
            ),
            (
                .noSuchArray(file: "a.npz", name: "mask", members: ["image", "label"]),
                "a.npz: found no array named mask, only image, label; ask for one of these"
            ),
            (
                .typeMismatch(found: .int16, asked: "float32"),
                "NumPy array: found elements of type int16, asked for float32; "
                    + "ask for the type the array has"
            ),
        ]
        for (error, text) in table { #expect(error.description == text) }
    }
}
