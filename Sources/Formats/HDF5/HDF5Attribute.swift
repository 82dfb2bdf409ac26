/// A small value attached to a group or an array.
///
/// Written as: strings in UTF-8, of fixed length and padded with zeros unless asked otherwise; integers as 64-bit; floating
/// point as 64-bit; all little endian. h5py gives strings of fixed length as `bytes`, those of variable length as `str`.
/// Read from any integer, floating-point, boolean (as 0 or 1) or string attribute.
public enum HDF5Attribute: Sendable, Equatable {
    /// One string, without zero characters.
    case string(String)
    /// A list of strings, without zero characters; may be empty. Trailing zeros are lost to padding.
    case strings([String])
    /// One integer.
    case integer(Int64)
    /// A list of integers; may be empty.
    case integers([Int64])
    /// One floating-point number.
    case double(Double)
    /// A list of floating-point numbers; may be empty.
    case doubles([Double])
    /// Numbers of two or more dimensions in row-major order, for example an affine of shape `[4, 4]`.
    ///
    /// Integers of that shape in a file are read as this case too; beyond 2^53 they are refused.
    case matrix([Double], shape: [Int])
}
