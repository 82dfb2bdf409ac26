import MedicalImaging
import SegmentationMetrics
import Testing

/// What the conventions make of empty masks, by hand from their libraries' behaviour, and what they say of themselves.
struct ConventionLawTests {
    private func measurement(_ tp: UInt64, _ fp: UInt64, _ fn: UInt64, _ tn: UInt64) throws
        -> LabelMeasurement
    {
        LabelMeasurement(
            grid: try MaskGrid(shape: GridShape(10, 1, 1)),
            counts: OverlapCounts(
                truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn))
    }

    @Test func `the states table is the one of the definition`() throws {
        let none = try measurement(0, 0, 0, 10)
        let miss = try measurement(0, 0, 4, 6)
        let ghost = try measurement(0, 4, 0, 6)
        let na = MetricValue.na
        let far = [
            MetricValue.na, MetricValue(.miss, .infinity), MetricValue(.ghost, .infinity),
        ]
        let share = [na, MetricValue(.miss, 0), MetricValue(.ghost, 0)]
        let biou = Metric.boundaryIoU(.millimetres(2))
        let rows: [(Convention, [Metric], [MetricValue])] = [
            (.standard, [.dice, .iou, .nsd2mm, biou, .volumeSimilarity, .fBeta(2)], share),
            (.standard, [.hd, .hd95, .assd, .masd, .asd, .asdReverse], far),
            (.surfel, [.hd, .hd95, .assd], far), (.surfel, [.dice, .nsd2mm], share),
            (.standard, [.precision], [na, na, MetricValue(.ghost, 0)]),
            (.standard, [.recall], [na, MetricValue(.miss, 0), na]),
            (
                .standard, [.specificity],
                [MetricValue(.value, 1), MetricValue(.miss, 1), MetricValue(.ghost, 0.6)]
            ),
            (
                .standard, [.relativeVolumeDifference], [na, MetricValue(.miss, -1), na]
            ),
            (
                .medpy, [.dice, .iou],
                [MetricValue(.na, 1), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (.medpy, [.hd, .hd95, .assd, .asd], [.error, .error, .error]),
            (.medpy, [.relativeVolumeDifference], [.error, MetricValue(.miss, -1), .error]),
            (.monai, [.dice, .iou], [na, MetricValue(.miss, 0), MetricValue(.ghost, .nan)]),
            (.monai, [.hd95], [na, MetricValue(.miss, .nan), MetricValue(.ghost, .nan)]),
            (.monai, [.hd, .assd], far),
            (
                .monaiCount, [.dice],
                [MetricValue(.na, 1), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (.monaiCount, [.hd, .hd95], far),
            (
                .deepmind, [.hd95],
                [
                    MetricValue(.na, .infinity), MetricValue(.miss, .infinity),
                    MetricValue(.ghost, .infinity),
                ]
            ),
            (
                .synapse, [.dice],
                [MetricValue(.na, 0), MetricValue(.miss, 0), MetricValue(.ghost, 1)]
            ),
            (
                .synapse, [.hd95],
                [MetricValue(.na, 0), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (
                .reloaded, [.hd, .hd95, .assd, .masd],
                [MetricValue(.na, 0), MetricValue(.miss, .nan), MetricValue(.ghost, .nan)]
            ),
            (
                .segMetrics, [.hd, .hd95],
                [MetricValue(.na, 0), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (
                .simpleitk, [.dice],
                [MetricValue(.na, 0), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (.simpleitk, [.hd], [.error, .error, .error]),
            (
                .brats, [.hd95],
                [MetricValue(.na, 0), MetricValue(.miss, 374), MetricValue(.ghost, 374)]
            ),
            (
                .brats, [.dice],
                [MetricValue(.na, 1), MetricValue(.miss, 0), MetricValue(.ghost, 0)]
            ),
            (.nnunet, [.dice, .iou], share), (.panoptica, [.hd95, .assd], far),
            // What a library does not have is the standard's.
            (.hovernet, [.dice], share), (.stardist, [.hd95], far), (.synapse, [.assd], far),
        ]
        for (convention, metrics, expected) in rows {
            for metric in metrics {
                let found = [none, miss, ghost].map { convention.value(of: metric, in: $0) }
                #expect(found == expected, "\(convention) \(metric): \(found)")
            }
        }
    }

    @Test func `an undefined rate of two masks is na with the number of the library`() throws {
        let full = try measurement(10, 0, 0, 0)
        #expect(Convention.standard.value(of: .specificity, in: full) == .na)
        #expect(Convention.medpy.value(of: .specificity, in: full) == MetricValue(.na, 0))
        #expect(Convention.standard.value(of: .mcc, in: full) == .na)
        let predictedFull = try measurement(4, 6, 0, 0)
        #expect(
            Convention.reloaded.value(of: .negativePredictiveValue, in: predictedFull)
                == MetricValue(.na, 0))
        #expect(Convention.standard.value(of: .panopticQuality, in: full) == .na)
    }

    @Test func `the seventeen conventions say what they are`() throws {
        #expect(Convention.all.count == 17)
        #expect(
            Convention.all.map(\.name) == [
                "standard", "surfel", "medpy", "monai", "monai-count", "deepmind", "reloaded",
                "nnunet", "synapse", "panoptica", "seg-metrics", "simpleitk", "hovernet",
                "stardist", "cellpose", "camelyon16", "brats",
            ])
        for convention in Convention.all {
            #expect(try Convention.named(convention.name.uppercased()) == convention)
            #expect(!convention.title.isEmpty && !convention.library.isEmpty)
            #expect(convention.about.count > 80 && !convention.about.contains("\n"))
            #expect(!convention.statesTable().isEmpty)
            for metric in Metric.listed { #expect(!convention.formula(of: metric).isEmpty) }
            #expect(Metric.listed.contains { convention.defines($0) })
        }
        let error = #expect(throws: MetricError.self) { try Convention.named("mony") }
        #expect(error?.description.contains("monai-count") == true)
    }

    @Test func `each convention has the rules of its library`() {
        #expect(Convention.standard.percentileRule == .maxDirected)
        #expect(Convention.surfel.percentileRule == .weighted)
        #expect(Convention.medpy.percentileRule == .pooled)
        #expect(Convention.synapse.percentileRule == .pooled)
        #expect(Convention.hovernet.percentileRule == nil)
        #expect(Convention.simpleitk.percentileRule == nil)
        #expect(Convention.synapse.unit(of: .hd95) == .voxels)
        #expect(Convention.medpy.unit(of: .hd95) == .millimetres)
        #expect(
            Convention.monai.unit(of: .absoluteVolumeDifference(inVoxels: false)) == .voxels)
        #expect(Convention.standard.surface(for: .hd95) == .voxel)
        #expect(Convention.standard.surface(for: .dice) == nil)
        #expect(Convention.surfel.surface(for: .nsd2mm) == .surfel)
        #expect(
            Convention.standard.surface(for: .nsd(.voxels(2), variant: nil))?.usesSpacing == false)
        #expect(Convention.simpleitk.surface(for: .hd)?.elements == .solid)
        #expect(
            Convention.simpleitk.surface(for: .hd95) == Convention.standard.surface(for: .hd95))
        #expect(Convention.monai.meanRule == .monai && Convention.synapse.meanRule == .synapse)
        #expect(Convention.monai.isSinglePrecision && !Convention.medpy.isSinglePrecision)
    }

    @Test func `a convention says which metrics its library has`() {
        for metric in Metric.listed {
            #expect(Convention.standard.defines(metric) && Convention.surfel.defines(metric))
        }
        #expect(Convention.medpy.defines(.hd95) && !Convention.medpy.defines(.nsd2mm))
        #expect(Convention.medpy.defines(.hausdorff(percentile: 95, rule: .pooled)))
        #expect(!Convention.medpy.defines(.hausdorff(percentile: 95, rule: .maxDirected)))
        #expect(!Convention.synapse.defines(.iou) && !Convention.hovernet.defines(.dice))
        #expect(Convention.hovernet.defines(.aji) && Convention.camelyon16.defines(.froc))
        #expect(Convention.brats.defines(.lesionDice) && !Convention.simpleitk.defines(.hd95))
    }

    @Test func `formulas name rule and surface, and what is not of the library`() {
        #expect(
            Convention.standard.formula(of: .hd95)
                == "max(P95 D(P→R), P95 D(R→P)), linear interpolation; voxel (face), "
                + "image edge is border, mm")
        #expect(Convention.synapse.formula(of: .hd95).hasSuffix("image edge is border, voxels"))
        #expect(Convention.panoptica.formula(of: .assd).hasPrefix(Metric.masd.formula))
        #expect(Convention.medpy.formula(of: .nsd2mm).hasSuffix("as standard"))
        #expect(
            Convention.medpy.formula(of: .hausdorff(percentile: 95, rule: .weighted))
                .contains("not a metric of medpy"))
    }

    @Test func `the printed states table has one row per answer`() throws {
        let rows = Convention.standard.statesTable(for: [.dice, .iou, .precision, .hd95, .assd])
        #expect(rows.map(\.metrics) == [[.dice, .iou], [.precision], [.hd95, .assd]])
        #expect(
            rows.map { [$0.rule.bothEmpty, $0.rule.miss, $0.rule.ghost].map(\.description) }
                == [["na", "0", "0"], ["na", "na", "0"], ["na", "inf", "inf"]])
        let medpy = Convention.medpy.statesTable(for: [.dice, .hd95, .nsd2mm, .specificity])
        #expect(medpy.map(\.isDefined) == [true, true, false, true])
        #expect(medpy[1].rule.miss == .error && medpy[3].rule.ghost.description == "formula")
    }
}
