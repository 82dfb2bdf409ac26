import SegmentationReports
import Testing

@Suite struct ReportJSONTests {
    @Test func `A score report reads back equal, infinities and missing numbers included`() throws {
        let bytes = try ReportJSON.encode(SampleReport.score)
        #expect(try ReportJSON.decodeScore(bytes, name: "a.json") == SampleReport.score)
        #expect(bytes.last == UInt8(ascii: "\n"))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""value" : "inf""#))
        #expect(text.contains(#""schema" : "samdata.score/1""#))
        #expect(text.contains("r/0001.nii.gz"))
    }

    @Test func `A comparison reads back equal`() throws {
        let bytes = try ReportJSON.encode(SampleReport.compare)
        #expect(try ReportJSON.decodeCompare(bytes, name: "a.json") == SampleReport.compare)
    }

    @Test func `Equal reports have equal bytes, also after reading`() throws {
        let bytes = try ReportJSON.encode(SampleReport.score)
        for _ in 0..<5 { #expect(try ReportJSON.encode(SampleReport.score) == bytes) }
        #expect(try ReportJSON.encode(ReportJSON.decodeScore(bytes, name: "a")) == bytes)
    }

    @Test func `A JSON line is complete in itself`() throws {
        let bytes = try ReportJSON.jsonLines(of: SampleReport.score)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 6)
        #expect(
            lines[3] == #"{"case":"0002","counts":{"fn":5,"fp":0,"tn":115,"tp":0},"label":6,"#
                + #""labelName":"liver_all","values":{"dice":{"state":"miss","value":0},"#
                + #""hd95":{"state":"miss","value":"inf"}}}"#)
    }

