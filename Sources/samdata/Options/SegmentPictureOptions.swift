import ArgumentParser
import MedicalImaging
import SegmentAnything

/// What `segment` does with a single picture.
struct SegmentPictureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Segment this picture: PNG, JPEG or TIFF.", valueName: "x.png"),
        completion: .file(extensions: ["png", "jpg", "jpeg", "tif", "tiff"]))
    var image: String?

    @Option(
        help: ArgumentHelp("A pixel of the object; may be repeated.", valueName: "x,y"))
    var point: [String] = []

    @Option(
        help: ArgumentHelp("A pixel beside the object; may be repeated.", valueName: "x,y"))
    var backgroundPoint: [String] = []

    @Option(
        help: ArgumentHelp(
            "A box around the object: its first and its last pixel.", valueName: "x0,y0,x1,y1"))
    var box: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the mask goes: PNG (255 is object; with --everything the number of the mask), or JSON (COCO run lengths).",
            valueName: "mask.png|masks.json"),
        completion: .file(extensions: ["png", "json"]))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Where the picture with mask and prompt drawn on it goes.", valueName: "o.png"),
        completion: .file(extensions: ["png"]))
    var overlay: String?

    @Flag(help: "Find every object, without a prompt.")
    var everything = false

    @Option(help: ArgumentHelp("--everything: points along each side.", valueName: "n"))
    var pointsPerSide: Int?

    @Option(
        help: ArgumentHelp(
            "--everything: keep masks whose predicted IoU is above this (default: 0.88).",
            valueName: "number"))
    var predictedIou: Float?

    @Option(
        help: ArgumentHelp(
            "--everything: keep masks whose stability is at least this (default: 0.95).",
            valueName: "number"))
    var stability: Float?

    @Option(
        help: ArgumentHelp(
            "--everything: the largest IoU of the boxes of two masks (default: 0.7).",
            valueName: "number"))
    var boxOverlap: Double?

    @Option(
        help: ArgumentHelp(
            "--everything: layers of crops beside the whole picture (default: 0).", valueName: "n"))
    var cropLayers: Int?

    @Option(
        help: ArgumentHelp(
            "--everything: fill holes and remove islands of fewer pixels (default: 0).",
            valueName: "pixels"))
    var smallestRegion: Int?

    /// The first option that is used although there is no picture.
    var strayOption: String? {
        [
            ("--point", !point.isEmpty), ("--background-point", !backgroundPoint.isEmpty),
            ("--box", box != nil), ("--output", output != nil), ("--overlay", overlay != nil),
            ("--everything", everything),
        ].first { $0.1 }?.0 ?? strayAutomaticOption
    }

    /// The first option of automatic masks that is used.
    private var strayAutomaticOption: String? {
        [
            ("--points-per-side", pointsPerSide != nil), ("--predicted-iou", predictedIou != nil),
            ("--stability", stability != nil), ("--box-overlap", boxOverlap != nil),
            ("--crop-layers", cropLayers != nil), ("--smallest-region", smallestRegion != nil),
        ].first { $0.1 }?.0
    }

    func validate() throws {
        let prompt = try prompt()
        for (name, path) in [("--output", output), ("--overlay", overlay)] {
            guard let path else { continue }
            let lower = path.lowercased()
            let endings = name == "--output" ? [".png", ".json"] : [".png"]
            guard endings.contains(where: lower.hasSuffix) else {
                throw ValidationError(
                    "\(name): found `\(path)`, expected a name that ends in "
                        + endings.joined(separator: " or "))
            }
        }
        if everything {
            guard prompt.points.isEmpty, prompt.box == nil else {
                throw ValidationError(
                    "--everything: found points or a box too, expected one or the other")
            }
            if let objection = automaticOptions.objection { throw ValidationError(objection) }
        } else if let stray = strayAutomaticOption {
            throw ValidationError("\(stray): found no --everything, which it belongs to")
        }
        guard image != nil else { return }
        guard everything || !point.isEmpty || !backgroundPoint.isEmpty || box != nil else {
            throw ValidationError(
                "--image: found no prompt, expected --point x,y, --box x0,y0,x1,y1 or --everything")
        }
        guard output != nil || overlay != nil else {
            throw ValidationError(
                "--image: found no output, expected -o mask.png or --overlay o.png")
        }
    }

    /// The points and the box.
    func prompt() throws -> SAMPrompt {
        func numbers(_ text: String, _ option: String, _ count: Int, _ form: String) throws
            -> [Float]
        {
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
                Float($0).flatMap { $0.isFinite ? $0 : nil }
            }
            guard parts.count == count, !parts.contains(nil) else {
                throw ValidationError("\(option): found `\(text)`, expected \(form)")
            }
            return parts.compactMap(\.self)
        }
        var prompt = SAMPrompt()
        for (list, option, isForeground) in [
            (point, "--point", true), (backgroundPoint, "--background-point", false),
        ] {
            for text in list {
                let place = try numbers(text, option, 2, "x,y as in 120,80")
                prompt.points.append(
                    PointPrompt(x: place[0], y: place[1], isForeground: isForeground))
            }
        }
        if let box {
            let corners = try numbers(box, "--box", 4, "x0,y0,x1,y1 as in 40,40,200,180")
            prompt.box = BoxPrompt(x0: corners[0], y0: corners[1], x1: corners[2], y1: corners[3])
        }
        return prompt
    }

    /// What is kept of automatic masks.
    var automaticOptions: AutomaticMaskOptions {
        var options = AutomaticMaskOptions()
        if let pointsPerSide { options.pointsPerSide = pointsPerSide }
        if let predictedIou { options.predictedIoUThreshold = predictedIou }
        if let stability { options.stabilityThreshold = stability }
        if let boxOverlap { options.boxOverlap = boxOverlap }
        if let cropLayers { options.cropLayers = cropLayers }
        if let smallestRegion { options.smallestRegion = smallestRegion }
        return options
    }
}
