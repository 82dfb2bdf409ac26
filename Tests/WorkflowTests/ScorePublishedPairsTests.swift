import Foundation
import MedicalImaging
import NIfTI
import SegmentationMetrics
import Testing

@testable import SamdataWorkflow

/// Real pairs whose scores other people published, reproduced to the digits they printed.
@Suite(
    "Published scores of real pairs", .enabled(if: SharedData.isThere, "real files are not there"))
struct ScorePublishedPairsTests {
    private func volume(_ name: String) throws -> LabelMap {
        let root = try #require(SharedData.root)
        return try NIfTIFile(path: "\(root)/\(name)").loadLabels { UInt8(exactly: $0) }.contents
    }

    private func pair(
        _ prediction: LabelMap, _ reference: LabelMap, spacing: Spacing? = nil
    ) throws -> LabelPair {
        try LabelPair(
            prediction: prediction.samples, reference: reference.samples,
            grid: MaskGrid(shape: reference.shape, spacing: spacing ?? reference.grid.spacing))
    }

    @Test("CHAOS: Dice 0.978, RAVD 0.665 %, ASSD 0.734 mm, MSSD 14 mm")
    func chaos() throws {
        let pair = try pair(
            volume("scored-pairs/chaos/liver_sub.nii.gz"),
            volume("scored-pairs/chaos/liver_ref.nii.gz"))
        let counts = LabelConfusion(pair).counts(of: 1)
        // Printed with three digits; recomputed elsewhere with six.
        #expect(abs(counts.dice - 0.978434) < 5e-7)
        #expect(abs(100 * counts.absoluteRelativeVolumeDifference - 0.664534) < 5e-7)
        // CHAOS counts positions outside of the volume as inside.
        let open = SurfaceDefinition(.voxel(.face), imageEdge: .open)
        let distances = pair.surfaceDistances(of: [1], by: open)[0]
        #expect(abs(distances.assd - 0.734131) < 5e-7)
        #expect(abs(distances.hausdorff - 14) < 1e-9)
        // HD95 has no published value: the rules differ by more than a millimetre on this pair.
        #expect(abs(distances.hausdorff(percentile: 95, rule: .pooled) - 2.576716) < 5e-7)
        #expect(abs(distances.hausdorff(percentile: 95, rule: .maxDirected) - 3.674517) < 5e-7)
        let closed = pair.surfaceDistances(of: [1], by: .voxel)[0]
        #expect(abs(closed.assd - 0.712928) < 5e-7)
        #expect(abs(closed.hausdorff(percentile: 95, rule: .pooled) - 2.472159) < 5e-7)
        // Printed from 3.6328125.
        #expect(abs(closed.hausdorff(percentile: 95, rule: .maxDirected) - 3.632813) < 5.1e-7)
    }

    @Test("panoptica, matched instances: Dice, IoU, ASSD and volume difference of 19 of 22")
    func panopticaMatched() throws {
        let pair = try pair(
            volume("scored-pairs/panoptica/matched_instance_pred.nii.gz"),
            volume("scored-pairs/panoptica/matched_instance_ref.nii.gz"), spacing: Spacing(1, 1, 1))
        let confusion = LabelConfusion(pair)
        let labels = confusion.labelsInReference.filter { $0 != 0 }.sorted()
        #expect(labels.count == 22)
        let everything = confusion.counts(of: Set(1...255))
        #expect(abs(everything.dice - 0.9744370224078394) < 1e-12)
        let matched = labels.filter { confusion.counts(of: $0).iou >= 0.5 }
        #expect(matched.count == 19)
        let counts = matched.map { confusion.counts(of: $0) }
        func check(_ values: [Double], _ mean: Double, _ sd: Double?, _ what: String) {
            let found = values.reduce(0, +) / Double(values.count)
            #expect(abs(found - mean) < 1e-12, "\(what): \(found)")
            guard let sd else { return }
            let variance =
                values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(values.count)
            #expect(abs(variance.squareRoot() - sd) < 1e-12, "\(what): sd \(variance.squareRoot())")
        }
        check(counts.map(\.dice), 0.900292616009954, 0.10253566174957332, "Dice")
        check(counts.map(\.iou), 0.8328184295330796, 0.15186064004517466, "IoU")
        check(counts.map(\.relativeVolumeDifference), 0.0028133049062930553, nil, "RVD")
        // What panoptica calls ASSD is the mean of the two directed means.
        check(
            pair.surfaceDistances(of: matched, by: .voxel).map(\.masd), 0.250331887879225,
            0.07696680402317076, "ASSD")
    }

