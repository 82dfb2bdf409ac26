import Foundation
import HDF5

/// Fixtures, temporary files, and chunks built by hand.
enum HDF5TestFiles {
    /// A fixture made by `make_hdf5_hostile.py`.
    static func fixture(_ name: String, file: String = #filePath) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/Hostile/hdf5/\(name).h5").path
    }

    /// Runs `body` with the path of a file that holds `bytes` and is removed afterwards.
    static func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hdf5-tests-\(UUID().uuidString).h5")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    /// Builds a file, opens it, and hands the reader to `body`.
    static func roundTrip<R>(
        limits: HDF5Limits = .default, _ build: (HDF5Writer) throws -> Void,
        _ body: (HDF5Reader) throws -> R
    ) throws -> R {
        let writer = try HDF5Writer(name: "round-trip.h5")
        try build(writer)
        return try withFile(try writer.finish()) {
            try body(HDF5Reader(path: $0, limits: limits))
        }
    }

    /// A zlib stream of stored blocks (RFC 1950 and 1951), which any inflater undoes.
    static func zlibStored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(bytes.count - start, 65535)
            stream.append(start + count == bytes.count ? 1 : 0)
            for word in [UInt16(count), ~UInt16(count)] {
                stream += [UInt8(word & 0xff), UInt8(word >> 8)]
            }
            stream += bytes[start..<start + count]
            start += count
        } while start < bytes.count
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        for shift in [8, 0] as [UInt32] { stream.append(UInt8(high >> shift & 0xff)) }
        for shift in [8, 0] as [UInt32] { stream.append(UInt8(low >> shift & 0xff)) }
        return stream
    }

    /// The little-endian bytes of `values`, those of equal weight together.
    static func shuffled(_ values: [Int16]) -> [UInt8] {
        values.map { UInt8(truncatingIfNeeded: $0) }
            + values.map { UInt8(truncatingIfNeeded: $0 >> 8) }
    }
}
