/// A name of a Python module that a checkpoint may mention; it is never looked up or called.
enum PickleGlobal: Hashable, Sendable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case size
    case storage(TensorElementType)
    /// A NumPy number among the values of a training run; kept as a value that is not looked at.
    case numpyScalar
    case numpyType
    case encode
    /// A constant such as `torch.float32`.
    case constant(String)

    /// Recognises a name of the allow-list; everything else is refused by the caller.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"):
            self = .numpyScalar
        case ("numpy", "dtype"): self = .numpyType
        case ("_codecs", "encode"): self = .encode
        case ("torch", _):
            if let type = TensorElementType.allCases.first(where: { $0.storageName == name }) {
                self = .storage(type)
            } else if TensorElementType(rawValue: name) != nil {
                self = .constant(name)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// The name as Python writes it.
    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .size: "torch.Size"
        case .storage(let type): "torch.\(type.storageName)"
        case .numpyScalar: "numpy.core.multiarray.scalar"
        case .numpyType: "numpy.dtype"
        case .encode: "_codecs.encode"
        case .constant(let name): "torch.\(name)"
        }
    }

    /// What to do about a name that is not on the list.
    static func advice(module: String, name: String) -> String {
        if module == "torch", name.hasSuffix("Storage") {
            return "convert that tensor to another element type before torch.save"
        }
        return "load the file where it was made and save the tensors alone: "
            + "torch.save(model.state_dict(), path)"
    }
}
