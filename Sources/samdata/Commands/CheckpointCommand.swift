import ArgumentParser
import SamdataWorkflow
import SegmentAnything

/// `samdata checkpoint`: the weights of models.
struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Import, show, verify and hand on the weights of Segment Anything.",
        discussion: """
            A checkpoint is one HDF5 file that describes itself: architecture, preprocessing, tensors with checksums, licence, \
            origin. It is made from the files others publish (.pth of PyTorch, .safetensors), of which nothing is executed.

            Examples:
              samdata checkpoint import sam_vit_b_01ec64.pth --to sam_vit_b.h5 --licence Apache-2.0
              samdata checkpoint import mobile_sam.pt --to mobile_sam.h5 --precision bfloat16
              samdata checkpoint show sam_vit_b.h5
              samdata checkpoint random vit_t --to random.h5        weights by a rule, for tests and demonstrations
            """,
        subcommands: [
            CheckpointImportCommand.self, CheckpointShowCommand.self, CheckpointVerifyCommand.self,
            CheckpointExportCommand.self, CheckpointRandomCommand.self,
        ])
}

/// The checkpoint a command works on.
struct CheckpointArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A checkpoint made by `samdata checkpoint import`.", valueName: "FILE.h5"),
        completion: .file(extensions: ["h5"]))
    var checkpoint: String
}

/// `samdata checkpoint import`.
struct CheckpointImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a checkpoint from a .pth or .safetensors file.",
        discussion: """
            Recognises SAM's ViT-B, L and H, MedSAM, MobileSAM and models of the same build from names and shapes. Missing, \
            unused and mis-shaped tensors are reported together.
            """)

    @Argument(
        help: ArgumentHelp("A .pth, .pt or .safetensors file.", valueName: "FILE"),
        completion: .file(extensions: ["pth", "pt", "safetensors"]))
    var file: String

    @Option(help: ArgumentHelp("Where the checkpoint goes.", valueName: "FILE.h5"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "Round all floating-point tensors, to nearest, halves to even (default: as they are).",
            valueName: "float32|float16|bfloat16"))
    var precision: String?

    @Option(
        help: ArgumentHelp(
            "The terms of use to write into the file, for example Apache-2.0.", valueName: "TEXT"))
    var licence = ""

    @Option(
        help: ArgumentHelp(
            "Side of the model input of a TinyViT, whose tensors do not tell (default: 1024).",
            valueName: "pixels"))
    var imageSize: Int?

    @Option(
        help: ArgumentHelp(
            "Attention heads of the decoder, which no tensor tells (default: 8).", valueName: "n"))
    var decoderHeads: Int?

    @Option(
        help: ArgumentHelp(
            "Where the model is in a training checkpoint: its keys, joined by | (default: found).",
            valueName: "KEYS"))
    var group: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if let imageSize { _ = try number(imageSize, "--image-size", 16...16_384) }
        if let decoderHeads { _ = try number(decoderHeads, "--decoder-heads", 1...1024) }
        _ = try CheckpointNames.precision(precision)
    }

    func run() throws {
        var options = CheckpointImport.Options()
        options.imageSize = imageSize
        options.decoderHeads = decoderHeads
        options.group = group
        let made = try CheckpointWork.importing(
            file, to: to, options: options, precision: CheckpointNames.precision(precision),
            licence: licence
        ) { if !output.quiet { Terminal.say("  \($0)") } }
        if output.json {
            try Terminal.json(made)
            return
        }
        Terminal.result(
            "\(to): \(made.name), \(made.tensors) tensors, \(made.values) values, \(made.precision), "
                + Terminal.bytes(made.bytes))
        if let rounding = made.rounding { Terminal.result(CheckpointNames.text(of: rounding)) }
        guard !output.quiet else { return }
        Terminal.say(made.summary)
        if !made.unused.isEmpty {
            Terminal.warn(
                "\(made.unused.count) tensors that \(made.name) does not know are kept: "
                    + made.unused.prefix(4).joined(separator: ", ")
                    + (made.unused.count > 4 ? " ..." : ""))
        }
        if licence.isEmpty {
            Terminal.warn("no licence is written into the file; --licence says it")
        }
    }
}

/// `samdata checkpoint show`.
struct CheckpointShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a checkpoint is: architecture, sizes, licence, origin.")

    @OptionGroup var file: CheckpointArgument

    @Flag(help: "List every tensor with its shape and checksum.")
    var tensors = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let summary = CheckpointSummary(of: try CheckpointWork.open(file.checkpoint))
        if output.json {
            try Terminal.json(summary)
            return
        }
        Terminal.result(
            "\(file.checkpoint): \(summary.name), \(summary.parameters) parameters, "
                + "\(summary.precision), \(Terminal.bytes(summary.bytes)), format \(summary.version)"
        )
        if summary.isRandom {
            Terminal.result("RANDOM WEIGHTS: the model runs, its masks mean nothing")
        }
        summary.description.forEach(Terminal.result)
        Terminal.result("licence: \(summary.licence.isEmpty ? "not stated" : summary.licence)")
        Terminal.result("origin: \(summary.method)")
        if !summary.sourceFile.isEmpty {
            Terminal.result("source: \(summary.sourceFile), SHA-256 \(summary.sourceSHA256)")
        }
        if let rounding = summary.rounding { Terminal.result(CheckpointNames.text(of: rounding)) }
        if !summary.unused.isEmpty {
            Terminal.result(
                "not used by the model: \(summary.unused.prefix(8).joined(separator: ", "))"
                    + (summary.unused.count > 8 ? " and \(summary.unused.count - 8) more" : ""))
        }
        Terminal.result("")
        var table = TextTable(["part", "#tensors", "#values", "#size"])
        for part in summary.parts {
            table.add([
                part.name, "\(part.tensors)", "\(part.values)", Terminal.bytes(part.bytes),
            ])
        }
        table.lines.forEach(Terminal.result)
        guard tensors else { return }
        Terminal.result("")
        var list = TextTable(["tensor", "type", "shape", "#size", "SHA-256"])
        for tensor in summary.tensors {
            list.add([
                tensor.name, tensor.elementType,
                tensor.shape.isEmpty
                    ? "-" : tensor.shape.map(String.init).joined(separator: " x "),
                Terminal.bytes(tensor.bytes), String(tensor.sha256.prefix(16)),
            ])
        }
        list.lines.forEach(Terminal.result)
    }
}

