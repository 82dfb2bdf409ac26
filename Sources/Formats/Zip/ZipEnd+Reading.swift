extension ZipEnd {
    /// Finds the end record, and the byte at which the directory must end.
    static func find(
        byteCount: Int, named name: String, fetch: ZipDirectory.Fetch
    ) throws(ZipError) -> (ZipEnd, Int) {
        // The record may carry a comment of up to 65 535 bytes that ends the file; the zip64 locator stands before it.
        let first = max(0, byteCount - length - 0xffff)
        let piece = max(0, first - locatorLength)
        let fields = ZipFields(bytes: try fetch(piece..<byteCount), start: piece, file: name)
        var start = byteCount - length
        while start >= first {
            if try fields.u32(start) == signature,
                try fields.u16(start + 20) == byteCount - start - length
            {
                break
            }
            start -= 1
        }
        guard start >= first else {
            throw .wrongFormat(
                file: name, found: "\(byteCount) bytes without the end record of a zip",
                expected: "a whole zip archive")
        }
        let locator = start - locatorLength
        if locator >= 0, try fields.u32(locator) == locatorSignature {
            return try wide(try fields.size(locator + 8), before: locator, name, fetch)
        }
        guard try fields.u16(start + 4) == 0, try fields.u16(start + 6) == 0,
            try fields.u16(start + 8) == fields.u16(start + 10)
        else {
            throw .unsupported(
                file: name, found: "an archive split over several files",
                next: "join it to one with zip -s 0")
        }
        let end = ZipEnd(
            members: try fields.u16(start + 10), offset: Int(try fields.u32(start + 16)),
            size: Int(try fields.u32(start + 12)))
        return (end, start)
    }

    /// Reads the zip64 end record.
    private static func wide(
        _ start: Int, before locator: Int, _ name: String, _ fetch: ZipDirectory.Fetch
    ) throws(ZipError) -> (ZipEnd, Int) {
        let refusal = ZipError.damaged(
            file: name, offset: locator, found: "a zip64 end record at \(start)",
            expected: "one on a single disk before byte \(locator)")
        guard start <= locator - wideLength else { throw refusal }
        let fields = ZipFields(
            bytes: try fetch(start..<(start + wideLength)), start: start, file: name)
        guard try fields.u32(start) == wideSignature, try fields.u32(start + 16) == 0,
            try fields.u32(start + 20) == 0,
            try fields.size(start + 24) == fields.size(start + 32)
        else { throw refusal }
        let end = ZipEnd(
            members: try fields.size(start + 32), offset: try fields.size(start + 48),
            size: try fields.size(start + 40))
        return (end, start)
    }
}
