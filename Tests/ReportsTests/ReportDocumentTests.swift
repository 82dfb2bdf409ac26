import Testing

@testable import SegmentationReports

@Suite struct ReportDocumentTests {
    @Test func `CSV has one row per case and label, quotes as RFC 4180 and reads back`() {
        expect(
            ReportCSV.encode(SampleReport.score),
            #"""
            case,slice,label,label_name,tp,fp,fn,tn,dice,dice_state,hd95,hd95_state
            0001,,1,spleen,9,1,1,109,0.9,value,3,value
            0001,,6,liver_all,8,2,2,108,0.8,value,4.5,value
            0002,,1,spleen,0,3,0,117,0,ghost,inf,ghost
            0002,,6,liver_all,0,0,5,115,0,miss,inf,miss
            "<b>&""=1+1",,1,spleen,,,,,,error,,error
            "<b>&""=1+1",,6,liver_all,,,,,,error,,error

            """#)
        var report = SampleReport.score
        report.rows = [report.rows[0]]
        report.rows[0].slice = 4
        report.rows[0].case = "a,\r\nb"
        let text = String(decoding: ReportCSV.encode(report), as: UTF8.self)
        #expect(text.hasSuffix("\n\"a,\r\nb\",4,1,spleen,9,1,1,109,0.9,value,3,value\n"))
    }

    @Test func `CSV of a comparison has one row per pair`() {
        expect(
            ReportCSV.encode(SampleReport.compare),
            #"""
            a,b,metric,label,label_name,n,mean_a,mean_b,mean_difference,interval_low,interval_high,interval_level,median_difference,hodges_lehmann,p,holm_p,test,effect,wins,ties,losses,turns_under
            unet,sam_b,dice,1,spleen,12,0.9,0.85,0.05,-0.01,0.11,0.95,0.04,0.045,0.0425,0.085,exact,0.61,8,1,3,monai;nnunet
            unet,sam_b,dice,,,12,0.9,0.92,-0.02,,,,,,1e-05,2e-05,exact,-1,0,0,12,
            unet,sam_b,hd95,1,spleen,0,,,,,,,,,,,,,0,0,0,

            """#)
    }

    @Test func `Markdown has the headline, the tables and the findings, and no markup from names`()
    {
        expect(
            ReportMarkdown.encode(SampleReport.score),
            #"""
            # Segmentation scores

            - labels: 3 cases, 2 scored, 0 missing, 1 with errors
            - data set: btcv, split test
            - convention: standard (Standard)
            - options: metrics dice,hd95; seed 1

            ## Summary

            | label | Dice | HD95 (mm) |
            | :-- | --: | --: |
            | spleen | 0.4500 ± 0.6364 (2; 1 ghost, 1 error) | 3.00 (1; 1 ghost, 1 error) \| 51.50 penalised |
            | liver\_all | 0.4000 ± 0.5657 [0.1000, 0.7000] (2; 1 miss, 1 error) | 4.50 (1; 1 miss, 1 error) |
            | **mean over labels** | **0.4250 (4; 1 miss, 1 ghost, 2 error)** | **3.75 (2; 1 miss, 1 ghost, 2 error)** |
            | **pooled** | **0.7083** |  |

            - mean ± standard deviation over the values; mean of label means
            - [low, high]: 95% interval, percentile bootstrap
            - (n; others): how many values the mean holds, and what the others are
            - penalised: missing distances count as the diagonal of the image, missing overlaps as 0

            ## What is not a value

            | label | metrics | value | miss | ghost | error |
            | :-- | :-- | --: | --: | --: | --: |
            | spleen | dice, hd95 | 1 | 0 | 1 | 1 |
            | liver\_all | dice, hd95 | 1 | 1 | 0 | 1 |

            - miss: the prediction is empty; ghost: the reference is empty; na: both are empty or the formula has no value; error: nothing could be compared.

            ## The same masks under other conventions

            | label | metric | standard | monai |
            | :-- | :-- | --: | --: |
            | **mean over labels** | **HD95 (mm)** | **3.75 (2)** | **-** |
            | spleen | HD95 (mm) | 3.00 (1) | 2.13 (1) |

            - In brackets: how many values the mean holds. Metrics no convention moves are left out.

            ## Beside Table I

            | method | DSC | HD95 |
            | :-- | --: | --: |
            | A &amp; B | 79.10 | - |
            | **this run** | **42.50** | **3.75** |

            - Not comparable: 100% made up.

            ## Findings

            - **error** &lt;b&gt;&amp;"=1+1: grids disagree
            - **note** too few cases

            """#)
        #expect(
            ReportMarkdown.escape("*a* `b` [c](d) <e> | x_y\nz")
                == #"\*a\* \`b\` [c]\(d) &lt;e&gt; \| x\_y z"#)
    }

    @Test func `LaTeX is a booktabs table that names its convention`() {
        expect(
            ReportLaTeX.encode(SampleReport.score),
            #"""
            % labels: 3 cases, 2 scored, 0 missing, 1 with errors
            % data set: btcv, split test
            % convention: standard (Standard)
            % mean ± standard deviation; mean of label means
            % penalised: missing distances count as the diagonal of the image, missing overlaps as 0
            % Summary
            \begin{tabular}{lrrr}
            \toprule
            label & Dice & HD95 (mm) & penalised \\
            \midrule
            spleen & 0.4500 $\pm$ 0.6364 & 3.00 & 51.50 \\
            liver\_all & 0.4000 $\pm$ 0.5657 & 4.50 & 4.50 \\
            \midrule
            mean over labels & 0.4250 & 3.75 & 3.75 \\
            pooled & 0.7083 &  &  \\
            \bottomrule
            \end{tabular}

            """#)
    }

    @Test func `Every character that means something to TeX is escaped`() {
        #expect(
            ReportLaTeX.escape(#"\{}$&#%_^~<>|""# + "\n")
                == ##"\textbackslash{}\{\}\$\&\#\%\_\textasciicircum{}\textasciitilde{}"##
                + #"\textless{}\textgreater{}\textbar{}{''} "#)
        #expect(ReportLaTeX.escape("-0.5 ± 1 [-2, 3] a-1") == #"$-$0.5 $\pm$ 1 [$-$2, 3] a-1"#)
        var report = SampleReport.score
        report.labels[0].name = "[organ]"
        report.convention.title = "line\nbreak"
        let text = String(decoding: ReportLaTeX.encode(report), as: UTF8.self)
        #expect(text.contains("\n{}[organ] & "))
        #expect(text.contains("% convention: standard (line break)\n"))
    }

    @Test func `LaTeX of a comparison has the means and the pairs`() {
        let text = String(decoding: ReportLaTeX.encode(SampleReport.compare), as: UTF8.self)
        #expect(text.contains(#"Dice & 12 & 0.9000 & 0.9200 \\"#))
        #expect(
            text.contains(
                #"unet - sam\_b & Dice & spleen & 12 & 0.9000 & 0.8500 & +0.0500 [$-$0.0100, 0.1100] & 0.0425"#
            ))
        #expect(text.split(separator: #"\end{tabular}"#).count == 3)
    }

    @Test func `Markdown of a comparison has the models, the pairs and the ranking`() {
        let text = String(decoding: ReportMarkdown.encode(SampleReport.compare), as: UTF8.self)
        #expect(text.contains("| sam\\_b | standard | 12 | 22 |\n"))
        #expect(text.contains("| **unet - sam\\_b** | **Dice** | **mean over labels** | **12** |"))
        #expect(text.contains("| Dice | sam\\_b | 12 | 0.9200 | 1 | 1.25 | 0.75 | 0.0833 | no |\n"))
        #expect(text.hasSuffix("## Findings\n\n- **warning** 0007 is missing in sam\\_b\n"))
    }

    @Test func `A terminal of 80 columns gets blocks that repeat the labels`() {
        expect(
            ReportText.lines(of: SampleReport.score, columns: 80),
            #"""
            labels: 3 cases, 2 scored, 0 missing, 1 with errors
            data set: btcv, split test
            convention: standard (Standard)

            label                        Dice  HD95 (mm)  penalised
            ----------------  ---------------  ---------  ---------
            spleen            0.4500 ± 0.6364       3.00      51.50
            liver_all         0.4000 ± 0.5657       4.50       4.50
            mean over labels           0.4250       3.75       3.75
            pooled                     0.7083

            mean ± standard deviation; mean of label means
            penalised: missing distances count as the diagonal of the image, missing overlaps as 0

            What is not a value
            label      metrics     value  miss  ghost  error
            ---------  ----------  -----  ----  -----  -----
            spleen     dice, hd95      1     0      1      1
            liver_all  dice, hd95      1     1      0      1

            worst Dice: 0.0000 (ghost) in 0002, spleen
            worst HD95: 3.00 mm in 0001, spleen; largest surface error 3.25 mm at voxel (1, 2, 3)

            The same masks under other conventions
            label             metric     standard  monai
            ----------------  ---------  --------  -----
            mean over labels  HD95 (mm)  3.75 (2)      -
            In brackets: how many values the mean holds. Metrics no convention moves are left out.

            Beside Table I
            method      DSC  HD95
            --------  -----  ----
            A & B     79.10     -
            this run  42.50  3.75
            Not comparable: 100% made up.

            """#)
    }

    @Test func `A wide terminal gets one block, a narrow one no more than a column per block`() {
        let wide = ReportText.lines(of: SampleReport.score, columns: 200)
        #expect(wide.count { $0.hasPrefix("spleen ") } == 2)
        let narrow = ReportText.lines(of: SampleReport.score, columns: 0)
        // Three columns of the summary and four of the states.
        #expect(narrow.count { $0.hasPrefix("spleen ") } == 7)
        #expect(narrow.contains("mean over labels  HD95 (mm)  3.75 (2)"))
        #expect(!wide.contains { $0.hasSuffix(" ") })
        #expect(ReportText.lines(of: SampleReport.score, columns: .max) == wide)
    }

    @Test func `A comparison in a terminal has the mean over labels first and the orders last`() {
        expect(
            ReportText.lines(of: SampleReport.compare, columns: 80),
            #"""
            2 models, seed 1, 1000 resamples
              unet: 12 cases, convention standard
              sam_b: 12 cases, convention standard

            Dice: unet - sam_b
            label              n  mean A  mean B                 difference         p
            ----------------  --  ------  ------  -------------------------  --------
            mean over labels  12  0.9000  0.9200                    -0.0200  < 0.0001
            spleen            12  0.9000  0.8500  +0.0500 [-0.0100, 0.1100]    0.0425

            label               Holm p  effect  wins/ties/losses  turns under
            ----------------  --------  ------  ----------------  -------------
            mean over labels  < 0.0001   -1.00            0/0/12  -
            spleen              0.0850    0.61             8/1/3  monai, nnunet

            HD95 (mm): unet - sam_b
            label   n  mean A  mean B  difference  p  Holm p  effect  wins/ties/losses
            ------  -  ------  ------  ----------  -  ------  ------  ----------------
            spleen  0       -       -           -  -       -       -             0/0/0

            label   turns under
            ------  -----------
            spleen  -

            difference: A minus B over the cases both have, with its bootstrap interval
            p: two-sided Wilcoxon signed-rank, then Holm's correction over all labels, metrics and pairs
            effect: rank-biserial correlation, -1 to 1; wins: cases in which A is better
            turns under: the conventions under which the difference has the other sign

            Dice, 12 cases: 1 sam_b 0.9200 (mean rank 1.25, first in 0.75), 2 unet 0.9000 (mean rank 1.75, first in 0.25); Friedman p 0.0833; rank of mean and mean rank disagree

            """#)
    }

    @Test func `A name cannot move the cursor of a terminal`() {
        var report = SampleReport.score
        report.labels[0].name = "a\u{1B}[2J\r\n\u{9B}\u{202E}b"
        report.published?.notes = ["x\ny"]
        let lines = ReportText.lines(of: report, columns: 80)
        #expect(lines.contains { $0.hasPrefix("a [2J    b ") })
        #expect(lines.last == "x y")
        #expect(
            lines.allSatisfy {
                $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B }
            })
    }

    @Test func `An empty report has a headline and no tables`() {
        var report = SampleReport.score
        report.labels = []
        report.metrics = []
        report.cases = []
        report.rows = []
        report.summaries = []
        report.spread = nil
        report.published = nil
        #expect(
            ReportText.lines(of: report, columns: 80) == [
                "labels: 0 cases, 0 scored, 0 missing, 0 with errors", "data set: btcv, split test",
                "convention: standard (Standard)",
            ])
        expect(ReportCSV.encode(report), "case,slice,label,label_name,tp,fp,fn,tn\n")
    }

    @Test func `Every format gives the same bytes every time`() {
        let (score, compare) = (SampleReport.score, SampleReport.compare)
        let forms: [() -> [UInt8]] = [
            { ReportCSV.encode(score) }, { ReportMarkdown.encode(score) },
            { ReportLaTeX.encode(score) }, { ReportCSV.encode(compare) },
            { ReportMarkdown.encode(compare) }, { ReportLaTeX.encode(compare) },
        ]
        for form in forms {
            let first = form()
            #expect(first.last == UInt8(ascii: "\n"))
            for _ in 0..<3 { #expect(form() == first) }
        }
    }

    private func expect(
        _ bytes: [UInt8], _ text: String, at place: SourceLocation = #_sourceLocation
    ) {
        expect(lines(String(decoding: bytes, as: UTF8.self)), text, at: place)
    }

    /// Compares line by line, so that a failure shows the line.
    private func expect(
        _ found: [String], _ text: String, at place: SourceLocation = #_sourceLocation
    ) {
        let expected = lines(text)
        #expect(found.count == expected.count, sourceLocation: place)
        for (a, b) in zip(found, expected) { #expect(a == b, sourceLocation: place) }
    }

    /// The last line feed ends the last line.
    private func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
