/// A run of elements in the file that one or several tensors look at.
struct TensorStorage: Sendable {
    /// What error messages call the file, with the member of an archive.
    let label: String
    /// Where its bytes are in the file.
    let range: Range<Int>
    /// The CRC-32 of its bytes, where the container has one.
    let checksum: UInt32?

    /// Compares the checksum with that of the bytes read.
    func compare(_ found: UInt32) throws(TensorFileError) {
        if let checksum, checksum != found {
            throw .damaged(
                file: label, place: "byte \(range.lowerBound)",
                found: "bytes with another checksum",
                expected:
                    "that of the archive (a file saved with checksums off has none: save it again with "
                    + "torch.serialization.set_crc32_options(True))")
        }
    }
}

/// Which elements of a storage form a tensor; offset and strides count elements.
struct TensorLayout: Sendable {
    let elementType: TensorElementType
    /// The place of the storage in a list that the container keeps.
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    let elementCount: Int

    /// Whether the elements lie one behind the other in row-major order.
    var isContiguous: Bool {
        if elementCount <= 1 { return true }
        var expected = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            guard stride == expected else { return false }
            // Cannot overflow: it stays below the number of elements.
            expected *= length
        }
        return true
    }

    /// The elements from the first one looked at to behind the last one, or `nil` when that number is impossible.
    static func span(offset: Int, shape: [Int], strides: [Int]) -> Range<Int>? {
        guard offset >= 0, strides.allSatisfy({ $0 >= 0 }), shape.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        if shape.contains(0) { return offset..<offset }
        var last = offset
        for (length, stride) in zip(shape, strides) {
            let (reach, tooFar) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, tooMuch) = last.addingReportingOverflow(reach)
            guard !tooFar, !tooMuch else { return nil }
            last = sum
        }
        let (end, overflow) = last.addingReportingOverflow(1)
        return overflow ? nil : offset..<end
    }

    /// The elements from the first one looked at to behind the last one.
    var span: Range<Int> {
        guard let span = Self.span(offset: offset, shape: shape, strides: strides) else {
            preconditionFailure("a layout was not checked when it was made")
        }
        return span
    }

    /// Row-major strides of a shape that has been checked.
    static func rowMajor(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        var product = 1
        for axis in shape.indices.reversed() {
            strides[axis] = product
            product *= max(shape[axis], 1)
        }
        return strides
    }
}
