import ArgumentParser
import MedicalDatasets
import SamdataWorkflow

/// `samdata check`: looks through a data set folder before anything long starts.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look through a data set folder: grids, label values, slice counts.",
        discussion: """
            Reads every label map, and the header of every image. Exits with 1 when there are errors.

            Example, label maps whose values are already the eight Synapse ids:
              samdata check synapse --from DIR --labels-only --label-values card-ids
            """)

    @OptionGroup(title: "Data set options") var dataset: DatasetOptions

    @Flag(help: "Check label maps without their images.")
    var labelsOnly = false

    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let card = try dataset.resolveCard()
        guard !PatchConfiguration.applies(to: card) else {
            throw WorkflowError(
                .usage,
                "\(card.name): found a data set of pictures, expected one of volumes; pictures are looked through by "
                    + "`samdata prepare \(card.name) --from DIR --to OUT --dry-run`, files by `samdata inspect FILE`"
            )
        }
        var check = FolderCheck(card: card)
        check.split = try dataset.resolveSplit(card: card)
        check.labelsOnly = labelsOnly
        check.labelValues = dataset.encoding
        check.threads = jobs.count
        let progress = Progress(noun: "case", isQuiet: output.quiet || !Terminal.isInteractive)
        let outcome = try check.run(root: dataset.from) { done, total in
            progress.step("checked", done: done, of: total, worked: done)
        }
        if output.json {
            try Terminal.json(outcome)
        } else {
            var table = TextTable([
                "case", "part", "#shape", "#spacing mm", "axes", "#labels", "without",
            ])
            for entry in outcome.cases {
                let absent = card.labels.map(\.name).filter { !entry.labels.contains($0) }
                table.add([
                    entry.id, entry.part, entry.shape.map(String.init).joined(separator: "x"),
                    entry.spacing.map { Terminal.decimals($0, 3) }.joined(separator: " "),
                    entry.orientation, "\(entry.labels.count)",
                    absent.count > 6
                        ? "\(absent.count) labels" : absent.joined(separator: ", "),
                ])
            }
            table.lines.forEach(Terminal.result)
            for entry in outcome.cases {
                entry.errors.forEach { Terminal.result("error: \($0)") }
                if !output.quiet { entry.warnings.forEach { Terminal.warn($0) } }
            }
            if !output.quiet { outcome.findings.forEach { Terminal.say($0) } }
            Terminal.result(
                "\(dataset.from): \(outcome.cases.count) cases of \(card.name), \(outcome.slices) slices, "
                    + "\(outcome.errors) errors")
        }
        if outcome.errors > 0 { throw ExitCode(FailureKind.checkFailed.rawValue) }
    }
}
