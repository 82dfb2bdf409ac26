/// Reads and writes PNG pictures in memory, sample for sample.
///
/// A dataset stores numbers in PNG files, so nothing here ever changes a number: text, times, gamma and
/// colour profiles are neither written nor looked at. The functions are ``encode(_:)``,
/// ``decode(_:as:named:limits:)`` and ``header(of:named:)``.
///
/// - Source: Portable Network Graphics (second edition), ISO/IEC 15948; the pixels go through libpng.
public enum PNG {}
