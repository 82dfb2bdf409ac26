import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles

/// Looks through a data set folder before anything long starts: grids, orientations, label values, slice counts.
public struct FolderCheck: Sendable {
    /// The data set.
    public let card: DatasetCard
    /// The split whose slice counts are checked; `nil` for none.
    public var split: DatasetSplit?
    /// Whether label maps are checked without their images.
    public var labelsOnly = false
    /// What the values of the label files stand for.
    public var labelValues = LabelEncoding.raw
    /// Threads that read.
    public var threads = 1

    /// Makes a check.
    ///
    /// - Parameter card: The data set.
    public init(card: DatasetCard) { self.card = card }

    /// One case as it was found.
    public struct Case: Codable, Hashable, Sendable {
        /// The case id.
        public var id: String
        /// The part of the split; empty when none is used.
        public var part: String
        /// Voxels along i, j, k.
        public var shape: [Int]
        /// Axial slices, whatever the order of axes in the file; 0 when no file could be read.
        public var slices: Int
        /// Distance of voxel centres in millimetres.
        public var spacing: [Double]
        /// The closest orientation, three letters.
        public var orientation: String
        /// Names of the labels with at least one voxel.
        public var labels: [String]
        /// What is wrong or worth knowing, one line each.
        public var errors: [String]
        /// What is worth knowing, one line each.
        public var warnings: [String]
    }

    /// What was found.
    public struct Outcome: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.check/1"
        /// The data set's name.
        public var dataset: String
        /// The layout in which the files lie.
        public var layout: String
        /// The cases, sorted by id.
        public var cases: [Case]
        /// What concerns the folder as a whole.
        public var findings: [String]
        /// Slices in all cases.
        public var slices: Int
        /// Number of errors.
        public var errors: Int
    }

    /// Looks through a folder.
    ///
    /// - Parameters:
    ///   - root: The folder of the data set.
    ///   - report: Called after each case with how many are done and how many there are.
    /// - Returns: What was found; it has errors, it does not throw them.
    /// - Throws: `DatasetError` when the folder cannot be read or holds nothing of the data set.
    public func run(root: String, report: (Int, Int) -> Void = { _, _ in }) throws -> Outcome {
        let scan = try DatasetFolder.scan(card: card, root: root, requireImages: !labelsOnly)
        var findings = scan.findings
        if let split { findings += split.findings(for: card) }
        let entries = scan.cases.filter { $0.label != nil || (!labelsOnly && $0.image != nil) }
        var cases: [Case] = []
        var values: Set<Int> = []
        // A handful at a time: memory is bounded by the threads, and progress is told.
        for start in stride(from: 0, to: entries.count, by: threads) {
            let end = min(start + threads, entries.count)
            let part = try ParallelLoop.map(count: end - start, threads: threads) { n in
                check(entries[start + n], root: root)
            }
            for (found, seen) in part {
                cases.append(found)
                values.formUnion(seen)
            }
            report(end, entries.count)
        }
        if let finding = card.encodingFinding(values: values, readAs: labelValues) {
            findings.append(finding)
        }
        return Outcome(
            dataset: card.name, layout: scan.layout, cases: cases,
            findings: findings.map(\.description),
            slices: cases.reduce(0) { $0 + $1.slices },
            errors: cases.reduce(0) { $0 + $1.errors.count }
                + findings.count { $0.severity == .error })
    }

    private func check(_ entry: CaseFiles, root: String) -> (Case, Set<Int>) {
        var found = Case(
            id: entry.id, part: split?.part(of: entry.id)?.rawValue ?? "", shape: [], slices: 0,
            spacing: [],
            orientation: "", labels: [], errors: [], warnings: [])
        var values: Set<Int> = []
        do {
            var grids: [Grid] = []
            var files: [(name: String, file: NIfTIFile)] = []
            if let image = entry.image, !labelsOnly {
                files.append((image, try NIfTIFile(path: try FilePath.join(root, image))))
            }
            if let label = entry.label {
                let file = try NIfTIFile(path: try FilePath.join(root, label))
                files.append((label, file))
                let counts = try file.labelCounts()
                values = Set(counts.keys)
                let lookup = card.labelLookup(labelValues)
                let unknown = counts.keys.filter { lookup[$0] == nil }.sorted()
                if !unknown.isEmpty {
                    found.errors.append(
                        "\(label): label values \(unknown.prefix(10).map(String.init).joined(separator: " ")) "
                            + "are not in the card \(card.name); add them to the card, or use "
                            + "--ignore-label")
                }
                let present = Set(counts.keys.compactMap { lookup[$0] })
                found.labels = card.labels.filter { present.contains($0.id) }.map(\.name)
            }
            for (name, file) in files {
                grids.append(try file.grid())
                found.warnings += file.warnings.map { "\(name): \($0)" }
            }
            if let grid = grids.first {
                found.shape = [grid.shape.i, grid.shape.j, grid.shape.k]
                found.spacing = grid.spacing.array
                found.orientation = "\(grid.orientation)"
                found.slices = grid.shape[grid.orientation.axis(alongWorld: 2)]
                if let finding = split?.sliceCountFinding(case: entry.id, found: found.slices) {
                    found.errors.append(finding.line)
                }
            }
            if grids.count == 2 {
                let differences = grids[0].differences(from: grids[1])
                if !differences.isEmpty {
                    found.errors.append(
                        "\(entry.id): image and label differ: "
                            + differences.map(\.description).joined(separator: "; "))
                }
            }
        } catch {
            found.errors.append("\(error)")
        }
        return (found, values)
    }
}
