import MedicalImaging

/// A small synthetic set of whole slides in the manner of Camelyon: three lymph node slides of two patients, no download.
///
/// Pieces of lymph node with capsule, follicles, sinuses and vessels, fat, tumors of large pale nuclei, holes of normal
/// tissue in tumors, a fold, a pen mark beside the tissue, glass. It says nothing about patients.
///
/// Every bit is a function of the seed and the position alone: a tile computed alone has the bits that it has in the whole,
/// and every machine makes the same bytes (only + - * / and square root).
///
/// | case | pixels | tumors | holes | groups |
/// |---|---|---|---|---|
/// | patient_001_node_1 | 4096 x 3072 | 3 | 1 | `_0`, `_2` |
/// | patient_001_node_2 | 3072 x 2304 | | | no annotation |
/// | patient_002_node_1 | 3500 x 2700 | 2 | 2 | `metastases`, `normal` |
public struct SlidePhantom: Hashable, Sendable {
    /// The names of the cases, in order.
    public static let caseIDs: [String] = SlideProfile.all.map(\.id)

    /// Micrometres per pixel of every case.
    public static let micronsPerPixel = 0.5

    /// The seed: another one gives three other slides of the same sizes.
    public let seed: UInt64

    /// Makes a phantom; nothing is computed yet.
    ///
    /// - Parameter seed: The default gives the embedded sample whose digests the tests hold.
    public init(seed: UInt64 = 2016) { self.seed = seed }

    /// Prepares one slide; no pixel is computed yet.
    ///
    /// - Parameter id: One of ``caseIDs``; anything else is a programmer's mistake and stops the process.
    /// - Returns: The slide; a few hundred kilobytes.
    public func slide(_ id: String) -> SyntheticSlide {
        guard let profile = SlideProfile.all.first(where: { $0.id == id }) else {
            preconditionFailure(
                "no case \(id): the phantom has \(Self.caseIDs.joined(separator: ", "))")
        }
        return SyntheticSlide(profile, seed: seed)
    }
}
