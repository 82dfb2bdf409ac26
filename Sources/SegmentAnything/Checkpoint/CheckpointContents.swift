import HDF5
import TensorFiles

/// What a checkpoint file holds, read and checked; used by ``Checkpoint``.
struct CheckpointContents {
    var header: CheckpointHeader
    var version: String
    var tensors: [CheckpointTensor]
    var report: WeightReader.Report

    /// Reads everything but the elements.
    static func read(_ path: String) throws(CheckpointError) -> CheckpointContents {
        do throws(HDF5Error) {
            let limits = HDF5Limits(
                arrayBytes: CheckpointFormat.mostTensorBytes, attributeBytes: 1 << 20,
                names: CheckpointFormat.mostTensors)
            let file = try HDF5Reader(path: path, limits: limits)
            switch Self.read(file) {
            case .success(let contents): return contents
            case .failure(let error): throw error
            }
        } catch let error as HDF5Error {
            throw .container(error)
        }
    }
}
