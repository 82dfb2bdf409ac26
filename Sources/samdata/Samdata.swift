import ArgumentParser
import SamdataWorkflow

/// The command `samdata`.
@main
struct Samdata: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samdata",
        abstract: "Reproducible data sets and scores for Segment Anything on medical images.",
        discussion: """
            Prepares CT volumes for SAM: slices, masks and prompts in verified HDF5 files that Swift and Python read; \
            scores predictions under named conventions, and compares models.

            A first look, without any data of your own:
              samdata sample /tmp/sample
              samdata prepare sample --from /tmp/sample --to /tmp/prepared
              samdata view /tmp/prepared --case 0001 -o sheet.png

            Results go to stdout, messages to stderr. Exit codes: 0 all good, 1 a check was false, 64 wrong usage, \
            65 bad or incomplete data, 66 input missing, 70 internal error, 73 cannot create output, 74 input/output \
            error, 75 try again (disk full, terminated), 78 wrong or contradicting configuration, 130 interrupted.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Data sets", subcommands: [Datasets.self, Check.self, Sample.self]),
            CommandGroup(
                name: "Preparing",
                subcommands: [
                    Prepare.self, Augment.self, Merge.self, Status.self, Verify.self,
                    CollectGarbage.self,
                ]),
            CommandGroup(
                name: "Segmenting", subcommands: [Segment.self, CheckpointCommand.self]),
            CommandGroup(name: "Scoring", subcommands: [Score.self, Compare.self]),
            CommandGroup(
                name: "Looking and handing on",
                subcommands: [Inspect.self, View.self, Export.self]),
            CommandGroup(name: "Help", subcommands: [Doctor.self]),
        ])

    static func main() {
        Interruption.install()
        do {
            var command = try parseAsRoot(Words.resolved(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch let code as ExitCode {
            Self.exit(withError: code)
        } catch  where Self.isOfParser(error) {
            Self.exit(withError: error)
        } catch {
            Terminal.error("\(error)")
            Self.exit(withError: ExitCode(FailureKind(of: error).rawValue))
        }
    }

    /// Whether an error is one of the argument parser (wrong usage, or a request for help) and not one of the rooms below.
    ///
    /// The parser gives every error it does not know the code 1, which here means that a check was false.
    private static func isOfParser(_ error: any Error) -> Bool { exitCode(for: error) != .failure }
}

/// The command line before it is parsed.
enum Words {
    /// Gives the option `--json` of commands that write files its value: alone, as in all other commands, it means stdout.
    ///
    /// - Parameter words: The words after the name of the program.
    /// - Returns: The words with `--json` followed by a file or `-` where the command takes a file.
    static func resolved(_ words: [String]) -> [String] {
        guard let command = words.first, ["score", "compare"].contains(command) else {
            return words
        }
        var result: [String] = []
        for (index, word) in words.enumerated() {
            result.append(word)
            guard word == "--json" else { continue }
            let next = index + 1 < words.count ? words[index + 1] : nil
            if next == nil || (next != "-" && next?.hasPrefix("-") ?? false) { result.append("-") }
        }
        return result
    }
}

/// The version of samdata.
enum Version {
    static let text = "0.1.0"
}
