import ArgumentParser
import NIfTI
import SamdataWorkflow

/// `samdata doctor`: what samdata runs on, and a second opinion on a file.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what samdata runs on, or examine one NIfTI file.",
        discussion: """
            With FILE: header, affine, extensions and warnings, compared with what libnifti makes of the same file. \
            Exits with 1 when the two disagree.
            """)

    @Argument(
        help: ArgumentHelp("A NIfTI file to examine.", valueName: "FILE"), completion: .file())
    var file: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        if let file {
            let report = try FileDoctor.examine(file)
            if output.json {
                try Terminal.json(report)
            } else {
                report.lines.forEach(Terminal.result)
            }
            if !report.disagreements.isEmpty { throw ExitCode(FailureKind.checkFailed.rawValue) }
        } else {
            let report = SystemDoctor.examine(version: Version.text)
            if output.json {
                try Terminal.json(report)
            } else {
                report.lines.forEach(Terminal.result)
            }
            if !report.selfTestPassed { throw ExitCode(FailureKind.internalError.rawValue) }
        }
    }
}
