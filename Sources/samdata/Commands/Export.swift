import ArgumentParser
import SamdataWorkflow

/// `samdata export`: hands a prepared store on to other tools.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a prepared store in the files other tools read.",
        discussion: "Formats:\n"
            + ExportFormat.allCases.map { format in
                let name = format.rawValue
                return "  \(name)\(String(repeating: " ", count: 11 - name.count))\(format.summary)"
            }.joined(separator: "\n"))

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("One of the formats above.", valueName: "format"))
    var format: String

    @Option(
        help: ArgumentHelp("The folder to write.", valueName: "DIR"), completion: .directory)
    var to: String

    @Option(
        help: ArgumentHelp("Export this part only; may be repeated.", valueName: "part"))
    var part: [String] = []

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Export this case only; may be repeated.", valueName: "id"))
    var cases: [String] = []

    @Option(
        help: ArgumentHelp(
            "transunet: also write a copy of the training slices of this size, as SAMed trains from 224.",
            valueName: "side"))
    var zoomed: Int?

    @Option(
        help: ArgumentHelp("nnunet: the number in DatasetNNN_NAME.", valueName: "NNN"))
    var datasetNumber = 501

    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        _ = try word(
            ExportFormat(rawValue: format), "--format", format,
            ExportFormat.allCases.map(\.rawValue))
    }

    func run() throws {
        guard let format = ExportFormat(rawValue: format) else { return }
        var export = ExportRun(layout: store.layout, format: format, output: to)
        export.threads = jobs.count
        export.parts = part
        export.cases = cases
        export.zoomed = zoomed
        export.datasetNumber = datasetNumber
        let progress = Progress(noun: "case", isQuiet: output.quiet)
        let outcome = try export.run { event in
            switch event {
            case .started: break
            case .exported(let id, let files, let bytes, let done, let total):
                progress.step(
                    "\(id)  \(files) files, \(Terminal.bytes(bytes))", done: done, of: total,
                    worked: done)
            case .note(let text):
                if !output.quiet {
                    progress.interrupt()
                    Terminal.say("note: \(text)")
                }
            }
        }
        if output.json {
            try Terminal.json(outcome)
        } else {
            Terminal.result(
                "\(to): \(outcome.cases) cases in \(outcome.files) files, \(Terminal.bytes(outcome.bytes)) "
                    + "(\(format.rawValue): \(format.summary))")
        }
    }
}
