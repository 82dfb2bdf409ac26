import MedicalDatasets
import Testing

@testable import SamdataWorkflow

@Suite("Labels of a score")
struct ScoreInputLabelTests {
    @Test("raw values and card ids lead to the same dense ids")
    func card() throws {
        let card = try DatasetCard.named("synapse")
        let labels = try ScoreLabels.resolve(
            reference: LabelScheme(card: card, encoding: .raw),
            prediction: LabelScheme(card: card, encoding: .cardIDs))
        #expect(
            labels.labels.map(\.name).prefix(5) == [
                "spleen", "right kidney", "left kidney", "gallbladder", "liver",
            ])
        #expect(labels.denseCount == 8)
        #expect(labels.labels.map(\.denseIDs) == (1...8).map { [UInt8($0)] })
        #expect(labels.labels[4].id == 5 && labels.labels[4].color == "#911EB4")
        // raw 6 is the liver, card id 5 is; raw 5 (esophagus) is background.
        #expect(labels.reference[6] == 5 && labels.prediction[5] == 5)
        #expect(
            labels.reference[5] == 0 && labels.reference[13] == 0 && labels.reference[14] == nil)
        #expect(labels.prediction[8] == 8 && labels.prediction[9] == nil)
        #expect(labels.findings.isEmpty)
    }

    @Test("labels meet by name, whatever their values, case and underscores")
    func byName() throws {
        let labels = try ScoreLabels.resolve(
            reference: try LabelScheme.parse("1=Left Kidney,2=liver"),
            prediction: try LabelScheme.parse("7=LIVER,3=left_kidney"))
        #expect(labels.reference[1] == 1 && labels.prediction[3] == 1)
        #expect(labels.reference[2] == 2 && labels.prediction[7] == 2)
        #expect(labels.prediction[1] == nil)
    }

    @Test("a label only the prediction knows must not occur, unless it is left out")
    func unlisted() throws {
        let reference = try LabelScheme.parse("1=liver")
        let prediction = try LabelScheme.parse("1=liver,2=spleen")
        let labels = try ScoreLabels.resolve(reference: reference, prediction: prediction)
        #expect(labels.prediction[2] == nil && labels.prediction[1] == 1)
        let error = labels.prediction.unknownValues([0: 10, 1: 5, 2: 3], in: "p.nii.gz")
        #expect(
            error.message
                == "p.nii.gz: label values: found 2 (`spleen`) in 3 voxels, expected the values of the "
                + "label table; leave it out with --ignore-label spleen")
        let ignored = try ScoreLabels.resolve(
            reference: reference, prediction: prediction, ignore: ["Spleen"])
        #expect(ignored.prediction[2] == 0)
        #expect(ignored.findings.map(\.message) == ["label `spleen` is left out"])
    }

    @Test("a label the prediction lacks is a warning, two spellings are an error")
    func spelling() throws {
        let reference = try LabelScheme.parse("1=liver,2=left kidney")
        let lacks = try ScoreLabels.resolve(
            reference: reference, prediction: try LabelScheme.parse("1=liver"))
        #expect(lacks.findings.map(\.severity) == [.warning])
        #expect(lacks.labels.count == 2 && lacks.labels[1].denseIDs == [2])
        for (name, hint) in [
            ("kidney_left", "for `left kidney`: did you mean \"kidney_left\"?"),
            ("left kidny", "for `left kidney`: did you mean \"left kidny\"?"),
        ] {
            let failed = failure {
                _ = try ScoreLabels.resolve(
                    reference: reference, prediction: try LabelScheme.parse("1=liver,2=\(name)"))
            }
            #expect(failed.kind == .data && failed.text.contains(hint), "\(failed.text)")
        }
    }

    @Test("ignored values become background on both sides and are recorded")
    func ignore() throws {
        let scheme = try LabelScheme.parse("1=liver,2=spleen")
        let labels = try ScoreLabels.resolve(reference: scheme, ignore: ["99", "2"])
        #expect(labels.labels.map(\.name) == ["liver"])
        for table in [labels.reference, labels.prediction] {
            #expect(table[99] == 0 && table[2] == 0 && table[1] == 1 && table[3] == nil)
        }
        #expect(
            labels.findings.map(\.message) == [
                "value 99 is background on both sides",
                "value 2 (`spleen`) is background on both sides",
            ])
    }

    @Test("groups are labels of their own, made of dense ids")
    func groups() throws {
        let scheme = try LabelScheme.parse("1=spleen,2=right kidney,3=left kidney")
        let labels = try ScoreLabels.resolve(
            reference: scheme, groups: ["kidneys=left_kidney+right kidney", "both=1+2"])
        #expect(
            labels.labels.map(\.name) == [
                "spleen", "right kidney", "left kidney", "kidneys", "both",
            ])
        #expect(labels.labels.map(\.id) == [1, 2, 3, 1001, 1002])
        #expect(labels.denseCount == 3)
        #expect(labels.labels.map(\.denseIDs) == [[1], [2], [3], [2, 3], [1, 2]])
        #expect(labels.labels[3].members == ["left kidney", "right kidney"])
        let only = try ScoreLabels.resolve(
            reference: scheme, groups: ["kidneys=left kidney+right kidney"], only: ["kidneys"])
        #expect(only.labels.map(\.name) == ["kidneys"] && only.labels[0].denseIDs == [1])
        #expect(only.reference[2] == 1 && only.reference[3] == 1 && only.reference[1] == 0)
    }

    @Test("nnU-Net's regions overlap, its ignore label hides voxels on both sides")
    func regions() throws {
        let data = try ScoreFolder()
        let path = try data.write(
            "dataset.json",
            #"{"labels": {"background": 0, "whole tumor": [1, 2, 3], "core": [2, 3], "ignore": 4}, "x": 1}"#
        )
        let labels = try ScoreLabels.resolve(reference: try LabelScheme.parse(path))
        #expect(labels.labels.map(\.name) == ["whole tumor", "core"])
        #expect(labels.labels.map(\.denseIDs) == [[1, 2], [2]])
        #expect([1, 2, 3, 4].map { labels.reference[$0] } == [1, 2, 2, ScoreLabels.maskedID])
        var (prediction, reference): ([UInt8], [UInt8]) = ([1, 1, 0, 2], [0, 255, 255, 1])
        #expect(labels.hideMasked(prediction: &prediction, reference: &reference) == 2)
        #expect(prediction == [1, 0, 0, 2] && reference == [0, 0, 0, 1])
    }

    @Test("label tables are read from JSON of either form, from cards and from the command line")
    func forms() throws {
        let data = try ScoreFolder()
        let plain = try data.write("a.json", #"{"liver": 6, "spleen": 1}"#)
        let old = try data.write(
            "b.json", #"{"labels": {"0": "background", "6": "liver", "1": "spleen"}}"#)
        for path in [plain, old] {
            let scheme = try LabelScheme.parse(path)
            #expect(scheme.labels.map(\.name) == ["spleen", "liver"])
            #expect(scheme.labels.map(\.values) == [[1], [6]])
        }
        let card = try data.write("c.json", TinyDataset.cardText)
        #expect(try LabelScheme.parse(card).labels.map(\.values) == [[1], [5]])
        #expect(try LabelScheme.parse(card, encoding: .cardIDs).labels.map(\.values) == [[1], [2]])
        #expect(try LabelScheme.parse("btcv").labels.count == 13)
        let any = try ScoreLabels.resolve(reference: try LabelScheme.parse("2+3=a,*=nucleus"))
        #expect([0, 1, 2, 3, 255, 70_000].map { any.reference[$0] } == [0, 2, 1, 1, 2, 2])
        #expect(any.reference[-1] == nil)
    }

    @Test("without a table every value of the reference is a label")
    func values() throws {
        let labels = try ScoreLabels.resolve(reference: LabelScheme(values: [0, 7, 3]))
        #expect(labels.labels.map(\.name) == ["label 3", "label 7"])
        #expect(labels.labels.map(\.id) == [3, 7])
        #expect(
            labels.reference[7] == 2 && labels.prediction[7] == 2 && labels.prediction[4] == nil)
        let named = LabelScheme(values: [3], names: [3: "aorta", 9: "liver"])
        #expect(named.labels.map(\.name) == ["aorta", "liver"])
        #expect(throws: Never.self) {
            try ScoreLabels.resolve(reference: LabelScheme(values: 1...254))
        }
    }

    @Test("a mask with one other value says how to name it")
    func onlyLabel() throws {
        let labels = try ScoreLabels.resolve(reference: try LabelScheme.parse("1=nucleus"))
        #expect(
            labels.prediction.unknownValues([0: 4, 255: 2], in: "m.png").message
                == "m.png: label values: found 255 in 2 voxels, expected the values of the label table; "
                + "if it means nucleus, say so: --prediction-labels '255=nucleus'; else leave it out with "
                + "--ignore-label 255")
    }

    @Test("tables that contradict themselves are refused, with the word that is wrong")
    func hostile() throws {
        let data = try ScoreFolder()
        let files = [
            try data.write("a.json", #"{"liver": -1}"#),
            try data.write("b.json", #"{"liver": "x"}"#),
            try data.write("c.json", #"{"liver": {"a": 1}}"#),
            try data.write("d.json", #"{"liver": 1, "Liver": 2}"#),
            try data.write("e.json", #"{"background": 0}"#),
            try data.write("f.json", #"{"liver": 1"#),
            try data.write("g.json", #"{"background": [0, 2], "liver": [1, 2]}"#),
            try data.write("h.json", #"[1, 2]"#),
        ]
        let scheme = try LabelScheme.parse("1=liver,2=spleen")
        func resolve(
            ignore: [String] = [], groups: [String] = [], only: [String]? = nil
        ) -> () throws -> Void {
            {
                _ = try ScoreLabels.resolve(
                    reference: scheme, ignore: ignore, groups: groups, only: only)
            }
        }
        func parse(_ text: String) -> () throws -> Void { { _ = try LabelScheme.parse(text) } }
        let swapped = {
            _ = try ScoreLabels.resolve(
                reference: scheme, prediction: try LabelScheme.parse("2=liver,1=spleen"),
                ignore: ["1"])
        }
        let table: [(() throws -> Void, FailureKind, String)] = [
            (
                parse(files[0]), .configuration,
                "label \"liver\": found [-1], expected a value from 0"
            ),
            (parse(files[1]), .configuration, "label \"liver\": found the text `x`"),
            (parse(files[2]), .configuration, "label \"liver\": found something else"),
            (parse(files[3]), .configuration, "found two labels called"),
            (parse(files[4]), .configuration, "found no label, expected at least one"),
            (parse(files[5]), .configuration, "expected names and values as in"),
            (parse(files[6]), .configuration, "found value 2 both as label and as background"),
            (parse(files[7]), .configuration, "expected names and values as in"),
            (parse("1:liver"), .usage, "found no such file and no card of that name"),
            (parse("x=liver"), .usage, "found the value `x` in `x=liver`"),
            (parse("1="), .usage, "found no name in `1=`"),
            (parse("1=a,,2=b"), .usage, "found no ="),
            (parse("0=a"), .usage, "found the value `0`"),
            (parse("*=a,*=b"), .configuration, "found two labels for *"),
            (resolve(ignore: ["livr"]), .usage, "did you mean \"liver\"?"),
            (resolve(ignore: ["0"]), .usage, "--ignore-label: found `0`"),
            (resolve(ignore: ["liver", "spleen"]), .data, "found no label to score"),
            (resolve(groups: ["liver=liver+spleen"]), .usage, "which a label has already"),
            (resolve(groups: ["g=liver+splen"]), .usage, "did you mean \"spleen\"?"),
            (resolve(groups: ["g"]), .usage, "found `g`, expected a name and its members"),
            (resolve(only: ["splean"]), .usage, "--only-label: found `splean`"),
            (
                swapped, .usage,
                "found 1, which is `liver` in the reference and `spleen` in the prediction"
            ),
            (
                { _ = try ScoreLabels.resolve(reference: LabelScheme(values: 1...255)) }, .data,
                "found 255 labels in the reference, expected at most 254"
            ),
        ]
        for (n, row) in table.enumerated() {
            let failed = failure(row.0)
            #expect(failed.kind == row.1, "row \(n): \(failed.text)")
            #expect(failed.text.contains(row.2), "row \(n): \(failed.text)")
            #expect(!failed.text.contains("\n"))
        }
    }
}
