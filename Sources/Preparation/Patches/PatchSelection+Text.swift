extension PatchSelection: CustomStringConvertible {
    /// The selection in words, for example `bins=430,range=20..90,negatives=6000`; ``init(_:dataset:part:)`` reads it.
    public var description: String {
        var words: [String] = []
        if let perBin { words.append("bins=\(perBin)") }
        if binWidth != 50 { words.append("width=\(Self.percent(binWidth))") }
        if includesFull { words.append("full") }
        if let topUp { words.append("top-up=\(topUp)") }
        if let range {
            words.append("range=\(Self.percent(range.low))..\(Self.percent(range.high))")
            if range.isClosed { words.append("closed") }
        }
        if let positives { words.append("positives=\(positives)") }
        if let negatives { words.append("negatives=\(negatives)") }
        return words.isEmpty ? "all" : words.joined(separator: ",")
    }

    /// Reads a selection.
    ///
    /// - Parameters:
    ///   - text: `all`, `ep-sam`, or pairs with commas: `bins=N` patches per bin, `width=P` percent of a bin, `full` (100 %
    ///     belongs to the last bin), `top-up=N`, `range=P..P` (ends excluded; `closed` includes them), `positives=N`,
    ///     `negatives=N`. Percentages have one decimal at most.
    ///   - dataset: The data set `ep-sam` is meant for.
    ///   - part: The part of the split `ep-sam` is meant for.
    /// - Throws: ``PatchError`` naming the pair that is not understood, or the data set `ep-sam` has no counts for.
    public init(_ text: String, dataset: String = "", part: String = "") throws(PatchError) {
        self = .all
        if text == "all" { return }
        if text == "ep-sam" {
            guard let preset = Self.epSAM(dataset: dataset, part: part) else {
                throw PatchError(
                    "selection: ep-sam: found data set `\(dataset)` with part `\(part)`, expected camelyon16 or "
                        + "camelyon17 with train, validation or test; write the numbers out")
            }
            self = preset
            return
        }
        var isClosed = false
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            let key = parts.first.map(String.init) ?? ""
            let value = parts.count == 2 ? String(parts[1]) : ""
            let number = Int(value)
            var isRead = number != nil
            switch key {
            case "bins": perBin = number
            case "top-up": topUp = number
            case "positives": positives = number
            case "negatives": negatives = number
            case "width":
                let width = Self.permille(value)
                isRead = width != nil
                binWidth = width ?? 0
            case "range":
                let ends = value.split(separator: "..", omittingEmptySubsequences: false)
                    .map { Self.permille(String($0)) }
                isRead = false
                if ends.count == 2, let low = ends[0], let high = ends[1] {
                    range = Range(low: low, high: high)
                    isRead = true
                }
            case "full" where parts.count == 1: (includesFull, isRead) = (true, true)
            case "closed" where parts.count == 1: (isClosed, isRead) = (true, true)
            default: isRead = false
            }
            guard isRead else {
                throw PatchError(
                    "selection: found `\(pair)`, expected all, ep-sam or pairs such as "
                        + "bins=430,range=20..90,negatives=6000")
            }
        }
        if isClosed {
            guard range != nil else {
                throw PatchError("selection: found `closed` without a range, expected range=P..P")
            }
            range?.isClosed = true
        }
        try validate()
    }

    private static func percent(_ permille: Int) -> String {
        permille % 10 == 0 ? "\(permille / 10)" : "\(permille / 10).\(permille % 10)"
    }

    /// Reads a percentage with one decimal at most.
    private static func permille(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int(parts[0]), (0...100).contains(whole),
            parts[0].first != "+", parts[0].first != "-"
        else { return nil }
        guard parts.count == 2 else { return whole * 10 }
        guard parts[1].count == 1, let tenth = Int(parts[1]) else { return nil }
        return whole * 10 + tenth
    }
}