    @Test(
        "A report that contradicts itself is refused on one line",
        arguments: [
            (#""samdata.score/1""#, #""samdata.score/2""#, "schema: found `samdata.score/2`"),
            (#""samdata.score/1""#, "7", "schema: found another type, expected String"),
            (#""tp" : 9"#, #""tp" : 18446744073709551615"#, "rows[0].counts: found more than"),
            (#""tp" : 9"#, #""tp" : 1e400"#, "number out of range"),
            (#""tp" : 9"#, #""tp" : -1"#, "number out of range"),
            (#""tp" : 9"#, #""xx" : 9"#, "rows[0].counts: found no key `tp`"),
            (#""label" : 6"#, #""label" : 99999999999999999999"#, "number out of range"),
            (#""label" : 6"#, #""label" : 7"#, "rows[1].label: found `7`, expected one of labels"),
            (#""case" : "0002""#, #""case" : "no""#, "rows[2].case: found `no`"),
            (#""case" : "0002""#, #""case" : "0001""#, "rows[2]: found a second row of case 0001"),
            (#""id" : "0002""#, #""id" : "0001""#, "cases[1]: found `0001` a second time"),
            (#""id" : "hd95""#, #""id" : "dice""#, "metrics[1]: found `dice` a second time"),
            (#""metric" : "hd95""#, #""metric" : "x\u001b[2J\ny""#, "found `x [2J y`"),
            (#""state" : "miss""#, #""state" : "lost""#, "rows[3].values[0].state"),
            (
                #""monai""#, #""monai", "third""#,
                "spread.rows[0].means: found 2 entries, expected 3"
            ),
            (#""DSC","#, "", "published.rows[0].values: found 2 entries, expected 1"),
        ])
    func contradiction(old: String, new: String, place: String) throws {
        let text = String(decoding: try ReportJSON.encode(SampleReport.score), as: UTF8.self)
        let changed = text.split(separator: old, omittingEmptySubsequences: false)
        try #require(changed.count > 1, "the sample has no \(old)")
        let hostile = changed.joined(separator: new)
        let line = try #require(message(Array(hostile.utf8)))
        #expect(line.hasPrefix("a.json: "))
        #expect(line.contains(place), "\(line)")
        #expect(isOneLine(line))
    }

    @Test func `A row with too few or too many values is refused`() throws {
        var report = SampleReport.score
        report.rows[2].values.removeLast()
        #expect(
            message(try ReportJSON.encode(report))
                == "a.json: rows[2].values: found 1 entries, expected 2; the file was changed by hand or is damaged, "
                + "score again")
        report = SampleReport.score
        report.rows[4].values.append(report.rows[4].values[0])
        #expect(message(try ReportJSON.encode(report))?.contains("rows[4].values: found 3") == true)
        report = SampleReport.score
        report.panels[0].curves[0].y.removeLast()
        #expect(message(try ReportJSON.encode(report))?.contains("panels[0].curves[0].y") == true)
        report = SampleReport.score
        report.rows[0].worst?.voxel = []
        #expect(message(try ReportJSON.encode(report))?.contains("rows[0].worst.voxel") == true)
    }

    @Test func `Bytes that are no report are refused on one line`() {
        let deep = Array(String(repeating: "[", count: 200_000).utf8)
        let key = #"{"schema":"samdata.score/1","version":"#
        let deepKey = Array((key + String(repeating: #"{"a":"#, count: 100_000)).utf8)
        for bytes in [
            [], [0], [0xFF, 0xFE, 0x00], Array("null".utf8), Array("[]".utf8), Array("{}".utf8),
            Array(#"{"schema":"samdata.score/1"}"#.utf8), Array(#"{"schema":null}"#.utf8),
            Array("{\"schema\":\"a\nb\"}".utf8), Array("NaN".utf8), deep, deepKey,
        ] {
            let line = message(bytes)
            #expect(line?.hasPrefix("a.json: ") == true, "\(bytes.prefix(20))")
            #expect(isOneLine(line ?? "\n"), "\(bytes.prefix(20))")
            #expect(throws: ReportError.self) {
                try ReportJSON.decodeCompare(bytes, name: "a.json")
            }
        }
    }

    @Test func `A report cut anywhere is refused, and one changed anywhere never traps`() throws {
        let bytes = try ReportJSON.encode(SampleReport.score)
        for length in stride(from: 0, to: bytes.count - 2, by: 97) {
            let line = try #require(message(Array(bytes.prefix(length))))
            #expect(isOneLine(line))
        }
        var refused = 0
        for place in stride(from: 0, to: bytes.count, by: 41) {
            var changed = bytes
            changed[place] = changed[place] == UInt8(ascii: "9") ? 0x22 : UInt8(ascii: "9")
            if let line = message(changed) {
                #expect(isOneLine(line))
                refused += 1
            }
        }
        #expect(refused > 50)
    }

    @Test func `A comparison with a ranking of other models is refused`() throws {
        var report = SampleReport.compare
        report.rankings[0].meanRank.removeLast()
        let bytes = try ReportJSON.encode(report)
        #expect {
            try ReportJSON.decodeCompare(bytes, name: "c.json")
        } throws: {
            "\($0)".hasPrefix("c.json: rankings[0].meanRank: found 1 entries, expected 2;")
        }
        report = SampleReport.compare
        report.pairs[0].b = "other"
        let unknown = try ReportJSON.encode(report)
        #expect {
            try ReportJSON.decodeCompare(unknown, name: "c.json")
        } throws: {
            "\($0)".hasPrefix("c.json: pairs[0].b: found `other`, expected one of models;")
        }
    }

    @Test func `One kind of report is not read as the other`() throws {
        let line = message(try ReportJSON.encode(SampleReport.compare))
        #expect(
            line?.hasPrefix(
                "a.json: schema: found `samdata.compare/1`, expected `samdata.score/1`;") == true)
    }

    private func message(_ bytes: [UInt8]) -> String? {
        do throws(ReportError) {
            _ = try ReportJSON.decodeScore(bytes, name: "a.json")
            return nil
        } catch {
            return error.description
        }
    }

    private func isOneLine(_ text: String) -> Bool {
        !text.isEmpty && text.count < 500
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
