/// Reads the directory of a zip archive; every number in it is checked before it is used.
struct ZipDirectory {
    /// The members in the order of the directory.
    let members: [ZipMember]
    /// Where the data of each member lie in the file, in the same order.
    let ranges: [Range<Int>]

    init(_ file: [UInt8], named name: String, limits: NumPyLimits) throws(NumPyError) {
        let fields = ZipFields(bytes: file, file: name)
        let (end, edge) = try Self.end(fields)
        guard end.members <= limits.members else {
            throw .tooLarge(
                file: name, found: "\(end.members) members", limit: "\(limits.members)")
        }
        // A member takes at least 46 bytes of the directory.
        guard end.size <= edge, end.offset == edge - end.size, end.members <= end.size / 46 else {
            throw .damaged(
                file: name, offset: edge,
                found:
                    "a directory of \(end.members) members and \(end.size) bytes at \(end.offset)",
                expected: "one that ends at byte \(edge)")
        }
        var members: [ZipMember] = []
        var ranges: [Range<Int>] = []
        var names: Set<String> = []
        var position = end.offset
        for _ in 0..<end.members {
            let member = try Self.member(fields, at: &position, limit: edge)
            guard names.insert(member.name).inserted else {
                throw .damaged(
                    file: name, offset: position, found: "a second member named \(member.name)",
                    expected: "each name once")
            }
            ranges.append(try Self.data(of: member, fields, limit: end.offset))
            members.append(member)
        }
        guard position == edge else {
            throw .damaged(
                file: name, offset: position, found: "more directory than \(end.members) members",
                expected: "its end at byte \(edge)")
        }
        try Self.checkApart(members, ranges, name)
        self.members = members
        self.ranges = ranges
    }

    /// Finds the end record, and the byte at which the directory must end.
    private static func end(_ fields: ZipFields) throws(NumPyError) -> (ZipEnd, Int) {
        let count = fields.bytes.count
        // The record may carry a comment of up to 65 535 bytes that ends the file.
        var start = count - ZipEnd.length
        let first = max(0, start - 0xffff)
        while start >= first {
            if try fields.u32(start) == ZipEnd.signature,
                try fields.u16(start + 20) == count - start - ZipEnd.length
            {
                break
            }
            start -= 1
        }
        guard start >= first else {
            throw .wrongFormat(
                file: fields.file, found: "\(count) bytes without the end record of a zip",
                expected: "a whole .npz archive")
        }
        let locator = start - ZipEnd.locatorLength
        if locator >= 0, try fields.u32(locator) == ZipEnd.locatorSignature {
            let wide = try fields.size(locator + 8)
            guard wide <= locator - ZipEnd.wideLength,
                try fields.u32(wide) == ZipEnd.wideSignature,
                try fields.u32(wide + 16) == 0, try fields.u32(wide + 20) == 0,
                try fields.size(wide + 24) == fields.size(wide + 32)
            else {
                throw .damaged(
                    file: fields.file, offset: locator, found: "a zip64 end record at \(wide)",
                    expected: "one on a single disk before byte \(locator)")
            }
            let end = ZipEnd(
                members: try fields.size(wide + 32), offset: try fields.size(wide + 48),
                size: try fields.size(wide + 40))
            return (end, wide)
        }
        guard try fields.u16(start + 4) == 0, try fields.u16(start + 6) == 0,
            try fields.u16(start + 8) == fields.u16(start + 10)
        else {
            throw .unsupported(
                file: fields.file, found: "an archive split over several files",
                next: "join it to one with zip -s 0")
        }
        let end = ZipEnd(
            members: try fields.u16(start + 10), offset: Int(try fields.u32(start + 16)),
            size: Int(try fields.u32(start + 12)))
        return (end, start)
    }

    /// Reads one entry of the directory and moves behind it.
    private static func member(
        _ fields: ZipFields, at position: inout Int, limit: Int
    ) throws(NumPyError) -> ZipMember {
        let start = position
        guard limit - start >= 46, try fields.u32(start) == ZipMember.directorySignature else {
            throw .damaged(
                file: fields.file, offset: start, found: "no entry of the directory",
                expected: "one of at least 46 bytes")
        }
        let nameLength = try fields.u16(start + 28)
        let extraLength = try fields.u16(start + 30)
        let commentLength = try fields.u16(start + 32)
        position = start + 46 + nameLength + extraLength + commentLength
        guard position <= limit else {
            throw .damaged(
                file: fields.file, offset: start + 28, found: "an entry that ends at \(position)",
                expected: "at most \(limit)")
        }
        let text = fields.bytes[(start + 46)..<(start + 46 + nameLength)]
        guard let name = String(validating: text, as: UTF8.self), ZipMember.isPlain(name) else {
            throw .damaged(
                file: fields.file, offset: start + 46, found: "a name of \(nameLength) bytes",
                expected: "a relative UTF-8 name without \\, .. or control characters")
        }
        guard try fields.u16(start + 8) & 0x2041 == 0 else {
            throw .unsupported(
                file: "\(fields.file)/\(name)", found: "an encrypted member",
                next: "save the archive without a password")
        }
        guard try fields.u16(start + 34) == 0 else {
            throw .unsupported(
                file: "\(fields.file)/\(name)", found: "a member in another file",
                next: "join the archive to one file with zip -s 0")
        }
        var member = ZipMember(
            name: name, method: try fields.u16(start + 10), checksum: try fields.u32(start + 16),
            compressedSize: Int(try fields.u32(start + 20)), size: Int(try fields.u32(start + 24)),
            offset: Int(try fields.u32(start + 42)))
        let extra = (start + 46 + nameLength)..<(start + 46 + nameLength + extraLength)
        try widen(&member, fields, extra)
        return member
    }

