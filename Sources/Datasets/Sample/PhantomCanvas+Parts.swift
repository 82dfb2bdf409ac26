extension PhantomCanvas {
    /// Keeps of each label only the largest part connected through faces; crumbs lose their label, not their density.
    ///
    /// Crumbs are left where one organ was cut by another. Of equally large parts the first in memory order stays.
    ///
    /// - Complexity: O(voxels).
    mutating func keepLargestParts() {
        let (nx, ny, nz) = (shape.i, shape.j, shape.k)
        var part = [Int32](repeating: -1, count: labels.count)
        var sizes: [Int] = []
        var largest = [Int32](repeating: -1, count: 256)
        var stack: [Int] = []
        for seed in 0..<labels.count where labels[seed] != 0 && part[seed] < 0 {
            let label = labels[seed]
            let number = Int32(sizes.count)
            var size = 0
            part[seed] = number
            stack.append(seed)
            while let n = stack.popLast() {
                size += 1
                let (i, j, k) = (n % nx, n / nx % ny, n / (nx * ny))
                func visit(_ m: Int, _ isInside: Bool) {
                    guard isInside, labels[m] == label, part[m] < 0 else { return }
                    part[m] = number
                    stack.append(m)
                }
                visit(n + 1, i < nx - 1)
                visit(n - 1, i > 0)
                visit(n + nx, j < ny - 1)
                visit(n - nx, j > 0)
                visit(n + nx * ny, k < nz - 1)
                visit(n - nx * ny, k > 0)
            }
            sizes.append(size)
            let best = largest[Int(label)]
            if best < 0 || size > sizes[Int(best)] { largest[Int(label)] = number }
        }
        for n in 0..<labels.count where labels[n] != 0 && part[n] != largest[Int(labels[n])] {
            unlabel(n)
        }
    }
}
