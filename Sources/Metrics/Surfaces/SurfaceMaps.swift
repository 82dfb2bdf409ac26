import MedicalImaging
import Synchronization

/// The surface elements of both maps of a pair.
struct SurfaceMaps: Sendable {
    let prediction: SurfaceMap
    let reference: SurfaceMap

    init(
        _ pair: LabelPair, _ slots: LabelSlots, _ definition: SurfaceDefinition, jobs: Int
    ) {
        let maps = Mutex<(SurfaceMap?, SurfaceMap?)>((nil, nil))
        parallel(2, jobs: jobs) { () in
            { side in
                let map = Self.mark(
                    side == 0 ? pair.prediction : pair.reference, pair.grid, slots, definition)
                maps.withLock { if side == 0 { $0.0 = map } else { $0.1 = map } }
            }
        }
        let found = maps.withLock { $0 }
        let none = SurfaceMap(count: 0, withCodes: false)
        (prediction, reference) = (found.0 ?? none, found.1 ?? none)
    }

    private static func mark(
        _ map: [UInt8], _ grid: MaskGrid, _ slots: LabelSlots, _ definition: SurfaceDefinition
    ) -> SurfaceMap {
        map.withUnsafeBufferPointer { map in
            // A grid has at least one voxel.
            guard let map = map.baseAddress else { return SurfaceMap(count: 0, withCodes: false) }
            let isVolume = grid.dimensions == 3
            switch definition.elements {
            case .surfel:
                return SurfelMarking(shape: grid.shape, slots: slots, isVolume: isVolume)
                    .mark(map)
            case .solid:
                return BorderMarking(
                    shape: grid.shape, slots: slots, connectivity: .face, imageEdge: .open,
                    isVolume: isVolume
                ).markAll(map, columns: 0..<grid.shape.i)
            case .voxel(let connectivity):
                return BorderMarking(
                    shape: grid.shape, slots: slots, connectivity: connectivity,
                    imageEdge: definition.imageEdge, isVolume: isVolume
                ).mark(map)
            }
        }
    }
}
