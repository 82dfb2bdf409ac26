/// What the corrections share.
enum MultipleTesting {
    /// The places of the p-values that are numbers, the least first.
    static func ascending(_ p: [Double]) -> [Int] {
        p.indices.filter { !p[$0].isNaN }.sorted { p[$0] == p[$1] ? $0 < $1 : p[$0] < p[$1] }
    }
}
