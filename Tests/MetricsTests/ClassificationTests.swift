import SegmentationMetrics
import Testing

@Suite("Classification")
struct ClassificationTests {
    // MARK: - Oracles

    /// A matrix of all labels that occur or are listed, label by label.
    private func matrix(
        _ prediction: [UInt8], _ reference: [UInt8], atLeast count: Int
    ) throws -> ConfusionMatrix {
        let highest = Int(max(prediction.max() ?? 0, reference.max() ?? 0))
        var found = try ConfusionMatrix(
            classNames: (0..<max(count, highest + 1)).map { "label \($0)" })
        try found.add(prediction: prediction, reference: reference)
        return found
    }

    private func classMetric(_ name: String) -> ClassMetric? {
        switch name {
        case "f1_score": .f1
        case "jaccard_score": .jaccard
        case "precision_score": .precision
        case "recall_score": .recall
        default: nil
        }
    }

    @Test("every classification record of scikit-learn is reproduced from the confusion matrix")
    func scikitLearn() throws {
        let oracle = try MetricOracle("multilabel")
        var (checked, elsewhere) = (0, 0)
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            let labels = try #require(one.json["labels"] as? Int)
            let matrix = try matrix(pair.prediction, pair.reference, atLeast: labels + 1)
            for record in one.records where record.lib == "scikit-learn" {
                let list = record.args["labels"] as? [Int]
                let name = "\(one.id) \(record.fn) \(record.args)"
                if record.fn == "adjusted_rand_score" {
                    // InstanceOracleTests.
                    elsewhere += 1
                    continue
                }
                checked += 1
                if record.fn == "confusion_matrix" {
                    let rows = try #require(record.value as? [[Int]])
                    let classes = try #require(list)
                    let found = classes.map { row in
                        classes.map { Int(matrix[prediction: $0, reference: row]) }
                    }
                    #expect(found == rows, "\(name)")
                    continue
                }
                let value: Double
                switch record.fn {
                case "accuracy_score": value = matrix.accuracy
                case "balanced_accuracy_score": value = matrix.balancedAccuracy.value
                case "cohen_kappa_score": value = matrix.kappa()
                case "matthews_corrcoef": value = matrix.mcc
                default:
                    let metric = try #require(classMetric(record.fn), "\(name): no rule")
                    let average = try #require(
                        (record.args["average"] as? String).flatMap(ClassAverage.init))
                    #expect(record.args["zero_division"] as? Int == 0)
                    let found = matrix.average(
                        metric, average, classes: list, zeroDivision: .value(0))
                    #expect(found.leftOut == 0 && found.classes == list?.count)
                    value = found.value
                }
                let expected = try #require(record.number)
                #expect(
                    MetricOracle.agree(value, expected), "\(name): \(value), not \(expected)")
            }
        }
        print("classification: \(checked) records of scikit-learn")
        #expect(checked == 12 * 17)
        #expect(elsewhere == 12)
    }

    @Test("every Dice record of torchmetrics is reproduced from the confusion matrix")
    func torchmetrics() throws {
        let oracle = try MetricOracle("multilabel")
        var checked = 0
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            for record in one.records where record.lib == "torchmetrics" {
                let count = try #require(record.args["num_classes"] as? Int)
                let last = UInt8(count - 1)
                let matrix = try matrix(
                    pair.prediction.map { min($0, last) }, pair.reference.map { min($0, last) },
                    atLeast: count)
                let average = try #require(
                    (record.args["average"] as? String).flatMap(ClassAverage.init))
                // A class in neither map has no Dice; one that is only predicted has 0.
                let present = (1..<count).filter {
                    matrix.counts(of: $0).reference + matrix.counts(of: $0).prediction > 0
                }
                let found = matrix.average(
                    .f1, average, classes: present, zeroDivision: .value(.nan))
                let expected = try #require(record.list)
                #expect(expected.count == 1)
                #expect(
                    MetricOracle.agree(found.value, expected[0], relative: 1e-6),
                    "\(one.id) \(average): \(found.value), not \(expected[0])")
                checked += 1
            }
        }
        print("classification: \(checked) records of torchmetrics")
        #expect(checked == 36)
    }

    @Test("quadratic weighted kappa of the five Camelyon17 patients is 8/9")
    func camelyon17() throws {
        let stages = ["pN0", "pN0(i+)", "pN1mi", "pN1", "pN2"]
        // Patients 000, 005, 007, 013 and 019 of the challenge's example files.
        let rows = [
            ("pN0", "pN0"), ("pN0(i+)", "pN0(i+)"), ("pN1mi", "pN0(i+)"), ("pN1", "pN1"),
            ("pN2", "pN1"),
        ]
        var matrix = try ConfusionMatrix(classNames: stages)
        for (reference, submission) in rows {
            try matrix.add(prediction: submission, reference: reference)
        }
        #expect(abs(matrix.kappa(weights: .quadratic) - 0.8888888889) < 1e-10)
        #expect(abs(matrix.kappa(weights: .linear) - 0.7368421053) < 1e-10)
        #expect(abs(matrix.kappa() - 0.5) < 1e-15)
        #expect(matrix.accuracy == 0.6)
    }

    // MARK: - Rules

    /// Reference: 4 a, 3 b, 0 c, 1 d; predicted: 3 a, 3 b, 2 c, 0 d.
    private func example() throws -> ConfusionMatrix {
        var matrix = try ConfusionMatrix(classNames: ["a", "b", "c", "d"])
        try matrix.add(prediction: 0, reference: 0, count: 2)
        try matrix.add(prediction: 1, reference: 0, count: 1)
        try matrix.add(prediction: 2, reference: 0, count: 1)
        try matrix.add(prediction: 1, reference: 1, count: 2)
        try matrix.add(prediction: 2, reference: 1, count: 1)
        try matrix.add(prediction: 0, reference: 3, count: 1)
        return matrix
    }

    @Test("rows are the reference, and sums, accuracy and scores follow")
    func counts() throws {
        let matrix = try example()
        #expect(matrix.total == 8 && matrix.correct == 4 && matrix.accuracy == 0.5)
        #expect(matrix.supports == [4, 3, 0, 1] && matrix.predicted == [3, 3, 2, 0])
        #expect(matrix.cells[1] == 1 && matrix[prediction: 1, reference: 0] == 1)
        #expect(matrix[prediction: 0, reference: 1] == 0)
        let rows = matrix.classScores()
        #expect(rows.map(\.name) == ["a", "b", "c", "d"])
        #expect(rows.map(\.support) == [4, 3, 0, 1])
        #expect(rows.map(\.state) == [.value, .value, .na, .miss])
        #expect(rows[0].precision == 2.0 / 3 && rows[0].recall == 0.5)
        #expect(rows[0].f1 == 4.0 / 7 && rows[0].jaccard == 0.4)
        #expect(
            rows[0].counts
                == OverlapCounts(
                    truePositives: 2, falsePositives: 1, falseNegatives: 2, trueNegatives: 3))
    }

    @Test("a class without samples is left out and counted; scikit-learn's zero counts it in")
    func leftOut() throws {
        let matrix = try example()
        let row = matrix.classScores()[2]
        #expect(row.precision.isNaN && row.recall.isNaN && row.f1.isNaN && row.jaccard.isNaN)
        #expect(matrix.classScores()[3].precision.isNaN && matrix.classScores()[3].f1 == 0)
        #expect(matrix.classScores(zeroDivision: .value(0))[2].precision == 0)
        #expect(matrix.classScores(zeroDivision: .value(1))[2].recall == 1)

        let recall = matrix.average(.recall, .macro)
        #expect(abs(recall.value - (0.5 + 2.0 / 3 + 0) / 3) < 1e-15)
        #expect(recall.classes == 3 && recall.leftOut == 1)
        #expect(matrix.balancedAccuracy == recall)
        // Nobody predicted d: it has no precision.
        let precision = matrix.average(.precision, .macro)
        #expect(abs(precision.value - 2.0 / 3) < 1e-15)
        #expect(precision.classes == 2 && precision.leftOut == 2)
        let zero = matrix.average(.precision, .macro, zeroDivision: .value(0))
        #expect(abs(zero.value - 1.0 / 3) < 1e-15 && zero.classes == 4 && zero.leftOut == 0)

        let weighted = matrix.average(.f1, .weighted)
        #expect(abs(weighted.value - (4 * 4.0 / 7 + 3 * 4.0 / 6 + 0) / 8) < 1e-15)
        #expect(matrix.average(.recall, .weighted).value == matrix.accuracy)
        for metric in [ClassMetric.precision, .recall, .f1] {
            #expect(matrix.average(metric, .micro).value == matrix.accuracy)
        }
        #expect(matrix.average(.jaccard, .micro).value == 4.0 / 12)
        #expect(matrix.average(.recall, .macro, classes: [2]).value.isNaN)
        #expect(matrix.average(.recall, .macro, classes: [2]).leftOut == 1)
        #expect(matrix.average(.recall, .micro, classes: [2], zeroDivision: .value(1)).value == 1)
    }

    @Test("matrices stream and add up")
    func streaming() throws {
        let prediction: [UInt8] = [0, 1, 2, 2, 0, 1, 1, 0]
        let reference: [UInt8] = [0, 1, 1, 2, 0, 0, 1, 2]
        let names = ["x", "y", "z"]
        var whole = try ConfusionMatrix(classNames: names)
        try whole.add(prediction: prediction, reference: reference)
        var parts = try ConfusionMatrix(classNames: names)
        for place in prediction.indices {
            var one = try ConfusionMatrix(classNames: names)
            try one.add(
                prediction: names[Int(prediction[place])], reference: names[Int(reference[place])])
            try parts.merge(one)
        }
        #expect(parts == whole && whole.total == 8)
        #expect(whole.cells == [2, 1, 0, 0, 2, 1, 1, 0, 1])
    }

    @Test("nothing, and a single class, have no agreement beyond chance")
    func undefined() throws {
        var matrix = try ConfusionMatrix(classNames: ["a", "b"])
        #expect(matrix.accuracy.isNaN && matrix.mcc.isNaN && matrix.balancedAccuracy.value.isNaN)
        #expect(matrix.kappa().isNaN && matrix.kappa(weights: .quadratic).isNaN)
        #expect(matrix.average(.f1, .macro).leftOut == 2)
        #expect(matrix.average(.f1, .micro).value.isNaN)
        try matrix.add(prediction: 1, reference: 1, count: 5)
        #expect(matrix.accuracy == 1 && matrix.kappa().isNaN && matrix.mcc.isNaN)
        try matrix.add(prediction: 0, reference: 0, count: 2)
        #expect(matrix.kappa() == 1 && matrix.kappa(weights: .linear) == 1)
        #expect(abs(matrix.mcc - 1) < 1e-15)
    }

    @Test("classes that are not in the list are errors, and nothing is added")
    func errors() throws {
        for names in [[], ["a", "a"]] {
            #expect(throws: MetricError.self) { try ConfusionMatrix(classNames: names) }
        }
        var matrix = try ConfusionMatrix(classNames: ["a", "b"])
        #expect(throws: MetricError.self) { try matrix.add(prediction: 2, reference: 0) }
        #expect(throws: MetricError.self) { try matrix.add(prediction: 0, reference: -1) }
        #expect(throws: MetricError.self) { try matrix.add(prediction: "c", reference: "a") }
        #expect(throws: MetricError.self) {
            try matrix.add(prediction: [0, 2], reference: [0, 0])
        }
        #expect(throws: MetricError.self) {
            try matrix.add(prediction: [0, 0], reference: [0, 9])
        }
        #expect(throws: MetricError.self) { try matrix.add(prediction: [0], reference: [0, 0]) }
        let error = #expect(throws: MetricError.self) {
            try matrix.merge(ConfusionMatrix(classNames: ["b", "a"]))
        }
        #expect(error?.description == "classes: found b, a, expected a, b")
        #expect(matrix.total == 0)
    }

    @Test("the true class is among the best k, ties across the border missing")
    func topK() throws {
        let scores: [Float] = [
            0.1, 0.7, 0.2,
            0.3, 0.3, 0.4,
            0.5, 0.5, 0.5,
            .infinity, 0, -.infinity,
        ]
        func value(_ k: Int) throws -> Double {
            try TopKAccuracy.value(
                scores: scores, reference: [1, 0, 2, 1], classCount: 3, k: k)
        }
        #expect(try value(1) == 0.25)
        #expect(try value(2) == 0.5)
        #expect(try value(3) == 1)
        #expect(try value(9) == 1)
        #expect(try TopKAccuracy.value(scores: [], reference: [], classCount: 3, k: 1).isNaN)
        for (scores, labels, classes, k) in [
            ([Float(1), 2], [0], 3, 1), ([1, 2, .nan], [0], 3, 1), ([1, 2, 3], [3], 3, 1),
            ([1, 2, 3], [-1], 3, 1), ([1, 2, 3], [0], 3, 0), ([], [], 0, 1),
        ] {
            #expect(throws: MetricError.self) {
                try TopKAccuracy.value(scores: scores, reference: labels, classCount: classes, k: k)
            }
        }
    }
}
