import Testing

@testable import NumPyFiles

@Suite("Single arrays")
struct NPYTests {
    @Test("an array is written byte for byte as NumPy writes it")
    func sameBytes() throws {
        let matrix = try NPYArray(shape: [2, 3], values: (0..<6).map(Int16.init))
        #expect(NPY.encode(matrix) == NumPyFixtures.int16Matrix)
        #expect(NPY.encode(try NPYArray(shape: [], values: [2.5])) == NumPyFixtures.scalar)
        #expect(
            try NPY.encode(shape: [2, 3], type: .int16, bytes: matrix.bytes)
                == NumPyFixtures.int16Matrix)
    }

    /// Header texts of NumPy 2.4.6 without their padding, and the whole header's length.
    static let headers: [([Int], NPYType, String, Int)] = [
        ([], .float64, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 128),
        ([5], .bool, "{'descr': '|b1', 'fortran_order': False, 'shape': (5,), }", 128),
        ([0, 3], .uint8, "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3), }", 128),
        (
            [512, 512, 147], .int64,
            "{'descr': '<i8', 'fortran_order': False, 'shape': (512, 512, 147), }", 128
        ),
        (
            [Int](repeating: 1, count: 20), .float32,
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "
                + "1, 1, 1, 1, 1, 1, 1, 1, 1, 1), }", 192
        ),
    ]

    @Test("headers have NumPy's text and are padded to 64 bytes", arguments: headers)
    func header(shape: [Int], type: NPYType, text: String, length: Int) throws {
        let header = try NPY.header(shape: shape, type: type)
        #expect(header.count == length)
        #expect(header.prefix(8) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
        #expect(Int(header[8]) + Int(header[9]) << 8 == length - 10)
        #expect(header.last == 0x0a)
        let found = String(decoding: header[10..<(length - 1)], as: UTF8.self)
        #expect(found == text + String(repeating: " ", count: length - 11 - text.count))
    }

    @Test("big-endian elements and Fortran order are brought to C order")
    func rearranged() throws {
        let floats = try NPY.decode(NumPyFixtures.bigEndian)
        #expect(floats.type == .float32 && floats.shape == [2])
        #expect(try floats.values(as: Float.self) == [1.5, -2])
        let bytes = try NPY.decode(NumPyFixtures.fortran)
        #expect(bytes.shape == [2, 3])
        #expect(try bytes.values(as: UInt8.self) == [0, 1, 2, 3, 4, 5])
    }

    @Test("Fortran order of three axes follows its definition")
    func fortranLaw() {
        let (a, b, c) = (2, 3, 4)
        for size in [1, 2, 4, 8] {
            let count = a * b * c
            let fortran = (0..<count).flatMap { index in
                (0..<size).map { UInt8(index * 10 &+ $0 & 0xff) }
            }
            let result = NPYByteOrder.cOrder(fromFortran: fortran, shape: [a, b, c], size: size)
            for (i, j, k) in (0..<count).map({ ($0 / (b * c), $0 / c % b, $0 % c) }) {
                let from = (i + j * a + k * a * b) * size
                let to = ((i * b + j) * c + k) * size
                #expect(result[to..<(to + size)] == fortran[from..<(from + size)])
            }
        }
    }

    @Test("every type reads back equal", arguments: NPYType.allCases)
    func roundTrip(type: NPYType) throws {
        for shape in [[], [0], [3], [2, 0, 4], [2, 3, 4]] {
            let count = shape.reduce(1, *) * type.size
            let array = try NPYArray(
                shape: shape, type: type,
                bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) })
            #expect(try NPY.decode(NPY.encode(array)) == array)
        }
    }

    @Test("values come back only as the type they have")
    func types() throws {
        let array = try NPYArray(shape: [2], values: [Float(1), 2])
        #expect(throws: NumPyError.typeMismatch(found: .float32, asked: "float64")) {
            try array.values(as: Double.self)
        }
        let truth = try NPYArray(shape: [2], type: .bool, bytes: [1, 0])
        #expect(try truth.values(as: UInt8.self) == [1, 0])
    }

    @Test("an array whose bytes do not fill its shape is refused")
    func mismatch() {
        #expect(
            throws: NumPyError.unwritable(
                name: "NumPy array", found: "5 bytes", expected: "shape [2, 3] of uint8")
        ) {
            try NPYArray(shape: [2, 3], type: .uint8, bytes: .init(repeating: 0, count: 5))
        }
        for shape in [[-1], [Int.max, 2], [0, Int.max, Int.max], .init(repeating: 1, count: 33)] {
            #expect(throws: NumPyError.self, "\(shape)") {
                try NPYArray(shape: shape, type: .int64, bytes: [])
            }
        }
    }
}
