import Foundation
import SegmentationMetrics
import SegmentationReports
import Testing

@Suite("The HTML report")
struct ReportHTMLTests {
    private static let hostile = "<script>alert(1)</script>&\"'"

    private func page(
        _ report: ScoreReport = SampleReport.score, pictures: [OverlayPicture] = []
    ) -> String {
        String(decoding: ReportHTML.encode(report, pictures: pictures), as: UTF8.self)
    }

    private static func picture(_ name: String = "0001") -> OverlayPicture {
        OverlayPicture(
            case: name, label: "spleen", metric: "Dice", value: "0.1", place: "slice k = 3",
            png: [0x89, 0x50, 0x4e, 0x47, 1, 2, 3], width: 20, height: 10, pixelWidth: 1,
            pixelHeight: 2.5,
            outlines: [.init(name: "prediction", segments: [[1, 2, 5, 2], [5, 2, 5, 4]])])
    }

    /// Elements that are opened and closed; those that stand alone are void or end in `/>`.
    private func unbalanced(_ page: String) -> [String] {
        let void: Set<String> = ["meta", "br", "!DOCTYPE"]
        var open: [String] = []
        var wrong: [String] = []
        let body = page.replacing(/<style>(?s:.*?)<\/style>/, with: "")
        for match in body.matches(of: /<(\/?)([A-Za-z!][A-Za-z0-9]*)([^<>]*)>/) {
            let name = String(match.2)
            if void.contains(name) || match.3.hasSuffix("/") { continue }
            if match.1.isEmpty {
                open.append(name)
            } else if open.last == name {
                open.removeLast()
            } else {
                wrong.append(name)
            }
        }
        return wrong + open
    }

