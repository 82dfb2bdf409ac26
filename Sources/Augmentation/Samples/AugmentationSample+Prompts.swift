import MedicalImaging

extension AugmentationSample {
    /// Removes what a transform has moved out of the picture.
    ///
    /// Points outside -0.5..<size - 0.5 go, and so do boxes that lie outside entirely or whose object has gone; other boxes are
    /// clipped to the pixels of the picture.
    public mutating func removePromptsOutside() {
        let right = Float(extent.columns - 1)
        let bottom = Float(extent.rows - 1)
        points.removeAll {
            !($0.prompt.x >= -0.5 && $0.prompt.x < right + 0.5
                && $0.prompt.y >= -0.5 && $0.prompt.y < bottom + 0.5)
        }
        boxes = boxes.compactMap { box in
            guard let old = box.prompt, old.x1 >= -0.5, old.x0 < right + 0.5,
                old.y1 >= -0.5, old.y0 < bottom + 0.5
            else { return nil }
            var clipped = box
            clipped.prompt = BoxPrompt(
                x0: min(max(old.x0, 0), right), y0: min(max(old.y0, 0), bottom),
                x1: min(max(old.x1, 0), right), y1: min(max(old.y1, 0), bottom))
            return clipped
        }
    }

    /// Moves points, and boxes that cannot be measured again, to where a transform moves their pixels.
    ///
    /// A box becomes the box around its four moved corners. Boxes whose object is in a map wait for ``remeasureBoxes()``.
    ///
    /// - Parameter map: From a position before the transform to the position after it.
    mutating func movePoints(_ map: (Double, Double) -> (Double, Double)) {
        for index in points.indices {
            let (x, y) = map(Double(points[index].prompt.x), Double(points[index].prompt.y))
            points[index].prompt.x = Float(x)
            points[index].prompt.y = Float(y)
        }
        for index in boxes.indices where !isMeasured(boxes[index].object) {
            guard let old = boxes[index].prompt else { continue }
            let (x0, x1) = (Double(old.x0), Double(old.x1))
            let (y0, y1) = (Double(old.y0), Double(old.y1))
            let corners = [map(x0, y0), map(x1, y0), map(x0, y1), map(x1, y1)]
            var box = BoxPrompt(x0: .infinity, y0: .infinity, x1: -.infinity, y1: -.infinity)
            for (x, y) in corners {
                box.x0 = min(box.x0, Float(x))
                box.x1 = max(box.x1, Float(x))
                box.y0 = min(box.y0, Float(y))
                box.y1 = max(box.y1, Float(y))
            }
            boxes[index].prompt = box
        }
    }

    /// Gives every prompt the slice that its slice becomes when the sequence of slices is reversed.
    mutating func reversePromptSlices() {
        for index in points.indices {
            points[index].slice = extent.slices - 1 - points[index].slice
        }
        for index in boxes.indices { boxes[index].slice = extent.slices - 1 - boxes[index].slice }
    }

    /// Whether there is a map in which a box can be measured.
    private func isMeasured(_ object: Box.Object) -> Bool {
        switch object {
        case .label: labels != nil
        case .instance: instances != nil
        case .unknown: false
        }
    }

    /// Measures the boxes around labels and instances on the maps as they are now; `nil` where nothing is left.
    ///
    /// - Complexity: One pass over the maps of each slice that has such a box.
    mutating func remeasureBoxes() {
        measure(labels) { if case .label(let id) = $0 { id } else { nil } }
        measure(instances) { if case .instance(let id) = $0 { id } else { nil } }
    }

    private mutating func measure<Value: FixedWidthInteger & UnsignedInteger>(
        _ map: [Value]?, id: (Box.Object) -> Value?
    ) {
        guard let map else { return }
        var wanted: [Int: [Value: BoxPrompt?]] = [:]
        for box in boxes where box.slice >= 0 && box.slice < extent.slices {
            if let id = id(box.object) {
                wanted[box.slice, default: [:]].updateValue(nil, forKey: id)
            }
        }
        for slice in wanted.keys {
            let plane = slice * extent.planeCount..<(slice + 1) * extent.planeCount
            map.withUnsafeBufferPointer { map in
                LabelBounds.measure(
                    .init(rebasing: map[plane]), columns: extent.columns,
                    boxes: &wanted[slice, default: [:]])
            }
        }
        for index in boxes.indices {
            if let id = id(boxes[index].object) {
                boxes[index].prompt = wanted[boxes[index].slice]?[id] ?? nil
            }
        }
    }
}
