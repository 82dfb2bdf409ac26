// draw-prompts [--chamfer] LABEL.nii.gz    box and centre of every label in every axial slice as stored
//
// `work` counts cutting the slices and drawing, not reading the file. Two check sums: of the centres (x*7 + y) and of the
// boxes (x0 + 3*y0 + 5*x1 + 7*y1).

import MedicalImaging
import NIfTI
import ProcessorTime
import SamplePreparation

var arguments = words(usage: "draw-prompts [--chamfer] LABEL.nii.gz")
let centre: PromptKind = arguments.first == "--chamfer" ? .chamferCentre : .centre
let path = arguments[arguments.count - 1]
let labels = try NIfTIFile(path: path).readLabels { UInt8(exactly: $0) }
let shape = labels.shape
let pixels = shape.i * shape.j

let start = processorTime()
let drawer = PromptDrawer(recipe: PromptRecipe(kinds: [.box, centre]), caseSeed: 0)
var regions = 0
var centres = 0
var boxes = 0
for k in 0..<shape.k {
    let slice = LabelSlice(
        rows: shape.j, columns: shape.i,
        samples: Array(labels.samples[(k * pixels)..<((k + 1) * pixels)]))
    for record in drawer.records(of: slice, sliceIndex: k) {
        regions += 1
        for prompt in record.prompts {
            switch prompt {
            case .box(let box):
                boxes += Int(box.x0) + 3 * Int(box.y0) + 5 * Int(box.x1) + 7 * Int(box.y1)
            case .points(let points): centres += 7 * Int(points[0].x) + Int(points[0].y)
            }
        }
    }
}
print(
    "{\"regions\": \(regions), \"centres\": \(centres), \"boxes\": \(boxes), "
        + "\"work\": \(decimals(processorTime() - start))}")
