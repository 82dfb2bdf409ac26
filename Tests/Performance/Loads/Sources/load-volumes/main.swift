// load-volumes [--check] FILE ...    reads each volume and forgets it; --check also prints min, max and sum of the voxels

import MedicalImaging
import NIfTI
import ProcessorTime

var files = words(usage: "load-volumes [--check] FILE ...")
let checks = files.first == "--check"
if checks { files.removeFirst() }
let start = processorTime()
for file in files {
    let image = try NIfTIFile(path: file).readImage()
    guard checks else { continue }
    guard case .int16(let volume) = image else { fatalError("\(file): found \(image.sampleType)") }
    var (low, high, sum) = (Int16.max, Int16.min, 0)
    for value in volume.samples {
        low = min(low, value)
        high = max(high, value)
        sum += Int(value)
    }
    print(low, high, sum)
}
print("{\"files\": \(files.count), \"work\": \(decimals(processorTime() - start))}")
