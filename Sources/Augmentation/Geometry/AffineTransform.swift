import MedicalImaging

/// Scale, shear, rotation and shift in one, read from the picture once.
///
/// A pixel at `p`, measured from the centre ((columns - 1) / 2, (rows - 1) / 2), moves to **R · Y · X · S** · `p` + `t`:
///
/// 1. **S** multiplies by `scale`;
/// 2. **X** shears along the rows: x grows by tan(`shearX`) · y, so that what lies below moves to the right;
/// 3. **Y** shears along the columns: y grows by tan(`shearY`) · x, so that what lies to the right moves down;
/// 4. **R** turns by `degrees`, counter-clockwise as displayed;
/// 5. `t` moves by `shiftX` widths to the right and `shiftY` heights down.
///
/// Label and instance maps are read from the nearest pixel, boxes with a known object are measured again. Positions and
/// borders are those of ``Rotation``.
///
/// - Shapes: any; the size stays.
/// - Units: degrees for angles, parts of width and height for shifts.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for scales outside 0.001...1000, angles beyond a
///   million degrees, shears beyond 80 degrees, shifts beyond 100 pictures and fills that are not finite;
///   ``AugmentationError/unsuitable(transform:found:expected:)`` for planes of 2³¹ pixels or more or sides beyond 2¹⁸.
/// - Complexity: O(*n*) in the pixels.
public struct AffineTransform: SampleTransform {
    /// The name in recipes and records.
    public static let name = "affine"

    /// The angle in degrees; positive turns counter-clockwise as displayed.
    public var degrees: Amount
    /// The factor, above 0; things grow above 1.
    public var scale: Amount
    /// The shift to the right, in parts of the width.
    public var shiftX: Amount
    /// The shift down, in parts of the height.
    public var shiftY: Amount
    /// The shear along the rows in degrees.
    public var shearX: Amount
    /// The shear along the columns in degrees.
    public var shearY: Amount
    /// How the image is read between its pixels.
    public var interpolation: Interpolation
    /// What lies outside the picture.
    public var fill: Fill
    /// The name in errors.
    private var reportedName = Self.name

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - degrees: The angle; positive turns counter-clockwise as displayed.
    ///   - scale: The factor, above 0.
    ///   - shiftX: The shift to the right, in parts of the width.
    ///   - shiftY: The shift down, in parts of the height.
    ///   - shearX: The shear along the rows in degrees.
    ///   - shearY: The shear along the columns in degrees.
    ///   - interpolation: How the image is read between its pixels.
    ///   - fill: What lies outside the picture.
    public init(
        degrees: Amount = 0, scale: Amount = 1, shiftX: Amount = 0, shiftY: Amount = 0,
        shearX: Amount = 0, shearY: Amount = 0, interpolation: Interpolation = .linear,
        fill: Fill = .black
    ) {
        self.degrees = degrees
        self.scale = scale
        self.shiftX = shiftX
        self.shiftY = shiftY
        self.shearX = shearX
        self.shearY = shearY
        self.interpolation = interpolation
        self.fill = fill
    }

    /// Only turns, and has another name in errors.
    init(named name: String, degrees: Amount, interpolation: Interpolation, fill: Fill) {
        self.init(degrees: degrees, interpolation: interpolation, fill: fill)
        reportedName = name
    }

    private enum CodingKeys: CodingKey {
        case degrees, scale, shiftX, shiftY, shearX, shearY, interpolation, fill
    }

    /// The numbers, their names and bounds, in the order in which they are drawn.
    private static let numbers:
        [(
            name: String, path: WritableKeyPath<AffineTransform, Amount> & Sendable,
            bounds: ClosedRange<Double>
        )] =
            [
                ("degrees", \.degrees, -1e6...1e6), ("scale", \.scale, 1e-3...1e3),
                ("shiftX", \.shiftX, -100...100), ("shiftY", \.shiftY, -100...100),
                ("shearX", \.shearX, -80...80), ("shearY", \.shearY, -80...80),
            ]

    /// Whether every number is fixed.
    public var isDrawn: Bool { Self.numbers.allSatisfy { self[keyPath: $0.path].value != nil } }

    /// Fixes angle, scale, shifts and shears, in this sequence.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> AffineTransform {
        guard (try? check()) != nil else { return self }
        var drawn = self
        for number in Self.numbers {
            drawn[keyPath: number.path] = self[keyPath: number.path].drawn(from: &random)
        }
        return drawn
    }

    /// Moves image, maps, points and boxes.
    ///
    /// - Parameter sample: The sample.
    /// - Throws: ``AugmentationError`` for a range, a parameter out of bounds, and planes that are too large.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try applyAlone(to: &sample)
    }

    /// Throws when a parameter is out of bounds.
    func check() throws(AugmentationError) {
        for number in Self.numbers {
            try self[keyPath: number.path].check(number.name, in: number.bounds, of: reportedName)
        }
        try fill.check(for: reportedName)
    }
}

extension AffineTransform {
    /// Reads the parameters; all have defaults.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a value that does not fit.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.degrees, into: &degrees)
        try read(.scale, into: &scale)
        try read(.shiftX, into: &shiftX)
        try read(.shiftY, into: &shiftY)
        try read(.shearX, into: &shearX)
        try read(.shearY, into: &shearY)
        try read(.interpolation, into: &interpolation)
        try read(.fill, into: &fill)
    }
}

extension AffineTransform: FusedGeometry {
    func add(
        to pass: inout PlanePass, of sample: inout AugmentationSample
    ) throws(AugmentationError) {
        try check()
        guard let map = sourceMap(extent: sample.extent) else {
            throw .notDrawn(transform: reportedName)
        }
        let value = fill.value(black: sample.range.lowerBound)
        guard value.isFinite else {
            throw .unsuitable(
                transform: reportedName, found: "a sample whose black is \(value)",
                expected: "a finite black, or another fill")
        }
        pass.warp = PlaneWarp(
            map: map, isLinear: interpolation == .linear, fill: fill, fillValue: value)
        let forward = map.inverse
        sample.movePoints { forward($0, $1) }
    }

    func sourceMap(extent: SampleExtent) -> PlaneAffine? {
        guard (try? check()) != nil, let degrees = degrees.value, let scale = scale.value,
            let shiftX = shiftX.value, let shiftY = shiftY.value,
            let shearX = shearX.value, let shearY = shearY.value
        else { return nil }
        let (c, s) = (DegreeTrigonometry.cosine(degrees), DegreeTrigonometry.sine(degrees))
        let x = DegreeTrigonometry.tangent(shearX)
        let y = DegreeTrigonometry.tangent(shearY)
        // turned back, then sheared back along the columns, along the rows, and scaled back
        let lower = (yx: s - y * c, yy: c + y * s)
        var map = PlaneAffine(
            xx: (c - x * lower.yx) / scale, xy: (-s - x * lower.yy) / scale,
            yx: lower.yx / scale, yy: lower.yy / scale)
        let centre = (x: Double(extent.columns - 1) / 2, y: Double(extent.rows - 1) / 2)
        let target = (
            x: centre.x + shiftX * Double(extent.columns),
            y: centre.y + shiftY * Double(extent.rows)
        )
        // one rounding for the second product: the bits of NumPy's matrix product, hence of SciPy's rotations
        map.x0 = centre.x - (map.xx * target.x).addingProduct(map.xy, target.y)
        map.y0 = centre.y - (map.yx * target.x).addingProduct(map.yy, target.y)
        return map
    }
}
