import Foundation
import MedicalImaging
import SamplePreparation
import SlideAnnotations
import Testing
import WholeSlides

@testable import SamdataWorkflow

/// The picture of a whole slide, and the report on its file.
@Suite("Slides: overview and report")
struct SlideOverviewTests {
    private static let (width, height) = (800, 600)

    /// Pink tissue in a white field.
    private static let rgb: [UInt8] = {
        var result = [UInt8](repeating: 244, count: width * height * 3)
        for y in 100..<500 {
            for x in 200..<700 {
                let n = (y * width + x) * 3
                (result[n], result[n + 1], result[n + 2]) = (205, 70, 160)
            }
        }
        return result
    }()

    private static let annotation = SlideAnnotation(
        format: .asapXML,
        regions: [("_0", 300.0, 200.0, 600.0, 400.0), ("_2", 400, 250, 500, 350)].enumerated().map {
            AnnotatedRegion(
                index: $0, group: $1.0,
                polygon: PlanePolygon(
                    outer: TinyPicture.box($1.1, $1.2, $1.3, $1.4).map {
                        PlanePoint(x: $0.0, y: $0.1)
                    }))
        })

    private func slide(_ folder: PrepareFolder) throws -> WholeSlide {
        let path = folder.path + "/slide.tif"
        let bytes = try TinyPicture.slide(Self.rgb, width: Self.width, height: Self.height)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try WholeSlide(path: path)
    }

    @Test("regions, holes, tissue and patches are drawn where they are")
    func drawn() throws {
        let folder = try PrepareFolder()
        let slide = try slide(folder)
        var overview = SlideOverview()
        overview.side = 400
        overview.annotation = Self.annotation
        overview.tissue = try TissueRecipe("downsample=4,close=off,median=off")
        let result = try overview.render(slide)
        #expect(result.regions == 2 && result.patches == 0)
        let tissue = try #require(result.tissue)
        #expect(abs(tissue - 500 * 400 / 480_000) < 1e-9, "\(tissue)")
        let canvas = result.canvas
        let margin = SheetStyle.margin
        #expect(canvas.width == 400 + 2 * margin && canvas.height > 300 + 2 * margin)
        func color(_ x: Int, _ y: Int) -> RGBColor {
            canvas.color(x: margin + x / 2, y: margin + y / 2)
        }
        #expect(color(450, 200) == SlideOverview.regionColor)
        #expect(color(300, 300) == SlideOverview.regionColor)
        #expect(color(600, 300) == SlideOverview.regionColor)
        #expect(color(450, 250) == SlideOverview.holeColor)
        #expect(color(400, 300) == SlideOverview.holeColor)
        #expect(color(350, 300) == RGBColor(red: 205, green: 70, blue: 160))
        #expect(color(50, 50) == RGBColor(red: 244, green: 244, blue: 244))
        // The border of the tissue mask lies on the border of the tissue.
        let blue = (150..<750).filter { color($0, 450) == SlideOverview.tissueColor }
        #expect(
            !blue.isEmpty && blue.allSatisfy { min(abs($0 - 200), abs($0 - 700)) < 5 }, "\(blue)")

        var plain = overview
        plain.annotation = nil
        plain.tissue = nil
        let bare = try plain.render(slide)
        #expect(bare.tissue == nil && bare.regions == 0)
        let own: Set<RGBColor> = [
            SlideOverview.regionColor, SlideOverview.holeColor, SlideOverview.tissueColor,
        ]
        for y in 0..<300 {
            for x in 0..<400 {
                let pixel = bare.canvas.color(x: margin + x, y: margin + y)
                if own.contains(pixel) { Issue.record("something is drawn at \(x), \(y)") }
            }
        }
    }

    @Test("the grid shows as many patches as are candidates")
    func grid() throws {
        let folder = try PrepareFolder()
        let slide = try slide(folder)
        var overview = SlideOverview()
        overview.lattice = PatchRecipe(patch: 100)
        overview.tissue = nil
        #expect(try overview.render(slide).patches == 48)
        overview.downsample = 2
        #expect(try overview.render(slide).patches == 12)
        overview.downsample = 1
        overview.tissue = try TissueRecipe("downsample=4,close=off,median=off")
        overview.lattice?.tissue = .fraction(0.9)
        #expect(try overview.render(slide).patches == 20)
    }

    @Test("outlines far outside of the slide are counted and cost no time")
    func outside() throws {
        let folder = try PrepareFolder()
        let slide = try slide(folder)
        var overview = SlideOverview()
        overview.annotation = SlideAnnotation(
            format: .geoJSON,
            regions: [
                AnnotatedRegion(
                    index: 0,
                    polygon: PlanePolygon(
                        outer: TinyPicture.box(-1e9, -1e9, 1e9, 1e9).map {
                            PlanePoint(x: $0.0, y: $0.1)
                        }))
            ])
        let start = ContinuousClock.now
        #expect(try overview.render(slide).regions == 1)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("the report tells levels, pixel size and outlines")
    func report() throws {
        let folder = try PrepareFolder()
        _ = try slide(folder)
        let xml = folder.path + "/slide.xml"
        let far = TinyPicture.box(5000, 5000, 5100, 5100)
        try Data(
            TinyPicture.asap([
                ("_0", TinyPicture.box(1, 1, 9, 9)), ("_0", far), ("", [(1, 1), (2, 2)]),
            ])
        ).write(to: URL(fileURLWithPath: xml))
        let report = try SlideReport(path: folder.path + "/slide.tif", annotation: xml)
        #expect(
            report.levels.map { [$0.width, $0.height] } == [
                [800, 600], [400, 300], [200, 150], [100, 75],
            ])
        #expect(report.levels.map(\.downsample) == [1, 2, 4, 8])
        #expect(report.levels.map(\.tile) == [[128, 128], [128, 128], [128, 128], [128, 128]])
        #expect(report.pixelSize == [0.5, 0.5] && report.associated.isEmpty)
        let annotation = try #require(report.annotation)
        #expect(annotation.regions == 2 && annotation.vertices == 8 && annotation.outside == 1)
        #expect(annotation.groups == ["_0": 2] && annotation.skipped.count == 1)
        #expect(report.schema == "samdata.inspect-slide/1")
    }
}
