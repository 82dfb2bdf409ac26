import SegmentAnything
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes tensors one after the other as bare 32-bit floats.
func write(_ tensors: [Tensor], to path: String) throws {
    let output = fopen(path, "wb")
    for tensor in tensors {
        let isWritten = tensor.withValues {
            fwrite($0.baseAddress, 4, $0.count, output) == $0.count
        }
        guard isWritten else { fatalError("\(path): cannot be written") }
    }
    guard fclose(output) == 0 else { fatalError("\(path): cannot be written") }
}

/// The weights of ViT-B's image encoder in the order in which the floor takes them.
func writeFloorWeights(to path: String) throws {
    let weights = DeterministicWeights(
        salt: "vitb-v1", tensors: SAMConfiguration.vitB.tensorShapes)
    let parts = [
        "norm1.weight", "norm1.bias", "attn.rel_pos_h", "attn.rel_pos_w", "attn.qkv.weight",
        "attn.qkv.bias", "attn.proj.weight", "attn.proj.bias", "norm2.weight", "norm2.bias",
        "mlp.lin1.weight", "mlp.lin1.bias", "mlp.lin2.weight", "mlp.lin2.bias",
    ]
    var names = ["pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias"]
    names += (0..<12).flatMap { block in parts.map { "blocks.\(block).\($0)" } }
    names += ["0.weight", "1.weight", "1.bias", "2.weight", "3.weight", "3.bias"].map {
        "neck.\($0)"
    }
    try write(names.map { try weights.tensor(named: "image_encoder." + $0) }, to: path)
}
