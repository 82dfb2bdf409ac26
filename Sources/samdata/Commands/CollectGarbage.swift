import ArgumentParser
import SamdataWorkflow

/// `samdata gc`: removes what interrupted runs left behind.
struct CollectGarbage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove temporary files of interrupted runs, and files the plan does not know.",
        discussion: "Do not run it while another process prepares into the same store.")

    @OptionGroup var store: StoreArgument

    @Flag(help: "Print what would be removed; remove nothing.")
    var dryRun = false

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Report: Encodable {
        var schema = "samdata.gc/1"
        var removed: [String]
        var dryRun: Bool
    }

    func run() throws {
        let paths =
            try StoreCleaning.temporaries(in: store.layout)
            + StoreCleaning.strangers(in: store.layout)
        if !dryRun { try StoreCleaning.remove(paths, in: store.layout) }
        if output.json {
            try Terminal.json(Report(removed: paths, dryRun: dryRun))
            return
        }
        paths.forEach(Terminal.result)
        Terminal.result("\(paths.count) files \(dryRun ? "would be removed" : "removed")")
    }
}
