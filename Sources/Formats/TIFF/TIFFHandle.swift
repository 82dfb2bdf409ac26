internal import CTIFF

/// A handle of libtiff with what belongs to it; used by one thread at a time.
final class TIFFHandle {
    let tiff: OpaquePointer
    let file: ByteFile
    let name: String
    let limits: TIFFLimits
    private let messages: UnsafeMutablePointer<samdata_tiff_messages>

    /// The directory the handle stands on; `nil` when that is not known, for example after an error.
    var current: Int?
    /// Decoded tiles and strips, by plane: the last one is often wanted again.
    var decoded: [Int: DecodedBlock] = [:]
    /// The strip and row that reading row by row would give next.
    var nextRow: (strip: Int, row: Int)?

    /// Opens bytes for reading (`r`) or writing (`w`, `w8`).
    init(_ file: ByteFile, name: String, mode: String, limits: TIFFLimits) throws(TIFFError) {
        let messages = UnsafeMutablePointer<samdata_tiff_messages>.allocate(capacity: 1)
        messages.initialize(to: samdata_tiff_messages())
        // h: header only. m: never map. O: fetch the places of tiles when they are wanted, not all at once.
        let flags = mode.hasPrefix("r") ? "hmO" : "m"
        guard
            let tiff = file.openTIFF(
                name: name, mode: mode + flags, largestAllocation: limits.blockBytes,
                messages: messages)
        else {
            let reason = String(cString: samdata_tiff_error(messages))
            messages.deallocate()
            throw TIFFError(
                mode.hasPrefix("r") ? .damaged : .writing, file: name, place: "header",
                found: "bytes the library refuses",
                expected: "a sound TIFF; fetch or write the file again", libraryMessage: reason)
        }
        self.tiff = tiff
        self.file = file
        self.name = name
        self.limits = limits
        self.messages = messages
    }

    deinit {
        TIFFCleanup(tiff)
        messages.deallocate()
    }

    /// Forgets earlier messages; call before each operation that may fail.
    func clearMessages() { samdata_tiff_clear(messages) }

    /// The first error since the last clearing; empty when there was none.
    var errorMessage: String {
        messages.pointee.errors > 0 ? String(cString: samdata_tiff_error(messages)) : ""
    }

    /// What a decoder filled in since the last clearing; `nil` when all was sound.
    var repairMessage: String? {
        messages.pointee.repairs > 0 ? String(cString: samdata_tiff_warning(messages)) : nil
    }

    func uint16(_ tag: Int32) -> Int? {
        var value: UInt16 = 0
        return samdata_tiff_get_uint16(tiff, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    func uint32(_ tag: Int32) -> Int? {
        var value: UInt32 = 0
        return samdata_tiff_get_uint32(tiff, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    func float(_ tag: Int32) -> Double? {
        var value: Float = 0
        return samdata_tiff_get_float(tiff, UInt32(tag), &value) == 1 ? Double(value) : nil
    }

    func text(_ tag: Int32) -> String? {
        samdata_tiff_get_text(tiff, UInt32(tag)).map { String(cString: $0) }
    }

    var extraSamples: Int { Int(samdata_tiff_extra_samples(tiff)) }

    /// The colours of a palette, 8 bits each, red, green and blue of each index; `nil` when there are none.
    func colours(bits: Int) -> [UInt8]? {
        var red: UnsafeMutablePointer<UInt16>?
        var green: UnsafeMutablePointer<UInt16>?
        var blue: UnsafeMutablePointer<UInt16>?
        guard bits <= 16, samdata_tiff_get_colours(tiff, &red, &green, &blue) == 1,
            let red, let green, let blue
        else { return nil }
        let count = 1 << bits
        let planes = [red, green, blue]
        // Old writers stored 8 bits where the standard asks for 16.
        let isWide = planes.contains { plane in (0..<count).contains { plane[$0] > 255 } }
        var colours: [UInt8] = []
        colours.reserveCapacity(count * 3)
        for index in 0..<count {
            for plane in planes {
                colours.append(UInt8(truncatingIfNeeded: isWide ? plane[index] >> 8 : plane[index]))
            }
        }
        return colours
    }
}

/// The bytes of a tile or strip as its decoder left them.
final class DecodedBlock {
    let memory: UnsafeMutableRawBufferPointer
    /// Which directory and block the bytes are of; `nil` before the first and after a failure.
    var content: (directory: Int, block: Int)?

    init(bytes: Int) { memory = .allocate(byteCount: bytes, alignment: 16) }
    deinit { memory.deallocate() }
}
