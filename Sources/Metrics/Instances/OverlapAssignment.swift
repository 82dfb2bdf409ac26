/// The one-to-one assignment of predictions to references with the greatest sum of weights.
///
/// Weights are above 0 and only touching pairs have one, so most components of the graph are single pairs. References
/// enter one by one; each looks for the best augmenting path by Dijkstra's search over reduced weights (the Hungarian
/// method on a sparse graph), which never leaves its component. Exact up to rounding of the sums.
///
/// Cost: O(*r* · *e* log *e*) at worst, for *r* references and *e* edges of one component; memory O(*e*).
struct OverlapAssignment {
    /// A pair that may be chosen.
    struct Edge {
        let reference: Int
        let prediction: Int
        let weight: Double
    }

    /// The prediction of every reference, -1 for none.
    private(set) var partners: [Int]

    private var owners: [Int]
    private let firsts: [Int]
    private let edges: [Edge]
    /// The prices of both sides: for every edge, their sum is at least its weight.
    private var prices: [Double]
    private var costs: [Double]
    private var distances: [Double]
    private var comesFrom: [Int]
    private var stamps: [Int]

    /// Solves the assignment.
    ///
    /// - Parameters:
    ///   - referenceCount: How many references there are.
    ///   - predictionCount: How many predictions there are.
    ///   - edges: The pairs that may be chosen, by reference; weights are finite and above 0.
    init(referenceCount: Int, predictionCount: Int, edges: [Edge]) {
        var firsts = [Int](repeating: 0, count: referenceCount + 1)
        for edge in edges { firsts[edge.reference + 1] += 1 }
        for place in 0..<referenceCount { firsts[place + 1] += firsts[place] }
        self.firsts = firsts
        self.edges = edges
        partners = [Int](repeating: -1, count: referenceCount)
        owners = [Int](repeating: -1, count: predictionCount)
        prices = [Double](repeating: 0, count: referenceCount)
        costs = [Double](repeating: 0, count: predictionCount)
        distances = [Double](repeating: 0, count: predictionCount)
        comesFrom = [Int](repeating: -1, count: predictionCount)
        stamps = [Int](repeating: -1, count: predictionCount)
        for edge in edges { prices[edge.reference] = max(prices[edge.reference], edge.weight) }
        for reference in 0..<referenceCount where firsts[reference] < firsts[reference + 1] {
            augment(reference)
        }
    }

    /// Finds the cheapest way to give `root` a partner, or to leave one reference of its tree without.
    private mutating func augment(_ root: Int) {
        var queue = DistanceQueue()
        var settled: [Int] = []
        // Leaving the root alone costs its price.
        var (best, alone, free) = (prices[root], root, -1)
        var (reference, base) = (root, 0.0)
        while true {
            for place in firsts[reference]..<firsts[reference + 1] {
                let edge = edges[place]
                let p = edge.prediction
                if partners[reference] == p { continue }
                let slack = max(0, prices[reference] + costs[p] - edge.weight)
                let distance = base + slack
                if distance >= best { continue }
                if owners[p] < 0 {
                    (best, free) = (distance, p)
                    comesFrom[p] = reference
                } else if stamps[p] != root || distance < distances[p] {
                    stamps[p] = root
                    distances[p] = distance
                    comesFrom[p] = reference
                    queue.push(distance, p)
                }
            }
            var next = -1
            while let (distance, p) = queue.pop() {
                // An entry is stale when a shorter way was pushed after it.
                if distance == distances[p] {
                    next = p
                    break
                }
            }
            if next < 0 || distances[next] >= best { break }
            settled.append(next)
            (reference, base) = (owners[next], distances[next])
            if base + prices[reference] < best {
                (best, alone, free) = (base + prices[reference], reference, -1)
            }
        }
        for p in settled where distances[p] < best {
            costs[p] += best - distances[p]
            let owner = owners[p]
            prices[owner] = max(0, prices[owner] - (best - distances[p]))
        }
        prices[root] = max(0, prices[root] - best)
        flip(root, alone: alone, free: free)
    }

    /// Moves every reference on the path to its new partner.
    private mutating func flip(_ root: Int, alone: Int, free: Int) {
        var prediction = free
        if free < 0 {
            if alone == root { return }
            prediction = partners[alone]
            partners[alone] = -1
        }
        while true {
            let reference = comesFrom[prediction]
            let previous = partners[reference]
            partners[reference] = prediction
            owners[prediction] = reference
            if reference == root { return }
            prediction = previous
        }
    }
}

/// A binary heap of predictions, the nearest first; equal distances by the smaller place.
private struct DistanceQueue {
    private var items: [(distance: Double, place: Int)] = []

    mutating func push(_ distance: Double, _ place: Int) {
        items.append((distance, place))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.precedes(items[child], items[parent]) else { break }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> (distance: Double, place: Int)? {
        guard let top = items.first else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return top }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count {
                if Self.precedes(items[child], items[least]) { least = child }
            }
            if least == parent { return top }
            items.swapAt(parent, least)
            parent = least
        }
    }

    private static func precedes(
        _ a: (distance: Double, place: Int), _ b: (distance: Double, place: Int)
    ) -> Bool {
        a.distance < b.distance || (a.distance == b.distance && a.place < b.place)
    }
}
