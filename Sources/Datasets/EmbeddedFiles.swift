internal import DatasetCards
internal import SplitFiles

/// A JSON file that was compiled into the binary.
struct EmbeddedFile: Sendable {
    /// The file name, for example `btcv.json`.
    let fileName: String
    /// The bytes as they lie in the repository.
    let bytes: [UInt8]

    /// The name of the card or split in the file: the file name without `.json`.
    var name: String { String(fileName.prefix(fileName.utf8.count - ".json".utf8.count)) }

    /// The cards, in the order in which they are listed to people.
    static let cards: [EmbeddedFile] = (0..<samdata_dataset_card_count()).map { index in
        let file = samdata_dataset_card_at(index)
        return EmbeddedFile(name: file.name, bytes: file.bytes, length: file.length)
    }

    /// The splits, in the order in which they are listed to people.
    static let splits: [EmbeddedFile] = (0..<samdata_split_file_count()).map { index in
        let file = samdata_split_file_at(index)
        return EmbeddedFile(name: file.name, bytes: file.bytes, length: file.length)
    }

    private init(
        name: UnsafePointer<CChar>?, bytes: UnsafePointer<UInt8>?, length: Int
    ) {
        guard let name, let bytes else {
            preconditionFailure("the table of embedded files is broken")
        }
        self.fileName = String(cString: name)
        self.bytes = Array(UnsafeBufferPointer(start: bytes, count: length))
    }
}
