import HDF5
import Testing

@Suite struct ArrayRoundTripTests {
    private func check<E: HDF5Element & Equatable>(
        _ values: [E], bytes: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try HDF5TestFiles.roundTrip { writer in
            try writer.writeArray("/group/values", values, shape: [2, values.count / 2])
        } _: { reader throws in
            let info = try reader.info("group/values")
            #expect(info.shape == [2, values.count / 2], sourceLocation: sourceLocation)
            #expect(
                info.type == .number(E.hdf5Type, bigEndian: false), sourceLocation: sourceLocation)
            #expect(info.elementBytes == bytes, sourceLocation: sourceLocation)
            #expect(E.hdf5Type.byteCount == bytes, sourceLocation: sourceLocation)
            #expect(info.storedBytes == bytes * values.count, sourceLocation: sourceLocation)
            #expect(info.chunk == nil, sourceLocation: sourceLocation)
            #expect(
                try reader.readArray("/group/values", as: E.self) == values,
                sourceLocation: sourceLocation)
        }
    }

    @Test("each of the ten number types comes back with its extremes")
    func tenTypes() throws {
        try check([Int8.min, -1, 0, .max], bytes: 1)
        try check([UInt8.min, 1, 128, .max], bytes: 1)
        try check([Int16.min, -1, 258, .max], bytes: 2)
        try check([UInt16.min, 1, 32768, .max], bytes: 2)
        try check([Int32.min, -1, 65536, .max], bytes: 4)
        try check([UInt32.min, 1, 1 << 31, .max], bytes: 4)
        try check([Int64.min, -1, 1 << 40, .max], bytes: 8)
        try check([UInt64.min, 1, 1 << 63, .max], bytes: 8)
        try check([Float(-0.1), .infinity, .leastNonzeroMagnitude, 3], bytes: 4)
        try check([Double(-0.1), -.infinity, .leastNonzeroMagnitude, 3], bytes: 8)
    }

    @Test("single values and arrays without values keep their shape")
    func edges() throws {
        try HDF5TestFiles.roundTrip { writer in
            try writer.writeArray("/single", [2.5], shape: [])
            try writer.writeArray("/none", [Float](), shape: [3, 0, 2])
        } _: { reader throws in
            #expect(try reader.info("/single").shape == [])
            #expect(try reader.readArray("/single", as: Double.self) == [2.5])
            #expect(try reader.info("/none").shape == [3, 0, 2])
            #expect(try reader.info("/none").count == 0)
            #expect(try reader.readArray("/none", as: Float.self) == [])
        }
    }

    @Test("a slab is the part of the array that its offset and count name")
    func slab() throws {
        let values = (0..<60).map { Int32($0) }
        try HDF5TestFiles.roundTrip { writer in
            try writer.writeArray("/a", values, shape: [3, 4, 5])
        } _: { reader throws in
            let part = try reader.readSlab(
                "/a", offset: [1, 2, 3], count: [2, 1, 2], as: Int32.self)
            #expect(part == [33, 34, 53, 54])
            let rest = try reader.readSlab("/a", offset: [2, 3, 0], count: nil, as: Int32.self)
            #expect(rest == [55, 56, 57, 58, 59])
            let none = try reader.readSlab(
                "/a", offset: [3, 0, 0], count: [0, 4, 5], as: Int32.self)
            #expect(none == [])
            for (offset, count) in [
                ([0, 0], [1, 1]), ([0, 0, -1], [1, 1, 1]), ([0, 0, 4], [1, 1, 2]),
                ([4, 0, 0], [0, 0, 0]), ([0, 0, 0], [1, 1, .max]),
            ] {
                let error = #expect(throws: HDF5Error.self) {
                    try reader.readSlab("/a", offset: offset, count: count, as: Int32.self)
                }
                #expect(error?.kind == .mismatch)
            }
        }
    }

    @Test("numbers convert when every one fits and are refused when one does not")
    func conversion() throws {
        try HDF5TestFiles.roundTrip { writer in
            try writer.writeArray("/wide", [-3, 0, 127] as [Int64], shape: [3])
            try writer.writeArray("/large", [1, 200] as [Int16], shape: [2])
            try writer.writeArray("/half", [0.5, 1] as [Float], shape: [2])
            try writer.writeArray("/whole", [-2, 1] as [Double], shape: [2])
            try writer.writeArray("/odd", [.nan, .infinity] as [Double], shape: [2])
        } _: { reader throws in
            #expect(try reader.readArray("/wide", as: Int8.self) == [-3, 0, 127])
            #expect(try reader.readArray("/wide", as: Float.self) == [-3, 0, 127])
            #expect(try reader.readArray("/whole", as: Int32.self) == [-2, 1])
            #expect(try reader.readArray("/half", as: Double.self) == [0.5, 1])
            let odd = try reader.readArray("/odd", as: Float.self)
            #expect(odd[0].isNaN && odd[1] == .infinity)
            let failures: [@Sendable () throws -> Void] = [
                { _ = try reader.readArray("/wide", as: UInt8.self) },
                { _ = try reader.readArray("/large", as: Int8.self) },
                { _ = try reader.readArray("/half", as: Int16.self) },
                { _ = try reader.readArray("/odd", as: Int16.self) },
            ]
            for failure in failures {
                let error = #expect(throws: HDF5Error.self) { try failure() }
                #expect(error?.kind == .mismatch)
                #expect(error?.description.contains("cannot hold") == true)
            }
        }
    }

    @Test("strings come back as they were, the empty and the long one alike")
    func strings() throws {
        let names = ["liver", "", "größe", "脾臓", "left kidney"]
        try HDF5TestFiles.roundTrip { writer in
            try writer.writeStrings("/names", names)
            try writer.writeStrings("/none", [])
        } _: { reader throws in
            #expect(try reader.readStrings("/names") == names)
            #expect(try reader.info("/names").type == .fixedString(byteCount: 11))
            #expect(try reader.readStrings("/none") == [])
            #expect(throws: HDF5Error.self) { try reader.readArray("/names", as: UInt8.self) }
        }
    }
}
