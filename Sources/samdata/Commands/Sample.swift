import ArgumentParser
import SamdataWorkflow

/// `samdata sample`: writes the embedded sample data set.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a small anatomy-like CT data set, for trying things out.",
        discussion: """
            Six computed abdomens with 13 organs in the layout of BTCV; the same bytes on every machine. They look like CT \
            and are none: good for learning and testing, worthless as evidence.
            """)

    @Argument(
        help: ArgumentHelp("The folder to write; made when it is not there.", valueName: "DIR"),
        completion: .directory)
    var folder: String

    @Flag(help: "Write the label maps of two made-up models too, for trying out `samdata score`.")
    var predictions = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let progress = Progress(noun: "case", isQuiet: output.quiet)
        let outcome = try SampleWriter.write(to: folder, withPredictions: predictions) {
            id, done, total in
            progress.step("case \(id)", done: done, of: total, worked: done)
        }
        if output.json {
            try Terminal.json(outcome)
        } else {
            Terminal.result(
                "\(folder): \(outcome.cases.count) cases, \(Terminal.bytes(outcome.bytes)); then: "
                    + (predictions
                        ? "samdata score --reference \(folder)/RawData/Training/label --prediction "
                            + "\(folder)/predictions/a --dataset sample"
                        : "samdata prepare sample --from \(folder) --to OUT"))
        }
    }
}
