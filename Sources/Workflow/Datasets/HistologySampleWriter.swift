import MedicalDatasets
import MedicalImaging
import SafeFiles
import SlideAnnotations
import TIFF

/// Writes the embedded histology samples: pictures of nuclei in the layout of MoNuSeg, slides in that of Camelyon16.
public enum HistologySampleWriter {
    /// Writes six pictures and the outlines of their nuclei, in the layout of the card `sample-nuclei`.
    ///
    /// Pictures are TIFF of LZW strips, outlines ImageScope XML with the pixel size.
    ///
    /// - Parameters:
    ///   - folder: The folder; made when it is not there. A file of the same name with other contents is never replaced:
    ///     it may be a real picture.
    ///   - report: Called after each case with its id, how many are done and how many there are.
    /// - Returns: What was written, about 5 MB; the same bytes on every machine with the same libtiff.
    /// - Throws: `FileError` or `TIFFError` when the folder cannot be written.
    /// - Complexity: About half a second.
    public static func writeNuclei(
        to folder: String, report: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> SampleWriter.Outcome {
        let (images, annotations) = ("\(folder)/Tissue Images", "\(folder)/Annotations")
        try Folders.make(images)
        try Folders.make(annotations)
        let phantom = NucleiPhantom()
        var bytes = 0
        for (index, id) in NucleiPhantom.caseIDs.enumerated() {
            let picture = phantom.makeCase(id)
            let pixels = try TIFFPixels(
                width: picture.width, height: picture.height, samplesPerPixel: 3,
                samples: .uint8(picture.rgb))
            let image = try TIFFWriter.encode(
                pixels, compression: .lzw, layout: .strips(rows: 32))
            let outlines = AperioXMLWriter.bytes(
                of: SlideAnnotation(
                    format: .aperioXML,
                    regions: picture.outlines.enumerated().map { number, polygon in
                        AnnotatedRegion(index: number, polygon: polygon)
                    }, micronsPerPixel: NucleiPhantom.micronsPerPixel))
            try SampleWriter.publish(image, to: "\(images)/\(id).tif")
            try SampleWriter.publish(outlines, to: "\(annotations)/\(id).xml")
            bytes += image.count + outlines.count
            report(id, index + 1, NucleiPhantom.caseIDs.count)
        }
        return SampleWriter.Outcome(
            folder: folder, cases: NucleiPhantom.caseIDs, bytes: bytes, predictions: [])
    }

    /// Writes three slides and the outlines of their tumors, in the layout of the card `sample-slide`.
    ///
    /// Slides are pyramids of 256 x 256 JPEG tiles with the pixel size in their tags, outlines ASAP XML, in which a hole is an
    /// annotation of a group of its own. A slide without tumor has no outlines, as in Camelyon.
    ///
    /// - Parameters:
    ///   - folder: The folder; made when it is not there. A file of the same name with other contents is never replaced:
    ///     it may be a real slide.
    ///   - threads: The most threads; the bytes do not depend on it.
    ///   - report: Called after each case with its id, how many are done and how many there are.
    /// - Returns: What was written, about 5 MB; the same bytes on every machine with the same libtiff and libjpeg.
    /// - Throws: `FileError` or `TIFFError` when the folder cannot be written.
    /// - Complexity: About four seconds on one core; the compressed slide and a few bands of it are held.
    public static func writeSlides(
        to folder: String, threads: Int = 1, report: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> SampleWriter.Outcome {
        let (images, annotations) = ("\(folder)/images", "\(folder)/annotations")
        try Folders.make(images)
        try Folders.make(annotations)
        let phantom = SlidePhantom()
        var bytes = 0
        for (index, id) in SlidePhantom.caseIDs.enumerated() {
            let slide = phantom.slide(id)
            let image = try encode(slide, threads: threads)
            try SampleWriter.publish(image, to: "\(images)/\(id).tif")
            bytes += image.count
            if !slide.outlines.isEmpty {
                let outlines = ASAPXMLWriter.bytes(of: annotation(of: slide))
                try SampleWriter.publish(outlines, to: "\(annotations)/\(id).xml")
                bytes += outlines.count
            }
            report(id, index + 1, SlidePhantom.caseIDs.count)
        }
        return SampleWriter.Outcome(
            folder: folder, cases: SlidePhantom.caseIDs, bytes: bytes, predictions: [])
    }

    /// The file of a slide.
    private static func encode(_ slide: SyntheticSlide, threads: Int) throws -> [UInt8] {
        let side = 256
        let writer = try TIFFPyramidWriter(
            format: TIFFFormat(
                width: slide.width, height: slide.height, samplesPerPixel: 3,
                layout: .tiles(width: side, height: side), compression: .jpeg,
                pixelSize: TIFFDirectory.PixelSize(
                    x: SlidePhantom.micronsPerPixel, y: SlidePhantom.micronsPerPixel)),
            reduction: .mean)
        let bands = (slide.height + side - 1) / side
        // As many bands at a time as there are threads: rendering takes longer than compressing.
        for first in stride(from: 0, to: bands, by: max(threads, 1)) {
            let count = min(max(threads, 1), bands - first)
            let rendered = try ParallelLoop.map(count: count, threads: threads) { n in
                let y = (first + n) * side
                let height = min(side, slide.height - y)
                return try TIFFPixels(
                    width: slide.width, height: height, samplesPerPixel: 3,
                    samples: .uint8(
                        slide.render(x: 0, y: y, width: slide.width, height: height)))
            }
            for band in rendered { try writer.write(band) }
        }
        return try writer.finish()
    }

    /// The outlines of a slide, in the group names that it has.
    private static func annotation(of slide: SyntheticSlide) -> SlideAnnotation {
        SlideAnnotation(
            format: .asapXML,
            regions: slide.outlines.enumerated().map { number, outline in
                AnnotatedRegion(
                    index: number, name: outline.name, group: outline.group,
                    polygon: outline.polygon)
            })
    }
}
