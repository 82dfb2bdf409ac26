import Foundation
import SegmentationMetrics
import Testing

@Suite("Instance overlap")
struct InstanceOverlapTests {
    @Test("The table equals counting pixel by pixel, for ordinary and for huge ids")
    func counting() throws {
        for seed in 0..<60 as Range<UInt64> {
            let ids: [Int32]? =
                seed % 2 == 0 ? nil : [Int32.max, 7, 1 << 30, 1, Int32.max - 1, 99, 3, 1 << 24]
            let (prediction, reference) = InstanceWorlds.rectangles(seed: seed, ids: ids)
            let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
            var cells: [[Int32]: UInt64] = [:]
            for (p, r) in zip(prediction, reference) { cells[[r, p], default: 0] += 1 }
            let rows = Set(reference).subtracting([0]).sorted()
            let columns = Set(prediction).subtracting([0]).sorted()
            #expect(overlap.pixelCount == 24 * 18)
            #expect(overlap.references.map { Int32($0.id) } == rows)
            #expect(overlap.predictions.map { Int32($0.id) } == columns)
            #expect(
                overlap.references.map { Int($0.area) }
                    == rows.map { id in reference.filter { $0 == id }.count })
            #expect(
                overlap.predictions.map { Int($0.area) }
                    == columns.map { id in prediction.filter { $0 == id }.count })
            let expected = cells.filter { !$0.key.contains(0) }
            #expect(overlap.contacts.count == expected.count)
            for contact in overlap.contacts {
                let key = [rows[contact.reference], columns[contact.prediction]]
                #expect(contact.intersection == expected[key])
            }
            let order = overlap.contacts.map { [$0.reference, $0.prediction] }
            #expect(order == order.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test("Bands of any height, in any order, give the same table as the whole maps")
    func streaming() throws {
        let (prediction, reference) = InstanceWorlds.rectangles(
            seed: 5, width: 301, height: 97, count: 400)
        let whole = try InstanceOverlap(prediction: prediction, reference: reference)
        #expect(whole.contacts.count > 50)
        for size in [1, 7, 301, 4096, 29197] {
            var builder = InstanceOverlap.Builder()
            for start in stride(from: 0, to: prediction.count, by: size).reversed() {
                let range = start..<min(prediction.count, start + size)
                try builder.add(
                    prediction: Array(prediction[range]), reference: Array(reference[range]))
            }
            let built = builder.finish()
            #expect(built.contacts == whole.contacts)
            #expect(built.references == whole.references)
            #expect(built.predictions == whole.predictions)
            #expect(built.pixelCount == whole.pixelCount)
        }
    }

    @Test("A table of more pairs than it began with grows, and unsigned ids use all 32 bits")
    func growth() throws {
        let n = 40_000
        let prediction = (0..<n).map { UInt32.max - UInt32($0 / 2) }
        let reference = (0..<n).map { UInt32($0 / 3) &* 0x9e37_79b1 | 1 }
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        var cells: [UInt64: UInt64] = [:]
        for (p, r) in zip(prediction, reference) {
            cells[UInt64(r) << 32 | UInt64(p), default: 0] += 1
        }
        #expect(overlap.contacts.count == cells.count)
        for contact in overlap.contacts {
            let key =
                UInt64(overlap.references[contact.reference].id) << 32
                | UInt64(overlap.predictions[contact.prediction].id)
            #expect(contact.intersection == cells[key])
        }
    }

