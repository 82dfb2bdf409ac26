// list-headers DIR    opens every file of a folder and looks at its header: shape, spacing, affine

import NIfTI
import ProcessorTime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

let folder = words(usage: "list-headers DIR")[0]
let start = processorTime()
var names: [String] = []
guard let stream = opendir(folder) else { fatalError("\(folder): not a folder") }
while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasSuffix(".nii.gz") { names.append(name) }
}
closedir(stream)
var voxels = 0
var spacing = 0.0
for name in names {
    let file = try NIfTIFile(path: "\(folder)/\(name)")
    let grid = try file.grid()
    voxels += grid.shape.count
    spacing += grid.spacing.i + grid.spacing.j + grid.spacing.k
}
let milli = Int((spacing * 1000).rounded())
print(
    "{\"files\": \(names.count), \"voxels\": \(voxels), \"spacing\": \(milli), "
        + "\"work\": \(decimals(processorTime() - start))}")
