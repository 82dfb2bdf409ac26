import Foundation
import Testing

@testable import MedicalDatasets

@Suite("Read-me files of Datasets and Splits")
struct ReadmeTests {
    private func readme(_ folder: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("\(folder)/README.md"), encoding: .utf8)
    }

    private func example(_ text: String) throws -> [UInt8] {
        let parts = text.components(separatedBy: "```")
        let block = try #require(parts.first { $0.hasPrefix("json\n") })
        return Array(block.dropFirst(5).utf8)
    }

    @Test("the examples work, and the split divides the card")
    func examples() throws {
        let card = try DatasetCard(json: example(readme("Datasets")), file: "README.md")
        let split = try DatasetSplit(json: example(readme("Splits")), file: "README.md")
        #expect(card.labelLookup()[255] == 0 && card.labelLookup()[2] == 1)
        #expect(split.findings(for: card).isEmpty)
    }

    @Test("every key is explained, and every built-in split is listed with its sizes")
    func tables() throws {
        let cards = try readme("Datasets")
        for key in DatasetCard.keys { #expect(cards.contains("`\(key)`"), "\(key)") }
        let splits = try readme("Splits")
        for key in DatasetSplit.keys { #expect(splits.contains("`\(key)`"), "\(key)") }
        for split in DatasetSplit.builtIn {
            let sizes = SplitPart.allCases.map { part in
                let count = split.cases(in: part).count
                return count == 0 ? "-" : String(count)
            }
            let row = "| `\(split.name)` | \(sizes.joined(separator: " / ")) |"
            #expect(splits.contains(row), "\(row)")
        }
    }
}
