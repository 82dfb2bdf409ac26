import Foundation
import HDF5
import Testing

@testable import SegmentAnything

@Suite("HDF5 files written on disk")
struct CheckpointContainerTests {
    let files: CheckpointTestFiles

    init() throws { files = try CheckpointTestFiles() }

    private func kind(_ body: () throws -> Void) -> HDF5Error.Kind? {
        do {
            try body()
            return nil
        } catch {
            #expect(!"\(error)".contains("\n"))
            return (error as? HDF5Error)?.kind
        }
    }

    @Test("Arrays of every type are read back from their places, and equal calls give equal bytes")
    func places() throws {
        let types: [HDF5FileWriter.ValueType] =
            HDF5ElementType.allCases.map { .number($0) } + [.float16]
        for name in ["a.h5", "b.h5"] {
            let writer = try HDF5FileWriter(path: files.path(name))
            try writer.createGroup("/g")
            for (index, type) in types.enumerated() {
                let bytes = (0..<(6 * type.byteCount)).map { UInt8($0 + index) }
                try bytes.withUnsafeBytes {
                    try writer.writeArray("/g/\(index)", $0, type: type, shape: [2, 3])
                }
                try writer.setAttribute("text", .string("number \(index)"), at: "/g/\(index)")
            }
            try writer.writeArray(
                "/empty", UnsafeRawBufferPointer(start: nil, count: 0), type: .float16,
                shape: [3, 0])
            for index in 0..<20 { try writer.setAttribute("n\(index)", .integer(Int64(index))) }
            try writer.finish()
        }
        let bytes = try files.bytes("a.h5")
        #expect(try bytes == files.bytes("b.h5"))
        let reader = try HDF5Reader(path: files.path("a.h5"))
        for (index, type) in types.enumerated() {
            let array = try reader.placedArray("/g/\(index)", texts: ["text", "none"])
            #expect(array.texts == ["number \(index)", nil])
            #expect(array.info.shape == [2, 3] && array.info.elementBytes == type.byteCount)
            #expect(
                Array(bytes[array.place]) == (0..<(6 * type.byteCount)).map { UInt8($0 + index) })
            #expect(try reader.place(of: "/g/\(index)") == array.place)
        }
        #expect(try reader.place(of: "/empty") == 0..<0)
        #expect(try reader.attribute("n19") == .integer(19))
        #expect(try reader.attributeNames().count == 20)
    }

    @Test("Misuse is refused, and a file that is there is not touched")
    func misuse() throws {
        let writer = try HDF5FileWriter(path: files.path("a.h5"))
        let four = [UInt8](repeating: 1, count: 4)
        func write(_ path: String, _ shape: [Int]) throws {
            try four.withUnsafeBytes {
                try writer.writeArray(path, $0, type: .number(.uint8), shape: shape)
            }
        }
        try write("/a", [4])
        #expect(kind { try write("/a", [4]) } == .misuse)
        #expect(kind { try write("/b", [5]) } == .misuse)
        #expect(kind { try write("/b", [-4]) } == .misuse)
        #expect(kind { try write("/b", [1 << 62, 1 << 62]) } == .misuse)
        #expect(kind { try write("/none/b", [4]) } == .misuse)
        #expect(kind { try write("/", [4]) } == .misuse)
        #expect(kind { try write("/.", [4]) } == .misuse)
        try writer.setAttribute("x", .double(1), at: "/a")
        #expect(kind { try writer.setAttribute("x", .double(1), at: "/a") } == .misuse)
        #expect(kind { try writer.setAttribute("x", .double(1), at: "/b") } == .misuse)
        #expect(kind { try writer.setAttribute("y", .string("a\0b")) } == .misuse)
        #expect(kind { try writer.setAttribute("y", .matrix([1], shape: [1, 2])) } == .misuse)
        try writer.finish()
        #expect(kind { try writer.finish() } == .misuse)
        #expect(kind { try write("/c", [4]) } == .misuse)
        let before = try files.bytes("a.h5")
        #expect(kind { _ = try HDF5FileWriter(path: files.path("a.h5")) } == .writing)
        #expect(kind { _ = try HDF5FileWriter(path: files.path("no/a.h5")) } == .writing)
        #expect(try files.bytes("a.h5") == before)
    }
}
