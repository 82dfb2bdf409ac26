/// One row of the table that says what a convention makes of empty masks.
public struct ConventionStatesRow: Hashable, Sendable {
    /// The metrics that share the row.
    public let metrics: [Metric]
    /// What they are when a mask is empty.
    public let rule: EmptyRule
    /// Whether the library itself has them; otherwise they are ``Convention/standard``'s.
    public let isDefined: Bool

    /// Makes a row.
    ///
    /// - Parameters:
    ///   - metrics: The metrics that share the row.
    ///   - rule: What they are when a mask is empty.
    ///   - isDefined: Whether the library itself has them.
    public init(metrics: [Metric], rule: EmptyRule, isDefined: Bool) {
        self.metrics = metrics
        self.rule = rule
        self.isDefined = isDefined
    }
}

extension Convention {
    /// What the convention makes of empty masks, metrics with the same answers in one row.
    ///
    /// - Parameter metrics: The metrics of a report; others than those of label maps are left out.
    /// - Returns: The rows in the order in which their first metric stands.
    public func statesTable(
        for metrics: [Metric] = Metric.defaults(for: .labels)
    ) -> [ConventionStatesRow] {
        var rows: [ConventionStatesRow] = []
        for metric in metrics where metric.tasks.contains(.labels) {
            let (entry, isDefined) = resolve(metric)
            let rule = entry.formula.written(in: entry.empty)
            if let row = rows.firstIndex(where: { $0.rule == rule && $0.isDefined == isDefined }) {
                rows[row] = ConventionStatesRow(
                    metrics: rows[row].metrics + [metric], rule: rule, isDefined: isDefined)
            } else {
                rows.append(
                    ConventionStatesRow(metrics: [metric], rule: rule, isDefined: isDefined))
            }
        }
        return rows
    }

    /// How the convention computes a metric, in one line: formula, percentile rule, surface, and from where.
    ///
    /// - Parameter metric: A metric.
    /// - Returns: Plain text, for example
    ///   `max(P95 D(P→R), P95 D(R→P)), linear interpolation; voxel (face), image edge is border, mm`.
    public func formula(of metric: Metric) -> String {
        let (entry, isDefined) = resolve(metric)
        var text = entry.formula.formula
        if let surface = entry.surface { text += "; \(surface)" }
        if !isDefined, source != .standard {
            text += entry.isStandard(for: metric) ? "; as standard" : "; not a metric of \(library)"
        }
        return text
    }
}

extension Convention.Entry {
    fileprivate func isStandard(for metric: Metric) -> Bool {
        self == Convention.standard.resolve(metric).entry
    }
}

extension Metric {
    /// The rule with the formula replaced by its number where that does not depend on the counts.
    fileprivate func written(in rule: EmptyRule) -> EmptyRule {
        let one = OverlapCounts(
            truePositives: 0, falsePositives: 2, falseNegatives: 0, trueNegatives: 3)
        let two = OverlapCounts(
            truePositives: 0, falsePositives: 5, falseNegatives: 0, trueNegatives: 7)
        func fixed(_ answer: EmptyRule.Answer, _ counts: [OverlapCounts]) -> EmptyRule.Answer {
            guard answer == .formula else { return answer }
            let numbers = counts.map { Convention.overlap(self, $0, nil) ?? .nan }
            guard let first = numbers.first,
                numbers.allSatisfy({ $0 == first || ($0.isNaN && first.isNaN) })
            else { return .formula }
            return .number(first.isNaN ? rule.undefined : first)
        }
        func swapped(_ counts: OverlapCounts) -> OverlapCounts {
            OverlapCounts(
                truePositives: 0, falsePositives: 0, falseNegatives: counts.falsePositives,
                trueNegatives: counts.trueNegatives)
        }
        func emptied(_ counts: OverlapCounts) -> OverlapCounts {
            OverlapCounts(
                truePositives: 0, falsePositives: 0, falseNegatives: 0,
                trueNegatives: counts.trueNegatives)
        }
        return EmptyRule(
            bothEmpty: fixed(rule.bothEmpty, [emptied(one), emptied(two)]),
            miss: fixed(rule.miss, [swapped(one), swapped(two)]),
            ghost: fixed(rule.ghost, [one, two]), undefined: rule.undefined)
    }
}
