// swift-tools-version: 6.2
// Small programs that do one thing with samdata's libraries, to be measured; see ../README.md. A package of its own, so
// that nobody who uses samdata builds it.

import PackageDescription

let package = Package(
    name: "Loads",
    dependencies: [.package(name: "samdata", path: "../../..")],
    targets: [
        .target(name: "ProcessorTime"),
        .executableTarget(
            name: "load-volumes",
            dependencies: [
                "ProcessorTime",
                .product(name: "NIfTI", package: "samdata"),
                .product(name: "MedicalImaging", package: "samdata"),
            ]),
        .executableTarget(
            name: "list-headers",
            dependencies: ["ProcessorTime", .product(name: "NIfTI", package: "samdata")]),
        .executableTarget(
            name: "draw-prompts",
            dependencies: [
                "ProcessorTime",
                .product(name: "NIfTI", package: "samdata"),
                .product(name: "MedicalImaging", package: "samdata"),
                .product(name: "SamplePreparation", package: "samdata"),
            ]),
        .target(name: "ArrayFiles"),
        .executableTarget(
            name: "augment-slices",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "SampleAugmentation", package: "samdata"),
            ]),
        .executableTarget(
            name: "segment-pictures",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "MedicalImaging", package: "samdata"),
                .product(name: "SegmentAnything", package: "samdata"),
                .product(name: "Tensors", package: "samdata"),
            ]),
        .executableTarget(
            name: "read-patches",
            dependencies: [
                "ArrayFiles", "ProcessorTime", .product(name: "WholeSlides", package: "samdata"),
            ]),
        .executableTarget(
            name: "fill-patches",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "SamplePreparation", package: "samdata"),
                .product(name: "SlideAnnotations", package: "samdata"),
            ]),
        .executableTarget(
            name: "label-nuclei",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "MedicalImaging", package: "samdata"),
                .product(name: "SamplePreparation", package: "samdata"),
                .product(name: "SlideAnnotations", package: "samdata"),
                .product(name: "WholeSlides", package: "samdata"),
            ]),
        .executableTarget(
            name: "score-volume",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "MedicalImaging", package: "samdata"),
                .product(name: "SegmentationMetrics", package: "samdata"),
            ]),
        .executableTarget(
            name: "score-slices",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "MedicalImaging", package: "samdata"),
                .product(name: "SegmentationMetrics", package: "samdata"),
            ]),
        .executableTarget(
            name: "score-instances",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "SegmentationMetrics", package: "samdata"),
            ]),
        .executableTarget(
            name: "score-maps",
            dependencies: [
                "ArrayFiles", "ProcessorTime",
                .product(name: "SegmentationMetrics", package: "samdata"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