    @Test("the page is balanced, has a strict policy, and fetches and runs nothing")
    func policy() {
        let compare = String(decoding: ReportHTML.encode(SampleReport.compare), as: UTF8.self)
        for page in [page(pictures: [Self.picture()]), compare] {
            #expect(unbalanced(page) == [])
            #expect(
                page.contains(
                    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\""))
            #expect(!page.contains("<script") && !page.contains("javascript:"))
            #expect(!page.contains("http:") && !page.contains("https:"))
            for match in page.matches(of: /(?:src|href)="([^"]*)"/) {
                #expect(match.1.hasPrefix("data:image/png;base64,"), "\(match.1)")
            }
            #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
            #expect(page.contains("<h1>") && page.contains("<title>"))
        }
    }

    @Test("everything that comes from files is escaped, wherever it stands")
    func escaping() {
        var report = SampleReport.score
        report.cases[0].id = Self.hostile
        for index in report.rows.indices
        where report.rows[index].case == SampleReport.score.cases[0].id {
            report.rows[index].case = Self.hostile
        }
        report.labels[0].name = Self.hostile
        report.command.append(Self.hostile)
        report.convention.about = Self.hostile
        report.metrics[0].title = Self.hostile
        report.findings.append(ReportFinding(.warning, case: Self.hostile, Self.hostile))
        report.panels.append(
            ReportPanel(
                title: Self.hostile, xTitle: Self.hostile, yTitle: Self.hostile,
                curves: [.init(name: Self.hostile, x: [0, 1], y: [0, 1])]))
        report.panels.append(
            ReportPanel(
                title: "m", xTitle: "x", yTitle: "y",
                matrix: .init(rows: [Self.hostile], columns: [Self.hostile], counts: [[3]])))
        let text = page(report, pictures: [Self.picture(Self.hostile)])
        #expect(!text.contains("<script"))
        #expect(!text.contains("alert(1)</script>"))
        #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
        #expect(unbalanced(text) == [])
        // Control characters are no part of a document.
        report.labels[0].name = "a\u{0}b\u{1B}[31m"
        #expect(!page(report).unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }

    @Test("the same report gives the same bytes")
    func determinism() {
        #expect(
            ReportHTML.encode(SampleReport.score, pictures: [Self.picture()])
                == ReportHTML.encode(SampleReport.score, pictures: [Self.picture()]))
    }

    @Test("sections are there when there is something in them")
    func sections() {
        let full = page(pictures: [Self.picture()])
        for title in [
            "What to know first", "Summary", "Distributions", "Worst cases", "States",
            "The same masks under other conventions", "Beside Table I", "Every case",
            "How to get these numbers again",
        ] { #expect(full.contains("<h2>\(title)</h2>"), "\(title)") }
        var bare = SampleReport.score
        bare.findings = []
        bare.spread = nil
        bare.published = nil
        bare.rows = []
        bare.panels = []
        let text = page(bare)
        for title in [
            "What to know first", "Distributions", "The same masks under other conventions",
            "Beside Table I", "Every case",
        ] { #expect(!text.contains("<h2>\(title)</h2>"), "\(title)") }
        #expect(unbalanced(text) == [])
    }

    @Test("a miss, a ghost, an error and what has no meaning are drawn beside the axis")
    func marks() {
        var report = SampleReport.score
        report.rows[0].values[0] = ScoreValue(.na)
        let text = page(report)
        for state in ["miss", "ghost", "error", "na"] {
            #expect(
                text.contains("class=\"\(state)\""), "\(state)")
        }
    }

    @Test("a table of thousands of rows is cut with a sentence that names the files")
    func long() throws {
        var report = SampleReport.score
        let row = try #require(report.rows.first)
        report.rows = (0..<2500).map { index in
            var copy = row
            copy.case = "case \(index)"
            return copy
        }
        let text = page(report)
        #expect(text.contains("The first 2000 of 2500 rows"))
        #expect(text.contains("case 1999") && !text.contains(">case 2400<"))
    }

    @Test("pictures keep their bytes, and anisotropic pixels their shape")
    func overlay() throws {
        let text = page(pictures: [Self.picture()])
        // 20 x 10 pixels of 1 x 2.5.
        #expect(text.contains("viewBox=\"0 0 20 25\""))
        #expect(text.contains("M1 5L5 5M5 5L5 10"))
        let match = try #require(text.firstMatch(of: /base64,([A-Za-z0-9+\/=]+)"/))
        #expect(
            Data(base64Encoded: String(match.1)).map(Array.init) == Self.picture().png)
    }

    @Test("infinite and huge numbers make no drawing that cannot be shown")
    func hostileNumbers() {
        var report = SampleReport.score
        report.rows[0].values[0] = ScoreValue(MetricValue(.value, 1e300))
        report.rows[1].values[0] = ScoreValue(MetricValue(.value, -.infinity))
        report.panels.append(
            ReportPanel(
                title: "c", xTitle: "x", yTitle: "y",
                curves: [.init(name: "n", x: [0, .infinity, 1e300], y: [0, 1, 2])]))
        let text = page(report)
        #expect(unbalanced(text) == [])
        for match in text.matches(of: #/ (?:cx|cy|x|y|width)="([^"]*)"/#) {
            #expect(Double(match.1)?.isFinite ?? false, "\(match.1)")
        }
    }
}

/// The page as a browser sees it; only where Chromium is installed.
@Suite(
    "The HTML report in a browser", .enabled(if: Browser.path != nil, "chromium is not installed"))
struct ReportBrowserTests {
    @Test(
        "the page opens in headless Chromium, without a violation of its own policy",
        .timeLimit(.minutes(2)))
    func opens() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appendingPathComponent("report.html")
        try Data(ReportHTML.encode(SampleReport.score)).write(to: page)
        let (dom, talk) = try Browser.run(["--dump-dom", page.absoluteString], in: folder)
        #expect(dom.contains("<h1>"))
        #expect(dom.contains("liver_all"))
        #expect(!talk.contains("Content Security Policy"), "\(talk)")
        let picture = folder.appendingPathComponent("page.png")
        _ = try Browser.run(
            ["--screenshot=\(picture.path)", "--window-size=1000,1400", page.absoluteString],
            in: folder)
        let bytes = try Data(contentsOf: picture)
        #expect(bytes.count > 10_000 && bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    }
}

/// Headless Chromium.
enum Browser {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first(where: FileManager.default.isExecutableFile(atPath:))

    /// What a run printed on its two streams.
    static func run(_ arguments: [String], in folder: URL) throws -> (
        output: String, errors: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--enable-logging=stderr",
                "--user-data-dir=\(folder.appendingPathComponent("profile").path)",
            ] + arguments
        let files = ["out", "err"].map { folder.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (texts[0], texts[1])
    }
}
