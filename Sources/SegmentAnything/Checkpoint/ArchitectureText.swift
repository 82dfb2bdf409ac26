#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An architecture as canonical JSON: keys sorted, no spaces, the shortest decimals.
///
/// The form is part of the file format, so it is written out here and does not follow the Swift types by itself.
struct ArchitectureText: Codable {
    /// Exactly one is present.
    struct Encoder: Codable {
        var vit: ViTConfiguration?
        var tinyViT: TinyViTConfiguration?
    }

    var name: String
    var imageSize: Int
    var pixelMean: [Float]
    var pixelDeviation: [Float]
    var encoder: Encoder
    var decoder: DecoderConfiguration

    /// The text of an architecture.
    static func text(of configuration: SAMConfiguration) -> String {
        var encoder = Encoder()
        switch configuration.encoder {
        case .vit(let vit): encoder.vit = vit
        case .tinyViT(let tinyViT): encoder.tinyViT = tinyViT
        }
        let value = ArchitectureText(
            name: configuration.name, imageSize: configuration.imageSize,
            pixelMean: configuration.pixelMean, pixelDeviation: configuration.pixelDeviation,
            encoder: encoder, decoder: configuration.decoder)
        let json = JSONEncoder()
        json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? json.encode(value) else {
            preconditionFailure("an architecture with infinities was not refused earlier")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The architecture of a text.
    ///
    /// - Returns: `nil` with the reason when the text is not JSON, lacks a key, or describes a model that cannot be.
    static func configuration(
        of text: String
    ) -> (configuration: SAMConfiguration?, reason: String) {
        let value: ArchitectureText
        do {
            value = try JSONDecoder().decode(ArchitectureText.self, from: Data(text.utf8))
        } catch DecodingError.keyNotFound(let key, let context) {
            return (nil, "no key \(path(context.codingPath + [key]))")
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            return (nil, "another type at \(path(context.codingPath))")
        } catch {
            return (nil, "text that is not JSON")
        }
        let encoder: SAMConfiguration.Encoder
        switch (value.encoder.vit, value.encoder.tinyViT) {
        case (let vit?, nil): encoder = .vit(vit)
        case (nil, let tinyViT?): encoder = .tinyViT(tinyViT)
        default: return (nil, "no encoder of a known kind (vit, tinyViT), or two")
        }
        var configuration = SAMConfiguration(
            name: value.name, imageSize: value.imageSize, encoder: encoder,
            decoder: value.decoder)
        configuration.pixelMean = value.pixelMean
        configuration.pixelDeviation = value.pixelDeviation
        do throws(SAMError) {
            try configuration.validate()
        } catch {
            return (nil, "\(error)")
        }
        return (configuration, "")
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }
}

extension SAMConfiguration {
    /// Checks that the model can be made, whatever file the configuration comes from.
    ///
    /// - Throws: ``SAMError/configuration(_:)`` with the first thing that cannot be.
    public func validate() throws(SAMError) {
        guard !name.isEmpty, name.utf8.count <= 64,
            name.utf8.allSatisfy({ 0x21...0x7e ~= $0 })
        else {
            throw .configuration(
                "name: found \(OneLine.text(name)), expected 1 to 64 printable characters")
        }
        try validateEncoder()
        try validateDecoder()
        guard pixelMean.count == 3, pixelDeviation.count == 3,
            pixelMean.allSatisfy(\.isFinite),
            pixelDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
        else {
            throw .configuration(
                "pixel mean and deviation: found \(pixelMean.prefix(4)) and "
                    + "\(pixelDeviation.prefix(4)), expected three numbers each, deviations above 0"
            )
        }
        if case .vit(let encoder) = encoder {
            let blocks = encoder.globalBlocks
            guard zip(blocks, blocks.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw .configuration(
                    "global blocks: found \(blocks.prefix(8)), expected ascending numbers")
            }
        }
        guard case .tinyViT(let encoder) = encoder else { return }
        guard encoder.depths.allSatisfy({ $0 <= 1024 }),
            encoder.windowSizes.allSatisfy({ $0 <= 1024 }), encoder.widths[0] % 2 == 0
        else {
            throw .configuration(
                "TinyViT stages: found depths \(encoder.depths), windows \(encoder.windowSizes), "
                    + "expected at most 1024 each and an even first width")
        }
        // The prompt side works on cells of 16 pixels: 4 of the patches, and two of the three stage ends.
        guard (0..<3).count(where: { encoder.downsamplingStride(after: $0) == 2 }) == 2 else {
            throw .configuration(
                "TinyViT widths: found \(encoder.widths), expected exactly one of the last three "
                    + "to be 320, 448 or 576, where the picture keeps its size")
        }
    }
}
