import DeflateCompression
import HDF5
import JPEGCodec
import MedicalDatasets
import NIfTI
import NumPyFiles
import PNGCodec
import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore
import SegmentAnything
import SegmentationMetrics
import SegmentationReports
import SlideAnnotations
import TIFF
import WholeSlides
import XMLEvents

/// What an error means to the program that started the command; the numbers are those of `sysexits.h`.
public enum FailureKind: Int32, Sendable {
    /// A check was false: `verify` found differences.
    case checkFailed = 1
    /// Wrong usage.
    case usage = 64
    /// Bad or incomplete data.
    case data = 65
    /// An input is missing.
    case missingInput = 66
    /// An error inside samdata.
    case internalError = 70
    /// The output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed.
    case inputOutput = 74
    /// A failure that may pass: run the same command again.
    case transient = 75
    /// The configuration is wrong, or contradicts what is already there.
    case configuration = 78

    /// The kind of any error the rooms below throw.
    ///
    /// - Parameter error: The error.
    public init(of error: any Error) {
        switch error {
        case let error as WorkflowError: self = error.kind
        case let error as FileError: self = Self.file(error.kind)
        case let error as NIfTIError:
            if case .file(let kind) = error.kind { self = Self.file(kind) } else { self = .data }
        case let error as DatasetError:
            switch error.kind {
            case .configuration: self = .configuration
            case .contents: self = .data
            case .missing: self = .missingInput
            case .inputOutput: self = .transient
            case .usage: self = .usage
            }
        case StoreError.notFound: self = .missingInput
        case let error as SlideError where error.kind == .missing: self = .missingInput
        case let error as AnnotationError where error.kind == .missing: self = .missingInput
        case let error as CheckpointError: self = Self.checkpoint(error)
        case SAMError.source(let cause as CheckpointError): self = Self.checkpoint(cause)
        case is SAMError: self = .data
        case MetricError.invalidArgument: self = .usage
        case is AugmentationError, is PatchError, is TissueError: self = .configuration
        case is StoreError, is HDF5Error, is DeflateError, is PNGError, is NumPyError, is XMLError,
            is TIFFError, is MetricError, is ReportError, is JPEGError, is SlideError,
            is AnnotationError:
            self = .data
        default: self = .internalError
        }
    }

    private static func checkpoint(_ error: CheckpointError) -> FailureKind {
        switch error {
        case .file(let error), .tensorFile(.file(let error)): FailureKind(of: error)
        case .container(let error):
            switch error.kind {
            // The file as a whole, not something in it.
            case .missing where error.key == "/": .missingInput
            case .writing: .inputOutput
            case .misuse: .internalError
            default: .data
            }
        case .tensorFile, .unsupported, .damaged, .unfit, .unwritable: .data
        }
    }

    private static func file(_ kind: FileError.Kind) -> FailureKind {
        switch kind {
        case .missing: .missingInput
        case .contents, .unsafePath: .data
        case .cannotCreate: .cannotCreate
        case .transient: .transient
        case .inputOutput: .inputOutput
        }
    }
}

/// What stops a workflow, on one line.
public struct WorkflowError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the error means to the caller.
    public let kind: FailureKind
    /// The whole line: place, found, expected, next step.
    public let message: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: What the error means to the caller.
    ///   - message: The whole line.
    public init(_ kind: FailureKind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The whole line.
    public var description: String { message }
}