    @Test("panoptica, unmatched instances: vertebrae, discs, sacrum and endplates")
    func panopticaUnmatched() throws {
        let reference = try volume("scored-pairs/panoptica/unmatched_instance_ref.nii.gz")
        let prediction = try volume("scored-pairs/panoptica/unmatched_instance_pred.nii.gz")
        let overlap = try InstanceOverlap(
            prediction: prediction.samples.map(Int32.init),
            reference: reference.samples.map(Int32.init))
        let grid = try MaskGrid(shape: reference.shape)
        let groups:
            [(name: String, ids: ClosedRange<UInt32>, iou: Double, dice: Double, assd: Double)] = [
                ("vertebra", 2...8, 0.9259373047661901, 0.9615183012231253, 0.16832296646947947),
                ("disc", 102...108, 0.8897861147389462, 0.9414254100052913, 0.29013503272997326),
                ("sacrum", 26...26, 0.941415733208399, 0.9698239455931553, 0.20907172118556794),
                ("endplate", 202...208, 0.54301762284604, 0.7037824449992637, 0.33450703853088465),
            ]
        for group in groups {
            // The predicted ids are those of the reference, shifted by one.
            let part = overlap.filtered(
                predictions: { (group.ids.lowerBound + 1...group.ids.upperBound + 1).contains($0) },
                references: { group.ids.contains($0) })
            let quality = part.panopticQuality(convention: .panoptica)
            let matches = quality.matches
            #expect(matches.allSatisfy { $0.iou >= 0.5 })
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
            #expect(abs(mean(matches.map(\.iou)) - group.iou) < 1e-12, "\(group.name)")
            #expect(abs(mean(matches.map(\.dice)) - group.dice) < 1e-12, "\(group.name)")
            let distances = try matches.map { match in
                let masks = try LabelPair(
                    prediction: prediction.samples.map { UInt32($0) == match.prediction ? 1 : 0 },
                    reference: reference.samples.map { UInt32($0) == match.reference ? 1 : 0 },
                    grid: grid)
                return masks.surfaceDistances(of: [1], by: .voxel)[0].masd
            }
            #expect(abs(mean(distances) - group.assd) < 1e-12, "\(group.name)")
            if group.name == "endplate" {
                #expect(quality.truePositives == 4)
                #expect(quality.falsePositives == 3)
                #expect(quality.falseNegatives == 3)
                #expect(abs(quality.detectionQuality.number - 0.5714285714285714) < 1e-15)
            }
        }
    }

    @Test("TotalSegmentator: volume and mean HU of 117 labels")
    func totalSegmentator() throws {
        struct Entry: Decodable {
            let volume: Double
            let intensity: Double
        }
        let root = try #require(SharedData.root) + "/abdominal-ct"
        let published = try JSONDecoder().decode(
            [String: Entry].self,
            from: Data(
                contentsOf: URL(
                    fileURLWithPath: root + "/example_ct_sm_labels_fast.statistics.json")))
        #expect(published.count == 117)
        let file = try NIfTIFile(path: root + "/example_ct_sm_labels_fast.nii.gz")
        let names = CaretLabelTable.names(in: file)
        let labels = try file.loadLabels { UInt8(exactly: $0) }.contents
        guard
            case .int16(let image) = try NIfTIFile(path: root + "/example_ct_sm.nii.gz")
                .loadImage().contents
        else {
            Issue.record("the CT is not of 16 bits")
            return
        }
        let grid = try MaskGrid(shape: labels.shape, spacing: labels.grid.spacing)
        let confusion = LabelConfusion(
            try LabelPair(prediction: labels.samples, reference: labels.samples, grid: grid))
        var sums = [Double](repeating: 0, count: 256)
        for (label, value) in zip(labels.samples, image.samples) {
            sums[Int(label)] += Double(value)
        }
        var compared = 0
        for (value, name) in names {
            guard let entry = published[name], let label = UInt8(exactly: value) else { continue }
            let voxels = confusion.counts(of: label).reference
            // 27 cubic millimetres per voxel, printed as a whole number.
            #expect(
                (Double(voxels) * grid.voxelVolume * 1000).rounded() == entry.volume, "\(name)")
            let mean = voxels == 0 ? 0 : sums[Int(label)] / Double(voxels)
            #expect(abs(mean - entry.intensity) < 1e-5, "\(name): \(mean)")
            compared += 1
        }
        #expect(compared == 117)
    }
}
