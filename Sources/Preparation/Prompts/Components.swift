/// Connected components of a region, by flood fill over runs of pixels; linear in the region's box.
enum Components {
    static func split(_ region: Region, diagonal: Bool) -> [Region] {
        let width = region.paddedWidth
        var left = region.padded
        var parts: [Region] = []
        var stack: [Int] = []
        let near = [1, -1, width, -width]
        let steps = diagonal ? near + [width + 1, width - 1, -width + 1, -width - 1] : near
        // The ring of background makes every step stay inside the array.
        for seed in left.indices where left[seed] == 1 {
            var pixels: [Int] = []
            left[seed] = 0
            stack.append(seed)
            var (x0, y0, x1, y1) = (Int.max, Int.max, -1, -1)
            while let pixel = stack.popLast() {
                pixels.append(pixel)
                let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
                x0 = min(x0, x)
                x1 = max(x1, x)
                y0 = min(y0, y)
                y1 = max(y1, y)
                for step in steps where left[pixel + step] == 1 {
                    left[pixel + step] = 0
                    stack.append(pixel + step)
                }
            }
            let partWidth = x1 - x0 + 3
            var padded = [UInt8](repeating: 0, count: partWidth * (y1 - y0 + 3))
            for pixel in pixels {
                let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
                padded[(y - y0 + 1) * partWidth + x - x0 + 1] = 1
            }
            parts.append(
                Region(
                    label: region.label, component: parts.count + 1, x0: region.x0 + x0 - 1,
                    y0: region.y0 + y0 - 1, x1: region.x0 + x1 - 1, y1: region.y0 + y1 - 1,
                    area: pixels.count, padded: padded))
        }
        return parts
    }
}
