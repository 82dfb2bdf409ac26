import Foundation
import Testing

@testable import MedicalDatasets

@Suite("Built-in cards")
struct BuiltInCardTests {
    @Test("the data sets are listed in order, each under the name of its file")
    func names() {
        #expect(
            DatasetCard.builtIn.map(\.name)
                == [
                    "btcv", "synapse", "monuseg", "camelyon16", "camelyon17", "sample",
                    "sample-nuclei", "sample-slide",
                ])
        #expect(EmbeddedFile.cards.map(\.name) == DatasetCard.builtIn.map(\.name))
    }

    @Test("rewriting a card changes no byte", arguments: EmbeddedFile.cards.indices)
    func canonical(index: Int) throws {
        let file = EmbeddedFile.cards[index]
        let card = try DatasetCard(json: file.bytes, file: file.fileName)
        #expect(card.jsonText == String(decoding: file.bytes, as: UTF8.self))
    }

    @Test("a card survives a trip through another Codable value", arguments: DatasetCard.builtIn)
    func codable(card: DatasetCard) throws {
        let data = try JSONEncoder().encode(["card": card])
        let back = try JSONDecoder().decode([String: DatasetCard].self, from: data)["card"]
        // The digest of the text equals that of the file, because the file has exactly the form of the text.
        #expect(back == card)
    }

    @Test("every card says how to get the data, under which terms, and names a split that exists")
    func complete() throws {
        for card in DatasetCard.builtIn {
            #expect(!card.obtain.isEmpty && !card.description.isEmpty, "\(card.name)")
            #expect(card.licence.name != "unknown" && card.citation != nil, "\(card.name)")
            let split = try DatasetSplit.named(#require(card.defaultSplit))
            #expect(split.dataset == card.name)
            #expect(card.sha256.count == 64)
        }
    }

    @Test("BTCV has thirteen organs in the order of the challenge")
    func btcv() throws {
        let card = try DatasetCard.named("btcv")
        #expect(
            card.labels.map(\.name) == [
                "spleen", "right kidney", "left kidney", "gallbladder", "esophagus", "liver",
                "stomach", "aorta", "inferior vena cava", "portal vein and splenic vein",
                "pancreas",
                "right adrenal gland", "left adrenal gland",
            ])
        #expect(card.labels.map { Int($0.id) } == Array(1...13))
        #expect(card.labels.map(\.values) == (1...13).map { [$0] })
        #expect(card.layouts.map(\.name) == ["raw", "training-folder", "decathlon", "flat"])
        #expect(card.licence.redistribution == false)
        #expect(card.label(named: "Liver")?.id == 6)
        #expect(card.knownDefects(of: "0035").count == 1)
    }

    @Test("Synapse keeps eight of them, in the colours of BTCV, and drops five")
    func synapse() throws {
        let card = try DatasetCard.named("synapse")
        let btcv = try DatasetCard.named("btcv")
        #expect(
            card.labels.map(\.name) == [
                "spleen", "right kidney", "left kidney", "gallbladder", "liver", "stomach", "aorta",
                "pancreas",
            ])
        #expect(card.labels.flatMap(\.values) == [1, 2, 3, 4, 6, 7, 8, 11])
        #expect(card.backgroundValues == [5, 9, 10, 12, 13])
        #expect(card.collection == btcv.collection)
        for label in card.labels {
            #expect(btcv.label(named: label.name)?.color == label.color)
            #expect(btcv.label(named: label.name)?.values == label.values)
        }
    }

    @Test("the sample has the organs and the raw layout of BTCV")
    func sample() throws {
        let card = try DatasetCard.named("sample")
        let btcv = try DatasetCard.named("btcv")
        #expect(card.labels == btcv.labels)
        #expect(card.layouts == [btcv.layouts[0]])
    }

    @Test("Camelyon16 marks the slides whose outlines are not exhaustive")
    func camelyon16() throws {
        let card = try DatasetCard.named("camelyon16")
        let marked = card.knownDefects.filter { $0.note.hasPrefix("Not exhaustively") }.map(\.case)
        #expect(marked.count == 21)
        #expect(marked.contains("test_114") && marked.contains("tumor_110"))
        #expect(card.labels[0].groups == ["_0", "_1", "tumor", "metastases"])
        #expect(card.backgroundGroups == ["_2", "exclusion", "normal"])
        let ours = try #require(DatasetCard.builtIn.first { $0.name == "camelyon17" })
        #expect(ours.backgroundValues == [2])
    }

    @Test("a patient is read from the case id where the names allow it")
    func patients() throws {
        #expect(try DatasetCard.named("camelyon17").patient(of: "patient_017_node_2") == "017")
        #expect(
            try DatasetCard.named("monuseg").patient(of: "TCGA-HE-7128-01Z-00-DX1")
                == "TCGA-HE-7128")
        #expect(try DatasetCard.named("btcv").patient(of: "0007") == "0007")
        #expect(try DatasetCard.named("camelyon17").patient(of: "other_slide") == "other_slide")
    }

    @Test(
        "a misspelt name is answered with the one that was meant",
        arguments: [
            ("btvc", "did you mean \"btcv\"?"), ("Synapes", "did you mean \"synapse\"?"),
            ("camelyon1", "did you mean \"camelyon16\"?"), ("liver", "pass --card FILE"),
        ])
    func misspelt(name: String, hint: String) {
        let error = #expect(throws: DatasetError.self) { try DatasetCard.named(name) }
        #expect(error?.kind == .usage)
        let text = error?.description ?? ""
        #expect(text.contains(hint) && text.contains("btcv, synapse, monuseg"), "\(text)")
    }
}
