import Testing

@testable import MedicalDatasets

@Suite("Label values")
struct LabelValueMapTests {
    @Test("raw Synapse files are reduced from thirteen values to eight ids")
    func raw() throws {
        let map = try DatasetCard.named("synapse").labelLookup()
        #expect((0...13).map { map[$0] } == [0, 1, 2, 3, 4, 0, 5, 6, 7, 0, 0, 8, 0, 0])
        #expect(map[14] == nil && map[-1] == nil && map[255] == nil && map[Int.max] == nil)
    }

    @Test("files that already hold card ids are left alone")
    func cardIDs() throws {
        let map = try DatasetCard.named("synapse").labelLookup(.cardIDs)
        #expect((0...8).map { map[$0] } == [0, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(map[9] == nil && map[11] == nil)
    }

    @Test("unknown values become background and are counted")
    func unknown() throws {
        let map = try DatasetCard.named("synapse").labelLookup()
        let result = map.remap([0, 6, 11, 99, 99, -4, 5] as [Int16])
        #expect(result.ids == [0, 5, 8, 0, 0, 0, 0])
        #expect(result.unknown == [99: 2, -4: 1])
        #expect(map.remap([UInt64.max]).unknown == [Int.max: 1])
        #expect(map.remap([UInt8]()).ids == [])
    }

    @Test("many values at once give what single look-ups give, at every width and length")
    func bulk() throws {
        let map = try DatasetCard.named("synapse").labelLookup()
        func check<Raw: FixedWidthInteger>(_ type: Raw.Type) {
            for length in 0..<40 {
                // Runs of background around single values, in every position of an eight.
                let raw = (0..<length).map { Raw(truncatingIfNeeded: $0 % 11 == 3 ? $0 : 0) }
                let result = map.remap(raw)
                #expect(result.ids == raw.map { map[Int(clamping: $0)] ?? 0 })
                #expect(
                    result.unknown.values.reduce(0, +)
                        == raw.count { map[Int(clamping: $0)] == nil })
            }
        }
        check(UInt8.self)
        check(Int8.self)
        check(Int16.self)
        check(UInt16.self)
        check(Int32.self)
        check(UInt64.self)
    }

    @Test("values far apart and negative ones are found too")
    func farApart() throws {
        let text = CardErrorTests.tenLines.replacing("[7, 8]", with: "[-2000000000, -5, 70000]")
        let card = try DatasetCard(json: Array(text.utf8), file: "x")
        let map = card.labelLookup()
        for value in [-2_000_000_000, -5, 70_000] { #expect(map[value] == 1) }
        #expect(map[-6] == nil && map[69_999] == nil)
        #expect(map.remap([-5, 70_000, 3] as [Int32]).ids == [1, 1, 0])
    }

    @Test("label files that look already reduced are pointed out")
    func encoding() throws {
        let synapse = try DatasetCard.named("synapse")
        let btcv = try DatasetCard.named("btcv")
        let reduced = Set(0...8)
        let full = Set(0...13)
        #expect(synapse.encodingFinding(values: reduced, readAs: .raw)?.severity == .warning)
        #expect(synapse.encodingFinding(values: full, readAs: .raw) == nil)
        #expect(synapse.encodingFinding(values: reduced, readAs: .cardIDs) == nil)
        #expect(synapse.encodingFinding(values: full, readAs: .cardIDs)?.severity == .warning)
        #expect(btcv.encodingFinding(values: reduced, readAs: .raw) == nil)
    }

    @Test("colours are read and written, and the drafted ones differ")
    func colours() {
        #expect(LabelColor("#e6194b")?.description == "#E6194B")
        for text in ["", "#", "E6194B", "#E6194", "#E6194BB", "#GGGGGG", "#+12345"] {
            #expect(LabelColor(text) == nil, "\(text)")
        }
        #expect(Set((0..<117).map { LabelColor.distinct($0) }).count == 117)
        #expect(LabelColor.distinct(0).description == "#E6194B")
    }
}
