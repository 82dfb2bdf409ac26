import SegmentationMetrics
import Testing

@Suite("rankings and corrections for many tests")
struct StatisticsRankingTests {
    @Test("ranks, Friedman's test, Wilcoxon of all pairs and both corrections are the oracle's")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "ranking")
        var checked = 0
        for one in cases {
            let scores = try one("scores_case_by_model").elements.map { try $0.numbers }
            let ranking = try Ranking(scores: scores, higherIsBetter: true)
            let ranks = try one("ranks").elements.map { try $0.numbers }
            #expect(ranking.ranks == ranks, "\(one.id)")
            #expect(try ranking.rankOfMean == one("rank_of_mean").numbers, "\(one.id)")
            checked += ranks.count + ranking.rankOfMean.count
            let meanRank = try one("mean_rank").numbers
            for (found, expected) in zip(ranking.meanRank, meanRank) {
                #expect(MetricOracle.agree(found, expected, relative: 1e-14), "\(one.id)")
                checked += 1
            }
            let friedman = try one("friedman").numbers
            let test = try #require(ranking.friedman)
            #expect(MetricOracle.agree(test.statistic, friedman[0], relative: 1e-12), "\(one.id)")
            #expect(MetricOracle.agree(test.p, friedman[1], relative: 1e-11), "\(one.id)")
            checked += 2
            let p = try pairwise(scores)
            for (key, found) in [
                ("pairwise_wilcoxon", p), ("holm", Holm.adjusted(p)),
                ("benjamini_hochberg", BenjaminiHochberg.adjusted(p)),
            ] {
                let expected = try one(key).numbers
                #expect(found.count == expected.count)
                for (a, b) in zip(found, expected) {
                    #expect(MetricOracle.agree(a, b, relative: 1e-11), "\(one.id) \(key)")
                    checked += 1
                }
            }
        }
        print("oracle ranking: \(checked) values")
        #expect(checked == (8 + 12 + 20) + 3 * 2 + 2 * (3 + 4 + 6) + 3 * (3 + 6 + 15))
    }

    /// SciPy's automatic choice: as ours, but up to 13 differences with ties or zeros by all signs.
    private func pairwise(_ scores: [[Double]]) throws -> [Double] {
        let models = scores[0].count
        var p: [Double] = []
        for a in 0..<models {
            for b in (a + 1)..<models {
                let differences = scores.map { $0[a] - $0[b] }
                var test = try WilcoxonSignedRank(differences: differences)
                if test.method == .normal, differences.count <= 13 {
                    test = try WilcoxonSignedRank(differences: differences, method: .permutation)
                }
                p.append(test.p)
            }
        }
        return p
    }

    @Test("the ranks of a case add up, and lower is better turns the order")
    func sums() throws {
        for seed in 0..<10 {
            let scores = (0..<12).map {
                StatisticsWorlds.tied(5, seed: UInt64(100 * seed + $0), spread: 2)
            }
            let higher = try Ranking(scores: scores, higherIsBetter: true)
            let lower = try Ranking(scores: scores, higherIsBetter: false)
            for (a, b) in zip(higher.ranks, lower.ranks) {
                #expect(a.reduce(0, +) == 15)
                #expect(zip(a, b).allSatisfy { $0 + $1 == 6 })
            }
            #expect(higher.rankOfMean.reduce(0, +) == 15)
            #expect(zip(higher.rankOfMean, lower.rankOfMean).allSatisfy { $0 + $1 == 6 })
            #expect(zip(higher.meanRank, lower.meanRank).allSatisfy { abs($0 + $1 - 6) < 1e-12 })
        }
    }

    @Test("one case far off makes the two orders disagree")
    func disagreement() throws {
        let scores = [[0.9, 0.8], [0.9, 0.8], [0.9, 0.8], [0.0, 0.8]]
        let ranking = try Ranking(scores: scores, higherIsBetter: true)
        #expect(ranking.rankOfMean == [2, 1])
        #expect(ranking.rankOfMeanRank == [1, 2])
        #expect(!ranking.ordersAgree)
        let agreeing = try Ranking(scores: Array(scores.prefix(3)), higherIsBetter: true)
        #expect(agreeing.ordersAgree)
    }

    @Test("models that always tie have no Friedman test")
    func ties() throws {
        let ranking = try Ranking(scores: [[1, 1, 1], [2, 2, 2]], higherIsBetter: true)
        #expect(ranking.friedman == nil)
        #expect(ranking.meanRank == [2, 2, 2])
        #expect(ranking.ordersAgree)
        #expect(try Ranking(scores: [[1, 2, 3]], higherIsBetter: true).friedman == nil)
        #expect(try Ranking(scores: [[1], [2]], higherIsBetter: true).friedman == nil)
    }

    @Test("tables without cases, ragged or with NaN are errors")
    func errors() {
        #expect(throws: MetricError.self) { try Ranking(scores: [], higherIsBetter: true) }
        #expect(throws: MetricError.self) { try Ranking(scores: [[]], higherIsBetter: true) }
        #expect(throws: MetricError.sizeMismatch(what: "scores of case 1", found: 1, expected: 2)) {
            try Ranking(scores: [[1, 2], [1]], higherIsBetter: true)
        }
        #expect(
            throws: MetricError.invalidScore(what: "scores of case 0", index: 1, found: "nan")
        ) { try Ranking(scores: [[1, .nan]], higherIsBetter: true) }
        #expect(throws: MetricError.self) {
            try RankingStability(scores: [[1, 2]], clusters: ["a", "b"], higherIsBetter: true)
        }
        #expect(throws: MetricError.self) {
            try RankingStability(
                scores: [[1, 2]], clusters: ["a"], higherIsBetter: true, resamples: 0)
        }
    }

    @Test("the shares of first places are those of ranking every resample")
    func stability() throws {
        let scores = (0..<18).map { StatisticsWorlds.tied(4, seed: UInt64($0), spread: 3) }
        let clusters = scores.indices.map { $0 % 11 }
        let found = try RankingStability(
            scores: scores, clusters: clusters, higherIsBetter: false, resamples: 300, seed: 5)
        // The slow twin draws the rows and ranks them; sums of whole numbers have no rounding.
        let rows = (0..<11).map { cluster in scores.indices.filter { clusters[$0] == cluster } }
        var random = SplitMix64(seed: 5)
        var (shares, byRank) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
        var disagreements = 0.0
        for _ in 0..<300 {
            let drawn = (0..<11).flatMap { _ in rows[random.index(below: 11)] }
            let ranking = try Ranking(scores: drawn.map { scores[$0] }, higherIsBetter: false)
            if !ranking.ordersAgree { disagreements += 1 }
            for (ranks, isMean) in [(ranking.rankOfMean, true), (ranking.rankOfMeanRank, false)] {
                let best = try #require(ranks.min())
                let first = ranks.indices.filter { ranks[$0] == best }
                for model in first {
                    if isMean {
                        shares[model] += 1 / Double(first.count)
                    } else {
                        byRank[model] += 1 / Double(first.count)
                    }
                }
            }
        }
        for model in 0..<4 {
            #expect(abs(found.firstShare[model] - shares[model] / 300) < 1e-12)
            #expect(abs(found.firstShareByRank[model] - byRank[model] / 300) < 1e-12)
        }
        #expect(found.disagreement == disagreements / 300)
        #expect(disagreements > 0)
        #expect(abs(found.firstShare.reduce(0, +) - 1) < 1e-12)
        #expect(abs(found.firstShareByRank.reduce(0, +) - 1) < 1e-12)
        #expect(
            try found.ordersAgree == Ranking(scores: scores, higherIsBetter: false).ordersAgree)
    }

    @Test("a model better in every case is always first, equal models share the place")
    func certain() throws {
        let scores = StatisticsWorlds.uniform(20, seed: 1).map { [$0, $0 + 0.1, $0] }
        let clusters = Array(scores.indices)
        let higher = try RankingStability(scores: scores, clusters: clusters, higherIsBetter: true)
        #expect(higher.firstShare == [0, 1, 0])
        #expect(higher.firstShareByRank == [0, 1, 0])
        #expect(higher.disagreement == 0)
        let lower = try RankingStability(scores: scores, clusters: clusters, higherIsBetter: false)
        #expect(lower.firstShare == [0.5, 0, 0.5])
    }

    @Test("corrections keep the order of p-values, never lower them, and leave NaN out")
    func corrections() {
        let p = [0.01, 0.04, 0.03, 0.005, 0.9, 0.04]
        let hochberg = BenjaminiHochberg.adjusted(p)
        for (found, expected) in zip(hochberg, [0.03, 0.048, 0.048, 0.03, 0.9, 0.048]) {
            #expect(MetricOracle.agree(found, expected, relative: 1e-14))
        }
        for (found, expected) in zip(Holm.adjusted(p), [0.05, 0.12, 0.12, 0.03, 0.9, 0.12]) {
            #expect(MetricOracle.agree(found, expected, relative: 1e-14))
        }
        for adjusted in [Holm.adjusted, BenjaminiHochberg.adjusted] {
            let random = StatisticsWorlds.uniform(50, seed: 9)
            let result = adjusted(random)
            for i in random.indices {
                #expect(result[i] >= random[i] && result[i] <= 1)
                for j in random.indices where random[i] < random[j] {
                    #expect(result[i] <= result[j])
                }
            }
            #expect(adjusted([]).isEmpty)
            #expect(adjusted([0.2]) == [0.2])
            let gaps = adjusted([0.2, .nan, 0.01])
            #expect(gaps[1].isNaN)
            #expect([gaps[0], gaps[2]] == adjusted([0.2, 0.01]))
        }
    }
}
