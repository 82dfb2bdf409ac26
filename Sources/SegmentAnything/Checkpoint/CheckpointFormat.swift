import TensorFiles

/// The names and numbers of the checkpoint file, version 1.0; see <doc:CheckpointFile>.
enum CheckpointFormat {
    static let type = "samdata-checkpoint"
    static let version = "1.0"
    /// The major version that is understood.
    static let major = "1"

    static let tensors = "/tensors"
    static let tensorsType = "tensors"
    static let tensorType = "tensor"

    static let encodingType = "encoding-type"
    static let encodingVersion = "encoding-version"
    static let elementType = "element-type"
    static let sha256 = "sha256"
    static let architecture = "architecture"
    static let imageSize = "image_size"
    static let pixelMean = "pixel_mean"
    static let pixelDeviation = "pixel_deviation"
    static let precision = "precision"
    static let mixed = "mixed"
    static let licence = "licence"
    static let weights = "weights"
    static let sourceFile = "source_file"
    static let sourceSHA256 = "source_sha256"
    static let method = "method"
    static let roundingRelativeL2 = "rounding_relative_l2"
    static let roundingLargest = "rounding_largest"

    /// The most tensors of one file.
    static let mostTensors = 1 << 16
    /// The most axes of a tensor.
    static let mostAxes = 8
    /// The most bytes of a tensor as float32.
    static let mostTensorBytes = 1 << 32
    /// The most bytes of a name.
    static let longestName = 512

    /// The path of a tensor's array.
    static func path(of name: String) -> String { tensors + "/" + name }

    /// Why a name cannot be that of a tensor; `nil` when it can.
    static func objection(toName name: String) -> String? {
        if name.isEmpty || name.utf8.count > longestName {
            return "a name of \(name.utf8.count) bytes"
        }
        if name == "." || name == ".." || name.utf8.contains(UInt8(ascii: "/")) {
            return "a name with a slash, or of dots alone"
        }
        return isPlain(name) ? nil : "a name with control characters"
    }

    /// Whether a text can be shown on a terminal: without control characters, line ends and marks that turn the direction.
    static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
    }

    /// What a name must be.
    static let nameRule =
        "1 to \(longestName) bytes without slashes and control characters, not only dots"
}

/// The floating-point type of the tensors of a checkpoint.
public enum CheckpointPrecision: String, CaseIterable, Codable, Hashable, Sendable {
    /// IEEE 754 single precision: the source's values as they are.
    case float32
    /// IEEE 754 half precision: 11 significant bits, from 6e-8 to 65504.
    case float16
    /// The upper half of a float32: 8 significant bits, the range of float32.
    case bfloat16

    /// The type of the elements in a file.
    public var elementType: TensorElementType {
        switch self {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }

    /// The precision with these elements; `nil` for whole numbers and float64.
    init?(_ type: TensorElementType) {
        switch type {
        case .float32: self = .float32
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        default: return nil
        }
    }
}

extension TensorElementType {
    /// Whether elements have a fraction.
    var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        case .int64, .int32, .int16, .int8, .uint8, .bool: false
        }
    }
}
