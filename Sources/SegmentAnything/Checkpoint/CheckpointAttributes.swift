import HDF5

/// Reads what an HDF5 file says of itself, with the errors of a checkpoint.
struct CheckpointAttributes {
    let path: String
    private let file: HDF5Reader

    init(path: String) throws(CheckpointError) {
        self.path = path
        let limits = HDF5Limits(
            arrayBytes: CheckpointFormat.mostTensorBytes, attributeBytes: 1 << 20,
            names: CheckpointFormat.mostTensors)
        do throws(HDF5Error) {
            file = try HDF5Reader(path: path, limits: limits)
        } catch {
            guard error.found == "no HDF5 signature" else { throw .container(error) }
            throw .unsupported(
                file: path, place: "at its start", found: "no HDF5 signature",
                expected: "a checkpoint of samdata; import .pth and .safetensors files with"
                    + " `samdata checkpoint import`")
        }
    }

    /// The error of something that contradicts the format.
    func wrong(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
        .damaged(
            file: path, place: OneLine.text(place, limit: 200), found: OneLine.text(found),
            expected: expected)
    }

    private func attribute(
        _ name: String, _ object: String
    ) throws(CheckpointError) -> HDF5Attribute? {
        do throws(HDF5Error) {
            return try file.attribute(name, at: object)
        } catch {
            throw .container(error)
        }
    }

    private func require(
        _ name: String, _ object: String, _ kind: String
    ) throws(CheckpointError) -> HDF5Attribute {
        guard let value = try attribute(name, object) else {
            throw wrong(object, "no attribute \(name)", "\(kind); import the checkpoint again")
        }
        return value
    }

    func optionalText(_ name: String, at object: String = "/") throws(CheckpointError) -> String? {
        guard case .string(let text)? = try attribute(name, object) else { return nil }
        return text
    }

    func text(_ name: String, at object: String = "/") throws(CheckpointError) -> String {
        guard case .string(let text) = try require(name, object, "a text") else {
            throw wrong("\(object), attribute \(name)", "numbers", "a text")
        }
        return text
    }

    func integer(_ name: String) throws(CheckpointError) -> Int {
        guard case .integer(let value) = try require(name, "/", "a whole number"),
            let result = Int(exactly: value)
        else { throw wrong("attribute \(name)", "another type", "a whole number") }
        return result
    }

    func numbers(_ name: String) throws(CheckpointError) -> [Double] {
        guard case .doubles(let values) = try require(name, "/", "a list of numbers") else {
            throw wrong("attribute \(name)", "another type", "a list of numbers")
        }
        return values
    }

    func optionalNumber(_ name: String) throws(CheckpointError) -> Double? {
        guard let value = try attribute(name, "/") else { return nil }
        guard case .double(let number) = value, number.isFinite, number >= 0 else {
            throw wrong("attribute \(name)", "another type", "a number from 0 on")
        }
        return number
    }

    /// The names of the tensors, ascending.
    func tensorNames() throws(CheckpointError) -> [String] {
        do throws(HDF5Error) {
            return try file.children(of: CheckpointFormat.tensors)
        } catch {
            throw .container(error)
        }
    }

    /// What a tensor's array is, where its values lie, and its element type and checksum.
    func array(_ path: String) throws(CheckpointError) -> HDF5PlacedArray {
        do throws(HDF5Error) {
            return try file.placedArray(
                path, texts: [CheckpointFormat.elementType, CheckpointFormat.sha256])
        } catch {
            throw .container(error)
        }
    }
}
