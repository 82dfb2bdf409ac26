import Foundation
import SegmentationMetrics
import Testing

@Suite("FROC")
struct FrocTests {
    private static func hits(_ oracle: MetricOracle, _ one: MetricOracle.Case) throws
        -> [LesionHits]
    {
        let images = try #require(one.json["images"] as? [[String: Any]])
        return try images.enumerated().map { place, image in
            let points = try #require(image["detections_score_y_x"] as? [[Any]])
            let detections = try DetectionList(
                points.map {
                    let values = try #require(numbers($0))
                    return DetectionList.Detection(
                        score: values[0], row: Int(values[1]), column: Int(values[2]))
                })
            let shape = try oracle.shape("image_\(place)/lesions", of: one.id)
            let map = try LesionMap(
                labels: oracle.array("image_\(place)/lesions", of: one.id),
                width: shape[1], height: shape[0],
                excluded: Set((image["excluded_labels"] as? [Int] ?? []).map { Int32($0) }))
            return try LesionHits(detections: detections, lesions: map)
        }
    }

    private static func check(
        _ curve: FrocCurve, _ expected: [String: Any], _ place: String
    ) throws -> Int {
        let rates = try #require(numbers(expected["fps_per_image"]))
        let sensitivities = try #require(numbers(expected["sensitivity"]))
        #expect(curve.points.count == rates.count, "\(place)")
        for (point, (rate, sensitivity)) in zip(curve.points, zip(rates, sensitivities)) {
            #expect(MetricOracle.agree(point.falsePositivesPerImage, rate), "\(place)")
            #expect(MetricOracle.agree(point.sensitivity, sensitivity), "\(place)")
        }
        #expect(
            MetricOracle.agree(
                curve.score().number, try #require(MetricOracle.number(expected["score"]))),
            "\(place): found \(curve.score()), expected \(expected["score"] ?? "")")
        #expect(curve.targetCount == expected["n_targets"] as? Int, "\(place)")
        if let at = numbers(expected["sensitivity_at"]) {
            for (rate, sensitivity) in zip(FrocCurve.camelyon16Rates, at) {
                #expect(
                    MetricOracle.agree(curve.sensitivity(at: rate).number, sensitivity),
                    "\(place) at \(rate)")
            }
        }
        return 1
    }

    @Test("All 18 definition curves and the 6 MONAI records are reproduced")
    func oracle() throws {
        let oracle = try MetricOracle("froc")
        var (definitions, records) = (0, 0)
        for one in oracle.cases {
            let hits = try Self.hits(oracle, one)
            for (name, value) in try #require(one.json["definition"] as? [String: [String: Any]]) {
                let rule: FrocCurve.Rule =
                    switch name {
                    case "all_thresholds": .standard
                    case "drop_lowest": .dropLowest
                    default: .camelyon16
                    }
                definitions += try Self.check(
                    FrocCurve(images: hits, rule: rule), value, "\(one.id) \(name)")
            }
            for record in one.records where record.lib == "monai" {
                records += try Self.check(
                    FrocCurve(images: hits, rule: .camelyon16),
                    try #require(record.value as? [String: Any]), "\(one.id) MONAI")
            }
        }
        #expect(definitions == 18)
        #expect(records == 6)
        print("FROC oracle: \(definitions) curves, \(records) MONAI records")
    }

    @Test("A lesion hit twice counts once, with the higher score; an excluded one counts nowhere")
    func hits() throws {
        let map = try LesionMap(labels: [1, 0, 2, 2], width: 2, height: 2, excluded: [2])
        let points = [(0.2, 0, 0), (0.9, 0, 0), (0.5, 1, 1), (0.4, 0, 1)]
        let hits = try LesionHits(
            detections: DetectionList(
                points.map { DetectionList.Detection(score: $0.0, row: $0.1, column: $0.2) }),
            lesions: map)
        #expect(hits.targets == [0.9])
        #expect(hits.falsePositives == [0.4])
        let curve = FrocCurve(images: [hits])
        #expect(curve.points.map(\.threshold) == [0.4, 0.9, .infinity])
        #expect(curve.points.map(\.sensitivity) == [1, 1, 0])
        #expect(curve.points.map(\.falsePositivesPerImage) == [1, 0, 0])
        #expect(curve.score().number == 1)
    }

    @Test("Normal slides add false positives, and without lesions there is no score")
    func normalSlides() throws {
        let list = try DetectionList([.init(score: 0.5, row: 99, column: 99)])
        let curve = FrocCurve(images: [LesionHits(normalSlide: list)])
        #expect(curve.points.map(\.falsePositivesPerImage) == [1, 0])
        #expect(curve.points.allSatisfy { $0.sensitivity.isNaN })
        #expect(curve.score() == .na)
        #expect(curve.sensitivity(at: 1) == .na)
        #expect(FrocCurve(images: []).score() == .na)
    }

    @Test("A missed lesion at a score of 0 or below is still missed in the standard rule")
    func negativeScores() throws {
        let map = try LesionMap(labels: [1, 0, 2, 0], width: 2, height: 2)
        let hits = try LesionHits(
            detections: DetectionList([
                .init(score: -1.5, row: 0, column: 0), .init(score: -2, row: 0, column: 1),
            ]), lesions: map)
        let curve = FrocCurve(images: [hits])
        #expect(curve.points.map(\.sensitivity) == [0.5, 0.5, 0])
    }

    @Test("Detections outside of the map, scores that are no numbers and bad sizes are errors")
    func errors() throws {
        let map = try LesionMap(labels: [1, 0, 2, 0], width: 2, height: 2)
        let outside = try DetectionList([.init(score: 1, row: 2, column: 0)])
        #expect(throws: MetricError.self) {
            try LesionHits(detections: outside, lesions: map)
        }
        let downsampled = try DetectionList(
            [.init(score: 1, row: 63, column: 31)], downsampling: 32)
        #expect(try LesionHits(detections: downsampled, lesions: map).targets == [nil, 1])
        #expect(throws: MetricError.self) {
            try DetectionList([.init(score: .nan, row: 0, column: 0)])
        }
        #expect(throws: MetricError.self) {
            try DetectionList([.init(score: 1, row: -1, column: 0)])
        }
        #expect(throws: MetricError.self) { try LesionMap(labels: [1], width: 2, height: 2) }
        #expect(throws: MetricError.self) { try LesionMap(labels: [-1], width: 1, height: 1) }
    }
}
