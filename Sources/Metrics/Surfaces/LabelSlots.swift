/// Which labels are looked for, and the place of each among the results.
struct LabelSlots: Sendable {
    /// The labels without repeats, in the order in which they first appear.
    let labels: [UInt8]
    /// The slot of each of the 256 labels, -1 when it is not looked for.
    let table: [Int16]

    init(_ asked: [UInt8]) {
        var labels: [UInt8] = []
        var table = [Int16](repeating: -1, count: 256)
        for label in asked where table[Int(label)] < 0 {
            table[Int(label)] = Int16(labels.count)
            labels.append(label)
        }
        self.labels = labels
        self.table = table
    }

    /// Whether background is looked for like any other label.
    var includesBackground: Bool { table[0] >= 0 }
}