/// `samdata checkpoint verify`.
struct CheckpointVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare every tensor of a checkpoint with its checksum.",
        discussion: "Exits with 1 when anything differs.")

    @OptionGroup var file: CheckpointArgument
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let found = try CheckpointWork.verify(file.checkpoint)
        if output.json {
            try Terminal.json(found)
        } else {
            found.damaged.forEach { Terminal.result("wrong: \($0)") }
            Terminal.result(
                "\(file.checkpoint): \(found.tensors) tensors, \(Terminal.bytes(found.bytes)), "
                    + (found.damaged.isEmpty
                        ? "all as recorded" : "\(found.damaged.count) wrong; import it again"))
        }
        if !found.damaged.isEmpty { throw ExitCode(FailureKind.checkFailed.rawValue) }
    }
}

/// `samdata checkpoint export`.
struct CheckpointExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the tensors of a checkpoint as .safetensors, for PyTorch and others.")

    @OptionGroup var file: CheckpointArgument

    @Option(help: ArgumentHelp("Where the tensors go.", valueName: "FILE.safetensors"))
    var to: String

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Report: Encodable {
        var schema = "samdata.checkpoint-export/1"
        var name: String
        var tensors: Int
        var precision: String
    }

    func run() throws {
        let checkpoint = try CheckpointWork.export(file.checkpoint, to: to)
        let report = Report(
            name: checkpoint.configuration.name, tensors: checkpoint.tensors.count,
            precision: checkpoint.precision?.rawValue ?? "mixed")
        if output.json {
            try Terminal.json(report)
        } else {
            Terminal.result(
                "\(to): \(report.name), \(report.tensors) tensors, \(report.precision)")
        }
    }
}

/// `samdata checkpoint random`.
struct CheckpointRandomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "random",
        abstract: "Make a checkpoint with random weights, for tests and demonstrations.",
        discussion: """
            The weights follow a fixed rule, so that equal calls give equal files on every machine. The model runs; its masks \
            mean nothing, and the file says so.
            """)

    @Argument(
        help: ArgumentHelp("The architecture.", valueName: CheckpointNames.architectures))
    var architecture: String

    @Option(help: ArgumentHelp("Where the checkpoint goes.", valueName: "FILE.h5"))
    var to: String

    @Option(
        help: ArgumentHelp("Distinguishes one set of weights from another.", valueName: "TEXT"))
    var salt = "random"

    @Option(
        help: ArgumentHelp(
            "Side of the model input, a multiple of 16 (default: 1024).", valueName: "pixels"))
    var imageSize: Int?

    @Option(
        help: ArgumentHelp(
            "The type of the tensors (default: float32).", valueName: "float32|float16|bfloat16"))
    var precision: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        _ = try CheckpointNames.configuration(architecture)
        _ = try CheckpointNames.precision(precision)
        guard !salt.isEmpty, salt.utf8.count <= 64 else {
            throw ValidationError("--salt: found `\(salt)`, expected 1 to 64 characters")
        }
    }

    func run() throws {
        var configuration = try CheckpointNames.configuration(architecture)
        if let imageSize { configuration.imageSize = imageSize }
        let checkpoint = try CheckpointWork.random(
            configuration, to: to, salt: salt,
            precision: CheckpointNames.precision(precision) ?? .float32)
        if output.json {
            try Terminal.json(CheckpointSummary(of: checkpoint))
        } else {
            Terminal.result(
                "\(to): \(checkpoint.configuration.name), \(checkpoint.tensors.count) tensors, "
                    + "\(Terminal.bytes(checkpoint.byteCount)); random weights, masks mean nothing")
        }
    }
}

/// Words of the command line that stand for things of checkpoints.
enum CheckpointNames {
    static let architectures = SAMConfiguration.published.map(\.name).joined(separator: "|")

    /// The precision of a word; `nil` when none was given.
    static func precision(_ name: String?) throws -> CheckpointPrecision? {
        try name.map {
            try word(
                CheckpointPrecision(rawValue: $0), "--precision", $0,
                CheckpointPrecision.allCases.map(\.rawValue))
        }
    }

    /// A published architecture.
    static func configuration(_ name: String) throws -> SAMConfiguration {
        try word(
            SAMConfiguration.published.first { $0.name == name }, "architecture", name,
            SAMConfiguration.published.map(\.name))
    }

    /// What rounding did, in words.
    static func text(of rounding: CheckpointHeader.Rounding) -> String {
        "rounding: relative L2 \(short(rounding.relativeL2)), largest \(short(rounding.largest))"
    }

    /// A small number with three digits.
    private static func short(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "\(value)" }
        var exponent = 0
        var digits = value
        while digits < 1 {
            digits *= 10
            exponent -= 1
        }
        while digits >= 10 {
            digits /= 10
            exponent += 1
        }
        return Terminal.decimals(digits, 2) + "e\(exponent)"
    }
}
