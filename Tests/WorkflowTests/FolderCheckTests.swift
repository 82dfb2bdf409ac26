import MedicalImaging
import NIfTI
import Testing

@testable import SamdataWorkflow

@Suite("Looking through a folder")
struct FolderCheckTests {
    @Test("axial slices are counted whatever the order of axes in the file")
    func axialSlices() throws {
        let data = try TinyDataset(["a"])
        var shapes: Set<[Int]> = []
        let labels = TinyDataset.labels(shape: GridShape(12, 10, 6))
        let image = TinyDataset.image(shape: GridShape(12, 10, 6))
        for letters in ["RAS", "SRA", "ASL"] {
            let orientation = try #require(Orientation(letters: letters))
            try NIfTIWriter.write(
                image.reordered(to: orientation), to: data.root + "/imga.nii.gz")
            try NIfTIWriter.write(
                labels.reordered(to: orientation), as: .labels, to: data.root + "/labela.nii.gz")
            let found = try FolderCheck(card: data.card).run(root: data.root)
            #expect(found.errors == 0, "\(found.cases)")
            #expect(found.slices == 6)
            #expect(found.cases.first?.orientation == letters)
            shapes.insert(found.cases.first?.shape ?? [])
        }
        #expect(shapes.count == 3)
    }
}
