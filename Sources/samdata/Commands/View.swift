import ArgumentParser
import SafeFiles
import SampleStore
import SamdataWorkflow

/// `samdata view`: slices with mask contours, boxes and points, to be looked at.
struct View: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw slices or patches of a prepared case, or a whole slide.",
        discussion: """
            samdata view OUT --case 0001 -o sheet.png
            samdata view slide.tif --annotations slide.xml --patch 256 --mpp 0.5 -o overview.png

            A slide is drawn whole, with the outline of its tissue, tumour and hole polygons, and the grid of patches.

            Without --slice, up to twelve slices spread over the labelled ones. Slices are turned as radiologists look at \
            them (the patient's right on the left); --frame stored shows them as they lie in the store.
            """)

    @Argument(
        help: ArgumentHelp(
            "The folder of a prepared store, or a slide (TIFF, SVS).", valueName: "OUT|slide.tif"),
        completion: .file())
    var store: String

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("The case; of a store only.", valueName: "id"))
    var caseID: String?

    @Option(
        help: ArgumentHelp(
            "Index of a slice along the sliced axis; may be repeated.", valueName: "K"))
    var slice: [Int] = []

    @Option(
        help: ArgumentHelp(
            "The most slices of a sheet when none is named (default: 12, or 4 under --augment).",
            valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Prompts to draw, comma-separated, or none (default: all but the copies of the tight box, and none over outlined nuclei).",
            valueName: "list"))
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "Show slices beside augmented copies: a preset (see `samdata augment --list`) or a recipe file.",
            valueName: "name|FILE.json"))
    var augment: String?

    @Option(
        help: ArgumentHelp(
            "Copies of each slice under --augment, 1 to 16 (default: 3).", valueName: "n"))
    var copies: Int?

    @Option(
        help: ArgumentHelp(
            "Seed of the draws under --augment (default: that of the store).", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "display (as radiologists look) or stored, which is what transforms act on (default: display, or stored under "
                + "--augment).", valueName: "frame"))
    var frame: String?

    @OptionGroup(title: "Slides") var slideOptions: SlideViewOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the picture goes.", valueName: "sheet.png"),
        completion: .file(extensions: ["png"]))
    var output: String

    @Flag(help: "Print the result as one JSON document.")
    var json = false

    private struct Report: Encodable {
        var schema = "samdata.view/1"
        var path: String
        var slices: [Int]
        var width: Int
        var height: Int
    }

    func validate() throws {
        _ = try number(limit ?? 12, "--limit", 1...400)
        _ = try number(copies ?? 3, "--copies", 1...16)
        if augment == nil, copies != nil || seed != nil {
            throw ValidationError("--copies and --seed: found no --augment, which they belong to")
        }
        guard ["display", "stored", nil].contains(frame) else {
            throw ValidationError("--frame: found `\(frame ?? "")`, expected display or stored")
        }
        guard output.lowercased().hasSuffix(".png") else {
            throw ValidationError("--output: found `\(output)`, expected a name that ends in .png")
        }
    }

    private var layout: StoreLayout { StoreLayout(root: store) }

    func run() throws {
        if Folders.isFile(store) {
            let misplaced = [
                ("--case", caseID != nil), ("--slice", !slice.isEmpty), ("--limit", limit != nil),
                ("--prompts", prompts != nil), ("--augment", augment != nil),
                ("--frame", frame != nil),
            ].filter(\.1).map(\.0)
            guard misplaced.isEmpty else {
                throw ValidationError(
                    "\(misplaced.joined(separator: ", ")): belongs to a store, found the file \(store)"
                )
            }
            try slideOptions.draw(store, to: output, json: json)
            return
        }
        guard slideOptions.given.isEmpty else {
            throw ValidationError(
                "\(slideOptions.given.joined(separator: ", ")): belongs to a slide, found the folder \(store)"
            )
        }
        guard let caseID else {
            throw ValidationError("--case: found none, expected the case of the store to draw")
        }
        try drawCase(caseID)
    }

    private func drawCase(_ caseID: String) throws {
        let manifest = try Manifest.read(layout)
        if FilePath.isInside(output, of: layout.root) {
            throw WorkflowError(
                .configuration,
                "\(output): the picture would lie inside the store \(layout.root); "
                    + "choose a path outside of it")
        }
        guard let unit = manifest.cases.first(where: { $0.caseID == caseID || $0.id == caseID })
        else {
            throw StoreError.notFound(
                path: layout.root, what: "case `\(caseID)`",
                available: manifest.cases.map(\.id).joined(separator: " "))
        }
        if let piece = unit.piece, unit.id != caseID, !json {
            Terminal.say(
                "part \(piece.index) of \(piece.of); name another one with --case, for example "
                    + UnitRecord.Piece(index: min(2, piece.of), of: piece.of).unitID(of: caseID))
        }
        let reader = try CaseFileReader(path: layout.caseFile(unit.id))
        var sheet = CaseSheet(reader)
        sheet.limit = limit ?? (augment == nil ? 12 : 4)
        sheet.showsStoredFrame = frame == "stored"
        if let prompts {
            sheet.prompts = prompts == "none" ? [] : prompts.split(separator: ",").map(String.init)
            let known = try reader.promptNames()
            for name in sheet.prompts ?? [] where !known.contains(name) {
                throw StoreError.notFound(
                    path: reader.path, what: "prompt `\(name)`",
                    available: known.joined(separator: ", "))
            }
        }
        let positions =
            slice.isEmpty ? sheet.defaultPositions() : try slice.map(sheet.position(ofSlice:))
        let canvas = try augmented(reader, positions) ?? sheet.render(positions: positions)
        try AtomicFile.write(try canvas.png(), to: output)
        let indices = positions.map { reader.sliceIndices[$0] }
        if json {
            try Terminal.json(
                Report(path: output, slices: indices, width: canvas.width, height: canvas.height))
        } else {
            Terminal.result(
                "\(output): case \(unit.id), \(indices.count) \(reader.description.patches == nil ? "slices" : "patches") "
                    + "(\(indices.map(String.init).joined(separator: " "))), \(canvas.width) x \(canvas.height) pixels"
            )
        }
    }

    /// The sheet of slices beside their copies; `nil` when nothing is augmented.
    private func augmented(_ reader: CaseFileReader, _ positions: [Int]) throws -> RGBCanvas? {
        guard let augment else { return nil }
        guard reader.description.augmentation == nil else {
            throw WorkflowError(
                .usage,
                "--augment: case \(caseID ?? "") is an augmented copy already, expected the case it was made from"
            )
        }
        var configuration = try PreparePlan.require(layout).configuration
        if let seed { configuration.prompts.seed = seed }
        var sheet = AugmentSheet(
            reader, configuration: configuration, recipe: try AugmentOptions.recipe(augment))
        sheet.copies = copies ?? 3
        sheet.showsStoredFrame = frame != "display"
        return try sheet.render(positions: positions)
    }
}
