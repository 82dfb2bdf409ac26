/// What counts as the surface of a mask, and in which unit distances between surfaces are taken.
///
/// The choice moves published numbers more than most methods do; every ``Convention`` fixes it by name.
public struct SurfaceDefinition: Hashable, Sendable, CustomStringConvertible {
    /// The elements a surface consists of.
    public enum Elements: Hashable, Sendable {
        /// Voxels of the mask with a neighbour outside of the mask; every voxel weighs 1 (medpy, MONAI).
        case voxel(Connectivity)
        /// Lattice points between voxels, each weighing the length or area of its marching-squares or marching-cubes
        /// patch (surface-distance, DeepMind).
        case surfel
        /// Every voxel of the mask (SimpleITK's Hausdorff distance, scikit-image).
        case solid
    }

    /// Which voxels are neighbours.
    public enum Connectivity: String, Hashable, Sendable {
        /// Sharing a face: 4 in a picture, 6 in a volume.
        case face
        /// Sharing an edge: 8 in a picture, 18 in a volume.
        case edge
        /// Sharing a corner: 8 in a picture, 26 in a volume.
        case corner
    }

    /// What a mask is taken to do at the edge of the image; applies to ``Elements/voxel(_:)``.
    public enum ImageEdge: String, Hashable, Sendable {
        /// Outside of the image is outside of the mask: a mask that touches the edge has a surface there.
        case border
        /// Outside of the image counts as inside: a mask has no surface at the edge (seg-metrics, CHAOS).
        case open
    }

    /// The elements a surface consists of.
    public let elements: Elements
    /// What a mask is taken to do at the edge of the image.
    public let imageEdge: ImageEdge
    /// Whether distances are millimetres; otherwise the voxel spacing is ignored and they are voxels.
    public let usesSpacing: Bool

    /// Makes a definition.
    ///
    /// - Parameters:
    ///   - elements: The elements a surface consists of.
    ///   - imageEdge: What a mask is taken to do at the edge of the image.
    ///   - usesSpacing: Whether distances are millimetres.
    public init(_ elements: Elements, imageEdge: ImageEdge = .border, usesSpacing: Bool = true) {
        self.elements = elements
        self.imageEdge = imageEdge
        self.usesSpacing = usesSpacing
    }

    /// Border voxels by faces, image edge included, in millimetres: the default.
    public static let voxel = SurfaceDefinition(.voxel(.face))
    /// Lattice points weighted by their patch, in millimetres.
    public static let surfel = SurfaceDefinition(.surfel)

    /// The definition in a few words, for example `voxel (face), image edge is border, mm`.
    public var description: String {
        let name =
            switch elements {
            case .voxel(let connectivity): "voxel (\(connectivity.rawValue))"
            case .surfel: "surfel"
            case .solid: "solid"
            }
        let edge =
            if case .voxel = elements {
                imageEdge == .border ? ", image edge is border" : ", image edge is open"
            } else { "" }
        return name + edge + (usesSpacing ? ", mm" : ", voxels")
    }
}
