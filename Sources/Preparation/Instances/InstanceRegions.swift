import MedicalImaging

extension RegionFinder {
    /// Area and box of every object, numbers ascending.
    static func extents(of map: InstanceMap) -> [(id: UInt32, extent: Extent)] {
        var places: [UInt32: Int] = [:]
        var found: [(id: UInt32, extent: Extent)] = []
        map.ids.withUnsafeBufferPointer { ids in
            // Numbers come in runs: the dictionary is asked once per run that differs from the one before.
            var last = (id: UInt32(0), place: 0)
            for y in 0..<map.height {
                let from = y &* map.width
                var x = 0
                while x < map.width {
                    let id = ids[from &+ x]
                    let start = x
                    x &+= 1
                    while x < map.width, ids[from &+ x] == id { x &+= 1 }
                    guard id != 0 else { continue }
                    if id != last.id {
                        if let place = places[id] {
                            last = (id, place)
                        } else {
                            last = (id, found.count)
                            places[id] = found.count
                            found.append((id, Extent()))
                        }
                    }
                    found[last.place].extent.append(row: y, first: start, last: x &- 1)
                }
            }
        }
        return found.sorted { $0.id < $1.id }
    }

    /// One object as a region; its number becomes the number of the component.
    static func region(
        of id: UInt32, label: UInt8, extent: Extent, in map: InstanceMap
    ) -> Region {
        let width = extent.x1 - extent.x0 + 1
        let height = extent.y1 - extent.y0 + 1
        let size = (width + 2) * (height + 2)
        let padded = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            buffer[0..<size].initialize(repeating: 0)
            map.ids.withUnsafeBufferPointer { ids in
                for row in 0..<height {
                    let from = (extent.y0 + row) * map.width + extent.x0
                    let to = (row + 1) * (width + 2) + 1
                    for column in 0..<width {
                        buffer[to &+ column] = ids[from &+ column] == id ? 1 : 0
                    }
                }
            }
            count = size
        }
        return Region(
            label: label, component: Int(id), x0: extent.x0, y0: extent.y0, x1: extent.x1,
            y1: extent.y1, area: extent.area, padded: padded)
    }

    /// The objects of a map that the label slice says something about, numbers ascending.
    ///
    /// An object's label is the most frequent one among its pixels, the smallest of several; background does not count, and
    /// an object without any label is left out.
    static func regions(
        of slice: LabelSlice, instances: InstanceMap, minimumArea: Int
    ) -> [Region] {
        precondition(
            slice.rows == instances.height && slice.columns == instances.width,
            "a label slice and an instance map of one size")
        return extents(of: instances).compactMap { id, extent in
            guard extent.area >= minimumArea else { return nil }
            var counts = [Int](repeating: 0, count: 256)
            for y in extent.y0...extent.y1 {
                for n in (y * slice.columns + extent.x0)...(y * slice.columns + extent.x1)
                where instances.ids[n] == id {
                    counts[Int(slice.samples[n])] += 1
                }
            }
            var label = 0
            for candidate in 1..<256
            where counts[candidate] > (label == 0 ? 0 : counts[label]) { label = candidate }
            guard label > 0 else { return nil }
            return region(of: id, label: UInt8(label), extent: extent, in: instances)
        }
    }
}
