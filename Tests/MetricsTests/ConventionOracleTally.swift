import MedicalImaging
import SegmentationMetrics
import Testing

/// What became of one record of an oracle file.
enum OracleOutcome {
    /// Our number is the library's.
    case reproduced
    /// The library raised, and our state is `error`, or undefined where no convention of ours stands for the library.
    case raised
    /// The definition has no value, our state is `na`, and the library's number is the constant it always writes then.
    case marked
    /// Not compared, with the reason that the table prints.
    case leftOut(String)
    /// A disagreement.
    case failed(String)
}

/// Counts outcomes per library and prints them as the table that is compared with the expected numbers.
struct OracleTally {
    struct Row: Equatable, CustomStringConvertible {
        var reproduced = 0
        var raised = 0
        var marked = 0
        var leftOut = 0
        var description: String {
            "\(reproduced) reproduced, \(raised) raised, \(marked) marked, \(leftOut) left out"
        }
    }

    private(set) var rows: [String: Row] = [:]
    private(set) var reasons: [String: [String: Int]] = [:]
    private(set) var failures: [String] = []

    mutating func add(_ outcome: OracleOutcome, _ record: MetricOracle.Record, of id: String) {
        switch outcome {
        case .reproduced: rows[record.lib, default: Row()].reproduced += 1
        case .raised: rows[record.lib, default: Row()].raised += 1
        case .marked: rows[record.lib, default: Row()].marked += 1
        case .leftOut(let reason):
            rows[record.lib, default: Row()].leftOut += 1
            reasons[record.lib, default: [:]][reason, default: 0] += 1
        case .failed(let text):
            failures.append(
                "\(id) \(record.lib) \(record.fn) \(record.metric) \(record.args): \(text)")
        }
    }

    var total: Int {
        rows.values.reduce(failures.count) {
            $0 + $1.reproduced + $1.raised + $1.marked + $1.leftOut
        }
    }

    func report(_ title: String) {
        var text = "oracle \(title): \(total) records\n"
        for (library, row) in rows.sorted(by: { $0.key < $1.key }) {
            text += "  \(library): \(row)\n"
            for (reason, count) in (reasons[library] ?? [:]).sorted(by: { $0.key < $1.key }) {
                text += "    \(count) left out: \(reason)\n"
            }
        }
        print(text)
    }

    /// One failure per function: the others are likely the same.
    private var firstOfEachKind: [String] {
        var seen = Set<Substring>()
        return failures.filter { text in
            let kind = text.drop { $0 != " " }.prefix { $0 != "[" }
            return seen.insert(kind).inserted
        }
    }

    func expect(_ expected: [String: Row]) {
        for failure in firstOfEachKind { Issue.record("\(failure)") }
        #expect(failures.isEmpty, "\(failures.count) failures")
        for library in Set(rows.keys).union(expected.keys).sorted() {
            #expect(rows[library] == expected[library], "\(library)")
        }
    }
}

/// One case of an oracle file with its distances, each measured once, in millimetres and in voxels.
final class OracleWorld {
    let id: String
    private let labelCounts: [OverlapCounts]
    private let pairs: [LabelPair]
    private let labels: [UInt8]
    private var surfaces: [[SurfaceDefinition: [SurfaceDistances]]] = [[:], [:]]
    private var bands: [BoundaryDefinition: [BoundaryOverlap]] = [:]

    init(_ one: MetricOracle.Case, in oracle: MetricOracle, labels: [UInt8]) throws {
        let pair = try oracle.pair(of: one)
        let confusion = LabelConfusion(pair)
        id = one.id
        self.labels = labels
        // The libraries were also called without a spacing: the same masks on a grid of ones.
        pairs = [
            pair,
            try LabelPair(
                prediction: pair.prediction, reference: pair.reference, grid: pair.grid.inVoxels),
        ]
        labelCounts = labels.map { confusion.counts(of: $0) }
    }

    var pair: LabelPair { pairs[0] }

    func counts(of label: UInt8 = 1) -> OverlapCounts { labelCounts[index(of: label)] }

    private func index(of label: UInt8) -> Int {
        guard let index = labels.firstIndex(of: label) else {
            preconditionFailure("label \(label) is not in the list of the test")
        }
        return index
    }

    func distances(
        _ surface: SurfaceDefinition, of label: UInt8 = 1, inVoxels: Bool = false
    ) -> SurfaceDistances {
        let grid = inVoxels ? 1 : 0
        let found =
            surfaces[grid][surface]
            ?? pairs[grid].surfaceDistances(of: labels, by: surface, jobs: 1)
        surfaces[grid][surface] = found
        return found[index(of: label)]
    }

    func value(
        _ metric: Metric, _ convention: Convention, of label: UInt8 = 1, inVoxels: Bool = false
    ) -> MetricValue {
        var distances: [SurfaceDefinition: SurfaceDistances] = [:]
        var overlaps: [BoundaryDefinition: BoundaryOverlap] = [:]
        if let surface = convention.surface(for: metric), counts(of: label).state == .value {
            distances[surface] = self.distances(surface, of: label, inVoxels: inVoxels)
        }
        if let band = convention.boundary(for: metric) {
            let found = bands[band] ?? pair.boundaryOverlaps(of: labels, by: band)
            bands[band] = found
            overlaps[band] = found[index(of: label)]
        }
        return convention.value(
            of: metric,
            in: LabelMeasurement(
                grid: pairs[inVoxels ? 1 : 0].grid, counts: counts(of: label), surfaces: distances,
                boundaries: overlaps))
    }
}

extension MetricOracle.Record {
    /// Compares one number of the record with ours.
    func compare(
        _ ours: MetricValue, with number: Double?, relative: Double = 1e-9,
        absolute: Double = 1e-12, mark: Double? = nil
    ) -> OracleOutcome {
        if isError {
            return ours.state == .error ? .raised : .failed("raises, ours \(ours)")
        }
        guard let number else { return .failed("no number: \(value)") }
        if MetricOracle.agree(ours.number, number, relative: relative, absolute: absolute) {
            return .reproduced
        }
        if let mark, ours.state == .na, MetricOracle.agree(mark, number) { return .marked }
        return .failed("\(number), ours \(ours)")
    }

    /// Compares several numbers: all must agree.
    func compare(
        _ pairs: [(MetricValue, Double?)], relative: Double = 1e-9, absolute: Double = 1e-12
    ) -> OracleOutcome {
        for (ours, number) in pairs {
            let outcome = compare(ours, with: number, relative: relative, absolute: absolute)
            guard case .reproduced = outcome else { return outcome }
        }
        return .reproduced
    }

    func argument(_ key: String) -> Double? { MetricOracle.number(args[key]) }
}
