import SegmentationMetrics
import SegmentationReports
import Testing

@Suite struct ReportTableTests {
    @Test(
        "A number has its digits, rounds to nearest and needs no locale",
        arguments: [
            (0.9123, 4, "0.9123"), (0.99996, 4, "1.0000"), (12.345678, 2, "12.35"),
            (2.125, 2, "2.13"), (-0.00001, 4, "0.0000"), (-1.5, 0, "-2"), (0.05, 2, "0.05"),
            (Double.infinity, 2, "inf"), (-Double.infinity, 2, "-inf"), (Double.nan, 2, "-"),
            (999_999_999_999_999.5, 9, "999999999999999.500000000"), (1e300, 2, "1e+300"),
            (7, -3, "7"), (Double.leastNonzeroMagnitude, 4, "0.0000"),
        ])
    func fixed(value: Double, digits: Int, text: String) {
        #expect(ReportNumber.fixed(value, digits: digits) == text)
    }

    @Test func `Digits follow the unit of the metric and the sign of a difference is shown`() {
        let (dice, hd95) = (SampleReport.dice, SampleReport.hd95)
        #expect(ReportNumber.text(0.5, of: dice) == "0.5000")
        #expect(ReportNumber.text(0.5, of: hd95) == "0.50")
        #expect(ReportNumber.text(nil, of: hd95) == "-")
        let miss = ScoreValue(MetricValue(.miss, .infinity))
        #expect(ReportNumber.text(miss, of: hd95) == "inf (miss)")
        #expect(ReportNumber.signed(0.05, of: dice) == "+0.0500")
        #expect(ReportNumber.signed(0.00001, of: dice) == "0.0000")
        #expect(ReportNumber.signed(-2, of: hd95) == "-2.00")
        #expect(ReportNumber.signed(.infinity, of: hd95) == "+inf")
    }

    @Test func `A p-value below a ten-thousandth is a bound`() {
        #expect(ReportNumber.pValue(0.0001) == "0.0001")
        #expect(ReportNumber.pValue(0.00009) == "< 0.0001")
        #expect(ReportNumber.pValue(0) == "< 0.0001")
        #expect(ReportNumber.pValue(1) == "1.0000")
        #expect(ReportNumber.pValue(nil) == "-")
    }

    @Test func `An exact number reads back as the same number`() {
        for value in [0.1, 12, -0.05, 1e20, 1.0 / 3, Double.leastNonzeroMagnitude, 1e-7] {
            #expect(Double(ReportNumber.exact(value)) == value)
        }
        #expect(ReportNumber.exact(12) == "12")
        #expect(ReportNumber.exact(nil) == "")
        #expect(ReportNumber.exact(.infinity) == "inf")
        #expect(ReportNumber.percent(0.95) == "95%")
        #expect(ReportNumber.percent(0.975) == "97.5%")
    }

