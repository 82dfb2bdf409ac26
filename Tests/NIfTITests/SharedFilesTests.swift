import Foundation
import MedicalImaging
import NIfTI
import SafeFiles
import Testing

/// One row of the table of real files.
struct SharedRow: Sendable, CustomTestStringConvertible {
    let columns: [String]
    var file: String { columns[0] }
    var path: String { (Fixtures.shared?.path ?? "") + "/data/" + file }
    var testDescription: String { file }

    static let all: [SharedRow] = {
        guard let shared = Fixtures.shared,
            let data = FileManager.default.contents(
                atPath: shared.appendingPathComponent("data/EXPECTED.tsv").path)
        else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init)
            return columns.count >= 9 && columns[1] == "nifti-raw-le-xfastest"
                ? SharedRow(columns: columns) : nil
        }
    }()
}

@Suite(.enabled(if: Fixtures.shared != nil, "the folder of real files is absent"))
struct SharedFilesTests {
    @Test func `the table lists the real files`() {
        #expect(SharedRow.all.count > 60)
    }

    @Test(arguments: SharedRow.all)
    func `real files read as independent readers read them`(_ row: SharedRow) throws {
        let file = try NIfTIFile(path: row.path)
        #expect(file.header.dimensions.map(String.init).joined(separator: "x") == row.columns[2])
        #expect(file.header.dataType.name == row.columns[3])
        let affine = row.columns[8].split { $0 == ";" || $0 == " " }.compactMap { Double($0) }
        #expect(agree(try file.affine().values, affine))
        let stored = try file.readStored()
        #expect(stored.withBytes { ContentDigest.sha256(of: $0) } == row.columns[7])
        #expect(NIfTISecondOpinion.compare(path: row.path) == [])
        guard let low = Double(row.columns[4]), let high = Double(row.columns[5]),
            let mean = Double(row.columns[6])
        else {
            #expect(file.header.dataType == .rgb24)
            return
        }
        let found = try statistics(file, stored)
        #expect(agree([found.low, found.high], [low, high]))
        #expect(abs(found.mean - mean) <= 1e-6 * max(abs(low), abs(high), 1))
        guard file.header.volumeCount == 1 else { return }
        let image = try file.readImage()
        #expect(image.range.map { agree([$0.lowerBound, $0.upperBound], [low, high]) } == true)
        if stored.dataType != .float32, stored.dataType != .float64, file.header.scaling == nil {
            #expect(image.sampleType == .int16)
        }
    }

    /// Large integer files go by the histogram, which is quick also where tests are not optimised.
    private func statistics(
        _ file: NIfTIFile, _ stored: StoredVoxels
    ) throws -> (low: Double, high: Double, mean: Double) {
        let isFloat = stored.dataType == .float32 || stored.dataType == .float64
        guard stored.count > 500_000, !isFloat, file.header.scaling == nil,
            file.header.volumeCount == 1
        else {
            let values = realValues(stored, file.header.scaling)
            let sum = values.reduce(0, +)
            return (values.min() ?? 0, values.max() ?? 0, sum / Double(values.count))
        }
        let counts = try file.labelCounts()
        let sum = counts.reduce(0.0) { $0 + Double($1.key * $1.value) }
        return (
            Double(counts.keys.min() ?? 0), Double(counts.keys.max() ?? 0),
            sum / Double(stored.count)
        )
    }

    @Test func `random bytes with a .nii name are refused`() throws {
        let path = try #require(Fixtures.shared).path + "/data/nifti-coverage/not_nifti.nii"
        let error = #expect(throws: NIfTIError.self) { try NIfTIFile(path: path) }
        #expect(error?.kind == .notNIfTI)
        #expect(NIfTISecondOpinion.compare(path: path) == [])
    }

    @Test func `one brain stored in eight orders is one volume in RAS`() throws {
        let rows = SharedRow.all.filter { $0.file.contains("/space_") }
        #expect(rows.count == 8)
        let reference = try #require(rows.first { $0.file.contains("RAS") })
        let wanted = try canonical(reference)
        for row in rows {
            let letters = row.file.suffix(10).prefix(3)
            #expect(try NIfTIFile(path: row.path).grid().orientation.description == letters)
            let volume = try canonical(row)
            #expect(volume.samples == wanted.samples)
            #expect(volume.shape == wanted.shape)
            #expect(agree(volume.grid.affine.values, wanted.grid.affine.values))
        }
    }

    private func canonical(_ row: SharedRow) throws -> Volume<Float> {
        guard case .float32(let volume) = try NIfTIFile(path: row.path).readImage() else {
            throw NIfTIError(
                .unsupportedType, path: row.path, field: "image", found: "integers",
                expected: "float32, the slope is a fraction", nextStep: "look at the file")
        }
        return volume.reordered(to: .ras)
    }

    @Test func `label maps of real cases count their organs`() throws {
        let folder = try #require(Fixtures.shared).path + "/data/btcv-labels/"
        // Case 0035 has no gallbladder (4).
        let counts = try NIfTIFile(path: folder + "label0035.nii.gz").labelCounts()
        #expect(counts.keys.sorted() == [0, 1, 2, 3, 5, 6, 7, 8])
        let file = try NIfTIFile(path: folder + "label0001.nii.gz")
        let slices = try file.sliceLabels()
        #expect(slices.count == 147)
        #expect(Set(slices.joined()) == Set(try file.labelCounts().keys))
        #expect(try file.grid().orientation == .lps)
    }
}
