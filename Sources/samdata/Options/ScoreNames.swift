import SamdataWorkflow
import SegmentationMetrics

/// Prints the names that `samdata score` knows.
enum ScoreNames {
    static func print(_ what: Score.ListOfNames) {
        switch what {
        case .metrics:
            for task in MetricTask.allCases {
                Terminal.result("--task \(task.rawValue):")
                var table = TextTable(["  name", "title", "unit", "formula under `standard`"])
                for metric in Metric.listed(for: task) {
                    table.add([
                        "  \(metric)", metric.title, metric.unit.rawValue,
                        Convention.standard.formula(of: metric),
                    ])
                }
                table.lines.forEach(Terminal.result)
                Terminal.result("")
            }
        case .conventions:
            var table = TextTable(["name", "reproduces", "surface", "HD95", "means"])
            for convention in Convention.all {
                table.add([
                    convention.name, convention.library,
                    convention.surface(for: .hd95)?.description ?? "-",
                    convention.percentileRule?.rawValue ?? "-", convention.meanRule.rawValue,
                ])
            }
            table.lines.forEach(Terminal.result)
            for convention in Convention.all {
                Terminal.result("")
                Terminal.result("\(convention.name): \(convention.about)")
            }
        case .published:
            var table = TextTable(["name", "table"])
            for published in PublishedTable.all {
                table.add(["published:\(published.name)", published.title])
            }
            table.lines.forEach(Terminal.result)
        }
    }
}
