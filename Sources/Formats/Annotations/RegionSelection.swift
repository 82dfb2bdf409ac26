public import MedicalImaging

/// The regions of one class, told apart by their groups.
///
/// A mask is the union of ``foreground`` without the union of ``background``, whatever the order in the file.
public struct RegionSelection: Hashable, Sendable {
    /// Regions that belong to the class, in the order of the document.
    public var foreground: [AnnotatedRegion] = []
    /// Regions cut out of it, in the order of the document.
    public var background: [AnnotatedRegion] = []
    /// Regions of groups that neither list names, in the order of the document.
    public var unlisted: [AnnotatedRegion] = []
    /// The groups of ``unlisted``, each once; an empty text stands for regions without a group.
    ///
    /// A caller must not pass over these: a group under another name makes an empty mask.
    public var unlistedGroups: [String] = []

    /// The outlines that belong to the class.
    public var foregroundPolygons: [PlanePolygon] { foreground.map(\.polygon) }
    /// The outlines cut out of it.
    public var backgroundPolygons: [PlanePolygon] { background.map(\.polygon) }
}

extension SlideAnnotation {
    /// Groups that regions name but the file does not declare, each once; ASAP refuses such a file.
    public var undeclaredGroups: [String] {
        var known = Set(groups)
        known.insert("")
        return regions.compactMap { known.insert($0.group).inserted ? $0.group : nil }
    }

    /// Tells regions apart by the group lists of a dataset card.
    ///
    /// Groups are compared without regard to case and white space around them. A group in neither list counts as the group it is part
    /// of, if the file says so; in a file that declares no groups, a region without one counts by its name, as in ASAP's converter.
    /// What the file itself marks as cut out is background, and NCRF's list `positive` is foreground, whatever the lists say.
    ///
    /// - Parameters:
    ///   - foreground: Names of groups that belong to the class, as in the card's `groups`.
    ///   - background: Names of groups cut out of it, as in the card's `backgroundGroups`.
    /// - Returns: The regions, each in one of three lists.
    public func selection(
        groups foreground: [String], backgroundGroups background: [String] = []
    ) -> RegionSelection {
        let wanted = Set(foreground.map(Self.key))
        let cut = Set(background.map(Self.key))
        var selection = RegionSelection()
        var sides: [String: Side?] = [:]
        var reported: Set<String> = []
        for region in regions {
            let title = region.group.isEmpty && groups.isEmpty ? region.name : region.group
            let side: Side?
            if region.isNegative {
                side = .background
            } else if format == .ncrfJSON {
                side = .foreground
            } else if let known = sides[title] {
                side = known
            } else {
                side = self.side(of: title, wanted: wanted, cut: cut)
                sides[title] = .some(side)
            }
            switch side {
            case .foreground: selection.foreground.append(region)
            case .background: selection.background.append(region)
            case nil:
                selection.unlisted.append(region)
                if reported.insert(title).inserted { selection.unlistedGroups.append(title) }
            }
        }
        return selection
    }

    private enum Side {
        case foreground
        case background
    }

    /// The side of a group or of the nearest group around it; groups that are part of each other end the search.
    private func side(of group: String, wanted: Set<String>, cut: Set<String>) -> Side? {
        var name: String? = group
        var steps = 0
        while let current = name, steps <= parentGroups.count {
            let key = Self.key(current)
            if wanted.contains(key) { return .foreground }
            if cut.contains(key) { return .background }
            name = parentGroups[current]
            steps += 1
        }
        return nil
    }

    private static func key(_ name: String) -> String {
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = name.drop(while: isSpace)
        return String(start.reversed().drop(while: isSpace).reversed()).lowercased()
    }
}
