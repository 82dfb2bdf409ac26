/// Ranks in ascending order, where equal values share the mean of their ranks.
///
/// Ranks are kept doubled, so that they and all sums of them are whole numbers.
struct MidRanks {
    /// Twice the rank of each value; 2 for the least.
    let doubled: [Int]
    /// The sizes of the groups of equal values, 1 for a value of its own, in ascending order of the values.
    let groups: [Int]

    init(_ values: [Double]) {
        let order = values.indices.sorted {
            let (a, b) = (values[$0], values[$1])
            return a == b ? $0 < $1 : a < b
        }
        var doubled = [Int](repeating: 0, count: values.count)
        var groups: [Int] = []
        var first = 0
        while first < order.count {
            var end = first + 1
            while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
            // The mean of the ranks first + 1 ... end.
            for place in first..<end { doubled[order[place]] = first + 1 + end }
            groups.append(end - first)
            first = end
        }
        self.doubled = doubled
        self.groups = groups
    }

    var hasTies: Bool { groups.contains { $0 > 1 } }

    /// The ranks themselves.
    var ranks: [Double] { doubled.map { Double($0) / 2 } }
}
