import MedicalImaging
import SegmentationMetrics
import Testing

/// Definition-level values and the records of other libraries that follow from surface distances without any
/// convention for empty masks; those of the conventions are checked with the conventions.
@Suite("Surface distances against other implementations")
struct SurfaceOracleTests {
    /// Compares one `surface` block; returns how many numbers were compared.
    private func compare(_ block: [String: Any], _ found: SurfaceDistances, _ id: String) -> Int {
        var count = 0
        for (name, value) in block {
            guard let expected = MetricOracle.number(value), let value = Self.value(name, found)
            else {
                Issue.record("\(id): no value for \(name)")
                continue
            }
            #expect(MetricOracle.agree(value, expected), "\(id) \(name): \(value), not \(expected)")
            count += 1
        }
        return count
    }

    private static func value(_ name: String, _ d: SurfaceDistances) -> Double? {
        switch name {
        case "n_border_pred": return Double(d.fromPrediction.count)
        case "n_border_ref": return Double(d.fromReference.count)
        case "sum_pred_to_ref": return d.fromPrediction.reduce(0, +)
        case "sum_ref_to_pred": return d.fromReference.reduce(0, +)
        case "max_pred_to_ref": return d.maximumFromPrediction
        case "max_ref_to_pred": return d.maximumFromReference
        case "hd": return d.hausdorff
        case "asd_pred_to_ref": return d.meanFromPrediction
        case "asd_ref_to_pred": return d.meanFromReference
        case "assd": return d.assd
        case "masd": return d.masd
        case "median_pooled": return d.hausdorff(percentile: 50, rule: .pooled)
        default: break
        }
        let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
        if parts[0].hasPrefix("hd"), let percentile = Double(parts[0].dropFirst(2)) {
            switch parts[1] {
            case "max_directed_linear":
                return d.hausdorff(percentile: percentile, rule: .maxDirected)
            case "pooled_linear": return d.hausdorff(percentile: percentile, rule: .pooled)
            case "mean_directed_linear":
                return d.hausdorff(percentile: percentile, rule: .meanDirected)
            default: return nil
            }
        }
        let tolerance = name.split(separator: "@").last.flatMap { Double($0) }
        guard let tolerance else { return nil }
        return name.hasPrefix("nsd@")
            ? d.nsd(toleranceInMillimetres: tolerance)
            : d.nsdMeanOfDirected(toleranceInMillimetres: tolerance)
    }

    @Test("the surface blocks of the 80 binary cases are reproduced")
    func binarySurface() throws {
        let oracle = try MetricOracle("binary")
        var (cases, numbers, empty) = (0, 0, 0)
        for one in oracle.cases {
            let found = try oracle.pair(of: one).surfaceDistances(of: [1], by: .voxel)[0]
            cases += 1
            if let block = one.json["surface"] as? [String: Any] {
                numbers += compare(block, found, one.id)
            } else {
                #expect(found.fromPrediction.isEmpty || found.fromReference.isEmpty, "\(one.id)")
                empty += 1
            }
        }
        #expect(cases == 80)
        #expect(empty == 6)
        #expect(numbers == 2294)
    }

    @Test("the surface blocks of all labels of the 12 label maps are reproduced, whatever the jobs")
    func multilabelSurface() throws {
        let oracle = try MetricOracle("multilabel")
        var (blocks, numbers, empty) = (0, 0, 0)
        for (place, one) in oracle.cases.enumerated() {
            let surfaces = try #require(one.json["surface"] as? [String: Any])
            let labels = surfaces.keys.compactMap { UInt8($0) }.sorted()
            let found = try oracle.pair(of: one)
                .surfaceDistances(of: labels, by: .voxel, jobs: 1 + place % 3)
            for (label, distances) in zip(labels, found) {
                if let block = surfaces["\(label)"] as? [String: Any] {
                    numbers += compare(block, distances, "\(one.id) label \(label)")
                    blocks += 1
                } else {
                    #expect(distances.fromPrediction.isEmpty || distances.fromReference.isEmpty)
                    empty += 1
                }
            }
        }
        #expect(oracle.cases.count == 12)
        #expect((blocks, empty) == (91, 9))
        #expect(numbers == 91 * 29)
    }

