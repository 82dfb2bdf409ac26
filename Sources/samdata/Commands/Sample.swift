import ArgumentParser
import SamdataWorkflow

/// `samdata sample`: writes the embedded sample data set.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a small data set that looks real, for trying things out.",
        discussion: """
            ct: six computed abdomens with 13 organs in the layout of BTCV. nuclei: six H&E pictures with outlined nuclei in \
            the layout of MoNuSeg. slide: three pyramidal H&E slides with outlined tumours and holes in the layout of \
            Camelyon16. They look like CT and H&E and are none: good for learning and testing, worthless as evidence.

            Examples:
              samdata sample DIR && samdata prepare sample --from DIR --to OUT
              samdata sample --kind nuclei DIR && samdata prepare sample-nuclei --from DIR --to OUT
              samdata sample --kind slide DIR && samdata prepare sample-slide --from DIR --to OUT --patch 256
            """)

    @Option(help: ArgumentHelp("ct, nuclei or slide.", valueName: "ct|nuclei|slide"))
    var kind = "ct"

    @Argument(
        help: ArgumentHelp("The folder to write; made when it is not there.", valueName: "DIR"),
        completion: .directory)
    var folder: String

    @Flag(help: "Write the label maps of two made-up models too, for trying out `samdata score`.")
    var predictions = false

    @OptionGroup(title: "Output") var output: OutputOptions

    @OptionGroup(title: "Work") var jobs: JobOptions

    func validate() throws {
        guard ["ct", "nuclei", "slide"].contains(kind) else {
            throw ValidationError("--kind: found `\(kind)`, expected ct, nuclei or slide")
        }
        guard kind == "ct" || !predictions else {
            throw ValidationError(
                "--predictions: found --kind \(kind), the made-up models are for ct")
        }
    }

    func run() throws {
        let progress = Progress(noun: "case", isQuiet: output.quiet)
        let report = { (id: String, done: Int, total: Int) in
            progress.step("case \(id)", done: done, of: total, worked: done)
        }
        let outcome =
            switch kind {
            case "nuclei": try HistologySampleWriter.writeNuclei(to: folder, report: report)
            case "slide":
                try HistologySampleWriter.writeSlides(
                    to: folder, threads: jobs.count, report: report)
            default:
                try SampleWriter.write(
                    to: folder, withPredictions: predictions, report: report)
            }
        if output.json {
            try Terminal.json(outcome)
        } else {
            Terminal.result(
                "\(folder): \(outcome.cases.count) cases, \(Terminal.bytes(outcome.bytes)); then: "
                    + (predictions
                        ? "samdata score --reference \(folder)/RawData/Training/label --prediction "
                            + "\(folder)/predictions/a --dataset sample"
                        : "samdata prepare sample\(kind == "ct" ? "" : "-\(kind)") --from \(folder) --to OUT")
            )
        }
    }
}
