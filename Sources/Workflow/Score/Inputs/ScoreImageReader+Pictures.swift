import MedicalImaging
import PNGCodec
import SafeFiles

extension ScoreImageReader {
    /// The numbers of a PNG as stored: grey of 1 to 16 bits, or the indices of a palette.
    func png(_ file: ScoreFile) throws(WorkflowError) -> StoredImage {
        let (bytes, digest) = try contents(file)
        let picture = try reading(file) {
            try PNG.decode(
                bytes, as: .values, named: file.displayPath,
                limits: PNGLimits(bytes: options.maxBytes))
        }
        let depth = try reading(file) {
            try PNG.header(of: bytes, named: file.displayPath).bitDepth
        }
        var notes: [String] = []
        let samples: StoredSamples
        switch picture.samples {
        case .bytes(let values):
            samples = .uint8(try grey(values, picture.channels, picture.width, file, &notes))
        case .words(let values):
            let grey = try grey(values, picture.channels, picture.width, file, &notes)
            samples = .int32(grey.map { Int32($0) })
        }
        let (spacing, isKnown) = try spacing(file, axes: 2, notes: &notes)
        return StoredImage(
            file: file, samples: samples, shape: GridShape(picture.width, picture.height, 1),
            dimensions: 2, spacing: spacing, hasSpacing: isKnown, world: nil,
            scoreMaximum: Double((1 << depth) - 1), digests: [digest], notes: notes)
    }

    /// The grey values of a picture whose colour channels are equal; one without colour as it is.
    private func grey<Sample: FixedWidthInteger>(
        _ values: [Sample], _ channels: Int, _ width: Int, _ file: ScoreFile,
        _ notes: inout [String]
    ) throws(WorkflowError) -> [Sample] {
        if channels == 1 { return values }
        var result: [Sample] = []
        result.reserveCapacity(values.count / channels)
        for start in stride(from: 0, to: values.count, by: channels) {
            let value = values[start]
            guard value == values[start + 1], value == values[start + 2] else {
                let pixel = start / channels
                throw WorkflowError(
                    .data,
                    "\(file.name): at column \(pixel % width), row \(pixel / width): found the colour "
                        + "(\(value), \(values[start + 1]), \(values[start + 2])), expected one grey value "
                        + "or palette index per pixel; save the map without colours")
            }
            result.append(value)
        }
        notes.append(
            "the picture has \(channels) channels; its three colours are equal and were read as one"
        )
        return result
    }
}
