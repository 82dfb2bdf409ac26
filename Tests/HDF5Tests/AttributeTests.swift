import HDF5
import Testing

@Suite struct AttributeTests {
    private static let values: [String: HDF5Attribute] = [
        "text": .string("größe 1"), "empty text": .string(""),
        "texts": .strings(["spleen", "", "left kidney"]), "no texts": .strings([]),
        "integer": .integer(.min), "integers": .integers([3, -1, .max]),
        "no integers": .integers([]),
        "double": .double(0.1), "doubles": .doubles([-0.5, .infinity]), "no doubles": .doubles([]),
        "affine": .matrix((0..<16).map { Double($0) / 4 }, shape: [4, 4]),
    ]

    @Test("every kind of value comes back from the root, a group and an array")
    func roundTrip() throws {
        let places = ["/", "/group", "/group/array"]
        try HDF5TestFiles.roundTrip { writer in
            try writer.createGroup("/group")
            try writer.writeArray("/group/array", [1, 2] as [UInt8], shape: [2])
            for place in places {
                for (name, value) in Self.values.sorted(by: { $0.key < $1.key }) {
                    try writer.setAttribute(name, value, at: place)
                }
            }
        } _: { reader throws in
            for place in places {
                #expect(try reader.attributeNames(at: place) == Self.values.keys.sorted())
                for (name, value) in Self.values {
                    #expect(try reader.attribute(name, at: place) == value, "\(name) at \(place)")
                }
                #expect(try reader.attribute("absent", at: place) == nil)
            }
        }
    }

    @Test("strings of variable length come back when they are asked for")
    func variableLength() throws {
        let values = Self.values.filter { $0.key.contains("text") || $0.key == "integers" }
        #expect(values.count == 5)
        try HDF5TestFiles.roundTrip(limits: HDF5Limits(allowsVariableStrings: true)) { writer in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                try writer.setAttribute(name, value, variableLength: true)
            }
        } _: { reader throws in
            for (name, value) in values { #expect(try reader.attribute(name) == value, "\(name)") }
        }
    }

    @Test("a text of 100 kB fits into an attribute")
    func longText() throws {
        let text = String(repeating: "plan ", count: 20_000)
        try HDF5TestFiles.roundTrip { writer in
            try writer.setAttribute("plan", .string(text))
        } _: { reader throws in
            #expect(try reader.attribute("plan") == .string(text))
        }
    }

    @Test("attributes written by h5py are read whatever their type")
    func foreign() throws {
        let limits = HDF5Limits(allowsVariableStrings: true)
        let reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign"), limits: limits)
        let expected: [String: HDF5Attribute] = [
            "variable": .string("größer"), "variables": .strings(["liver", "spleen", ""]),
            "fixed": .strings(["liver", "spleen"]), "fixed_one": .string("abdomen"),
            "spaces": .string("ab"), "spacing": .doubles([0.5, 0.5, 3]), "level": .integer(40),
            "yes": .integer(1), "nothing": .doubles([]),
            "affine": .matrix((0..<16).map(Double.init), shape: [4, 4]),
            "table": .matrix([0, 1, 2, 3, 4, 5], shape: [2, 3]),
        ]
        for (name, value) in expected { #expect(try reader.attribute(name) == value, "\(name)") }
        for (name, words) in [
            ("huge", "9223372036854775808"), ("compound", "a compound type"),
            ("latin", "not UTF-8"),
        ] {
            let error = #expect(throws: HDF5Error.self) { try reader.attribute(name) }
            #expect(error?.key == "/@\(name)")
            #expect(error?.found.contains(words) == true, "\(name)")
        }
    }

    @Test("strings of variable length are refused unless the file is trusted")
    func variableStrings() throws {
        let reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign"))
        let error = #expect(throws: HDF5Error.self) { try reader.attribute("variable") }
        #expect(error?.kind == .refused)
        #expect(error?.expected.contains("HDF5Limits") == true)
    }

    @Test("an attribute larger than the limit is refused before it is read")
    func limit() throws {
        try HDF5TestFiles.roundTrip(limits: HDF5Limits(attributeBytes: 79)) { writer in
            try writer.setAttribute("ten", .doubles([Double](repeating: 1, count: 10)))
            try writer.setAttribute("nine", .doubles([Double](repeating: 1, count: 9)))
        } _: { reader throws in
            let error = #expect(throws: HDF5Error.self) { try reader.attribute("ten") }
            #expect(error?.kind == .tooLarge)
            #expect(try reader.attribute("nine") != nil)
        }
    }
}
