/// Reads the tags of plain documents much faster than expat, and gives up at the first byte it is not made for.
///
/// Plain is what programs write: an optional XML declaration in UTF-8, tags with quoted printable ASCII values, and nothing but
/// white space between them. Every reference, comment, text, CDATA section, other encoding and every mistake is left to expat,
/// which starts from the beginning; so errors and rare forms have one reader, and both see the same events before that place.
struct PlainTagScanner {
    enum Outcome {
        case finished
        /// The handler asked to stop, at this byte.
        case stopped(Int)
        case gaveUp
    }

    private enum ByteClass {
        static let name: UInt8 = 1
        static let nameStart: UInt8 = 2
        static let value: UInt8 = 4
        static let space: UInt8 = 8
    }

    /// Events given to the handlers.
    private(set) var delivered = 0
    private var open: [XMLText] = []
    private let depthLimit: Int

    init(depthLimit: Int) { self.depthLimit = depthLimit }

    /// Reads a document; see ``XMLReader/tags(of:document:limits:start:end:)`` for the handlers.
    mutating func scan(
        _ document: UnsafeBufferPointer<UInt8>, start: (XMLTag) -> Bool, end: (XMLText) -> Bool
    ) -> Outcome {
        guard let base = document.baseAddress else { return .gaveUp }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { classes in
            Self.fill(classes)
            return withUnsafeTemporaryAllocation(of: XMLTag.Attribute.self, capacity: 32) { room in
                scan(
                    from: base + Self.declarationLength(document), to: base + document.count,
                    base: base, classes: UnsafeBufferPointer(classes), room: room, start: start,
                    end: end)
            }
        }
    }

    private mutating func scan(
        from first: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>,
        base: UnsafePointer<UInt8>, classes: UnsafeBufferPointer<UInt8>,
        room: UnsafeMutableBufferPointer<XMLTag.Attribute>, start: (XMLTag) -> Bool,
        end: (XMLText) -> Bool
    ) -> Outcome {
        var place = first
        var rootClosed = false
        while true {
            place = Self.skip(ByteClass.space, place, limit, classes)
            if place == limit { return rootClosed ? .finished : .gaveUp }
            guard place.pointee == UInt8(ascii: "<"), place + 1 < limit, !rootClosed else {
                return .gaveUp
            }
            let tagPlace = place
            place += 1
            if place.pointee == UInt8(ascii: "/") {
                place += 1
                let nameStart = place
                place = Self.skip(ByteClass.name, place, limit, classes)
                let name = XMLText(start: nameStart, count: place - nameStart)
                place = Self.skip(ByteClass.space, place, limit, classes)
                guard place < limit, place.pointee == UInt8(ascii: ">"), let opened = open.last,
                    opened.isEqual(to: name)
                else { return .gaveUp }
                place += 1
                open.removeLast()
                delivered += 1
                guard end(name) else { return .stopped(tagPlace - base) }
            } else {
                guard
                    let (tag, next, isEmpty) = Self.tag(
                        from: place, to: limit, classes: classes, room: room),
                    open.count < depthLimit
                else { return .gaveUp }
                place = next
                delivered += 1
                guard start(tag) else { return .stopped(tagPlace - base) }
                if isEmpty {
                    delivered += 1
                    guard end(tag.name) else { return .stopped(tagPlace - base) }
                } else {
                    open.append(tag.name)
                }
            }
            rootClosed = open.isEmpty
        }
    }

    /// The start tag whose name begins at a place; `nil` when it is not plain.
    private static func tag(
        from first: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>,
        classes: UnsafeBufferPointer<UInt8>,
        room: UnsafeMutableBufferPointer<XMLTag.Attribute>
    ) -> (tag: XMLTag, next: UnsafePointer<UInt8>, isEmpty: Bool)? {
        var place = first
        guard classes[Int(place.pointee)] & ByteClass.nameStart != 0 else { return nil }
        place = skip(ByteClass.name, place, limit, classes)
        let name = XMLText(start: first, count: place - first)
        var count = 0
        while true {
            let gap = place
            place = skip(ByteClass.space, place, limit, classes)
            guard place < limit else { return nil }
            if place.pointee == UInt8(ascii: ">") || place.pointee == UInt8(ascii: "/") { break }
            let nameStart = place
            guard place > gap, count < room.count,
                classes[Int(place.pointee)] & ByteClass.nameStart != 0
            else { return nil }
            place = skip(ByteClass.name, place, limit, classes)
            let key = XMLText(start: nameStart, count: place - nameStart)
            // White space around the equals sign is legal and never written.
            guard limit - place >= 2, place.pointee == UInt8(ascii: "=") else { return nil }
            let quote = place[1]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            place += 2
            let valueStart = place
            while place < limit, place.pointee != quote {
                guard classes[Int(place.pointee)] & ByteClass.value != 0 else { return nil }
                place += 1
            }
            guard place < limit else { return nil }
            let value = XMLText(start: valueStart, count: place - valueStart)
            place += 1
            for earlier in room[..<count] where earlier.name.isEqual(to: key) { return nil }
            room.initializeElement(at: count, to: XMLTag.Attribute(name: key, value: value))
            count += 1
        }
        let isEmpty = place.pointee == UInt8(ascii: "/")
        if isEmpty {
            place += 1
            guard place < limit, place.pointee == UInt8(ascii: ">") else { return nil }
        }
        let attributes = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(room)[..<count])
        return (XMLTag(name: name, attributes: attributes), place + 1, isEmpty)
    }

    @inline(__always)
    private static func skip(
        _ kind: UInt8, _ first: UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var place = first
        while place < limit, classes[Int(place.pointee)] & kind != 0 { place += 1 }
        return place
    }

    /// How many bytes an XML declaration takes that changes nothing; 0 when there is another one or none.
    private static func declarationLength(_ document: UnsafeBufferPointer<UInt8>) -> Int {
        let declarations: [StaticString] = [
            "<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
        ]
        for declaration in declarations where document.count > declaration.utf8CodeUnitCount {
            let piece = document[..<declaration.utf8CodeUnitCount]
            if XMLText(bytes: UnsafeBufferPointer(rebasing: piece)) == declaration {
                return declaration.utf8CodeUnitCount
            }
        }
        return 0
    }

    private static func fill(_ classes: UnsafeMutableBufferPointer<UInt8>) {
        classes.initialize(repeating: 0)
        for byte in [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        {
            classes[Int(byte)] |= ByteClass.space
        }
        // Tab and line feed in a value become blanks, `<` is an error and `&` a reference: all left to expat.
        for byte in UInt8(ascii: " ")...UInt8(ascii: "~")
        where byte != UInt8(ascii: "<") && byte != UInt8(ascii: "&") {
            classes[Int(byte)] |= ByteClass.value
        }
        let letters = [
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_")...UInt8(ascii: "_"),
        ]
        for byte in letters.joined() {
            classes[Int(byte)] |= ByteClass.nameStart | ByteClass.name
        }
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { classes[Int(byte)] |= ByteClass.name }
        classes[Int(UInt8(ascii: "-"))] |= ByteClass.name
        classes[Int(UInt8(ascii: "."))] |= ByteClass.name
    }
}
