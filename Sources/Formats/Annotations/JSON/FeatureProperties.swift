/// What the properties of a feature tell, in the names that QuPath writes.
struct FeatureProperties {
    var name = ""
    /// The class; parts of a compound class are joined as QuPath joins them.
    var group = ""
    var color: AnnotationColor?
    /// Our own addition, for regions that a format without classes marks as cut out.
    var isNegative = false

    init() {}

    init(_ cursor: inout JSONCursor) throws(Complaint) {
        var members = try cursor.object()
        while let key = try cursor.nextKey(in: &members) {
            switch key {
            case "name" where cursor.peek() == UInt8(ascii: "\""): name = try cursor.string()
            case "classification" where cursor.peek() == UInt8(ascii: "\""):
                group = try cursor.string()
            case "classification" where cursor.peek() == UInt8(ascii: "{"):
                try classification(&cursor)
            case "isNegative":
                if let value = cursor.bool() { isNegative = value } else { try cursor.skip() }
            default: try cursor.skip()
            }
        }
    }

    func declare(in collector: inout RegionCollector) { collector.declare(group, color: color) }

    /// `{"name": "Tumor", "color": [200, 0, 0]}`, in older files `colorRGB` with a signed number, in newer ones also `names`.
    private mutating func classification(_ cursor: inout JSONCursor) throws(Complaint) {
        var members = try cursor.object()
        while let key = try cursor.nextKey(in: &members) {
            switch (key, cursor.peek()) {
            case ("name", UInt8(ascii: "\"")): group = try cursor.string()
            case ("names", UInt8(ascii: "[")):
                var names: [String] = []
                var list = try cursor.list()
                while try cursor.next(in: &list) { names.append(try cursor.string()) }
                if group.isEmpty { group = names.joined(separator: ": ") }
            case ("color", UInt8(ascii: "[")):
                var values: [Double] = []
                var list = try cursor.list()
                while try cursor.next(in: &list) {
                    let value = try cursor.number()
                    if values.count < 4 { values.append(value) }
                }
                color = Self.color(values)
            case ("colorRGB", let byte?) where byte != UInt8(ascii: "n"):
                let value = try cursor.number()
                guard let number = Int32(exactly: value) else { break }
                color = AnnotationColor(rgb: UInt32(bitPattern: number))
            default: try cursor.skip()
            }
        }
    }

    private static func color(_ values: [Double]) -> AnnotationColor? {
        guard values.count == 3, let red = UInt8(exactly: values[0]),
            let green = UInt8(exactly: values[1]), let blue = UInt8(exactly: values[2])
        else { return nil }
        return AnnotationColor(red: red, green: green, blue: blue)
    }
}
