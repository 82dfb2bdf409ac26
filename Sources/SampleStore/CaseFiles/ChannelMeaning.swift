/// What the channels of a stored sample are.
public enum ChannelMeaning: String, Hashable, Sendable, CaseIterable {
    /// One grey slice, or neighbouring slices around it; the attribute `channel_meaning` is absent.
    case neighbours
    /// Red, green and blue, each `uint8`: always three channels. Since 1.2.
    case rgb
}
