import ArgumentParser
import MedicalDatasets
import SafeFiles
import SamdataWorkflow

/// `samdata datasets`: the data sets samdata knows, and drafts of new ones.
struct Datasets: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the data sets samdata knows, show one, or draft a card for your own.",
        discussion: """
            Examples:
              samdata datasets                             all of them
              samdata datasets btcv                        one: labels, layouts, licence, how to get it
              samdata datasets --new liver --from DIR      look at a folder and draft liver.json
            """)

    @Argument(help: ArgumentHelp("Show this data set.", valueName: "name"))
    var name: String?

    @Option(
        name: .customLong("new"),
        help: ArgumentHelp("Draft a card of this name for the folder --from.", valueName: "NAME"))
    var new: String?

    @Option(
        help: ArgumentHelp("The folder to look at.", valueName: "DIR"), completion: .directory)
    var from: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the card goes (default: NAME.json).", valueName: "FILE"))
    var output: String?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if (new == nil) != (from == nil) {
            throw ValidationError("--new and --from belong together")
        }
        if let new, let name {
            throw ValidationError(
                "--new: takes one name without spaces, found `\(new)` and `\(name)`")
        }
    }

    func run() throws {
        if let new, let from {
            try draft(new, from)
        } else if let name {
            try show(try DatasetCard.named(name))
        } else {
            try list()
        }
    }

    private func list() throws {
        if options.json {
            try Terminal.json(DatasetCard.builtIn)
            return
        }
        var table = TextTable(["name", "modality", "#cases", "#labels", "licence", "default split"])
        for card in DatasetCard.builtIn {
            table.add([
                card.name, card.modality, card.caseCount.map(String.init) ?? "",
                "\(card.labels.count)",
                card.licence.name, card.defaultSplit ?? "",
            ])
        }
        table.lines.forEach(Terminal.result)
        Terminal.result("")
        for card in DatasetCard.builtIn {
            Terminal.result("\(card.name): \(card.obtain.first ?? card.title)")
            if let pattern = card.layouts.first?.image.first {
                Terminal.result("  lies below --from as \(pattern.text)")
            }
        }
        Terminal.result("")
        Terminal.result("splits: \(DatasetSplit.builtIn.map(\.name).joined(separator: ", "))")
        Terminal.result("more on one: samdata datasets NAME")
    }

    private func show(_ card: DatasetCard) throws {
        if options.json {
            try Terminal.json(card)
            return
        }
        Terminal.result("\(card.title) (\(card.name))")
        if !card.description.isEmpty { Terminal.result(card.description) }
        Terminal.result("")
        Terminal.result("modality: \(card.modality), values in \(card.units)")
        Terminal.result("licence: \(card.licence.name)\(card.licence.url.map { ", \($0)" } ?? "")")
        if let citation = card.citation { Terminal.result("cite: \(citation.text)") }
        Terminal.result("")
        Terminal.result("how to get it:")
        card.obtain.forEach { Terminal.result("  \($0)") }
        Terminal.result("where it must lie, below --from:")
        for layout in card.layouts {
            Terminal.result("  \(layout.name)")
            for (role, patterns) in [
                ("image", layout.image), ("label", layout.label), ("annotation", layout.annotation),
            ] where !patterns.isEmpty {
                Terminal.result("    \(role): \(patterns.map(\.text).joined(separator: " or "))")
            }
        }
        Terminal.result("")
        var table = TextTable(["#id", "label", "color", "values in the files"])
        for label in card.labels {
            table.add([
                "\(label.id)", label.name, "\(label.color)",
                label.values.map(String.init).joined(separator: " "),
            ])
        }
        table.lines.forEach(Terminal.result)
        if !card.backgroundValues.isEmpty {
            Terminal.result(
                "read as background: \(card.backgroundValues.map(String.init).joined(separator: " "))"
            )
        }
        let splits = DatasetSplit.builtIn.filter { $0.dataset == card.name }
        if !splits.isEmpty {
            Terminal.result("")
            for split in splits {
                let counts = SplitPart.allCases.filter { !split.cases(in: $0).isEmpty }
                    .map { "\(split.cases(in: $0).count) \($0.rawValue)" }
                Terminal.result(
                    "split \(split.name): \(counts.joined(separator: ", ")); \(split.source)")
            }
        }
        for defect in card.knownDefects {
            Terminal.result("known defect: \(defect.case): \(defect.note)")
        }
    }

    private struct DraftReport: Encodable {
        var schema = "samdata.draft/1"
        var path: String
        var cases: [String]
        var findings: [String]
        var card: DatasetCard
    }

    private func draft(_ name: String, _ folder: String) throws {
        let drafted = try CardDrafting.draft(name: name, root: folder)
        let path = output ?? "\(name).json"
        guard !Folders.isFile(path) else {
            throw FileError(
                .cannotCreate, path: path,
                message: "file exists and may hold your own work; choose another -o, or remove it")
        }
        try AtomicFile.write(Array(drafted.card.jsonText.utf8), to: path)
        let findings = drafted.findings.map { "\($0)" }
        if options.json {
            try Terminal.json(
                DraftReport(
                    path: path, cases: drafted.cases, findings: findings, card: drafted.card))
            return
        }
        if !options.quiet { drafted.findings.forEach { Terminal.say("\($0)") } }
        Terminal.result(
            "\(path): \(drafted.cases.count) cases, \(drafted.card.labels.count) labels; "
                + "check the label names, units and licence in it")
        Terminal.result(
            "then: samdata prepare --card \(path) --split none --from \(folder) --to OUT")
    }
}
