import SafeFiles
import SampleStore

/// How far the preparation of a store is.
public struct StoreStatus: Codable, Hashable, Sendable {
    /// The schema of the JSON form.
    public var schema = "samdata.status/1"
    /// Units of the plan.
    public var units: Int
    /// Finished units.
    public var done: Int
    /// Units without a record.
    public var missing: [String]
    /// Units whose record says why they failed: id and reason.
    public var failed: [String: String]
    /// Units made by another plan.
    public var stale: [String]
    /// Units whose record and file do not fit: id and reason.
    public var damaged: [String: String]
    /// Temporary files that interrupted runs left.
    public var temporaries: [String]
    /// Whether the manifest is there.
    public var hasManifest: Bool
    /// For each shard, its finished and its planned units; empty when no shard count was given.
    public var shards: [[Int]]

    /// Looks at a store.
    ///
    /// - Parameters:
    ///   - layout: The store.
    ///   - shardCount: The number of shards to report on; 0 for none.
    /// - Throws: `StoreError` when the folder has no plan.
    public init(of layout: StoreLayout, shards shardCount: Int = 0) throws {
        let plan = try PreparePlan.require(layout)
        units = plan.units.count
        done = 0
        missing = []
        failed = [:]
        stale = []
        damaged = [:]
        var finished: Set<String> = []
        for unit in plan.units {
            switch try UnitState(of: unit, plan: plan, layout: layout, rehashes: false) {
            case .finished: finished.insert(unit.id)
            case .missing: missing.append(unit.id)
            case .failed(let reason): failed[unit.id] = reason
            case .stale: stale.append(unit.id)
            case .damaged(let reason): damaged[unit.id] = reason
            }
        }
        done = finished.count
        temporaries = try StoreCleaning.temporaries(in: layout)
        hasManifest = Folders.isFile(layout.manifest)
        shards = (0..<shardCount).map { index in
            let mine = plan.shard(index, of: shardCount)
            return [mine.count { finished.contains($0.id) }, mine.count]
        }
    }
}

/// Removal of what interrupted runs left behind.
public enum StoreCleaning {
    /// The temporary files in a store.
    ///
    /// - Parameter layout: The store.
    /// - Returns: Paths below the store's root, sorted.
    /// - Throws: `FileError` when a folder cannot be read.
    public static func temporaries(in layout: StoreLayout) throws -> [String] {
        var found: [String] = []
        for (folder, prefix) in [
            (layout.root, ""), (layout.cases, "cases/"), (layout.units, "units/"),
        ]
        where Folders.isFolder(folder) {
            found += try Folders.names(in: folder)
                .filter { $0.contains(AtomicFile.temporaryMarker) }.map { prefix + $0 }
        }
        return found.sorted()
    }

    /// Case files and records that the plan does not know.
    ///
    /// - Parameter layout: The store.
    /// - Returns: Paths below the store's root, sorted.
    /// - Throws: `StoreError` when the folder has no plan.
    public static func strangers(in layout: StoreLayout) throws -> [String] {
        let plan = try PreparePlan.require(layout)
        let known = Set(plan.units.map(\.id))
        var found: [String] = []
        for (folder, prefix, suffix) in [
            (layout.cases, "cases/", ".h5"), (layout.units, "units/", ".json"),
        ] where Folders.isFolder(folder) {
            for name in try Folders.names(in: folder)
            where name.hasSuffix(suffix) && !name.contains(AtomicFile.temporaryMarker)
                && !known.contains(String(name.dropLast(suffix.count)))
            {
                found.append(prefix + name)
            }
        }
        return found.sorted()
    }

    /// Removes files of a store.
    ///
    /// - Parameters:
    ///   - paths: Paths below the store's root.
    ///   - layout: The store.
    /// - Throws: `FileError` when one cannot be removed.
    public static func remove(_ paths: [String], in layout: StoreLayout) throws {
        for path in paths { try Folders.removeFile(try FilePath.join(layout.root, path)) }
    }
}
