import MedicalImaging

/// One region of one slice with its prompts.
public struct PromptRecord: Hashable, Sendable {
    /// The label id, 1...255.
    public let label: UInt8
    /// 0 for the whole organ; components count from 1; for instances, the number of the object.
    public let component: Int
    /// Number of pixels.
    public let area: Int
    /// One entry per kind of the recipe, in its order.
    public let prompts: [Prompt]

    /// A box or points.
    public enum Prompt: Hashable, Sendable {
        /// A box with inclusive corners; of the kind `box-exclusive`, with an exclusive far corner.
        case box(BoxPrompt)
        /// One point or more. A background point that does not exist has the position (-1, -1).
        case points([PointPrompt])
    }
}
