import Foundation
import MedicalImaging
import SafeFiles
import SampleStore
import Testing

/// Stores that released versions wrote, which open for ever.
///
/// A change that breaks one of these tests breaks somebody's data.
///
/// Made by `Tests/Fixtures/make_archive.py` from computed volumes.
@Suite("Stores of earlier versions")
struct ArchiveTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/Archive").path

    private func intensity(_ i: Int, _ j: Int, _ k: Int) -> Float {
        Float(-200 + 31 * i + 17 * j + 53 * k)
    }

    private func label(_ i: Int, _ j: Int, _ k: Int) -> UInt8 {
        let (x, y, z) = (i - 4, j - 5, 2 * (k - 2))
        if x * x + y * y + z * z <= 10 { return 1 }
        return (8...11).contains(i) && j >= 3 && j <= 4 + k % 3 && k >= 1 ? 2 : 0
    }

    private func open(_ name: String) throws -> [(unit: UnitRecord, reader: CaseFileReader)] {
        let layout = StoreLayout(root: Self.root + "/" + name)
        let manifest = try Manifest.read(layout)
        #expect(manifest.caseFormat == "1.0")
        #expect(manifest.dataset == "archive" && manifest.split == "halves")
        #expect(try FileReading.sha256(of: layout.plan) == manifest.planSHA256)
        #expect(manifest.cases.map(\.id) == ["a"])
        #expect(manifest.cases.map(\.part) == ["train"])
        return try manifest.cases.map { unit in
            let path = layout.caseFile(unit.id)
            #expect(try FileReading.sha256(of: path) == unit.sha256)
            #expect(try UnitRecord.read(layout.record(unit.id)) == unit)
            let reader = try CaseFileReader(path: path)
            #expect(reader.count == unit.slices)
            let records = try reader.records()
            #expect(records.count == unit.records)
            return (unit, reader)
        }
    }

    @Test("original integers, records and all kinds of prompts of format 1.0")
    func original() throws {
        for (unit, reader) in try open("store-1.0/original") {
            let about = reader.description
            #expect(about.caseID == unit.id && about.part == unit.part)
            #expect(about.pixelType == .int16 && about.pixelFormat == "original")
            #expect(about.window == -175...250)
            #expect(about.orientation == "LPS" && about.axis == "axial" && about.units == "HU")
            #expect(about.rows == 11 && about.columns == 14 && about.channels == 1)
            #expect(about.labels.map(\.name) == ["ball", "box"])
            #expect(about.pixelToVoxel == .identity)
            #expect(about.pixelToWorld.values == [-0.75, 0, 0, 20, 0, -1.5, 0, 30, 0, 0, 3, -40])
            #expect(reader.sliceIndices == [1, 2])
            for (position, k) in reader.sliceIndices.enumerated() {
                let image = try reader.image(at: position)
                let labels = try reader.label(at: position)
                for j in 0..<11 {
                    for i in 0..<14 {
                        #expect(image[j, i] == intensity(i, j, k))
                        #expect(labels[j, i] == label(i, j, k))
                    }
                }
            }
            #expect(
                try reader.promptNames()
                    == ["background2", "box", "box+5", "centre", "random1", "random3"])
            // the box of slice k: columns 8...11, rows 3...4 + k % 3
            let records = try reader.records()
            guard case .boxes(let boxes) = try reader.prompts("box").values,
                case .boxes(let wide) = try reader.prompts("box+5").values,
                case .points(let beside) = try reader.prompts("background2").values,
                case .points(let inside) = try reader.prompts("random3").values
            else { throw CocoaError(.coderInvalidValue) }
            for (n, record) in records.enumerated() {
                let k = reader.sliceIndices[record.slice]
                let plane = try reader.label(at: record.slice)
                if record.label == 2 {
                    let last = Float(4 + k % 3)
                    #expect(boxes[n] == BoxPrompt(x0: 8, y0: 3, x1: 11, y1: last))
                    #expect(wide[n] == BoxPrompt(x0: 3, y0: 0, x1: 13, y1: min(10, last + 5)))
                    #expect(record.area == 4 * (2 + k % 3))
                }
                #expect(inside[n].count == 3 && beside[n].count == 2)
                #expect(
                    inside[n].allSatisfy {
                        plane[Int($0.y), Int($0.x)] == record.label && $0.isForeground
                    })
                #expect(
                    beside[n].allSatisfy {
                        plane[Int($0.y), Int($0.x)] != record.label && !$0.isForeground
                    })
            }
        }
    }

    @Test("windowed floats with neighbours as channels, and components, of format 1.0")
    func float32() throws {
        for (_, reader) in try open("store-1.0/float32") {
            let depth = 3
            #expect(reader.description.pixelType == .float32 && reader.description.channels == 3)
            #expect(reader.sliceIndices == Array(0..<depth))
            for k in 0..<depth {
                for channel in 0..<3 {
                    let image = try reader.image(at: k, channel: channel)
                    let from = min(max(k + channel - 1, 0), depth - 1)
                    for j in 0..<11 {
                        for i in 0..<14 {
                            let value = intensity(i, j, from)
                            #expect(image[j, i] == (min(max(value, -125), 275) + 125) / 400)
                        }
                    }
                }
            }
            let records = try reader.records()
            #expect(records.allSatisfy { $0.component == 1 })
        }
    }
}
