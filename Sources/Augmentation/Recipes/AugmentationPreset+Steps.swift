extension AugmentationPreset {
    var steps: [AugmentationStep] {
        switch self {
        case .termProject: Self.termProjectSteps
        case .termProjectReport: Self.termProjectReportSteps
        case .transunet: Self.transUNetSteps
        case .samAdapter: [AugmentationStep(.flip(Flip(axis: .horizontal)), probability: 0.5)]
        case .epSAMClassifier: Self.epSAMClassifierSteps
        case .epSAM: Self.epSAMSteps
        case .medsam: Self.bothFlips
        case .strong: Self.strongSteps
        case .histology: Self.histologySteps
        }
    }

    private static var bothFlips: [AugmentationStep] {
        [
            AugmentationStep(.flip(Flip(axis: .horizontal)), probability: 0.5),
            AugmentationStep(.flip(Flip(axis: .vertical)), probability: 0.5),
        ]
    }

    // The project's arrays are [X][Y][Z] and its slices [X][Y]: axis 0 runs along our rows.
    private static var termProjectSteps: [AugmentationStep] {
        [
            AugmentationStep(.flip(Flip(axis: .vertical)), probability: 0.1),
            AugmentationStep(.flip(Flip(axis: .horizontal)), probability: 0.1),
            AugmentationStep(.flip(Flip(axis: .slices)), probability: 0.1),
            AugmentationStep(.quarterTurn(QuarterTurn(turns: .whole(1, 3))), probability: 0.1),
            AugmentationStep(
                .intensityShift(IntensityShift(offset: .uniform(-0.1, 0.1), clips: false)),
                probability: 0.5),
        ]
    }

    private static var termProjectReportSteps: [AugmentationStep] {
        let degrees = reportRadians * 180 / .pi
        return [
            AugmentationStep(
                oneOf: [
                    [
                        .flip(Flip(axis: .vertical)), .flip(Flip(axis: .horizontal)),
                        .flip(Flip(axis: .slices)),
                    ]
                ], probability: 0.1),
            AugmentationStep(
                .rotation(
                    Rotation(
                        degrees: .uniform(-degrees, degrees), interpolation: .linear, fill: .edge)),
                probability: 0.1),
            AugmentationStep(
                .intensityShift(IntensityShift(offset: .uniform(-0.1, 0.1), clips: false)),
                probability: 0.1),
        ]
    }

    // Four equal quarters: turns with either flip are together one half.
    private static var transUNetSteps: [AugmentationStep] {
        let turns = Transform.quarterTurn(QuarterTurn(turns: .whole(0, 3)))
        let rotation = Rotation(degrees: .whole(-20, 19), interpolation: .nearest, fill: .black)
        return [
            AugmentationStep(oneOf: [
                [turns, .flip(Flip(axis: .vertical))], [turns, .flip(Flip(axis: .horizontal))],
                [.rotation(rotation)], [],
            ])
        ]
    }

    private static var epSAMClassifierSteps: [AugmentationStep] {
        let factor = Amount.uniform(0.8, 1.2)
        return bothFlips + [
            AugmentationStep(
                .rotation(
                    Rotation(degrees: .uniform(0, 360), interpolation: .nearest, fill: .black))),
            AugmentationStep(
                .colorJitter(
                    ColorJitter(
                        brightness: factor, contrast: factor, saturation: factor,
                        hue: .uniform(-0.2, 0.2)))),
            AugmentationStep(.greyscale(Greyscale()), probability: 0.1),
        ]
    }

    private static var epSAMSteps: [AugmentationStep] {
        let shift = Amount.uniform(-0.0625, 0.0625)
        return [
            AugmentationStep(
                oneOf: [
                    [.flip(Flip(axis: .horizontal))], [.flip(Flip(axis: .vertical))],
                    [.quarterTurn(QuarterTurn(turns: .whole(0, 3)))],
                    [
                        .affine(
                            AffineTransform(
                                degrees: .uniform(-45, 45), scale: .uniform(0.9, 1.1),
                                shiftX: shift, shiftY: shift, shearX: 0, shearY: 0,
                                interpolation: .linear, fill: .reflect))
                    ],
                ], probability: 0.5)
        ]
    }

    private static var strongSteps: [AugmentationStep] {
        let shift = Amount.uniform(-0.0625, 0.0625)
        let shear = Amount.uniform(-5, 5)
        let affine = AffineTransform(
            degrees: .uniform(-20, 20), scale: .uniform(0.8, 1.25), shiftX: shift, shiftY: shift,
            shearX: shear, shearY: shear, interpolation: .linear, fill: .black)
        let elastic = ElasticDeformation(
            amplitude: .uniform(1, 6), smoothness: .uniform(9, 15), interpolation: .linear,
            fill: .edge)
        let dropout = CoarseDropout(
            count: .whole(1, 6), height: .uniform(0.05, 0.15), width: .uniform(0.05, 0.15),
            fill: .black)
        return [
            AugmentationStep(.affine(affine), probability: 0.7),
            AugmentationStep(.elastic(elastic), probability: 0.2),
            AugmentationStep(
                .gamma(GammaCorrection(exponent: .uniform(0.7, 1.5))), probability: 0.3),
            AugmentationStep(
                .windowJitter(
                    WindowJitter(level: .uniform(-0.05, 0.05), width: .uniform(0.8, 1.2))),
                probability: 0.3),
            AugmentationStep(
                .noise(GaussianNoise(standardDeviation: .uniform(0, 0.05))), probability: 0.2),
            AugmentationStep(.blur(GaussianBlur(sigma: .uniform(0.5, 1.5))), probability: 0.2),
            AugmentationStep(.dropout(dropout), probability: 0.1),
        ]
    }

    private static var histologySteps: [AugmentationStep] {
        let factor = Amount.uniform(0.9, 1.1)
        let affine = AffineTransform(
            degrees: .uniform(-45, 45), scale: .uniform(0.8, 1.25), shiftX: 0, shiftY: 0,
            shearX: 0, shearY: 0, interpolation: .linear, fill: .reflect)
        let elastic = ElasticDeformation(
            amplitude: .uniform(1, 4), smoothness: .uniform(8, 12), interpolation: .linear,
            fill: .reflect)
        return bothFlips + [
            AugmentationStep(.quarterTurn(QuarterTurn(turns: .whole(0, 3)))),
            AugmentationStep(.affine(affine), probability: 0.3),
            AugmentationStep(.elastic(elastic), probability: 0.2),
            AugmentationStep(
                .stainJitter(StainJitter(scale: .uniform(0.8, 1.2), shift: .uniform(-0.05, 0.05))),
                probability: 0.8),
            AugmentationStep(
                .colorJitter(
                    ColorJitter(
                        brightness: factor, contrast: factor, saturation: factor,
                        hue: .uniform(-0.02, 0.02))),
                probability: 0.3),
            AugmentationStep(.blur(GaussianBlur(sigma: .uniform(0.3, 1.2))), probability: 0.2),
            AugmentationStep(
                .noise(GaussianNoise(standardDeviation: .uniform(0, 0.03))), probability: 0.2),
        ]
    }
}
