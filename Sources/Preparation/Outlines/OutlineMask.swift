import MedicalImaging

/// The mask of a slide's annotation: what the areas cover together, less what the exclusions cover together.
///
/// Exclusions cut into all areas, wherever they stand in the file. Under rules that draw in order the areas are drawn first
/// and the exclusions last, as the conversion order of Camelyon has it, which gives the same mask.
///
/// - Source: Camelyon16 and 17, groups `_0`, `_1`, `Tumor`, `metastases` as areas and `_2`, `Exclusion`, `normal` as
///   exclusions.
public struct OutlineMask: Sendable {
    /// What is covered.
    public let areas: OutlineRasteriser
    /// What is taken away.
    public let exclusions: OutlineRasteriser

    /// Prepares polygons for filling.
    ///
    /// - Parameters:
    ///   - areas: What is covered, in level-0 pixels.
    ///   - exclusions: What is taken away.
    ///   - rule: Which pixels a polygon covers.
    public init(
        areas: [PlanePolygon], exclusions: [PlanePolygon] = [], rule: PolygonRule = .pixelCentre
    ) {
        self.areas = OutlineRasteriser(areas, rule: rule)
        self.exclusions = OutlineRasteriser(exclusions, rule: rule)
    }

    /// Writes the mask of a window.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - mask: `width * height` bytes, all of them written: 0 or 1.
    /// - Returns: The number of pixels covered.
    /// - Complexity: O(*n*) in the pixels of the window and the edges that touch its rows; about 10 microseconds for 256x256
    ///   pixels of a slide with 228 polygons of 12,307 vertices.
    @discardableResult public func fill(
        _ window: PatchWindow, into mask: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        mask.update(repeating: 0)
        guard !areas.polygons(near: window).isEmpty else { return 0 }
        areas.cover(window, with: 1, in: mask)
        exclusions.cover(window, with: 0, in: mask)
        return Self.countOnes(UnsafeRawBufferPointer(mask))
    }

    /// The sum of bytes 0 and 1, eight at a time: the highest byte of the product is the sum of a word's bytes.
    private static func countOnes(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count: UInt64 = 0
        var n = 0
        while n &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: n, as: UInt64.self)
            count &+= (word &* 0x0101_0101_0101_0101) >> 56
            n &+= 8
        }
        while n < bytes.count {
            count &+= UInt64(bytes[n])
            n &+= 1
        }
        return Int(count)
    }

    /// The mask of a window.
    ///
    /// - Parameter window: The window.
    /// - Returns: `width * height` bytes 0 or 1, row by row.
    public func mask(_ window: PatchWindow) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: window.area) { buffer, count in
            let pixels = UnsafeMutableBufferPointer(rebasing: buffer[0..<window.area])
            pixels.initialize(repeating: 0)
            fill(window, into: pixels)
            count = window.area
        }
    }

    /// The part of a window that the mask covers.
    ///
    /// - Parameter window: The window.
    /// - Returns: Covered pixels over all pixels, 0...1; 0 for a window without pixels, and without any work for one that no
    ///   area comes near.
    public func coverage(_ window: PatchWindow) -> Double {
        guard window.area > 0, !areas.polygons(near: window).isEmpty else { return 0 }
        let covered = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: window.area) {
            fill(window, into: $0)
        }
        return Double(covered) / Double(window.area)
    }
}
