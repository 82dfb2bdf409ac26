import SegmentationMetrics
import Testing

@Suite("aggregation of cases and labels")
struct StatisticsAggregationTests {
    @Test("the reductions of MONAI and the means of nnU-Net are theirs, NaN and infinity included")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "aggregation")
        var checked = 0
        for one in cases {
            let table = try Aggregation(one("table_case_by_label").elements.map { try $0.numbers })
            let monai = try one("monai_do_metric_reduction").entries
            for (name, result) in monai {
                let found = table.monai(
                    try #require(Aggregation.MONAIReduction(rawValue: name)))
                let values = try result("value").numbers
                let counts = try result("not_nans").numbers
                #expect(found.values.count == values.count, "\(one.id) \(name)")
                for (a, b) in zip(found.values, values) {
                    #expect(MetricOracle.agree(a, b, relative: 1e-6), "\(one.id) \(name)")
                }
                #expect(found.counts.map(Double.init) == counts, "\(one.id) \(name)")
                checked += 1
            }
            let means = try one("nnunetv2_mean_per_label").numbers
            #expect(table.labelMeans.count == means.count)
            for (a, b) in zip(table.labelMeans, means) {
                #expect(MetricOracle.agree(a, b), "\(one.id)")
            }
            checked += 1
            for (key, found) in [
                ("nnunetv2_foreground_mean", table.foregroundMean),
                ("mean_over_cases_of_nanmean_over_labels", table.meanOfCaseMeans),
                ("nanmean_of_all_entries", table.meanOfEntries),
            ] {
                let expected = try one(key).number
                #expect(MetricOracle.agree(found, expected), "\(one.id) \(key)")
                checked += 1
            }
            let mean = try one("monai_do_metric_reduction")("mean")("value").numbers[0]
            #expect(MetricOracle.agree(table.mean(by: .monai), mean, relative: 1e-6))
        }
        print("oracle aggregation: \(checked) records")
        #expect(checked == 5 * (6 + 4))
    }

    @Test("rules differ as soon as a value is missing")
    func rules() throws {
        let table = try Aggregation([[0.9, 0.8, .nan], [0.7, .nan, .nan], [0.5, 0.6, .nan]])
        #expect(MetricOracle.agree(table.mean(by: .labelsOfCases), 0.7))
        #expect(table.mean(by: .none) == table.mean(by: .labelsOfCases))
        #expect(table.mean(by: .nnunet).isNaN)
        #expect(table.mean(by: .synapse).isNaN)
        #expect(MetricOracle.agree(table.mean(by: .records), 0.7))
        #expect(MetricOracle.agree(table.mean(by: .monai), (0.85 + 0.7 + 0.55) / 3, relative: 1e-6))
        #expect(table.counts == [3, 2, 0])
        let uneven = try Aggregation([[1, 0], [.nan, 0], [.nan, 0]])
        #expect(uneven.mean(by: .labelsOfCases) == 0.5)
        #expect(uneven.mean(by: .records) == 0.25)
        #expect(MetricOracle.agree(uneven.mean(by: .monai), 0.5 / 3, relative: 1e-6))
    }

    @Test("a full table has one mean under all rules")
    func full() throws {
        let values = StatisticsWorlds.uniform(60, seed: 2)
        let table = try Aggregation((0..<12).map { Array(values[(5 * $0)..<(5 * $0 + 5)]) })
        let mean = SampleSummary(values).mean
        for rule in MeanRule.allCases {
            let tolerance = rule == .monai ? 1e-6 : 1e-12
            #expect(MetricOracle.agree(table.mean(by: rule), mean, relative: tolerance), "\(rule)")
        }
    }

    @Test("an empty table has no mean, but MONAI's is 0, and ragged tables are errors")
    func empty() throws {
        for table in [try Aggregation([]), try Aggregation([[], []])] {
            for rule in MeanRule.allCases where rule != .monai {
                #expect(table.mean(by: rule).isNaN, "\(rule)")
            }
            #expect(table.mean(by: .monai) == 0)
        }
        #expect(throws: MetricError.sizeMismatch(what: "labels of case 1", found: 1, expected: 2)) {
            try Aggregation([[1, 2], [1]])
        }
    }
}
