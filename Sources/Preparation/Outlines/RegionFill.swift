/// Collects the pixels of one region in a window.
struct RegionFill {
    let index: OutlineIndex
    let rule: PolygonRule

    /// Replaces the runs in the scratch by those of the region, in columns and rows of the frame.
    ///
    /// Runs do not overlap; they are in no stated order within a row.
    func collect(_ number: Int, in frame: WindowFrame, scratch: inout OutlineScratch) {
        scratch.runs.count = 0
        let region = index.regions[number]
        guard !region.rings.isEmpty, let part = frame.part(around: region.bounds) else { return }
        let worksAlongRows = rule == .pixelCentre || rule.laterWins
        if worksAlongRows, region.rings.count == 1 {
            collectRuns(ring: region.rings.lowerBound, in: part, scratch: &scratch)
        } else {
            scratch.mask.reset(count: part.width * part.height, to: 0)
            for ring in region.rings {
                fill(ring, with: ring == region.rings.lowerBound ? 1 : 0, part, &scratch)
            }
            collectRuns(of: part, scratch: &scratch)
        }
        let right = Int32(truncatingIfNeeded: part.x - frame.x)
        let down = Int32(truncatingIfNeeded: part.y - frame.y)
        guard right != 0 || down != 0 else { return }
        for n in 0..<scratch.runs.count {
            scratch.runs.memory[n].row &+= down
            scratch.runs.memory[n].start &+= right
            scratch.runs.memory[n].end &+= right
        }
    }

    /// The runs of one ring by a rule that works along rows.
    private func collectRuns(
        ring: Int, in part: WindowFrame, scratch: inout OutlineScratch
    ) {
        let ring = index.rings[ring]
        let crossings = RowCrossings(index: index, ring: ring, frame: part)
        switch rule {
        case .asap:
            crossings.find(offset: 0, isLeftOnEdge: true, into: &scratch)
        case .asapProgram:
            crossings.findAsProgram(into: &scratch)
        default:
            crossings.find(offset: 0.5, isLeftOnEdge: false, into: &scratch)
        }
        scratch.makeRuns(rows: part.height, width: part.width, winding: rule.laterWins)
        if rule.laterWins { trim(to: ring, in: part, scratch: &scratch) }
    }

    /// Leaves out what does not lie strictly inside the box around the vertices.
    private func trim(
        to ring: OutlineIndex.Ring, in part: WindowFrame, scratch: inout OutlineScratch
    ) {
        func coordinate(_ value: Double) -> Double {
            rule == .asapProgram ? Double(Float(value)) : value
        }
        let left = floorInt(coordinate(part.column(ring.bounds.x0))) + 1 - part.x
        let right = ceilInt(coordinate(part.column(ring.bounds.x1))) - part.x
        let top = floorInt(coordinate(part.row(ring.bounds.y0))) + 1 - part.y
        let bottom = ceilInt(coordinate(part.row(ring.bounds.y1))) - part.y
        var kept = 0
        for n in 0..<scratch.runs.count {
            var run = scratch.runs.memory[n]
            run.start = Int32(max(left, Int(run.start)))
            run.end = Int32(min(right, Int(run.end)))
            guard run.start < run.end, run.row >= top, run.row < bottom else { continue }
            scratch.runs.memory[kept] = run
            kept += 1
        }
        scratch.runs.count = kept
    }

    /// Sets one ring's pixels in the mask.
    private func fill(
        _ number: Int, with value: UInt8, _ part: WindowFrame, _ scratch: inout OutlineScratch
    ) {
        let crossings = RowCrossings(index: index, ring: index.rings[number], frame: part)
        switch rule {
        case .pixelCentre, .asap, .asapProgram:
            scratch.runs.count = 0
            collectRuns(ring: number, in: part, scratch: &scratch)
            drawRuns(value, part, &scratch)
        case .skimage:
            for ends in [RowCrossings.Ends.upper, .lower] {
                scratch.runs.count = 0
                crossings.find(ends: ends, into: &scratch)
                scratch.makeRuns(rows: part.height, width: part.width, winding: false)
                drawRuns(value, part, &scratch)
            }
            drawVertices(crossings, value, scratch.mask.memory)
        case .poly2mask:
            FifthsFill(crossings: crossings).fill(with: value, scratch: &scratch)
        case .opencv:
            FixedPointFill(crossings: crossings).fill(with: value, scratch: &scratch)
        }
    }

    private func drawRuns(_ value: UInt8, _ part: WindowFrame, _ scratch: inout OutlineScratch) {
        for n in 0..<scratch.runs.count {
            let run = scratch.runs.memory[n]
            (scratch.mask.memory + (Int(run.row) * part.width + Int(run.start)))
                .update(repeating: value, count: Int(run.end - run.start))
        }
    }

    /// Sets pixels whose index is a vertex, within 1e-12.
    private func drawVertices(
        _ crossings: RowCrossings, _ value: UInt8, _ mask: UnsafeMutablePointer<UInt8>
    ) {
        let part = crossings.frame
        crossings.forEachEdge { edge in
            // Of every vertex, as the end of an edge; band lists hold all edges that touch their rows.
            for (x, y) in [(edge.x0, edge.y0), (edge.x1, edge.y1)] {
                let column = part.column(x)
                let row = part.row(y)
                let nearColumn = column.rounded()
                let nearRow = row.rounded()
                guard abs(column - nearColumn) < 1e-12, abs(row - nearRow) < 1e-12 else { continue }
                let (i, j) = (Int(nearColumn) - part.x, Int(nearRow) - part.y)
                guard i >= 0, i < part.width, j >= 0, j < part.height else { continue }
                mask[j * part.width + i] = value
            }
        }
    }

    /// The runs of the mask.
    private func collectRuns(of part: WindowFrame, scratch: inout OutlineScratch) {
        scratch.runs.count = 0
        let mask = UnsafeRawPointer(scratch.mask.memory)
        for row in 0..<part.height {
            let begin = row * part.width
            let end = begin + part.width
            var n = begin
            while n < end {
                if n + 8 <= end, mask.loadUnaligned(fromByteOffset: n, as: UInt64.self) == 0 {
                    n += 8
                    continue
                }
                if mask.load(fromByteOffset: n, as: UInt8.self) == 0 {
                    n += 1
                    continue
                }
                let start = n
                while n < end, mask.load(fromByteOffset: n, as: UInt8.self) != 0 { n += 1 }
                scratch.runs.append(
                    PixelRun(
                        row: Int32(truncatingIfNeeded: row),
                        start: Int32(truncatingIfNeeded: start - begin),
                        end: Int32(truncatingIfNeeded: n - begin)))
            }
        }
    }
}
