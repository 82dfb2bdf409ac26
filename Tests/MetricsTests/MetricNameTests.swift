import SegmentationMetrics
import Testing

/// The identifiers of metrics: every one is read back, wrong ones are refused with a suggestion.
struct MetricNameTests {
    @Test func `every listed identifier is read back as the metric it names`() throws {
        for metric in Metric.listed {
            let name = metric.description
            #expect(try Metric(parsing: name) == metric, "\(name)")
            #expect(try Metric(parsing: name.uppercased()) == metric)
            #expect(!metric.title.isEmpty && !metric.formula.isEmpty && !metric.tasks.isEmpty)
        }
        #expect(Set(Metric.listed.map(\.description)).count == Metric.listed.count)
        #expect(Set(Metric.listed.map(\.title)).count == Metric.listed.count)
        #expect(Metric.listed.count == 76)
    }

    @Test func `parameters and other names are understood and printed in one way`() throws {
        let expected: [(String, String)] = [
            ("DSC", "dice"), ("f1", "dice"), ("jaccard", "iou"), ("ppv", "precision"),
            ("sensitivity", "recall"), ("f2", "fbeta@2"), ("fbeta@0.5", "fbeta@0.5"),
            ("F0.5", "fbeta@0.5"), ("hd100", "hd"), ("hd95.0", "hd95"), ("hd99.5", "hd99.5"),
            ("hd:mean-directed", "hd:mean-directed"), ("hd90:weighted", "hd90:weighted"),
            ("nsd@1.50mm", "nsd@1.5mm"), ("nsd@2px", "nsd@2px"), ("nsd", "nsd@2mm"),
            ("nsd:mean-directed@3mm", "nsd:mean-directed@3mm"), ("biou@7%", "biou@7%"),
            ("biou@0.35%", "biou@0.35%"), ("biou", "biou@2%"), ("biou@1.5mm", "biou@1.5mm"),
            ("biou:cheng2021@2%", "biou:cheng2021"), ("biou:cheng2021@5%", "biou:cheng2021@5%"),
            ("biou:reloaded@2px", "biou:reloaded@2px"),
            ("dice:smoothed@0.00001", "dice:smoothed@1e-5"),
            ("f1@0.75", "f1@0.75"), ("ap@0.5", "ap@0.5"), ("lesion-hd", "lesion-hd"),
            ("top-accuracy@3", "top-accuracy@3"), ("auroc", "auc"), ("vs:signed", "vs:signed"),
        ]
        for (text, name) in expected {
            #expect(try Metric(parsing: text).description == name)
        }
        #expect(
            try Metric.list(parsing: "dice, hd95 ,nsd@2mm,dice").map(\.description)
                == ["dice", "hd95", "nsd@2mm"])
    }

    @Test func `what is no identifier is refused in one line that suggests the nearest`() {
        let refused: [(String, String)] = [
            ("dise", "dice"), ("hd95:poled", "hd95:pooled"), ("asdd", "assd"), ("nsd@2", "nsd@2mm"),
            ("nsd@2cm", "nsd@2mm"), ("biou@2px", "biou@2mm"), ("hd101", "hd"), ("recal", "recall"),
            ("kapa", "kappa"), ("f1@50", "f1@0.5"), ("precison", "precision"),
        ]
        for (text, suggestion) in refused {
            let error = #expect(throws: MetricError.self) { try Metric(parsing: text) }
            let line = error?.description ?? ""
            #expect(
                line.contains(suggestion) && line.contains("did you mean") && !line.contains("\n"),
                "\(text): \(line)")
        }
        for text in [
            "", "@", ":", "hd0", "hd-5", "hdinf", "hd0x5f", "hd95:", "nsd@mm", "nsd@-1mm",
            "nsd@infmm", "fbeta@", "fbeta@nan", "top-accuracy@0", "top-accuracy@1.5", "ap", "ap@2",
            "dice@2", "dice:pooled", "xyzzy-frobnicate", "hd95@2", "lesion-hd0",
            "biou:cheng2021@2mm",
        ] {
            #expect(throws: MetricError.self, "\(text)") { try Metric(parsing: text) }
        }
        #expect(throws: MetricError.self) { try Metric.list(parsing: " , ") }
        #expect(throws: MetricError.self) { try Metric.list(parsing: "") }
    }

    @Test func `defaults belong to their task and every task has metrics`() {
        for task in MetricTask.allCases {
            let defaults = Metric.defaults(for: task)
            #expect(!defaults.isEmpty && Set(defaults).count == defaults.count)
            #expect(defaults.allSatisfy { $0.tasks.contains(task) }, "\(task)")
            #expect(Metric.listed(for: task).count >= defaults.count)
        }
        #expect(
            Metric.defaults(for: .labels).map(\.description)
                == ["dice", "hd95", "nsd@2mm", "assd", "iou", "precision", "recall", "hd"])
        #expect(Metric.hd95.unit == .millimetres && Metric.hd95.direction == .lower)
        #expect(Metric.dice.unit == .fraction && Metric.dice.direction == .higher)
        #expect(Metric.relativeVolumeDifference.direction == .none)
        #expect(Metric.absoluteVolumeDifference(inVoxels: false).unit == .millilitres)
    }
}
