import HDF5
import SafeFiles

extension HDF5Writer {
    /// Ends the file and publishes it in one step.
    func publish(to path: String) throws {
        try withFileImage { try AtomicFile.write($0, to: path) }
    }
}
