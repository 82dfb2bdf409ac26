import ArgumentParser
import SamdataWorkflow

/// `samdata export`: hands a prepared store on to other tools.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a prepared store in the files other tools read.")

    @OptionGroup var store: StoreArgument

    @Option(
        help: ArgumentHelp(
            "transunet, medsam, png, npz, nnunet or coco.", valueName: "format"))
    var format: String

    @Option(
        help: ArgumentHelp("The folder to write.", valueName: "DIR"), completion: .directory)
    var to: String

    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
    }
}
