import TIFF

/// Which images of a TIFF are sizes of the slide, and which belong to it in another way.
struct SlideStructure {
    /// An image of the TIFF with the size it counts with.
    struct Size {
        let directory: TIFFDirectory
        let width: Int
        let height: Int
        let downsampleX: Double
        let downsampleY: Double
    }

    let description: SlideDescription
    private(set) var sizes: [Size] = []
    private(set) var associated: [(name: String, directory: TIFFDirectory)] = []
    private(set) var notes: [String] = []

    init(_ reader: TIFFReader) throws(SlideError) {
        let all = reader.allDirectories
        do throws(TIFFError) {
            description = SlideDescription(try reader.imageDescription(directory: 0))
        } catch { throw SlideError(error) }
        guard let base = all.first else {
            throw SlideError(
                .damaged, file: reader.path, place: "file", found: "no image",
                expected: "at least one")
        }
        if let problem = base.problem { throw SlideError(problem) }
        if description.vendor == .philips {
            sizes = Self.philipsSizes(reader.directories)
            notes.append(
                "Philips TIFF: level sizes are padded to whole tiles, so the right and lower edge "
                    + "may hold pixels that were never scanned")
        } else {
            sizes = reader.levels.map { level in
                let directory = all[level.directory]
                return Size(
                    directory: directory, width: directory.width, height: directory.height,
                    downsampleX: Double(base.width) / Double(directory.width),
                    downsampleY: Double(base.height) / Double(directory.height))
            }
        }
        let used = Set(sizes.map(\.directory.index))
        for directory in all where !used.contains(directory.index) {
            if let problem = directory.problem {
                notes.append("image \(directory.index) cannot be read: found \(problem.found)")
                continue
            }
            let text: String?
            do throws(TIFFError) {
                text = try reader.imageDescription(directory: directory.index)
            } catch { throw SlideError(error) }
            let name = Self.name(of: directory, vendor: description.vendor, text: text)
            let isNew = !associated.contains { $0.name == name }
            associated.append((isNew ? name : "directory\(directory.index)", directory))
        }
        if base.orientation != 1 {
            notes.append(
                "orientation tag \(base.orientation): pixels and coordinates are given as stored, "
                    + "not turned")
        }
    }

    /// Aperio: the second line of the description begins with the name; the thumbnail is the second image, in strips.
    private static func name(
        of directory: TIFFDirectory, vendor: SlideVendor, text: String?
    ) -> String {
        let other = "directory\(directory.index)"
        switch vendor {
        case .aperio:
            let lines = (text ?? "").split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
            if lines.count > 1 {
                for name in ["label", "macro"] where lines[1].hasPrefix(name + " ") { return name }
            }
            if directory.subfileType == 9 { return "macro" }
            if directory.subfileType == 1 && directory.index > 1 { return "label" }
            return directory.index == 1 && !directory.isTiled ? "thumbnail" : other
        case .philips:
            let start = (text ?? "").prefix(5).lowercased()
            return start == "label" || start == "macro" ? start : other
        case .genericTIFF: return other
        }
    }

    /// Levels whose tags are padded to whole tiles: each is half the one before, the true size never larger than that.
    private static func philipsSizes(_ directories: [TIFFDirectory]) -> [Size] {
        guard let base = directories.first else { return [] }
        var sizes = [
            Size(
                directory: base, width: base.width, height: base.height, downsampleX: 1,
                downsampleY: 1)
        ]
        guard base.isTiled else { return sizes }
        for directory in directories.dropFirst()
        where directory.isTiled && directory.problem == nil
            && directory.samplesPerPixel == base.samplesPerPixel
        {
            // Small levels are mostly padding, so their ratio says little: the first size that fits is right.
            var factor = Int(sizes[sizes.count - 1].downsampleX) * 2
            var width = base.width
            var height = base.height
            var fits = false
            while !fits, factor <= base.width * 2 {
                width = (base.width + factor - 1) / factor
                height = (base.height + factor - 1) / factor
                fits =
                    (width..<(width + directory.blockWidth)).contains(directory.width)
                    && (height..<(height + directory.blockHeight)).contains(directory.height)
                if !fits { factor *= 2 }
            }
            guard fits else { continue }
            sizes.append(
                Size(
                    directory: directory, width: width, height: height,
                    downsampleX: Double(factor), downsampleY: Double(factor)))
        }
        return sizes
    }
}
