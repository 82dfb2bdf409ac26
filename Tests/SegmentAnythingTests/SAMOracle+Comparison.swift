import Foundation
import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// How far a result is from the reference, and how far it may be.
struct OracleComparison: CustomStringConvertible {
    /// Which value, for messages.
    var name: String
    /// Euclidean norm of the difference over that of the reference.
    var relativeL2: Double
    /// Largest difference.
    var largest: Double
    /// The most that ``relativeL2`` may be; `nil` when the reference gives no figure.
    var allowedL2: Double?
    /// The most that ``largest`` may be; `nil` when the reference gives no figure.
    var allowedLargest: Double?

    /// Compares two lists of numbers.
    init(name: String, found: [Float], expected: [Float]) {
        self.name = name
        var difference = 0.0
        var total = 0.0
        var largest = 0.0
        for (a, b) in zip(found, expected) {
            let d = Double(a) - Double(b)
            difference += d * d
            total += Double(b) * Double(b)
            // A result that is not a number must not pass for a small one.
            largest = d.isNaN ? .infinity : max(largest, abs(d))
        }
        relativeL2 =
            found.count == expected.count
            ? (difference / max(total, 1e-300)).squareRoot() : .infinity
        if relativeL2.isNaN { relativeL2 = .infinity }
        self.largest = found.count == expected.count ? largest : .infinity
    }

    /// Whether the result is accepted; without figures never.
    var isAccepted: Bool {
        guard let allowedL2, let allowedLargest else { return false }
        return relativeL2 < allowedL2 && largest < allowedLargest
    }

    var description: String {
        func short(_ value: Double?) -> String { value.map { String(format: "%.2e", $0) } ?? "-" }
        return
            "\(name): relative L2 \(short(relativeL2)) (allowed \(short(allowedL2))), "
            + "largest \(short(largest)) (allowed \(short(allowedLargest)))"
    }
}

extension SAMOracle {
    /// Compares a result with an array of an oracle file by the rule of its README: relative L2 error below
    /// `max(5 f32_rel_l2_err, 3e-6)` and largest error below `max(10 f32_max_abs_err, 1e-5 rms)`.
    ///
    /// - Parameters:
    ///   - found: The result; another order of dimensions of length 1 is not an error, another count is.
    ///   - file: The oracle file.
    ///   - path: The array in it, with its attributes.
    ///   - factor: Multiplies both limits, for files whose README says so.
    /// - Returns: The errors and their limits.
    /// - Throws: When the array or its attributes cannot be read, or has another shape.
    static func compare(
        _ found: Tensor, _ file: HDF5Reader, _ path: String, factor: Double = 1
    ) throws -> OracleComparison {
        let expected = try file.tensor(path)
        var result = OracleComparison(name: path, found: found.values, expected: expected.values)
        guard found.shape.filter({ $0 != 1 }) == expected.shape.filter({ $0 != 1 }) else {
            throw Mismatch(description: "\(path): shape \(found.shape), expected \(expected.shape)")
        }
        result.setLimits(
            l2: try file.number("f32_rel_l2_err", at: path),
            largest: try file.number("f32_max_abs_err", at: path),
            rms: try file.number("rms", at: path), factor: factor)
        return result
    }

    /// Whether every comparison is printed, for a table of errors: asked for by `SAMDATA_ORACLE_TABLE=1`.
    static let printsErrors = ProcessInfo.processInfo.environment["SAMDATA_ORACLE_TABLE"] == "1"

    /// Fails the running test when a result is not accepted; see ``compare(_:_:_:factor:)``.
    static func expect(
        _ found: Tensor, matches path: String, of file: HDF5Reader, factor: Double = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try compare(found, file, path, factor: factor)
        if printsErrors {
            print("oracle \(file.path.split(separator: "/").last ?? "")\t\(result)")
        }
        #expect(result.isAccepted, "\(result)", sourceLocation: sourceLocation)
    }
}

extension OracleComparison {
    /// Sets the limits of the README from the figures of a float32 reference.
    mutating func setLimits(l2: Double, largest: Double, rms: Double, factor: Double = 1) {
        allowedL2 = max(5 * l2, 3e-6) * factor
        allowedLargest = max(10 * largest, 1e-5 * rms) * factor
    }
}
