/// What the header of an array says.
struct NPYHeader {
    let type: NPYType
    let isBigEndian: Bool
    let isFortranOrder: Bool
    let shape: [Int]

    /// The longest header text read; NumPy refuses more than 10 000 bytes too unless told to trust the file.
    static let longest = 10_000

    /// Reads magic, version and header; gives the bytes behind it too.
    static func read(
        _ file: ArraySlice<UInt8>, named name: String
    ) throws(NumPyError) -> (NPYHeader, ArraySlice<UInt8>) {
        guard file.starts(with: NPY.magic), file.count >= 10 else {
            throw .wrongFormat(
                file: name, found: file.isEmpty ? "no bytes" : "\(Array(file.prefix(6)))",
                expected: "\(NPY.magic) and a version, as in every .npy file")
        }
        let start = file.startIndex
        let (major, minor) = (file[start + 6], file[start + 7])
        guard (1...3).contains(major), minor == 0 else {
            throw .unsupported(
                file: name, found: "NPY version \(major).\(minor)", next: "save it with numpy.save")
        }
        let prefix = major == 1 ? 10 : 12
        guard file.count >= prefix else {
            throw .damaged(
                file: name, offset: 8, found: "\(file.count) bytes", expected: "at least \(prefix)")
        }
        let length = (8..<prefix).reversed().reduce(0) { $0 << 8 | Int(file[start + $1]) }
        guard length <= longest else {
            throw .tooLarge(file: name, found: "a header of \(length) bytes", limit: "\(longest)")
        }
        guard length <= file.count - prefix else {
            throw .damaged(
                file: name, offset: 8, found: "a header of \(length) bytes",
                expected: "at most the \(file.count - prefix) that follow")
        }
        let text = file[(start + prefix)..<(start + prefix + length)]
        var parser = NPYHeaderParser(text, file: name, offset: prefix)
        return (try parser.header(), file[text.endIndex...])
    }
}
