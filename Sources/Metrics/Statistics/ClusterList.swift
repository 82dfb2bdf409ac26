/// Which rows belong together: the slices of a patient, the patches of a slide.
struct ClusterList {
    /// The rows of each cluster; clusters in the order of their first row.
    private(set) var rows: [[Int]] = []

    init<Cluster: Hashable>(_ ids: [Cluster]) {
        var places: [Cluster: Int] = [:]
        for (row, id) in ids.enumerated() {
            if let place = places[id] {
                rows[place].append(row)
            } else {
                places[id] = rows.count
                rows.append([row])
            }
        }
    }

    /// Every row a cluster of its own.
    init(rows count: Int) { rows = (0..<count).map { [$0] } }

    var count: Int { rows.count }

    /// Whether every cluster has one row.
    var isPlain: Bool { rows.allSatisfy { $0.count == 1 } }

    /// The sums of the rows of each cluster, in the order of the rows.
    func sums(of values: [Double]) -> [Double] {
        rows.map { rows in
            // Not from 0: a cluster of one row has that row's value, its sign included.
            rows.dropFirst().reduce(values[rows[0]]) { $0 + values[$1] }
        }
    }
}
