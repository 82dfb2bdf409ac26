/// What the values in a label file stand for.
public enum LabelEncoding: String, Hashable, Sendable, CaseIterable {
    /// The values of the original files, which the card translates to its ids.
    case raw
    /// The ids of the card themselves: the file was already reduced.
    case cardIDs
}

/// Translates the values of label files to the ids of a card, and says which values the card does not know.
///
/// Made by ``DatasetCard/labelLookup(_:)``. Every value is looked up once; nothing is remapped in place, so the order of
/// the table does not matter.
public struct LabelValueMap: Hashable, Sendable {
    /// What the values in the file stand for.
    public let encoding: LabelEncoding
    /// Every known value and its id; background is 0.
    public let ids: [Int: UInt8]

    /// Ids of consecutive values from `lowest`; 256 marks an unknown value.
    @usableFromInline let table: [UInt16]
    @usableFromInline let lowest: Int

    init(encoding: LabelEncoding, ids: [Int: UInt8]) {
        self.encoding = encoding
        self.ids = ids
        let low = min(0, ids.keys.min() ?? 0)
        // A card may name values far apart; the table holds the near ones, the dictionary the others.
        let start = max(low, -1024)
        let end = min(max(ids.keys.max() ?? 0, 255), 65_535)
        lowest = start
        table = (start...end).map { ids[$0].map(UInt16.init) ?? 256 }
    }

    /// The id of one value.
    ///
    /// - Parameter raw: A value of a label file.
    /// - Returns: The id, 0 for background, or `nil` when the card does not know the value.
    @inlinable
    public subscript(raw: Int) -> UInt8? {
        let index = raw &- lowest
        if index >= 0, index < table.count {
            let id = table[index]
            return id < 256 ? UInt8(truncatingIfNeeded: id) : nil
        }
        return ids[raw]
    }

    /// Translates many values; unknown ones become 0 and are counted.
    ///
    /// - Complexity: O(*n*), one table look-up per value; runs of background cost an eighth of that.
    /// - Parameters:
    ///   - raw: Values of a label file.
    ///   - output: Takes one id per value; at least as long as `raw`.
    /// - Returns: Every unknown value and how often it occurs; empty when the card knows them all.
    @inlinable
    public func remap<Raw: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, into output: UnsafeMutableBufferPointer<UInt8>
    ) -> [Int: Int] {
        precondition(output.count >= raw.count, "the output is shorter than the input")
        var unknown: [Int: Int] = [:]
        guard let source = raw.baseAddress, let target = output.baseAddress else { return unknown }
        table.withUnsafeBufferPointer { table in
            var position = 0
            while position < raw.count {
                let end = Swift.min(position + 8, raw.count)
                // Most voxels are background, 0 in every encoding: eight at a time.
                if end - position == 8, Self.areZero(source + position) {
                    UnsafeMutableRawPointer(target + position)
                        .storeBytes(of: 0, as: UInt64.self)
                    position = end
                    continue
                }
                while position < end {
                    let value = Int(clamping: source[position])
                    let index = value &- lowest
                    let id = index >= 0 && index < table.count ? table[index] : 256
                    if id < 256 {
                        target[position] = UInt8(truncatingIfNeeded: id)
                    } else {
                        target[position] = slowID(value, &unknown)
                    }
                    position += 1
                }
            }
        }
        return unknown
    }

    /// Whether eight values are all 0.
    @inlinable @inline(__always)
    static func areZero<Raw: FixedWidthInteger>(_ values: UnsafePointer<Raw>) -> Bool {
        let bytes = UnsafeRawPointer(values)
        var bits: UInt64 = 0
        for word in 0..<MemoryLayout<Raw>.stride {
            bits |= bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
        }
        return bits == 0
    }

    /// The id of a value that is not in the table; counts it when the card does not know it.
    @usableFromInline @inline(never)
    func slowID(_ value: Int, _ unknown: inout [Int: Int]) -> UInt8 {
        if let id = ids[value] { return id }
        unknown[value, default: 0] += 1
        return 0
    }

    /// Translates many values; unknown ones become 0 and are counted.
    ///
    /// - Complexity: O(*n*), one table look-up per value.
    /// - Parameter raw: Values of a label file.
    /// - Returns: One id per value, and every unknown value with how often it occurs.
    @inlinable
    public func remap<Raw: FixedWidthInteger>(_ raw: [Raw]) -> (ids: [UInt8], unknown: [Int: Int]) {
        var unknown: [Int: Int] = [:]
        let ids = [UInt8](unsafeUninitializedCapacity: raw.count) { output, count in
            let room = UnsafeMutableBufferPointer(rebasing: output[0..<raw.count])
            unknown = raw.withUnsafeBufferPointer { remap($0, into: room) }
            count = raw.count
        }
        return (ids, unknown)
    }
}

extension DatasetCard {
    /// The translation of label values to ids.
    ///
    /// - Parameter encoding: What the values in the files stand for.
    /// - Returns: A map that knows 0, the labels and, for raw files, the background values.
    public func labelLookup(_ encoding: LabelEncoding = .raw) -> LabelValueMap {
        var ids: [Int: UInt8] = [0: 0]
        switch encoding {
        case .raw:
            for value in backgroundValues { ids[value] = 0 }
            for label in labels { for value in label.values { ids[value] = label.id } }
        case .cardIDs:
            for label in labels { ids[Int(label.id)] = label.id }
        }
        return LabelValueMap(encoding: encoding, ids: ids)
    }

    /// Whether label files look as if they held another encoding than the one they are read with.
    ///
    /// Give it the values of all files together: one file may lack organs, all of them rarely do. The raw BTCV values
    /// reach 13; files that never pass 8 were already reduced to the eight Synapse ids and must not be remapped again.
    ///
    /// - Parameters:
    ///   - values: Every value seen in any label file.
    ///   - encoding: How they are about to be read.
    /// - Returns: A warning, or `nil` when the values fit or the card makes no difference between the two.
    public func encodingFinding(values: Set<Int>, readAs encoding: LabelEncoding) -> Finding? {
        let raw = Set(labelLookup(.raw).ids.keys)
        let own = Set(labelLookup(.cardIDs).ids.keys)
        guard raw != own else { return nil }
        let seen = values.union([0])
        switch encoding {
        case .raw where seen == own:
            return Finding(
                .warning, place: name,
                message: "the label files hold exactly the ids of the card (up to "
                    + "\(own.max() ?? 0)), and none of the raw values beyond them; they look "
                    + "already reduced and would be remapped a second time",
                repair: "read them as card ids: --label-values card-ids")
        case .cardIDs where !seen.isSubset(of: own) && seen.isSubset(of: raw):
            return Finding(
                .warning, place: name,
                message: "the label files hold raw values that are no ids of the card: "
                    + OneLine.list(seen.subtracting(own).sorted().map(String.init)),
                repair: "read them as raw values: --label-values raw")
        default: return nil
        }
    }
}
