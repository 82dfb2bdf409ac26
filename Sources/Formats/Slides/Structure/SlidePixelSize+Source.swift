import TIFF

extension SlidePixelSize {
    /// The pixel sizes a slide of a microscope can have; others are print resolutions or mistakes.
    static let plausible = 0.005...20.0

    /// The pixel size of a slide by the caller, else the vendor's text, else the resolution tags, and what to remark.
    static func find(
        given: (x: Double, y: Double)?, _ description: SlideDescription, _ base: TIFFDirectory
    ) -> (size: SlidePixelSize?, notes: [String]) {
        var notes: [String] = []
        let tags = fromTags(base, &notes)
        if let given {
            return (SlidePixelSize(x: given.x, y: given.y, source: .given), [])
        }
        if description.vendor != .genericTIFF {
            if let size = description.pixelSize, plausible.contains(size.x),
                plausible.contains(size.y)
            {
                let isAperio = description.vendor == .aperio
                if let tags, abs(tags.x / size.x - 1) > 0.01 {
                    notes.append(
                        "the resolution tags say \(tags.x) µm, the description \(size.x) µm; "
                            + "the description is used")
                } else {
                    notes = []
                }
                return (
                    SlidePixelSize(
                        x: size.x, y: size.y,
                        source: isAperio ? .aperioDescription : .philipsDescription), notes
                )
            }
            notes.append("the \(description.vendor.rawValue) description names no pixel size")
        }
        if tags == nil && base.resolution == nil {
            notes.append("pixel size unknown: the file has no resolution tags")
        }
        return (tags, notes)
    }

    private static func fromTags(
        _ base: TIFFDirectory, _ notes: inout [String]
    ) -> SlidePixelSize? {
        guard let resolution = base.resolution else { return nil }
        guard let unit = resolution.unitMicrometres else {
            notes.append("pixel size unknown: the resolution tags name no unit")
            return nil
        }
        let (x, y) = (unit / resolution.x, unit / resolution.y)
        guard plausible.contains(x), plausible.contains(y) else {
            // 72, 96 and 300 dots per inch are what programs write that know nothing: 353, 265 and 85 µm.
            let perInch = (25_400 / x).rounded()
            notes.append(
                "pixel size unknown: the resolution tags say \((x * 100).rounded() / 100) µm "
                    + "(\(Int(exactly: perInch).map(String.init) ?? "\(perInch)") per inch), "
                    + "a print resolution and not a microscope's")
            return nil
        }
        return SlidePixelSize(x: x, y: y, source: .resolutionTags)
    }
}
