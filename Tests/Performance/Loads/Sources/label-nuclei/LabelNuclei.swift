// label-nuclei IMAGE.tif OUTLINES.xml COUNT
//
// COUNT times from the files to pixels, instance map, boxes and centre points of all nuclei. `work` is that of one time.
// Check sums: of the centres (x*7 + y), of the boxes (x0 + 3*y0 + 5*x1 + 7*y1), of the pixels and of the covered area.

import ArrayFiles
import MedicalImaging
import ProcessorTime
import SamplePreparation
import SlideAnnotations
import WholeSlides

/// One image, and what its steps cost: reading pixels, reading XML, filling, prompts.
struct LabelledImage {
    let picture: RGBPixels
    let ids: [UInt32]
    let contested: Int
    let records: [PromptRecord]
    let times: [Double]

    init(image: String, outlines: String, drawer: PromptDrawer) throws {
        var times = [processorTime()]
        let slide = try WholeSlide(path: image)
        let (width, height) = (slide.levels[0].width, slide.levels[0].height)
        picture = try slide.read(level: 0, x: 0, y: 0, width: width, height: height)
        times.append(processorTime())
        let annotation = try SlideAnnotation.read(path: outlines)
        times.append(processorTime())
        let rasteriser = OutlineRasteriser(annotation.regions.map(\.polygon))
        var contested = 0
        ids = [UInt32](unsafeUninitializedCapacity: width * height) { buffer, filled in
            contested = rasteriser.fillInstances(
                PatchWindow(width: width, height: height),
                into: UnsafeMutableBufferPointer(rebasing: buffer[0..<width * height]))
            filled = width * height
        }
        self.contested = contested
        times.append(processorTime())
        let labels = LabelSlice(rows: height, columns: width, samples: ids.map { $0 == 0 ? 0 : 1 })
        let map = InstanceMap(width: width, height: height, ids: ids)
        records = drawer.records(of: labels, instances: map, sliceIndex: 0)
        times.append(processorTime())
        self.times = zip(times.dropFirst(), times).map { $0 - $1 }
    }

    var told: String {
        var (centres, boxes) = (0, 0)
        for prompt in records.flatMap(\.prompts) {
            switch prompt {
            case .box(let box):
                boxes += Int(box.x0) + 3 * Int(box.y0) + 5 * Int(box.x1) + 7 * Int(box.y1)
            case .points(let points): centres += 7 * Int(points[0].x) + Int(points[0].y)
            }
        }
        let sum = picture.samples.reduce(0) { $0 + Int($1) }
        return "\"objects\": \(records.count), \"area\": \(ids.count { $0 != 0 }), "
            + "\"contested\": \(contested), \"pixels\": \(sum), \"centres\": \(centres), \"boxes\": \(boxes)"
    }
}

let usage = "label-nuclei IMAGE.tif OUTLINES.xml COUNT"
var line = Words(words(usage: usage), usage: usage)
let (image, outlines) = (line.text(), line.text())
let count = line.count()
let drawer = PromptDrawer(recipe: PromptRecipe(kinds: [.box, .centre]), caseSeed: 0)

var told = ""
var parts = [0.0, 0.0, 0.0, 0.0]
for _ in 0..<count {
    let found = try LabelledImage(image: image, outlines: outlines, drawer: drawer)
    for n in parts.indices { parts[n] += found.times[n] / Double(count) }
    if told.isEmpty { told = found.told }
}
print(
    "{\(told), \"read\": \(decimals(parts[0])), \"parse\": \(decimals(parts[1])), "
        + "\"fill\": \(decimals(parts[2])), \"prompts\": \(decimals(parts[3])), "
        + "\"work\": \(decimals(parts[0] + parts[1] + parts[2] + parts[3]))}")
