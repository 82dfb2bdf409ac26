/// The path of an object inside a file, split into link names.
struct ObjectPath: Hashable {
    /// The link names from the root; empty for the root.
    let components: [String]

    /// Splits a path; a leading, a trailing or a doubled slash means nothing.
    ///
    /// - Returns: `nil` for a name the library would read differently: `.`, or one with a zero character.
    init?(_ path: String) {
        let components = path.split(separator: "/").map(String.init)
        guard components.allSatisfy({ $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else {
            return nil
        }
        self.components = components
    }

    private init(components: [String]) { self.components = components }

    /// The path with one leading slash.
    var key: String { "/" + components.joined(separator: "/") }

    /// The path of the group that holds the object; the root is its own parent.
    var parent: ObjectPath { ObjectPath(components: components.dropLast()) }
}
