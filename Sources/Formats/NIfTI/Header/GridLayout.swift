import MedicalImaging

extension NIfTIHeader {
    /// The number of three-dimensional volumes: the product of the dimensions after the third.
    ///
    /// Trailing dimensions of 1 do not count, so 1 is the usual answer. The channels of RGB24 count as three volumes.
    public var volumeCount: Int {
        dimensions.dropFirst(3).reduce(1, *) * (dataType == .rgb24 ? 3 : 1)
    }

    /// The shape of one volume; axes that the file does not have are 1 long, so a 2-D file gives k = 1.
    public var volumeShape: GridShape {
        GridShape(
            dimensions[0], dimensions.count > 1 ? dimensions[1] : 1,
            dimensions.count > 2 ? dimensions[2] : 1)
    }

    /// The volume to read of a file with several, and a clear error when none was chosen.
    ///
    /// Volumes are numbered from 0 in the order of the file (the fourth dimension runs fastest); for RGB24 the colour
    /// runs fastest: 0 red, 1 green, 2 blue.
    ///
    /// - Parameters:
    ///   - volume: The number asked for, or `nil`.
    ///   - path: The path that errors name.
    /// - Returns: A number from 0 up to ``volumeCount``.
    /// - Throws: ``NIfTIError`` of kind `choiceNeeded` when there are several and none was chosen, or there is no such
    ///   volume.
    public func volumeIndex(_ volume: Int?, path: String) throws(NIfTIError) -> Int {
        let count = volumeCount
        let what =
            dataType == .rgb24
            ? "\(count) channels of RGB24 (0 red, 1 green, 2 blue)"
            : "\(count) volumes (dimensions \(dimensions.map(String.init).joined(separator: "x"))"
                + (intentCode == 1006 || intentCode == 1007 ? ", a vector field)" : ")")
        guard let index = volume ?? (count == 1 ? 0 : nil) else {
            throw NIfTIError(
                .choiceNeeded, path: path, field: "dim", found: what, expected: "one volume",
                nextStep: "choose one from 0 to \(count - 1) and write it into a file of its own")
        }
        guard (0..<count).contains(index) else {
            throw NIfTIError(
                .choiceNeeded, path: path, field: "volume \(index)", found: what,
                expected: "a number from 0 to \(count - 1)", nextStep: "choose another volume")
        }
        return index
    }
}
