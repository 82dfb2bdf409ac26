import Foundation

/// A Python with readers of slides, which `SAMDATA_PYTHON` names; checks that need one are skipped without it.
enum PyramidPython {
    static let interpreter: String? = {
        let named = ProcessInfo.processInfo.environment["SAMDATA_PYTHON"]
        return named.flatMap { path in
            guard FileManager.default.isExecutableFile(atPath: path),
                let result = try? run(path, ["-c", "import numpy, tifffile, imagecodecs"]),
                result.status == 0
            else { return nil }
            return path
        }
    }()

    static func run(
        _ python: String, _ arguments: [String]
    ) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// Prints the digest of each page as tifffile reads it, then levels, pixel size and digests as OpenSlide does.
    static let script = """
        import sys, hashlib, numpy, tifffile
        with tifffile.TiffFile(sys.argv[1]) as file:
            for page in file.pages:
                data = numpy.ascontiguousarray(page.asarray())
                print('page', page.imagewidth, page.imagelength, int(page.subfiletype),
                      hashlib.sha256(data.tobytes()).hexdigest())
            print('series', [level.shape[1] for level in file.series[0].levels])
        try:
            import openslide
        except ImportError:
            print('no openslide')
            sys.exit()
        slide = openslide.OpenSlide(sys.argv[1])
        print('vendor', slide.properties['openslide.vendor'])
        print('mpp', slide.properties.get('openslide.mpp-x'), slide.properties.get('openslide.mpp-y'))
        for level, size in enumerate(slide.level_dimensions):
            data = numpy.asarray(slide.read_region((0, 0), level, size))[..., :3]
            print('level', size[0], size[1],
                  hashlib.sha256(numpy.ascontiguousarray(data).tobytes()).hexdigest())
        """
}
