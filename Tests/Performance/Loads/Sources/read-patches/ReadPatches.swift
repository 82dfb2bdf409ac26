// read-patches SLIDE PATCHES SIDE THREADS [--check]
//
// Reads the patches of a list from level 0 into memory that is used again. Sums one byte of each; with --check the Adler-32 of
// all pixels, in the order of the list. `work` counts opening and reading.

import ArrayFiles
import Dispatch
import Glibc
import ProcessorTime
import Synchronization
import WholeSlides

let usage = "read-patches SLIDE PATCHES SIDE THREADS [--check]"
let given = words(usage: usage)
let checks = given.last == "--check"
var line = Words(given, usage: usage)
let path = line.text()
let places = PatchList(path: line.text()).places
let side = line.count()
let threads = line.count()
let bytes = side * side * 3

let start = processorTime()
let slide = try WholeSlide(path: path)
if checks {
    var sum = Adler32()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    for place in places {
        _ = try slide.read(
            level: 0, x: place.x, y: place.y, width: side, height: side, into: memory)
        sum.add(UnsafeRawBufferPointer(memory))
    }
    print("{\"patches\": \(places.count), \"adler32\": \(sum.value)}")
    exit(0)
}
let total = Atomic<Int>(0)
let next = Atomic<Int>(0)
DispatchQueue.concurrentPerform(iterations: threads) { _ in
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    defer { memory.deallocate() }
    while true {
        let n = next.add(1, ordering: .relaxed).oldValue
        guard n < places.count else { return }
        do {
            _ = try slide.read(
                level: 0, x: places[n].x, y: places[n].y, width: side, height: side, into: memory)
        } catch { fatalError("\(error)") }
        total.add(Int(memory[bytes / 2]), ordering: .relaxed)
    }
}
let work = processorTime() - start
print(
    "{\"patches\": \(places.count), \"bytes\": \(total.load(ordering: .relaxed)), "
        + "\"work\": \(decimals(work))}")
