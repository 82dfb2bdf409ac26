/// Loops over the voxels of label maps.
///
/// Most voxels are background, so eight zero bytes are handled at once.
enum LabelKernels {
    static func histogram(_ bytes: [UInt8]) -> [Int] {
        var counts = [Int](repeating: 0, count: 256)
        bytes.withUnsafeBytes { raw in
            counts.withUnsafeMutableBufferPointer { counts in
                let words = raw.count / 8
                var index = 0
                while index < words {
                    let word = raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    // A word of one value repeated: background, or the inside of an organ.
                    if word == (word & 255) &* 0x0101_0101_0101_0101 {
                        counts[Int(word & 255)] += 8
                    } else {
                        for byte in (index * 8)..<(index * 8 + 8) { counts[Int(raw[byte])] += 1 }
                    }
                    index += 1
                }
                for byte in (words * 8)..<raw.count { counts[Int(raw[byte])] += 1 }
            }
        }
        return counts
    }

    static func histogram<Word: FixedWidthInteger>(_ words: [Word]) -> [Int] {
        var counts = [Int](repeating: 0, count: 1 << 16)
        counts.withUnsafeMutableBufferPointer { counts in
            for word in words { counts[Int(UInt16(truncatingIfNeeded: word))] += 1 }
        }
        return counts
    }

    /// Replaces each byte by its entry in a table of 256.
    static func replace(_ bytes: inout [UInt8], by table: [UInt8]) {
        let keepsZero = table[0] == 0
        bytes.withUnsafeMutableBytes { raw in
            table.withUnsafeBufferPointer { table in
                let words = raw.count / 8
                var index = 0
                while index < words {
                    let word = raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    if word != 0 || !keepsZero {
                        for byte in (index * 8)..<(index * 8 + 8) {
                            raw[byte] = table[Int(raw[byte])]
                        }
                    }
                    index += 1
                }
                for byte in (words * 8)..<raw.count { raw[byte] = table[Int(raw[byte])] }
            }
        }
    }

    /// The table entry of each 16-bit pattern.
    static func looked<Word: FixedWidthInteger>(up words: [Word], in table: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: words.count) { buffer, count in
            LargePages.advise(UnsafeMutableRawBufferPointer(buffer))
            table.withUnsafeBufferPointer { table in
                for index in words.indices {
                    buffer[index] = table[Int(UInt16(truncatingIfNeeded: words[index]))]
                }
            }
            count = words.count
        }
    }

    /// For each run of `length` indices those that occur in it.
    static func occurring<Index: FixedWidthInteger>(
        _ indices: [Index], _ length: Int, _ tableSize: Int
    ) -> [[Int]] {
        var lastSeen = [Int](repeating: -1, count: tableSize)
        var result: [[Int]] = []
        for run in 0..<(length > 0 ? indices.count / length : 0) {
            var found: [Int] = []
            var previous: Index?
            for position in (run * length)..<((run + 1) * length)
            where indices[position] != previous {
                previous = indices[position]
                let index = Int(UInt16(truncatingIfNeeded: indices[position]))
                if lastSeen[index] != run {
                    lastSeen[index] = run
                    found.append(index)
                }
            }
            result.append(found)
        }
        return result
    }

    /// Numbers the different keys in the order in which they occur; `nil` for more than 65,536.
    static func numbered<Key: FixedWidthInteger>(
        _ keys: [Key]
    ) -> (indices: [UInt16], keys: [Key], counts: [Int])? {
        var numbers: [Key: Int] = [:]
        var distinct: [Key] = []
        var counts: [Int] = []
        var indices = [UInt16](repeating: 0, count: keys.count)
        var (previous, number) = (Key(0), -1)
        for position in keys.indices {
            let key = keys[position]
            if key != previous || number < 0 {
                if let known = numbers[key] {
                    number = known
                } else {
                    guard distinct.count < 1 << 16 else { return nil }
                    number = distinct.count
                    numbers[key] = number
                    distinct.append(key)
                    counts.append(0)
                }
                previous = key
            }
            indices[position] = UInt16(truncatingIfNeeded: number)
            counts[number] += 1
        }
        return (indices, distinct, counts)
    }
}
