import SampleStore
import Synchronization

/// Case files that are held open, 64 at most.
final class OpenCases: Sendable {
    private static let most = 64
    private let readers = Mutex<[String: CaseFileReader]>([:])

    /// The reader of a unit: one that is open, or a new one.
    func reader(of unit: String, in layout: StoreLayout) throws -> CaseFileReader {
        if let open = readers.withLock({ $0[unit] }) { return open }
        let reader = try CaseFileReader(path: layout.caseFile(unit))
        readers.withLock { open in
            if open.count >= Self.most { open.removeAll() }
            open[unit] = reader
        }
        return reader
    }
}