    @Test func `The summary has labels, then the mean over labels, then pooled counts`() {
        let table = ScoreTables.summary(of: SampleReport.score)
        #expect(table.columns.map(\.title) == ["label", "Dice", "HD95 (mm)"])
        #expect(
            table.rows == [
                .init([
                    "spleen", "0.4500 ± 0.6364 (2; 1 ghost, 1 error)",
                    "3.00 (1; 1 ghost, 1 error) | 51.50 penalised",
                ]),
                .init([
                    "liver_all", "0.4000 ± 0.5657 [0.1000, 0.7000] (2; 1 miss, 1 error)",
                    "4.50 (1; 1 miss, 1 error)",
                ]),
                .init(
                    [
                        "mean over labels", "0.4250 (4; 1 miss, 1 ghost, 2 error)",
                        "3.75 (2; 1 miss, 1 ghost, 2 error)",
                    ], isEmphasised: true),
                .init(["pooled", "0.7083", ""], isEmphasised: true),
            ])
    }

    @Test func `With one label the mean over labels is not repeated`() {
        var report = SampleReport.score
        report.labels.removeLast()
        #expect(
            ScoreTables.summary(of: report).rows.map { $0.cells[0] } == ["spleen", "pooled"])
    }

    @Test func `What is not a value is counted per label`() {
        #expect(
            ScoreTables.states(of: SampleReport.score).rows.map(\.cells) == [
                ["spleen", "dice, hd95", "1", "0", "1", "1"],
                ["liver_all", "dice, hd95", "1", "1", "0", "1"],
            ])
    }

    @Test func `Every case and label has a row, and slices a column of their own`() {
        var report = SampleReport.score
        let cells = ScoreTables.perCase(of: report).rows.map(\.cells)
        #expect(cells.count == 6)
        #expect(cells[0] == ["0001", "spleen", "0.9000", "3.00"])
        #expect(cells[3] == ["0002", "liver_all", "0.0000 (miss)", "inf (miss)"])
        #expect(cells[5] == [SampleReport.hostileName, "liver_all", "- (error)", "- (error)"])
        report.rows[0].slice = 41
        let sliced = ScoreTables.perCase(of: report)
        #expect(sliced.columns.map(\.title) == ["case", "slice", "label", "Dice", "HD95 (mm)"])
        #expect(sliced.rows[0].cells == ["0001", "41", "spleen", "0.9000", "3.00"])
        #expect(sliced.rows[1].cells[1] == "-")
    }

    @Test func `The worst cases say where the largest surface error lies`() {
        let cells = ScoreTables.worst(of: SampleReport.score).rows.map(\.cells)
        #expect(cells.count == 6)
        #expect(cells[0] == ["spleen", "Dice", "0002", "0.0000 (ghost)", "-", "-", "-"])
        #expect(
            cells[4] == [
                "spleen", "HD95", "0001", "3.00 mm", "(1, 2, 3)", "(-4.5, 0.0, 7.3)", "3.25 mm",
            ])
    }

    @Test func `Spread, published rows and cases are placed as they are`() {
        let report = SampleReport.score
        #expect(
            ScoreTables.spread(of: report).rows.map(\.cells) == [
                ["mean over labels", "HD95 (mm)", "3.75 (2)", "-"],
                ["spleen", "HD95 (mm)", "3.00 (1)", "2.13 (1)"],
            ])
        #expect(
            ScoreTables.published(of: report).rows == [
                .init(["A & B", "79.10", "-"]),
                .init(["this run", "42.50", "3.75"], isEmphasised: true),
            ])
        let cases = ScoreTables.cases(of: report)
        #expect(
            cases.rows[0].cells == [
                "0001", "0001", "scored", "r/0001.nii.gz", "aa", "p/0001.nii.gz", "bb",
                "4 x 5 x 6", "0.7 x 0.7 x 2.5", "LPS", "resampled",
            ])
        #expect(cases.rows.map(\.isEmphasised) == [false, false, true])
        #expect(cases.rows[2].cells.last == "grids disagree")
    }

    @Test func `A comparison has means, pairs and an order`() {
        let report = SampleReport.compare
        #expect(
            CompareTables.means(of: report).rows.map(\.cells) == [
                ["Dice", "12", "0.9000", "0.9200"]
            ])
        #expect(
            CompareTables.pairs(of: report).rows[0].cells == [
                "unet - sam_b", "Dice", "spleen", "12", "0.9000", "0.8500",
                "+0.0500 [-0.0100, 0.1100]", "0.0425", "0.0850", "0.61", "8/1/3", "monai, nnunet",
            ])
        let block = CompareTables.pairs(
            of: report, a: "unet", b: "sam_b", metric: SampleReport.dice)
        #expect(block.rows.map { $0.cells[0] } == ["mean over labels", "spleen"])
        #expect(
            CompareTables.ranking(of: report).rows.map(\.cells) == [
                ["Dice", "unet", "12", "0.9000", "2", "1.75", "0.25", "0.0833", "no"],
                ["Dice", "sam_b", "12", "0.9200", "1", "1.25", "0.75", "0.0833", "no"],
            ])
    }

    @Test func `Every row has one cell per column`() {
        let (score, compare) = (SampleReport.score, SampleReport.compare)
        let tables = [
            ScoreTables.summary(of: score), ScoreTables.states(of: score),
            ScoreTables.perCase(of: score), ScoreTables.worst(of: score),
            ScoreTables.spread(of: score), ScoreTables.published(of: score),
            ScoreTables.cases(of: score), ScoreTables.findings(score.findings),
            CompareTables.models(of: compare), CompareTables.means(of: compare),
            CompareTables.pairs(of: compare), CompareTables.ranking(of: compare),
        ]
        for table in tables {
            #expect(!table.isEmpty, "\(table.title)")
            #expect(
                table.rows.allSatisfy { $0.cells.count == table.columns.count }, "\(table.title)")
        }
    }
}