    @Test("Negative ids, maps of different length and noise are errors that name the place")
    func errors() {
        #expect(
            throws: MetricError.invalidArgument(
                name: "prediction, pixel 2", found: "instance id -7",
                expected: "0 for background, or an id above 0")
        ) { try InstanceOverlap(prediction: [0, 1, -7, 1] as [Int32], reference: [0, 0, 0, 0]) }
        #expect(
            throws: MetricError.invalidArgument(
                name: "reference, pixel 12", found: "instance id \(Int32.min)",
                expected: "0 for background, or an id above 0")
        ) {
            var map = [Int32](repeating: 4, count: 20)
            map[12] = .min
            try _ = InstanceOverlap(prediction: [Int32](repeating: 4, count: 20), reference: map)
        }
        #expect(throws: MetricError.sizeMismatch(what: "prediction", found: 1, expected: 2)) {
            try InstanceOverlap(prediction: [1] as [Int32], reference: [1, 2])
        }
        #expect(throws: MetricError.self) {
            var builder = InstanceOverlap.Builder(contactLimit: 10)
            try builder.add(
                prediction: (0..<100).map { Int32($0) }, reference: (0..<100).map { Int32($0) })
        }
    }

    @Test("Maps of no pixels are both empty")
    func noPixels() throws {
        let overlap = try InstanceOverlap(prediction: [] as [Int32], reference: [])
        #expect(overlap.state == .na)
        #expect(overlap.aji() == .na)
        #expect(overlap.panopticQuality().quality == .na)
        #expect(overlap.adjustedRand(.instances).number == 1)
    }

    @Test("The assignment has the greatest sum, and the matching the most pairs")
    func assignments() throws {
        var competing = 0
        for seed in 100..<260 as Range<UInt64> {
            let maps = InstanceWorlds.rectangles(seed: seed, width: 14, height: 10, count: 7)
            let overlap = try InstanceOverlap(
                prediction: maps.prediction, reference: maps.reference)
            var scores = [[Double]](
                repeating: [Double](repeating: 0, count: overlap.predictions.count),
                count: overlap.references.count)
            for contact in overlap.contacts {
                scores[contact.reference][contact.prediction] = overlap.iou(contact)
            }
            // Every overlap is a candidate at 0: the sum is what AJI+ maximises.
            let all = overlap.matches(threshold: 0, convention: .hovernet)
            #expect(Set(all.map(\.reference)).count == all.count)
            #expect(Set(all.map(\.prediction)).count == all.count)
            let best = InstanceWorlds.greatestSum(scores)
            #expect(MetricOracle.agree(all.reduce(0) { $0 + $1.iou }, best))
            for threshold in [0.05, 0.1, 0.2, 1.0 / 3, 0.5] {
                // 100 per pair outweighs any sum of IoU here.
                let bonus = scores.map { $0.map { $0 >= threshold ? 100 + $0 : 0 } }
                let found = overlap.panopticQuality(threshold: threshold, convention: .cellpose)
                let everything = scores.map { $0.map { $0 >= threshold ? 100 + $0 : $0 } }
                let pairs = Int((InstanceWorlds.greatestSum(bonus) / 100).rounded(.down))
                #expect(found.truePositives == pairs)
                #expect(
                    Int((InstanceWorlds.greatestSum(everything) / 100).rounded(.down)) == pairs)
                if threshold < 0.5 {
                    let strict = scores.map { $0.map { $0 > threshold ? 100 + $0 : 0 } }
                    let sum = InstanceWorlds.greatestSum(strict)
                    let standard = overlap.panopticQuality(threshold: threshold)
                    #expect(
                        MetricOracle.agree(
                            100 * Double(standard.truePositives) + standard.sumIoU, sum))
                    let greedy = overlap.panopticQuality(
                        threshold: threshold, convention: .panoptica)
                    if greedy.truePositives < found.truePositives { competing += 1 }
                }
            }
        }
        #expect(competing > 0)
    }

    @Test("Stripes across stripes, one component of half a million contacts, take bounded time")
    func hostile() throws {
        let side = 700
        let prediction = (0..<side * side).map { Int32($0 % side + 1) }
        let reference = (0..<side * side).map { Int32($0 / side + 1) }
        let start = Date()
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        #expect(overlap.contacts.count == side * side)
        #expect(overlap.ajiPlus().number == Double(side) / Double(side * (2 * side - 1)))
        #expect(Date().timeIntervalSince(start) < 20)
        print("stripes: assigned in \(Date().timeIntervalSince(start)) s")
    }

    @Test("Noise of 400 ids against 400 ids is assigned in bounded time")
    func noise() throws {
        var random = InstanceRandom(seed: 77)
        let prediction = (0..<400_000).map { _ in Int32(1 + random.below(400)) }
        let reference = (0..<400_000).map { _ in Int32(1 + random.below(400)) }
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        #expect(overlap.contacts.count > 140_000)
        let start = Date()
        let found = overlap.matches(threshold: 0, convention: .hovernet)
        #expect(found.count == 400)
        #expect(Date().timeIntervalSince(start) < 20)
        print("noise: assigned in \(Date().timeIntervalSince(start)) s")
    }

    @Test("A chain that only long augmenting paths solve is solved exactly")
    func chains() throws {
        // Reference n covers 3 pixels of prediction n and 4 of prediction n + 1; the last one has no n + 1.
        var (prediction, reference): ([Int32], [Int32]) = ([], [])
        let n: Int32 = 3000
        for k in 1...n {
            reference += [Int32](repeating: k, count: k < n ? 7 : 3)
            prediction += [Int32](repeating: k, count: 3)
            if k < n { prediction += [Int32](repeating: k + 1, count: 4) }
        }
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        let scores = overlap.contacts.map(overlap.iou)
        // Along a path the best sum is found by looking one contact back.
        var (with, without) = (0.0, 0.0)
        for score in scores { (with, without) = (without + score, max(with, without)) }
        let found = overlap.matches(threshold: 0, convention: .hovernet)
        #expect(MetricOracle.agree(found.reduce(0) { $0 + $1.iou }, max(with, without)))
    }

    @Test(
        "Equal IoU goes to the smaller prediction id, and AJI reuses predictions where AJI+ does not"
    )
    func ties() throws {
        let merged = try InstanceOverlap(
            prediction: [5, 5, 5, 5] as [Int32], reference: [1, 1, 2, 2])
        #expect(merged.aji().number == 0.5)
        #expect(MetricOracle.agree(merged.ajiPlus().number, 1.0 / 3))
        // 1/4 of prediction 3 and 1/4 of prediction 9: the smaller id is taken, the other is unused.
        let tied = try InstanceOverlap(
            prediction: [9, 3, 0, 0, 9, 3] as [Int32], reference: [1, 1, 1, 0, 0, 0])
        #expect(tied.ajiSums().intersection == 1)
        #expect(tied.ajiSums().union == 6)
        #expect(tied.greatestIntersections.map(\.prediction) == [3])
    }

    @Test("Rand indices whose products exceed 64 bits stay exact")
    func wideCounts() throws {
        var builder = InstanceOverlap.Builder()
        let band = [Int32](repeating: 1, count: 1 << 20)
        let other = (0..<1 << 20).map { Int32($0 & 1) }
        for _ in 0..<64 { try builder.add(prediction: other, reference: band) }
        let counts = builder.finish().pairCounts(.instances)
        // One cluster against two halves: no agreement beyond chance.
        #expect(counts.adjustedRand == 0)
        let n = Double(1 << 26)
        #expect(MetricOracle.agree(counts.rand, (n / 2 - 1) / (n - 1)))
    }

    @Test("Filtering by id treats other instances as background")
    func filtering() throws {
        for seed in 300..<330 as Range<UInt64> {
            let (prediction, reference) = InstanceWorlds.rectangles(seed: seed)
            let isEven: (UInt32) -> Bool = { $0 % 2 == 0 }
            let filtered = try InstanceOverlap(prediction: prediction, reference: reference)
                .filtered(predictions: isEven, references: isEven)
            let direct = try InstanceOverlap(
                prediction: prediction.map { $0 % 2 == 0 ? $0 : 0 },
                reference: reference.map { $0 % 2 == 0 ? $0 : 0 })
            #expect(filtered.contacts == direct.contacts)
            #expect(filtered.references == direct.references)
            #expect(filtered.predictions == direct.predictions)
            #expect(filtered.adjustedRand(.instances) == direct.adjustedRand(.instances))
        }
    }

    @Test("Totals of images are the sums of their counts")
    func totals() throws {
        let images = try (400..<406 as Range<UInt64>).map {
            let maps = InstanceWorlds.rectangles(seed: $0)
            return try InstanceOverlap(prediction: maps.prediction, reference: maps.reference)
        }
        let sums = images.map { InstanceTotals($0, threshold: 0.3) }
        let total = sums.dropFirst().reduce(sums[0], +)
        let each = images.map { $0.panopticQuality(threshold: 0.3) }
        let (tp, fp, fn) = each.reduce((0, 0, 0)) {
            ($0.0 + $1.truePositives, $0.1 + $1.falsePositives, $0.2 + $1.falseNegatives)
        }
        #expect(tp > 0 && fp > 0 && fn > 0)
        #expect(total.images == 6)
        let weight = Double(tp) + Double(fp + fn) / 2
        #expect(MetricOracle.agree(total.detectionQuality.number, Double(tp) / weight))
        #expect(
            MetricOracle.agree(
                total.quality.number, each.reduce(0) { $0 + $1.sumIoU } / weight))
        let aji = images.map { $0.ajiSums() }
        #expect(
            total.pooledAJI.number
                == Double(aji.reduce(0) { $0 + $1.intersection })
                / Double(aji.reduce(0) { $0 + $1.union }))
    }

    @Test("Empty maps have the states and numbers of each convention")
    func emptyMaps() throws {
        let none: [Int32] = [0, 0, 0]
        let some: [Int32] = [0, 1, 1]
        let both = try InstanceOverlap(prediction: none, reference: none)
        let miss = try InstanceOverlap(prediction: none, reference: some)
        let ghost = try InstanceOverlap(prediction: some, reference: none)
        for metric in [
            Metric.aji, .ajiPlus, .panopticQuality, .detectionQuality, .dice2, .objectDice,
        ] {
            #expect(both.value(of: metric) == .na, "\(metric)")
            #expect(miss.value(of: metric) == MetricValue(.miss, 0), "\(metric)")
            #expect(ghost.value(of: metric) == MetricValue(.ghost, 0), "\(metric)")
        }
        #expect(miss.panopticQuality().precision == .na)
        #expect(miss.panopticQuality().recall == MetricValue(.miss, 0))
        #expect(ghost.panopticQuality().segmentationQuality == .na)
        #expect(both.value(of: .panopticQuality, convention: .monai) == MetricValue(.na, 0))
        #expect(both.value(of: .panopticQuality, convention: .hovernet) == .error)
        #expect(miss.value(of: .aji, convention: .hovernet) == .error)
        #expect(ghost.value(of: .aji, convention: .hovernet) == MetricValue(.ghost, 0))
    }

    @Test("Every instance metric of the list has a value, and the others have none")
    func metrics() throws {
        let (prediction, reference): ([Int32], [Int32]) = ([0, 1, 1], [0, 2, 2])
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        for metric in Metric.listed(for: .instances) where metric != .objectHausdorff {
            #expect(overlap.value(of: metric)?.number == 1, "\(metric)")
        }
        #expect(overlap.value(of: .dice) == nil)
        #expect(overlap.value(of: .objectHausdorff) == nil)
    }

    @Test("Object Dice and object Hausdorff follow the pixels")
    func objects() throws {
        // References 1 (4 pixels) and 2 (2), predictions 7 (4) and 8 (1); 8 touches nothing.
        let reference: [Int32] = [1, 1, 1, 1, 0, 2, 2, 0, 0]
        let prediction: [Int32] = [0, 0, 7, 7, 7, 7, 0, 0, 8]
        let overlap = try InstanceOverlap(prediction: prediction, reference: reference)
        // Dice 4/8 of 1 and 7, 2/6 of 2 and 7, weighted by areas 4 and 2 of 6, and 4 and 1 of 5.
        let ofReferences: Double = (4 * 0.5 + 2.0 / 3) / 6
        let ofPredictions: Double = 4 * 0.5 / 5
        #expect(
            MetricOracle.agree(overlap.objectDice.number, (ofReferences + ofPredictions) / 2))
        let distance = overlap.objectHausdorff { p, r in
            let a = prediction.indices.filter { prediction[$0] == Int32(p) }
            let b = reference.indices.filter { reference[$0] == Int32(r) }
            let there = a.map { x in b.map { abs(x - $0) }.min() ?? 0 }.max() ?? 0
            let back = b.map { x in a.map { abs(x - $0) }.min() ?? 0 }.max() ?? 0
            return Double(max(there, back))
        }
        // 1-7: 2, 2-7: 3 (prediction pixel 2 to reference pixel 5), 8-2: 3, 8-1: 8.
        let (first, second): (Double, Double) = (14.0 / 6, 11.0 / 5)
        #expect(distance.number == (first + second) / 2)
    }
}
