extension ZipMember {
    /// Reads one entry of the directory and moves behind it.
    static func read(_ fields: ZipFields, at position: inout Int) throws(ZipError) -> ZipMember {
        let start = position
        guard fields.end - start >= 46, try fields.u32(start) == directorySignature else {
            throw .damaged(
                file: fields.file, offset: start, found: "no entry of the directory",
                expected: "one of at least 46 bytes")
        }
        let nameLength = try fields.u16(start + 28)
        let extraLength = try fields.u16(start + 30)
        let commentLength = try fields.u16(start + 32)
        position = start + 46 + nameLength + extraLength + commentLength
        guard position <= fields.end else {
            throw .damaged(
                file: fields.file, offset: start + 28, found: "an entry that ends at \(position)",
                expected: "at most \(fields.end)")
        }
        let text = try fields.slice((start + 46)..<(start + 46 + nameLength))
        guard let name = String(validating: text, as: UTF8.self), isPlain(name) else {
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
        try member.widen(fields, extra)
        return member
    }

    /// Takes the numbers that did not fit into 32 bits from the zip64 field, where they stand in a fixed order.
    private mutating func widen(_ fields: ZipFields, _ extra: Range<Int>) throws(ZipError) {
        let wide = Int(UInt32.max)
        let wanted = [\ZipMember.size, \.compressedSize, \.offset].filter {
            self[keyPath: $0] == wide
        }
        guard !wanted.isEmpty else { return }
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let length = try fields.u16(position + 2)
            guard length <= extra.upperBound - position - 4 else { break }
            if try fields.u16(position) == Int(Self.wideExtra) {
                guard length >= wanted.count * 8 else { break }
                for (index, path) in wanted.enumerated() {
                    self[keyPath: path] = try fields.size(position + 4 + index * 8)
                }
                return
            }
            position += 4 + length
        }
        throw .damaged(
            file: "\(fields.file)/\(name)", offset: extra.lowerBound,
            found: "a size of 2^32 - 1 without its zip64 field", expected: "that field")
    }

    /// Checks the local header of the member against the directory and finds the data behind it.
    func data(
        in file: String, before limit: Int, fetch: ZipDirectory.Fetch
    ) throws(ZipError) -> Range<Int> {
        let label = "\(file)/\(name)"
        let absent = ZipError.damaged(
            file: label, offset: offset, found: "no member",
            expected: "its header before byte \(limit)")
        guard offset <= limit - 30 else { throw absent }
        let head = min(30 + name.utf8.count, limit - offset)
        let fields = ZipFields(
            bytes: try fetch(offset..<(offset + head)), start: offset, file: label)
        guard try fields.u32(offset) == Self.localSignature else { throw absent }
        let nameLength = try fields.u16(offset + 26)
        let data = offset + 30 + nameLength + (try fields.u16(offset + 28))
        guard data <= limit, compressedSize <= limit - data else {
            throw .damaged(
                file: label, offset: offset, found: "\(compressedSize) bytes of data from \(data)",
                expected: "their end before byte \(limit)")
        }
        guard nameLength == name.utf8.count,
            try fields.slice((offset + 30)..<(offset + 30 + nameLength)).elementsEqual(name.utf8),
            try fields.u16(offset + 8) == method
        else {
            throw .damaged(
                file: label, offset: offset, found: "another name or method than in the directory",
                expected: "the same")
        }
        return data..<(data + compressedSize)
    }
}
