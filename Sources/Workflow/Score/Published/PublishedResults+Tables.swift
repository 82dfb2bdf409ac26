internal import PublishedResults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The rows of the papers samdata grew out of, compiled into the binary (`Datasets/Published/results.json`).
struct PublishedRows: Decodable, Sendable {
    /// One printed line.
    struct Row: Decodable, Sendable {
        struct Cell: Decodable, Sendable {
            let value: Double
            let unit: String
        }

        let seed: String
        let table: String
        let row: Int
        let method: String
        let citation: String?
        let setting: [String: String]
        let metrics: [String: Cell]
        let notes: [String]?
    }

    let rows: [Row]

    /// The embedded file.
    ///
    /// - Throws: ``WorkflowError`` when it cannot be decoded, which would be an error of the build.
    static func embedded() throws -> PublishedRows {
        let bytes = UnsafeBufferPointer(
            start: samdata_published_results_start(), count: samdata_published_results_length)
        do {
            return try JSONDecoder().decode(PublishedRows.self, from: Data(buffer: bytes))
        } catch {
            throw WorkflowError(
                .internalError, "the embedded published results cannot be read: \(error)")
        }
    }
}
