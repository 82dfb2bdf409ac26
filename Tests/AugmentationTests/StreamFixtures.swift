import Foundation
import SampleAugmentation
import Testing

/// What the reference programs drew and made, written by `Python/compare_augmentation.py`.
struct StreamFixtures {
    struct Sample: Decodable {
        let steps: [String]
        let image: String?
        let label: String?
    }

    struct TransUNetRun: Decodable {
        let seed: UInt32
        let worker: Int
        let numPySeeds: [UInt32]?
        let shape: [Int]
        let samples: [Sample]

        var stream: TransUNetStream {
            if let numPySeeds {
                TransUNetStream(seed: seed, worker: worker, numPySeeds: numPySeeds)
            } else {
                TransUNetStream(seed: seed, worker: worker)
            }
        }
    }

    struct FlipRun: Decodable {
        let seed: UInt32
        let samAdapter: [[String]]
        let labelCounts: [Int]
        let medsam: [[Int]]
    }

    struct MONAIRun: Decodable {
        let chain: String
        let seeding: String
        let seed: UInt32
        let shape: [Int]
        let samples: [Sample]
    }

    struct Runs<Run: Decodable>: Decodable {
        let origin: String
        let runs: [Run]
    }

    struct Arrays: Decodable {
        let arrays: [String: String]
    }

    /// The folder of the files that are checked in.
    static var checkedIn: StreamFixtures {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        return StreamFixtures(folder: tests.appendingPathComponent("Fixtures/augmentation"))
    }

    let folder: URL

    func data(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(name))
    }

    func runs<Run: Decodable>(_ name: String, _ type: Run.Type) throws -> [Run] {
        try JSONDecoder().decode(Runs<Run>.self, from: data(name)).runs
    }

    func arrays() throws -> [String: String] {
        try JSONDecoder().decode(Arrays.self, from: data("monai_fixed.json")).arrays
    }

    /// The picture that the script makes: in *its* order of axes, then put into ours.
    static func image(_ extent: SampleExtent) -> [Float] {
        ordered(extent) { Float($0 * 37 % 251 + 1) / 16 }
    }

    static func label(_ extent: SampleExtent) -> [UInt8] {
        ordered(extent) { UInt8($0 * 7 % 5) }
    }

    private static func ordered<Value>(_ extent: SampleExtent, _ value: (Int) -> Value) -> [Value] {
        // theirs: [row][column][slice]
        (0..<extent.slices).flatMap { slice in
            (0..<extent.planeCount).map { value($0 * extent.slices + slice) }
        }
    }

    static func sample(_ shape: [Int]) -> AugmentationSample {
        let extent = SampleExtent(slices: shape[0], rows: shape[1], columns: shape[2])
        return AugmentationSample(
            extent: extent, image: image(extent), range: 0...16, labels: label(extent))
    }

    /// The values of an array in a file.
    static func floats(_ text: String) throws -> [Float] {
        let parts = text.split(separator: ":", maxSplits: 1)
        let bytes = [UInt8](try #require(Data(base64Encoded: String(parts[1]))))
        switch parts[0] {
        case "u1": return bytes.map(Float.init)
        case "u1/16": return bytes.map { Float($0) / 16 }
        default:
            return stride(from: 0, to: bytes.count, by: 4).map { at in
                Float(
                    bitPattern: (0..<4).reduce(UInt32(0)) {
                        $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1)
                    })
            }
        }
    }

    /// The transforms that the words of a file stand for.
    static func transforms(_ steps: [String]) throws -> [Transform] {
        try steps.map { step in
            let words = step.split(separator: " ").map(String.init)
            let number = Double(words[1])
            switch words[0] {
            case "flip": return .flip(Flip(axis: try #require(Flip.Axis(rawValue: words[1]))))
            case "turn": return .quarterTurn(QuarterTurn(turns: .fixed(try #require(number))))
            case "rotate":
                return .rotation(
                    Rotation(
                        degrees: .fixed(try #require(number)), interpolation: .nearest, fill: .black
                    ))
            case "radians":
                return .rotation(
                    Rotation(
                        degrees: .fixed(-(try #require(number)) * 180 / .pi),
                        interpolation: .linear, fill: .edge))
            default:
                #expect(words[0] == "shift")
                return .intensityShift(
                    IntensityShift(offset: .fixed(try #require(number)), clips: false))
            }
        }
    }
}
