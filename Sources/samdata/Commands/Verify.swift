import ArgumentParser
import SamdataWorkflow

/// `samdata verify`: hashes every file of a store again.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hash every file of a store again and compare with the manifest.",
        discussion: "Exits with 1 when anything differs.")

    @OptionGroup var store: StoreArgument
    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        var verify = VerifyRun(layout: store.layout)
        verify.threads = jobs.count
        let outcome = try verify.run()
        if output.json {
            try Terminal.json(outcome)
        } else {
            outcome.problems.forEach { Terminal.result("wrong: \($0)") }
            outcome.missing.forEach { Terminal.result("left out by the merge: \($0)") }
            outcome.strangers.forEach { Terminal.result("not in the manifest: \($0)") }
            Terminal.result(
                "\(store.layout.root): \(outcome.files) files, \(Terminal.bytes(outcome.bytes)) hashed, "
                    + (outcome.problems.isEmpty
                        ? "all as recorded" : "\(outcome.problems.count) wrong"))
        }
        if !outcome.problems.isEmpty { throw ExitCode(FailureKind.checkFailed.rawValue) }
    }
}
