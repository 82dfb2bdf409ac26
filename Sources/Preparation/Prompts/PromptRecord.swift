import MedicalImaging

/// One region of one slice with its prompts.
public struct PromptRecord: Hashable, Sendable {
    /// The label id, 1...255.
    public let label: UInt8
    /// 0 for the whole organ; components count from 1.
    public let component: Int
    /// Number of pixels.
    public let area: Int
    /// One entry per kind of the recipe, in its order.
    public let prompts: [Prompt]

    /// A box or points.
    public enum Prompt: Hashable, Sendable {
        /// A box with inclusive corners.
        case box(BoxPrompt)
        /// One point or more. A background point that does not exist has the position (-1, -1).
        case points([PointPrompt])
    }
}
