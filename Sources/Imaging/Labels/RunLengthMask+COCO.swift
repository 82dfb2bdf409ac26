extension RunLengthMask {
    /// The compressed form that COCO files and pycocotools call `counts`.
    ///
    /// From the fourth run on, the difference to the run two before stands for the run. Numbers are cut into groups of five
    /// bits, the lowest first; each group is one character from `0` on, bit six says that another follows.
    ///
    /// - Complexity: O(runs).
    public var cocoString: String {
        var characters: [UInt8] = []
        characters.reserveCapacity(2 * counts.count)
        for (index, count) in counts.enumerated() {
            var value = index > 2 ? count - counts[index - 2] : count
            var isLast = false
            while !isLast {
                let group = value & 31
                value >>= 5
                // The sign of the rest must equal the highest bit of the last group.
                isLast = value == (group & 16 == 0 ? 0 : -1)
                characters.append(UInt8(48 + (isLast ? group : group | 32)))
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Reads the compressed form that COCO files and pycocotools call `counts`.
    ///
    /// - Parameters:
    ///   - rows: Number of rows, the first number of COCO's `size`.
    ///   - columns: Number of columns, the second number of COCO's `size`.
    ///   - text: The compressed counts.
    /// - Throws: ``RunLengthError`` when a character or a length is not possible, or the pixels do not add up.
    public init(rows: Int, columns: Int, cocoString text: String) throws(RunLengthError) {
        var counts: [Int] = []
        var value = 0
        var shift = 0
        for (position, character) in text.utf8.enumerated() {
            guard character >= 48, character < 112 else {
                throw RunLengthError(
                    place: "character \(position)", found: "byte \(character)",
                    expected: "a byte from 48 to 111")
            }
            // Twelve groups of five bits hold every length below 2^59.
            guard shift <= 55 else {
                throw RunLengthError(
                    place: "character \(position)", found: "a number of more than 60 bits",
                    expected: "a run length")
            }
            let group = Int(character) - 48
            value |= (group & 31) << shift
            shift += 5
            if group & 32 != 0 { continue }
            if group & 16 != 0 { value |= -1 << shift }
            let count = counts.count > 2 ? value + counts[counts.count - 2] : value
            guard count >= 0, count < 1 << 58 else {
                throw RunLengthError(
                    place: "character \(position)", found: "run length \(count)",
                    expected: "a length that is not negative")
            }
            counts.append(count)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else {
            throw RunLengthError(
                place: "the end", found: "a number that is cut off", expected: "its last character")
        }
        try self.init(rows: rows, columns: columns, counts: counts)
    }
}

/// Why run lengths are not those of a mask, on one line.
public struct RunLengthError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which run or character is wrong.
    public let place: String
    /// What stands there.
    public let found: String
    /// What should.
    public let expected: String

    /// The error on one line.
    public var description: String {
        "run-length mask: \(place): found \(found), expected \(expected); "
            + "the counts belong to another mask, or are damaged"
    }
}
