/// Builds TIFF files of one directory from tags, right or wrong.
struct HostileTIFF {
    /// Tag, type (3 short, 4 long, 5 rational, 16 long8) and values, in the order they are written.
    var tags: [(tag: UInt16, type: UInt16, values: [UInt64])]
    /// What stands behind the directory.
    var payload: [UInt8] = [UInt8](repeating: 7, count: 256)
    var isBig = false
    /// The offset of the next directory.
    var next: UInt64 = 0

    /// A sound grey image of 16 x 16 bytes in one strip, or in one tile.
    init(tiled: Bool = false) {
        tags = [
            (256, 4, [16]), (257, 4, [16]), (258, 3, [8]), (259, 3, [1]), (262, 3, [1]),
            (277, 3, [1]),
        ]
        tags +=
            tiled
            ? [(322, 4, [16]), (323, 4, [16]), (324, 4, [Self.payloadMark]), (325, 4, [256])]
            : [(273, 4, [Self.payloadMark]), (278, 4, [16]), (279, 4, [256])]
    }

    /// A value that stands for the offset of the payload.
    static let payloadMark: UInt64 = 0xdead_beef

    /// Replaces a tag, adds it, or removes it when there are no values.
    func with(_ tag: UInt16, _ values: [UInt64], type: UInt16 = 4) -> HostileTIFF {
        var copy = self
        copy.tags.removeAll { $0.tag == tag }
        if !values.isEmpty { copy.tags.append((tag, type, values)) }
        copy.tags.sort { $0.tag < $1.tag }
        return copy
    }

    func with(payload: [UInt8]) -> HostileTIFF {
        var copy = self
        copy.payload = payload
        return copy
    }

    var bytes: [UInt8] {
        func number(_ value: UInt64, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let sizes: [UInt16: Int] = [1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 16: 8]
        let word = isBig ? 8 : 4
        let start = isBig ? 16 : 8
        var extra = start + (isBig ? 8 : 2) + tags.count * (isBig ? 20 : 12) + word
        let outside = tags.map { ($0.values.count) * (sizes[$0.type] ?? 4) }.filter { $0 > word }
        let payloadStart = extra + outside.reduce(0, +)
        var rows: [UInt8] = []
        var tail: [UInt8] = []
        for (tag, type, values) in tags {
            let size = sizes[type] ?? 4
            let body = values.flatMap {
                number($0 == Self.payloadMark ? UInt64(payloadStart) : $0, size)
            }
            let count = type == 5 ? values.count / 2 : values.count
            rows += number(UInt64(tag), 2) + number(UInt64(type), 2) + number(UInt64(count), word)
            if body.count > word {
                rows += number(UInt64(extra), word)
                tail += body
                extra += body.count
            } else {
                rows += body + [UInt8](repeating: 0, count: word - body.count)
            }
        }
        let header: [UInt8] =
            isBig
            ? [0x49, 0x49, 43, 0, 8, 0, 0, 0] + number(16, 8) : [0x49, 0x49, 42, 0, 8, 0, 0, 0]
        return header + number(UInt64(tags.count), isBig ? 8 : 2) + rows + number(next, word)
            + tail + payload
    }
}