    /// Takes the numbers that did not fit into 32 bits from the zip64 field, where they stand in a fixed order.
    private static func widen(
        _ member: inout ZipMember, _ fields: ZipFields, _ extra: Range<Int>
    ) throws(NumPyError) {
        let wide = Int(UInt32.max)
        let wanted = [\ZipMember.size, \.compressedSize, \.offset].filter {
            member[keyPath: $0] == wide
        }
        guard !wanted.isEmpty else { return }
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let length = try fields.u16(position + 2)
            guard length <= extra.upperBound - position - 4 else { break }
            if try fields.u16(position) == Int(ZipMember.wideExtra) {
                guard length >= wanted.count * 8 else { break }
                for (index, path) in wanted.enumerated() {
                    member[keyPath: path] = try fields.size(position + 4 + index * 8)
                }
                return
            }
            position += 4 + length
        }
        throw .damaged(
            file: "\(fields.file)/\(member.name)", offset: extra.lowerBound,
            found: "a size of 2^32 - 1 without its zip64 field", expected: "that field")
    }

    /// Checks the local header of a member against the directory and finds the data behind it.
    private static func data(
        of member: ZipMember, _ fields: ZipFields, limit: Int
    ) throws(NumPyError) -> Range<Int> {
        let start = member.offset
        guard start <= limit - 30, try fields.u32(start) == ZipMember.localSignature else {
            throw .damaged(
                file: "\(fields.file)/\(member.name)", offset: start, found: "no member",
                expected: "its header before byte \(limit)")
        }
        let nameLength = try fields.u16(start + 26)
        let data = start + 30 + nameLength + (try fields.u16(start + 28))
        guard data <= limit, member.compressedSize <= limit - data else {
            throw .damaged(
                file: "\(fields.file)/\(member.name)", offset: start,
                found: "\(member.compressedSize) bytes of data from \(data)",
                expected: "their end before byte \(limit)")
        }
        let isSame = fields.bytes[(start + 30)..<(start + 30 + nameLength)].elementsEqual(
            member.name.utf8)
        guard isSame, try fields.u16(start + 8) == member.method else {
            throw .damaged(
                file: "\(fields.file)/\(member.name)", offset: start,
                found: "another name or method than in the directory", expected: "the same")
        }
        return data..<(data + member.compressedSize)
    }

    /// Overlapping members are how a small archive pretends to be a huge one.
    private static func checkApart(
        _ members: [ZipMember], _ ranges: [Range<Int>], _ name: String
    ) throws(NumPyError) {
        let order = members.indices.sorted { members[$0].offset < members[$1].offset }
        for (earlier, later) in zip(order, order.dropFirst())
        where members[later].offset < ranges[earlier].upperBound {
            throw .damaged(
                file: name, offset: members[later].offset,
                found: "\(members[later].name) inside \(members[earlier].name)",
                expected: "members that do not overlap")
        }
    }
}

/// Reads little-endian numbers; outside the file is an error, never a trap.
struct ZipFields {
    let bytes: [UInt8]
    let file: String

    func u16(_ offset: Int) throws(NumPyError) -> Int {
        Int(truncatingIfNeeded: try number(offset, 2))
    }

    func u32(_ offset: Int) throws(NumPyError) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(offset, 4))
    }

    /// A 64-bit size or offset, at most the largest one a file can have.
    func size(_ offset: Int) throws(NumPyError) -> Int {
        let value = try number(offset, 8)
        guard let size = Int(exactly: value) else {
            throw .damaged(
                file: file, offset: offset, found: "the number \(value)", expected: "below 2^63")
        }
        return size
    }

    private func number(_ offset: Int, _ count: Int) throws(NumPyError) -> UInt64 {
        guard offset >= 0, offset <= bytes.count - count else {
            throw .damaged(
                file: file, offset: offset, found: "\(bytes.count) bytes",
                expected: "\(count) more at this place")
        }
        return (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
    }
}
