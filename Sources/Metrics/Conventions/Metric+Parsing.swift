extension Metric {
    /// Reads an identifier: `name[percentile][:variant][@parameter]`, in upper or lower case.
    ///
    /// | form | meaning |
    /// |---|---|
    /// | `dice`, `iou`, `recall`, `assd`, `pq`, `auc`, ... | a metric without parameters |
    /// | `dice:smoothed@1e-5`, `iou:smoothed@1e-3` | a constant in both terms |
    /// | `f2`, `fbeta@0.5` | F-beta; `f1` alone is `dice` |
    /// | `vs:signed`, `avd:voxels` | a variant |
    /// | `hd`, `hd95`, `hd99.5` | a Hausdorff distance by the rule of the convention |
    /// | `hd95:pooled`, `hd95:weighted`, ... | by one ``HausdorffRule`` |
    /// | `nsd@2mm`, `nsd@1.5mm`, `nsd@2px`, `nsd:mean-directed@2mm` | surface Dice at a tolerance |
    /// | `biou@2mm`, `biou@2%` | band by width or share of the image diagonal |
    /// | `biou:cheng2021`, `biou:cheng2021@5%`, `biou:reloaded@3px` | band by a published rule |
    /// | `f1@0.5`, `ap@0.75` | instances matched at an IoU threshold |
    /// | `threshold-f1@0.5`, `lesion-hd95`, `top-accuracy@5` | scores, lesions, classes |
    ///
    /// Common other names are understood: `dsc`, `jaccard`, `ppv`, `sensitivity`, `tpr`, `tnr`, `asd`, `bacc`, ...
    ///
    /// - Parameter text: The identifier.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)``, which suggests the nearest identifiers.
    public init(parsing text: String) throws(MetricError) {
        let identifier = text.lowercased()
        guard let metric = Self.read(identifier) else {
            throw .invalidArgument(
                name: "metric", found: text, expected: Self.expectation(for: identifier))
        }
        self = metric
    }

    /// Reads a list of identifiers between commas, for example `dice,hd95,nsd@2mm`.
    ///
    /// - Parameter text: The list; blanks around identifiers are ignored.
    /// - Returns: The metrics in the order of the list, each once.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)`` for the first unknown identifier, or an empty
    ///   list.
    public static func list(parsing text: String) throws(MetricError) -> [Metric] {
        var metrics: [Metric] = []
        for part in text.split(separator: ",") {
            let name = part.drop { $0 == " " }
            let end = name.lastIndex { $0 != " " }.map { name.index(after: $0) } ?? name.startIndex
            let metric = try Metric(parsing: String(name[..<end]))
            if !metrics.contains(metric) { metrics.append(metric) }
        }
        guard !metrics.isEmpty else {
            throw .invalidArgument(
                name: "metric", found: "nothing", expected: "a list such as dice,hd95,nsd@2mm")
        }
        return metrics
    }

    // MARK: - Reading

    /// Metrics whose identifier stands for itself, and other names for them.
    private static let plain: [String: Metric] = {
        var table: [String: Metric] = [:]
        for metric in listed { table[metric.description] = metric }
        for (name, metric) in aliases { table[name] = metric }
        return table
    }()

    private static let aliases: [(String, Metric)] = [
        ("dsc", .dice), ("f1", .dice), ("jaccard", .iou), ("jc", .iou), ("ppv", .precision),
        ("sensitivity", .recall), ("tpr", .recall), ("tnr", .specificity),
        ("bacc", .balancedAccuracy), ("acc", .accuracy), ("volume-similarity", .volumeSimilarity),
        ("ravd", .relativeVolumeDifference), ("surface-dice", .nsd2mm), ("nsd", .nsd2mm),
        ("hausdorff", .hd), ("boundary-iou", .boundaryIoU(.diagonalFraction(0.02))),
        ("biou", .boundaryIoU(.diagonalFraction(0.02))), ("auroc", .auc),
        ("aji-plus", .ajiPlus), ("lesion-hd", .lesionHausdorff(percentile: 100)),
    ]

    private static func read(_ identifier: String) -> Metric? {
        if let metric = plain[identifier] { return metric }
        let halves = identifier.split(
            separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let names = halves[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let variant = names.count == 2 ? String(names[1]) : nil
        guard halves.count == 2 else { return readUnparametrised(String(names[0]), variant) }
        let parameter = String(halves[1])
        let number = number(parameter)
        switch (String(names[0]), variant) {
        case ("dice", "smoothed"): return number.map { .smoothedDice($0) }
        case ("iou", "smoothed"): return number.map { .smoothedIoU($0) }
        case ("fbeta", nil): return number.map { .fBeta($0) }
        case ("nsd", _):
            guard let tolerance = tolerance(parameter) else { return nil }
            guard let variant else { return .nsd(tolerance, variant: nil) }
            return NSDVariant(rawValue: variant).map { .nsd(tolerance, variant: $0) }
        case ("biou", _): return boundary(variant, parameter)
        case ("f1", nil): return share(number).map { .instanceF1($0) }
        case ("ap", nil): return share(number).map { .instanceAP($0) }
        case ("threshold-f1", nil): return number.map { .thresholdF1($0) }
        case ("top-accuracy", nil):
            return Int(parameter).flatMap { $0 > 0 ? .topAccuracy($0) : nil }
        default: return nil
        }
    }

    /// `hd95`, `hd95:pooled`, `lesion-hd95` and `f2`: the number is part of the name.
    private static func readUnparametrised(_ name: String, _ variant: String?) -> Metric? {
        if name.hasPrefix("hd") {
            let percentile = name == "hd" ? 100 : number(String(name.dropFirst(2)))
            guard let percentile, percentile > 0, percentile <= 100 else { return nil }
            guard let variant else { return .hausdorff(percentile: percentile, rule: nil) }
            return HausdorffRule(rawValue: variant)
                .map { .hausdorff(percentile: percentile, rule: $0) }
        }
        guard variant == nil else { return nil }
        if name.hasPrefix("lesion-hd") {
            guard let percentile = number(String(name.dropFirst(9))), percentile > 0,
                percentile <= 100
            else { return nil }
            return .lesionHausdorff(percentile: percentile)
        }
        if name.hasPrefix("f") { return number(String(name.dropFirst())).map { .fBeta($0) } }
        return nil
    }

    private static func boundary(_ variant: String?, _ parameter: String) -> Metric? {
        let fraction = parameter.hasSuffix("%") ? number(String(parameter.dropLast())) : nil
        let millimetres = parameter.hasSuffix("mm") ? number(String(parameter.dropLast(2))) : nil
        let voxels = parameter.hasSuffix("px") ? number(String(parameter.dropLast(2))) : nil
        switch (variant, fraction, millimetres, voxels) {
        case (nil, let fraction?, _, _): return .boundaryIoU(.diagonalFraction(fraction / 100))
        case (nil, _, let width?, _): return .boundaryIoU(.millimetres(width))
        case ("cheng2021", let fraction?, _, _):
            return .boundaryIoU(.cheng2021(ratio: fraction / 100))
        case ("reloaded", _, _, let width?): return .boundaryIoU(.reloaded(voxels: width))
        default: return nil
        }
    }

    private static func tolerance(_ text: String) -> Tolerance? {
        guard text.count > 2, let width = number(String(text.dropLast(2))) else { return nil }
        if text.hasSuffix("mm") { return .millimetres(width) }
        return text.hasSuffix("px") ? .voxels(width) : nil
    }

    /// A finite number of at least 0 that begins with a digit: no sign, no hexadecimal, no `inf`.
    private static func number(_ text: String) -> Double? {
        guard let first = text.utf8.first, (48...57).contains(first),
            text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 101 || $0 == 45 }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    private static func share(_ number: Double?) -> Double? {
        number.flatMap { $0 <= 1 ? $0 : nil }
    }

    // MARK: - Suggesting

    private static func expectation(for identifier: String) -> String {
        let near = suggestions(for: identifier)
        let list = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return "a metric such as dice, hd95, hd95:pooled, assd, nsd@2mm, biou@2%, pq or auc" + list
    }

    /// The identifiers that differ least from what was typed, at most three, the nearest first.
    ///
    /// - Parameter identifier: What was typed.
    /// - Returns: Identifiers that ``init(parsing:)`` reads; empty when nothing is near.
    public static func suggestions(for identifier: String) -> [String] {
        let typed = Array(identifier.lowercased().utf8.prefix(64))
        let names = listed.map(\.description) + aliases.map(\.0)
        let stem = letters(typed)
        let scored = names.map { name -> (Int, String) in
            let bytes = Array(name.utf8)
            // A wrong number, variant or parameter of a known name is nearer than any other name.
            if !stem.isEmpty, letters(bytes) == stem { return (0, name) }
            return (distance(typed, bytes), name)
        }
        let limit = max(1, typed.count / 2)
        let near = scored.enumerated().filter { $0.element.0 <= limit }
            .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        return near.prefix(3).map(\.element.1)
    }

    /// What stands before the variant and the parameter, without digits.
    private static func letters(_ name: [UInt8]) -> [UInt8] {
        name.prefix { $0 != 64 && $0 != 58 }.filter { !(46...57).contains($0) }
    }

    /// The Levenshtein distance between two short texts.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
