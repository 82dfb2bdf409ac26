import SafeFiles

/// What a file name says about its case.
enum ScoreNames {
    /// Words at an end of a name that tell the role of a file, not its case.
    private static let roleWords: Set<String> = [
        "label", "labels", "lab", "seg", "segs", "segmentation", "segmentations", "mask", "masks",
        "gt", "groundtruth", "ref", "reference", "pred", "preds", "prediction", "predictions",
        "result", "results", "out", "output", "img", "image", "images", "ct", "mr", "vol",
        "volume", "scan", "0000",
    ]
    private static let separators: Set<Character> = ["_", "-", ".", " "]

    /// The ids of files by their names: without known endings; the folder's name where every file of a case has the same.
    ///
    /// - Parameter files: Paths relative to their folder.
    /// - Returns: Every file with its id; files below the top are left out where files lie at the top.
    static func stems(_ files: [String]) -> [(file: String, id: String)] {
        let top = files.filter { !$0.contains("/") }
        let used = top.isEmpty ? files : top
        let stems = used.map { stem($0) }
        if Set(stems).count == used.count || !top.isEmpty { return Array(zip(used, stems)) }
        let folders = used.map { FilePath.folder(of: $0) }
        return Array(zip(used, Set(folders).count == used.count ? folders : stems))
    }

    /// The last component of a path without its ending.
    static func stem(_ path: String) -> String {
        let name = FilePath.name(of: path)
        return ScoreFormat.split(name)?.stem ?? name
    }

    /// A name without the words that tell its role: `label0001`, `img0001` and `0001_pred` all give `0001`.
    static func core(_ stem: String) -> String {
        var rest = stem[...]
        while let cut = rest.lastIndex(where: separators.contains),
            roleWords.contains(rest[rest.index(after: cut)...].lowercased()), cut > rest.startIndex
        {
            rest = rest[..<cut]
        }
        while true {
            let word = rest.prefix { $0.isLetter }
            let after = rest[word.endIndex...].drop(while: separators.contains)
            guard !word.isEmpty, !after.isEmpty, roleWords.contains(word.lowercased()) else {
                break
            }
            rest = after
        }
        return String(rest)
    }

    /// The numbers in a name without leading zeros, joined by dots; empty without any.
    static func numbers(_ stem: String) -> String {
        stem.split { !($0.isASCII && $0.isNumber) }.map { run in
            let short = run.drop { $0 == "0" }
            return short.isEmpty ? "0" : String(short)
        }.joined(separator: ".")
    }
}
