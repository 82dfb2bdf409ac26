// fill-patches OUTLINES.xml PATCHES SIDE
//
// Fills the tumour outlines of a slide, less its holes, under each patch of a list, into memory that is used again. `work`
// counts building the index and filling; `reading` the XML. `area` is the number of tumour pixels in all patches.

import ArrayFiles
import ProcessorTime
import SamplePreparation
import SlideAnnotations

let usage = "fill-patches OUTLINES.xml PATCHES SIDE"
var line = Words(words(usage: usage), usage: usage)
let path = line.text()
let places = PatchList(path: line.text()).places
let side = line.count()

let first = processorTime()
let selected = try SlideAnnotation.read(path: path).selection(
    groups: ["tumor"], backgroundGroups: ["exclusion"])
let start = processorTime()
let mask = OutlineMask(areas: selected.foregroundPolygons, exclusions: selected.backgroundPolygons)
let pixels = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: side * side)
var (area, positive) = (0, 0)
for place in places {
    let found = mask.fill(
        PatchWindow(x: place.x, y: place.y, width: side, height: side), into: pixels)
    area += found
    positive += found > 0 ? 1 : 0
}
let work = processorTime() - start
print(
    "{\"area\": \(area), \"patches\": \(positive), \"reading\": \(decimals(start - first)), "
        + "\"work\": \(decimals(work))}")