    @Test("the records of surface-distance are reproduced on surfels")
    func surfaceDistance() throws {
        let oracle = try MetricOracle("binary")
        var (records, empties) = (0, 0)
        for one in oracle.cases {
            let found = try oracle.pair(of: one).surfaceDistances(of: [1], by: .surfel)[0]
            for record in one.records where record.lib == "surface-distance" {
                let args = record.args
                let values: [Double]
                let tolerance = MetricOracle.number(args["tolerance_mm"]) ?? 0
                switch record.fn {
                case "compute_average_surface_distance":
                    values = [found.meanFromReference, found.meanFromPrediction]
                case "compute_robust_hausdorff":
                    // Two empty masks are infinitely far apart there, and undefined here.
                    let value = found.hausdorff(
                        percentile: MetricOracle.number(args["percent"]) ?? 0, rule: .weighted)
                    values = [found.isEmpty ? .infinity : value]
                case "compute_surface_dice_at_tolerance":
                    values = [found.nsd(toleranceInMillimetres: tolerance)]
                case "compute_surface_overlap_at_tolerance":
                    values = [
                        found.overlapOfReference(toleranceInMillimetres: tolerance),
                        found.overlapOfPrediction(toleranceInMillimetres: tolerance),
                    ]
                case "compute_surface_distances: sum of surfel_areas":
                    values = [found.referenceWeight, found.predictionWeight]
                default: continue
                }
                let expected = record.list ?? record.number.map { [$0] } ?? []
                #expect(values.count == expected.count)
                for (a, b) in zip(values, expected) {
                    #expect(
                        MetricOracle.agree(a, b), "\(one.id) \(record.fn) \(args): \(a), not \(b)")
                }
                records += 1
                if found.fromPrediction.isEmpty || found.fromReference.isEmpty { empties += 1 }
            }
        }
        #expect((records, empties) == (720, 54))
    }

    @Test("the records of medpy are reproduced at every connectivity, swapped too")
    func medpy() throws {
        let oracle = try MetricOracle("binary")
        var (records, errors) = (0, 0)
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            for record in one.records
            where record.lib == "medpy" && record.args["connectivity"] != nil {
                let step = Int(MetricOracle.number(record.args["connectivity"]) ?? 0)
                // A corner of a picture is an edge of its pixels.
                let connectivity: SurfaceDefinition.Connectivity =
                    step == 1 ? .face : step == 2 && one.shape.count == 3 ? .edge : .corner
                let definition = SurfaceDefinition(
                    .voxel(connectivity), usesSpacing: numbers(record.args["voxelspacing"]) != nil)
                let found = pair.surfaceDistances(of: [1], by: definition)[0]
                records += 1
                if record.isError {
                    #expect(found.fromPrediction.isEmpty || found.fromReference.isEmpty)
                    errors += 1
                    continue
                }
                let swapped = record.args["swapped"] as? Bool == true
                let value: Double
                switch record.metric {
                case "hd": value = found.hausdorff
                case "hd95": value = found.hausdorff(percentile: 95, rule: .pooled)
                case "assd": value = found.assd
                case "asd": value = swapped ? found.meanFromReference : found.meanFromPrediction
                default:
                    Issue.record("\(record.metric) is not checked")
                    continue
                }
                let expected = try #require(record.number)
                #expect(
                    MetricOracle.agree(value, expected),
                    "\(one.id) \(record.metric) \(record.args): \(value), not \(expected)")
            }
        }
        #expect((records, errors) == (1600, 120))
    }

    @Test("the Hausdorff distances of SimpleITK and scikit-image are reproduced on whole masks")
    func solid() throws {
        let oracle = try MetricOracle("binary")
        var (sitk, average, skimage, errors) = (0, 0, 0, 0)
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            for record in one.records {
                let isSitk = record.fn.hasPrefix("HausdorffDistanceImageFilter")
                let isSkimage =
                    record.fn.hasPrefix("skimage.metrics.hausdorff")
                    && record.args["method"] as? String == "standard"
                guard isSitk || isSkimage else { continue }
                let found = pair.surfaceDistances(
                    of: [1], by: SurfaceDefinition(.solid, usesSpacing: isSitk))[0]
                if record.isError {
                    #expect(found.fromPrediction.isEmpty || found.fromReference.isEmpty)
                    errors += 1
                    continue
                }
                let expected = try #require(record.number)
                if isSkimage {
                    // Two empty masks have distance 0 there, and none here.
                    let value = found.isEmpty ? 0 : found.hausdorff
                    #expect(
                        MetricOracle.agree(value, expected), "\(one.id): \(value), not \(expected)")
                    skimage += 1
                } else if record.metric == "hd" {
                    #expect(
                        MetricOracle.agree(
                            found.hausdorff, expected, relative: 1e-4, absolute: 1e-4),
                        "\(one.id): \(found.hausdorff), not \(expected)")
                    sitk += 1
                } else {
                    #expect(
                        MetricOracle.agree(found.masd, expected, relative: 1e-4, absolute: 1e-4),
                        "\(one.id): \(found.masd), not \(expected)")
                    average += 1
                }
            }
        }
        #expect((sitk, average, errors) == (74, 74, 12))
        #expect(skimage == 80)
    }
}
