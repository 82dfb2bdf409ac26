/// A run of pixels of one row, in columns and rows of a frame; `end` is exclusive.
struct PixelRun {
    var row: Int32
    var start: Int32
    var end: Int32
}

/// Working memory for filling outlines; one per call, never shared.
struct OutlineScratch: ~Copyable {
    /// Where edges cross rows, as found: row of the frame, and column times two plus one for an edge that goes down.
    var crossingRows = GrowingBuffer<Int32>()
    var crossingPlaces = GrowingBuffer<Int32>()
    /// Crossings sorted by row and column.
    var sorted = GrowingBuffer<Int32>()
    /// Where the crossings of each row start in `sorted`.
    var rowStarts = GrowingBuffer<Int32>()
    /// The pixels of the region.
    var runs = GrowingBuffer<PixelRun>()
    /// Bytes of a part of the window: 1 where the region is.
    var mask = GrowingBuffer<UInt8>()
    /// Bytes of a part of the window, for rules that count edges above a pixel.
    var parity = GrowingBuffer<UInt8>()

    /// Sorts the crossings found, by row and in it by column; those found are forgotten.
    ///
    /// Counting by row, then insertion: nearly all rows have two crossings.
    mutating func sortCrossings(rows: Int) {
        let count = crossingRows.count
        rowStarts.reset(count: rows + 1, to: 0)
        sorted.reset(count: count)
        let starts = rowStarts.memory
        let from = crossingRows.memory
        let places = crossingPlaces.memory
        let to = sorted.memory
        for n in 0..<count { starts[Int(from[n])] &+= 1 }
        var total: Int32 = 0
        for row in 0...rows {
            let here = starts[row]
            starts[row] = total
            total &+= here
        }
        // Each start moves on to the end of its row, which is the start of the next.
        for n in 0..<count {
            let row = Int(from[n])
            to[Int(starts[row])] = places[n]
            starts[row] &+= 1
        }
        crossingRows.count = 0
        crossingPlaces.count = 0
        var begin = 0
        for row in 0..<rows {
            let end = Int(starts[row])
            var n = begin &+ 1
            while n < end {
                let value = to[n]
                var place = n
                while place > begin, to[place &- 1] > value {
                    to[place] = to[place &- 1]
                    place &-= 1
                }
                to[place] = value
                n &+= 1
            }
            begin = end
        }
    }
}

/// Memory that grows and is not given back before the end.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var memory = UnsafeMutablePointer<Element>.allocate(capacity: 64)
    private var capacity = 64
    var count = 0

    deinit { memory.deallocate() }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(to: 2 &* capacity) }
        memory[count] = element
        count &+= 1
    }

    /// Makes room; what is in it is arbitrary.
    mutating func reset(count: Int) {
        if count > capacity { grow(to: max(count, 2 &* capacity)) }
        self.count = count
    }

    mutating func reset(count: Int, to element: Element) {
        reset(count: count)
        memory.update(repeating: element, count: count)
    }

    private mutating func grow(to wanted: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        larger.update(from: memory, count: min(count, capacity))
        memory.deallocate()
        memory = larger
        capacity = wanted
    }
}
