import Synchronization
import TIFF

/// Readers of one file: each is used by one thread at a time, so that threads do not wait for each other.
///
/// Kept by image, because changing the image makes libtiff read its tags again.
final class ReaderPool: Sendable {
    private let first: TIFFReader
    private let idle = Mutex<[Int: [TIFFReader]]>([:])

    init(_ first: TIFFReader) { self.first = first }

    /// Lets a closure use a reader; there are as many as there are threads at once.
    func withReader<Result: Sendable>(
        of directory: Int, _ body: (TIFFReader) throws(TIFFError) -> Result
    ) throws(TIFFError) -> Result {
        let kept = idle.withLock { $0[directory]?.popLast() }
        let reader: TIFFReader
        if let kept { reader = kept } else { reader = try first.reopened() }
        defer { idle.withLock { $0[directory, default: []].append(reader) } }
        return try body(reader)
    }
}
