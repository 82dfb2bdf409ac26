import Tensors

/// Turns a picture into the features that prompts are answered from.
public protocol ImageEncoder: Sendable {
    /// Encodes one picture.
    ///
    /// - Parameter input: A prepared picture, 1 x 3 x S x S: normalised, padded to the model's square.
    /// - Returns: The embedding, 1 x C x g x g, with g = S / 16.
    func encode(_ input: Tensor) -> Tensor
}
