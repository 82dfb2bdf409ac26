import SafeFiles

/// Finds out which image belongs to which label map, from names alone.
struct DraftPairing {
    /// One case: the id, the files, and the patterns that would find them.
    struct Pair {
        let files: CaseFiles
        let imagePattern: String?
        let labelPattern: String?
    }

    /// Cases with a label map, sorted by id.
    private(set) var pairs: [Pair] = []
    /// Images that no label map belongs to.
    private(set) var lonelyImages: [String] = []
    /// Volumes whose role the name does not tell.
    private(set) var unclear: [String] = []

    /// Pairs the volumes of a list.
    ///
    /// - Complexity: O(*n*) in the files.
    init(files: [String]) {
        let names = files.compactMap(VolumeName.init)
        unclear = names.filter { $0.role == .unclear }.map(\.path)
        let images = names.filter { $0.role == .image }
        var index: [Key: [(image: Int, reading: Int)]] = [:]
        for (number, image) in images.enumerated() {
            for (rank, reading) in image.readings.enumerated() {
                let key = Key(place: image.place, base: reading.base)
                index[key, default: []].append((number, rank))
            }
        }
        var usedImages: Set<Int> = []
        var usedIDs: Set<String> = []
        for label in names where label.role == .label {
            guard let match = Self.match(label, index, images, usedImages) else {
                // A label map without image: the reading with the role word taken away names the case.
                let reading = label.readings.last ?? label.readings[0]
                pairs.append(Self.pair(label, reading, nil, nil, &usedIDs))
                continue
            }
            usedImages.insert(match.image)
            let image = images[match.image]
            pairs.append(
                Self.pair(label, match.label, image, image.readings[match.reading], &usedIDs))
        }
        pairs.sort { $0.files.id.utf8.lexicographicallyPrecedes($1.files.id.utf8) }
        lonelyImages = images.indices.filter { !usedImages.contains($0) }.map { images[$0].path }
    }

    private struct Key: Hashable {
        let place: [Substring]
        let base: String
    }

    /// The image whose base equals that of a label map; whole names before shortened ones.
    private static func match(
        _ label: VolumeName, _ index: [Key: [(image: Int, reading: Int)]], _ images: [VolumeName],
        _ used: Set<Int>
    ) -> (image: Int, reading: Int, label: VolumeName.Reading)? {
        var best: (image: Int, reading: Int, label: VolumeName.Reading, rank: Int)?
        for (labelRank, reading) in label.readings.enumerated() {
            for candidate in index[Key(place: label.place, base: reading.base)] ?? []
            where !used.contains(candidate.image) {
                let rank = labelRank + candidate.reading
                if rank < best?.rank ?? .max {
                    best = (candidate.image, candidate.reading, reading, rank)
                }
            }
        }
        return best.map { ($0.image, $0.reading, $0.label) }
    }

    private static func pair(
        _ label: VolumeName, _ labelReading: VolumeName.Reading, _ image: VolumeName?,
        _ imageReading: VolumeName.Reading?, _ usedIDs: inout Set<String>
    ) -> Pair {
        // With nothing left of the file name, the folder names the case.
        let base =
            labelReading.base.isEmpty ? String(label.place.last ?? "case") : labelReading.base
        var id = usable(base)
        if usedIDs.contains(id) {
            id = usable((label.place.map(String.init) + [base]).joined(separator: "_"))
        }
        var number = 2
        let stem = id
        while !usedIDs.insert(id).inserted {
            id = usable("\(stem)_\(number)")
            number += 1
        }
        return Pair(
            files: CaseFiles(id: id, image: image?.path, label: label.path),
            imagePattern: image.flatMap { image in
                imageReading.flatMap { pattern(image, $0, id: id) }
            },
            labelPattern: pattern(label, labelReading, id: id))
    }

    /// The path of a file with its case id left open, or `nil` when that is impossible.
    private static func pattern(_ name: VolumeName, _ reading: VolumeName.Reading, id: String)
        -> String?
    {
        var folders = name.path.split(separator: "/").dropLast().map(String.init)
        var stem = reading.before + "{case}" + reading.after
        if reading.base.isEmpty {
            guard let last = folders.lastIndex(of: id) else { return nil }
            folders[last] = "{case}"
            stem = reading.before + reading.after
        } else if reading.base != id {
            return nil
        } else if let last = folders.lastIndex(of: id) {
            // `case7/case7_ct.nii.gz`
            folders[last] = "{case}"
        }
        let suffix = name.suffix.hasPrefix(".nii") ? ".nii[.gz]" : name.suffix
        let literal = folders.joined(separator: "/") + reading.before + reading.after
        guard !literal.contains(where: { "[]".contains($0) }) else { return nil }
        return (folders + [stem + suffix]).joined(separator: "/")
    }

    private static func usable(_ text: String) -> String {
        if FilePath.isCaseID(text) { return text }
        var bytes = text.utf8.map { byte in
            FilePath.isCaseID("a" + String(decoding: [byte], as: UTF8.self))
                ? byte : UInt8(ascii: "_")
        }
        bytes = Array(bytes.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }.prefix(120))
        return bytes.isEmpty ? "case" : String(decoding: bytes, as: UTF8.self)
    }
}
