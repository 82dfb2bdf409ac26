import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamdataWorkflow
import SlideAnnotations
import TIFF
import Testing

@Suite("Embedded histology samples")
struct HistologySampleWriterTests {
    @Test("six pictures of nuclei come back from their files, found by their card")
    func nuclei() throws {
        let folder = try HistologyFolder()
        var reported: [String] = []
        let outcome = try HistologySampleWriter.writeNuclei(to: folder.path) { id, done, total in
            reported.append("\(id) \(done)/\(total)")
        }
        #expect(outcome.cases == NucleiPhantom.caseIDs && outcome.predictions.isEmpty)
        #expect(reported == NucleiPhantom.caseIDs.enumerated().map { "\($1) \($0 + 1)/6" })
        let files = try folder.contents()
        #expect(files.count == 12)
        #expect(outcome.bytes == files.values.reduce(0) { $0 + $1.count })
        #expect(outcome.bytes < 8 << 20)
        for id in NucleiPhantom.caseIDs {
            let picture = NucleiPhantom().makeCase(id)
            let reader = try TIFFReader(path: "\(folder.path)/Tissue Images/\(id).tif")
            let directory = try #require(reader.directories.first)
            #expect(directory.compression == .lzw && reader.directories.count == 1)
            let pixels = try reader.readAll()
            #expect(pixels.uint8 == picture.rgb && pixels.width == picture.width)
            let annotation = try SlideAnnotation.read(
                path: "\(folder.path)/Annotations/\(id).xml")
            #expect(annotation.format == .aperioXML)
            #expect(annotation.micronsPerPixel == 0.25)
            let expected = picture.outlines.enumerated().filter { $1.outer.count > 2 }
            #expect(annotation.regions.map(\.index) == expected.map(\.offset))
            #expect(annotation.regions.map(\.polygon) == expected.map(\.element))
            // The region of two vertices keeps its number.
            let isOdd = ["sampleN-0002", "sampleN-0006"].contains(id)
            #expect(annotation.skipped.map(\.index) == (isOdd ? [7] : []))
        }
        let card = try DatasetCard.named("sample-nuclei")
        let found = try DatasetFolder.scan(card: card, root: folder.path)
        #expect(found.cases.map(\.id) == NucleiPhantom.caseIDs)
        #expect(found.cases.allSatisfy { $0.annotation != nil })
    }

    @Test(
        "three slides are pyramids of JPEG tiles with their pixel size, and their outlines come back"
    )
    func slides() throws {
        let (folder, other) = (try HistologyFolder(), try HistologyFolder())
        let outcome = try HistologySampleWriter.writeSlides(to: folder.path, threads: 3)
        let files = try folder.contents()
        #expect(files.count == 5)
        #expect(outcome.bytes == files.values.reduce(0) { $0 + $1.count })
        #expect(outcome.bytes < 24 << 20)
        _ = try HistologySampleWriter.writeSlides(to: other.path, threads: 1)
        #expect(try other.contents() == files)
        for id in SlidePhantom.caseIDs {
            let slide = SlidePhantom().slide(id)
            let reader = try TIFFReader(path: "\(folder.path)/images/\(id).tif")
            try check(reader, slide)
            let path = "\(folder.path)/annotations/\(id).xml"
            #expect(Folders.isFile(path) == !slide.outlines.isEmpty)
            guard !slide.outlines.isEmpty else { continue }
            let annotation = try SlideAnnotation.read(path: path)
            #expect(annotation.format == .asapXML && annotation.skipped.isEmpty)
            #expect(annotation.regions.map(\.polygon) == slide.outlines.map(\.polygon))
            #expect(annotation.regions.map(\.group) == slide.outlines.map(\.group))
            #expect(annotation.regions.map(\.name) == slide.outlines.map(\.name))
            #expect(Set(annotation.groups) == Set(slide.outlines.map(\.group)))
        }
        let card = try DatasetCard.named("sample-slide")
        let found = try DatasetFolder.scan(card: card, root: folder.path)
        #expect(found.cases.map(\.id) == SlidePhantom.caseIDs)
        #expect(found.cases.map { $0.annotation != nil } == [true, false, true])
    }

    private func check(_ reader: TIFFReader, _ slide: SyntheticSlide) throws {
        var (width, height) = (slide.width, slide.height)
        for (number, directory) in reader.directories.enumerated() {
            #expect(directory.width == width && directory.height == height)
            #expect(directory.compression == .jpeg)
            let size = try #require(directory.pixelSize)
            #expect(abs(size.x * Double(width) / Double(slide.width) - 0.5) < 1e-6, "\(number)")
            (width, height) = ((width + 1) / 2, (height + 1) / 2)
        }
        #expect(reader.directories.count == 5)
        // JPEG loses a little; a window in the wrong place would lose much.
        let (x, y) = (slide.width / 2 - 100, slide.height / 2 - 50)
        let window = slide.render(x: x, y: y, width: 200, height: 100)
        let read = try #require(
            reader.readRegion(directory: 0, x: x, y: y, width: 200, height: 100).uint8)
        var sum = 0
        for (a, b) in zip(window, read) { sum += abs(Int(a) - Int(b)) }
        #expect(Double(sum) / Double(window.count) < 9, "\(Double(sum) / Double(window.count))")
    }

    @Test("a second run changes nothing, and a file that is not the sample's is never replaced")
    func again() throws {
        let folder = try HistologyFolder()
        _ = try HistologySampleWriter.writeNuclei(to: folder.path)
        let first = try folder.contents()
        _ = try HistologySampleWriter.writeNuclei(to: folder.path)
        #expect(try folder.contents() == first)
        let path = "\(folder.path)/Tissue Images/sampleN-0003.tif"
        try AtomicFile.write([1, 2, 3], to: path)
        let error = #expect(throws: FileError.self) {
            try HistologySampleWriter.writeNuclei(to: folder.path)
        }
        #expect(error?.description.contains("choose an empty folder") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
    }
}

/// A folder that is removed when the last reference to it goes away.
private final class HistologyFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("histology-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every file with its bytes, by path.
    func contents() throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path)
        where Folders.isFile("\(path)/\(name)") {
            result[name] = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
        }
        return result
    }
}
