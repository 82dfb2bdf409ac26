// swift-tools-version: 6.2
// The map of samdata. Targets stand in the order in which data flows; one MARK per floor.
// Imports point down only. Tests/ArchitectureTests compares every `import` with this file.

import PackageDescription

/// Kernels that run over every voxel are optimised in debug builds too, so that `swift test` is usable.
let fastC: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]
let fastSwift: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "samdata",
    products: [
        .executable(name: "samdata", targets: ["samdata"]),
        .library(name: "MedicalDatasets", targets: ["MedicalDatasets"]),
        .library(name: "NIfTI", targets: ["NIfTI"]),
        .library(name: "HDF5", targets: ["HDF5"]),
        .library(name: "PNGCodec", targets: ["PNGCodec"]),
        .library(name: "NumPyFiles", targets: ["NumPyFiles"]),
        .library(name: "JPEGCodec", targets: ["JPEGCodec"]),
        .library(name: "WholeSlides", targets: ["WholeSlides"]),
        .library(name: "SlideAnnotations", targets: ["SlideAnnotations"]),
        .library(name: "MedicalImaging", targets: ["MedicalImaging"]),
        .library(name: "SampleAugmentation", targets: ["SampleAugmentation"]),
        .library(name: "SamplePreparation", targets: ["SamplePreparation"]),
        .library(name: "SampleStore", targets: ["SampleStore"]),
        .library(name: "TensorFiles", targets: ["TensorFiles"]),
        .library(name: "TIFF", targets: ["TIFF"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "SegmentAnything", targets: ["SegmentAnything"]),
        .library(name: "SegmentationMetrics", targets: ["SegmentationMetrics"]),
        .library(name: "SegmentationReports", targets: ["SegmentationReports"]),
        .library(name: "SamdataWorkflow", targets: ["SamdataWorkflow"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
    ],
    targets: [
        // MARK: - Cellar: one room per C library, and the data files compiled into the binary

        .systemLibrary(
            name: "CCrypto", path: "Sources/Formats/CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CDeflate", path: "Sources/Formats/CDeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(
            name: "CExpat", path: "Sources/Formats/CExpat", pkgConfig: "expat",
            providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(
            name: "CHDF5", path: "Sources/Formats/CHDF5", pkgConfig: "hdf5",
            providers: [.apt(["libhdf5-dev"])]),
        .target(
            name: "CJPEG", path: "Sources/Formats/CJPEG", cSettings: fastC,
            linkerSettings: [.linkedLibrary("jpeg")]),
        .target(
            name: "CNIfTI", path: "Sources/Formats/CNIfTI",
            cSettings: [.headerSearchPath("compat")],
            linkerSettings: [.linkedLibrary("nifti2"), .linkedLibrary("znz")]),
        .systemLibrary(
            name: "CPNG", path: "Sources/Formats/CPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CTIFF", path: "Sources/Formats/CTIFF", pkgConfig: "libtiff-4",
            providers: [.apt(["libtiff-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/Formats/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CImageKernels", path: "Sources/Numerics/CImageKernels", cSettings: fastC),
        .target(
            name: "CNetworkKernels", path: "Sources/Numerics/CNetworkKernels", cSettings: fastC),
        .systemLibrary(
            name: "COpenBLAS", path: "Sources/Numerics/COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "DatasetCards", path: "Datasets", exclude: ["Published", "README.md"],
            sources: ["embed.c"]),
        .target(
            name: "PublishedResults", path: "Datasets/Published", exclude: ["README.md"],
            sources: ["embed.c"]),
        .target(name: "SplitFiles", path: "Splits", exclude: ["README.md"], sources: ["embed.c"]),

        // MARK: - Floor 0: bytes, and the nouns

        .target(
            name: "SafeFiles", dependencies: ["CCrypto"], path: "Sources/Formats/Files",
            swiftSettings: fastSwift),
        .target(
            name: "DeflateCompression", dependencies: ["CDeflate", "CZlib"],
            path: "Sources/Formats/Compression", swiftSettings: fastSwift),
        .target(
            name: "HDF5", dependencies: ["CHDF5"], path: "Sources/Formats/HDF5",
            swiftSettings: fastSwift),
        .target(name: "MedicalImaging", path: "Sources/Imaging", swiftSettings: fastSwift),
        .target(
            name: "Tensors", dependencies: ["CNetworkKernels", "COpenBLAS"],
            path: "Sources/Numerics/Tensors", swiftSettings: fastSwift),
        .target(
            name: "XMLEvents", dependencies: ["CExpat"], path: "Sources/Formats/XML",
            swiftSettings: fastSwift),
        .target(
            name: "ZipContainers", dependencies: ["DeflateCompression"],
            path: "Sources/Formats/Zip", swiftSettings: fastSwift),

        // MARK: - Floor 1: codecs, and volume -> samples

        .target(
            name: "NIfTI",
            dependencies: ["CNIfTI", "DeflateCompression", "MedicalImaging", "SafeFiles"],
            path: "Sources/Formats/NIfTI", swiftSettings: fastSwift),
        .target(
            name: "NumPyFiles", dependencies: ["DeflateCompression", "ZipContainers"],
            path: "Sources/Formats/NumPy", swiftSettings: fastSwift),
        .target(
            name: "PNGCodec", dependencies: ["CPNG"], path: "Sources/Formats/PNG",
            swiftSettings: fastSwift),
        .target(
            name: "TensorFiles",
            dependencies: ["DeflateCompression", "SafeFiles", "ZipContainers"],
            path: "Sources/Formats/TensorFiles", swiftSettings: fastSwift),
        .target(
            name: "JPEGCodec", dependencies: ["CJPEG"], path: "Sources/Formats/JPEG",
            swiftSettings: fastSwift),
        .target(
            name: "SlideAnnotations", dependencies: ["MedicalImaging", "SafeFiles", "XMLEvents"],
            path: "Sources/Formats/Annotations", swiftSettings: fastSwift),
        .target(
            name: "TIFF", dependencies: ["CTIFF"], path: "Sources/Formats/TIFF",
            swiftSettings: fastSwift),
        .target(
            name: "SampleAugmentation", dependencies: ["CImageKernels", "MedicalImaging"],
            path: "Sources/Augmentation", swiftSettings: fastSwift),
        .target(
            name: "SamplePreparation", dependencies: ["MedicalImaging"],
            path: "Sources/Preparation", swiftSettings: fastSwift),
        .target(
            name: "SegmentationMetrics", dependencies: ["MedicalImaging"],
            path: "Sources/Metrics", swiftSettings: fastSwift),

        // MARK: - Floor 2: which case, and what is kept of it

        .target(
            name: "MedicalDatasets",
            dependencies: ["DatasetCards", "MedicalImaging", "SafeFiles", "SplitFiles"],
            path: "Sources/Datasets", swiftSettings: fastSwift),
        .target(
            name: "SampleStore",
            dependencies: [
                "DeflateCompression", "HDF5", "JPEGCodec", "MedicalImaging", "SafeFiles",
            ],
            path: "Sources/SampleStore", swiftSettings: fastSwift),
        .target(
            name: "WholeSlides", dependencies: ["JPEGCodec", "TIFF"],
            path: "Sources/Formats/Slides", swiftSettings: fastSwift),
        .target(
            name: "SegmentAnything",
            dependencies: ["HDF5", "MedicalImaging", "SafeFiles", "TensorFiles", "Tensors"],
            path: "Sources/SegmentAnything", swiftSettings: fastSwift),
        .target(
            name: "SegmentationReports", dependencies: ["SegmentationMetrics"],
            path: "Sources/Reports", swiftSettings: fastSwift),

        // MARK: - Floor 3: plans and what carries them out

        .target(
            name: "SamdataWorkflow",
            dependencies: [
                "DeflateCompression", "HDF5", "JPEGCodec", "MedicalDatasets", "MedicalImaging",
                "NIfTI", "NumPyFiles", "PNGCodec", "PublishedResults", "SafeFiles",
                "SampleAugmentation", "SamplePreparation", "SampleStore", "SegmentAnything",
                "SegmentationMetrics", "SegmentationReports", "SlideAnnotations", "TensorFiles",
                "Tensors", "TIFF", "WholeSlides", "XMLEvents",
            ],
            path: "Sources/Workflow", swiftSettings: fastSwift),

        // MARK: - Floor 4: the command

        .executableTarget(
            name: "samdata",
            dependencies: [
                "SamdataWorkflow", "JPEGCodec", "MedicalDatasets", "MedicalImaging", "NIfTI",
                "SafeFiles",
                "SampleAugmentation", "SamplePreparation", "SampleStore", "SegmentAnything",
                "SegmentationMetrics", "SegmentationReports", "SlideAnnotations", "Tensors",
                "WholeSlides",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/samdata"),

        // MARK: - Tests: one target per room, in the same order

        .testTarget(name: "SafeFilesTests", dependencies: ["SafeFiles"]),
        .testTarget(name: "CompressionTests", dependencies: ["DeflateCompression"]),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5"]),
        .testTarget(name: "XMLEventsTests", dependencies: ["XMLEvents"]),
        .testTarget(
            name: "ZipContainersTests", dependencies: ["DeflateCompression", "ZipContainers"]),
        .testTarget(name: "TensorsTests", dependencies: ["HDF5", "Tensors"]),
        .testTarget(name: "ImagingTests", dependencies: ["MedicalImaging"]),
        .testTarget(
            name: "NIfTITests",
            dependencies: ["DeflateCompression", "MedicalImaging", "NIfTI", "SafeFiles"]),
        .testTarget(name: "NumPyFilesTests", dependencies: ["NumPyFiles", "ZipContainers"]),
        .testTarget(name: "PNGCodecTests", dependencies: ["PNGCodec"]),
        .testTarget(
            name: "AugmentationTests",
            dependencies: ["CImageKernels", "MedicalImaging", "SampleAugmentation"]),
        .testTarget(
            name: "PreparationTests", dependencies: ["MedicalImaging", "SamplePreparation"]),
        .testTarget(
            name: "TensorFilesTests",
            dependencies: ["DeflateCompression", "HDF5", "TensorFiles", "ZipContainers"]),
        .testTarget(name: "JPEGCodecTests", dependencies: ["JPEGCodec"]),
        .testTarget(
            name: "SlideAnnotationsTests",
            dependencies: ["MedicalImaging", "SlideAnnotations"]),
        .testTarget(name: "TIFFTests", dependencies: ["TIFF"]),
        .testTarget(
            name: "WholeSlidesTests", dependencies: ["JPEGCodec", "TIFF", "WholeSlides"]),
        .testTarget(
            name: "MetricsTests",
            dependencies: ["DeflateCompression", "HDF5", "MedicalImaging", "SegmentationMetrics"]),
        .testTarget(
            name: "ReportsTests", dependencies: ["SegmentationMetrics", "SegmentationReports"]),
        .testTarget(
            name: "DatasetsTests", dependencies: ["MedicalDatasets", "MedicalImaging", "SafeFiles"]),
        .testTarget(
            name: "SampleStoreTests",
            dependencies: [
                "DeflateCompression", "HDF5", "JPEGCodec", "MedicalImaging", "SafeFiles",
                "SampleStore",
            ]),
        .testTarget(
            name: "WorkflowTests",
            dependencies: [
                "DeflateCompression", "HDF5", "JPEGCodec", "MedicalDatasets", "MedicalImaging",
                "NIfTI", "NumPyFiles", "PNGCodec", "SafeFiles", "SamdataWorkflow",
                "SampleAugmentation", "SamplePreparation", "SampleStore", "SegmentAnything",
                "SegmentationMetrics", "SegmentationReports", "SlideAnnotations", "TIFF",
                "WholeSlides",
            ]),
        .testTarget(
            name: "SegmentAnythingTests",
            dependencies: [
                "DeflateCompression", "HDF5", "MedicalImaging", "SafeFiles", "SegmentAnything",
                "TensorFiles", "Tensors",
            ]),
        .testTarget(name: "CommandTests", dependencies: ["SafeFiles", "samdata"]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "NotebookTests", dependencies: ["samdata"]),
    ],
    swiftLanguageModes: [.v6]
)
