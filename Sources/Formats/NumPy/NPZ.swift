/// Reads and writes archives of NumPy arrays (`.npz`).
///
/// An archive is a zip file with one `.npy` member per array. ``NPZWriter`` writes stored members in the order
/// given and with one fixed date, so that equal arrays give equal bytes; ``NPZReader`` also reads deflated ones.
///
/// - Source: PKWARE APPNOTE 6.3.x for the zip records; `numpy.savez` for the naming of members.
public enum NPZ {
    /// Writes a whole archive in memory.
    ///
    /// - Parameter arrays: The arrays and their names, in the order of the file; none gives an empty archive.
    /// - Returns: The file.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` for a name that is not allowed or given twice.
    public static func encode(
        _ arrays: [(name: String, array: NPYArray)]
    ) throws(NumPyError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(arrays.reduce(64) { $0 + $1.array.bytes.count + 512 })
        do {
            // The sink cannot fail, so every error is one of ours.
            var writer = NPZWriter { result += $0 }
            for (name, array) in arrays { try writer.add(name, array) }
            try writer.finish()
        } catch let error as NumPyError {
            throw error
        } catch {
            preconditionFailure("an array does not refuse bytes: \(error)")
        }
        return result
    }
}
