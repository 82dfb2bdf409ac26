import Tensors
import Testing

/// Every case of the operator oracles, forward and every gradient, each at the tolerance its file gives.
@Suite("Operator oracles")
struct OperationOracleTests {
    @Test(
        "every operator and gradient is as close to float64 as the file asks",
        arguments: NNOracle.all)
    func everyCase(_ oracle: NNOracle) throws {
        var count = 0
        var groups = Set(try oracle.groups())
        for (group, check) in Self.checks {
            // The block is too large for a fixture; its parts are there.
            if groups.remove(group) == nil, !oracle.isWhole, group == "window_attention_block" {
                continue
            }
            var worst = (name: "", error: -1.0, tolerance: 0.0)
            for one in try oracle.cases(group) {
                try check(one)
                #expect(one.open.isEmpty, "\(one.path): \(one.open) not compared")
                count += one.compared.count
                for found in one.compared where found.error > worst.error {
                    worst = ("\(one.path)/\(found.name)", found.error, found.tolerance)
                }
            }
            print(
                "\(group): largest error \(worst.error) (allowed \(worst.tolerance)) in \(worst.name)"
            )
        }
        #expect(groups.isEmpty, "groups nobody compares")
        #expect(count == oracle.resultCount)
    }

    typealias Check = @Sendable (NNCase) throws -> Void

    static let checks: [(String, Check)] = [
        ("attention", attention), ("avg_pool2d", averagePooling), ("batch_norm", batchNorm),
        ("bilinear", bilinear), ("conv2d", convolution), ("conv_transpose2d", transposed),
        ("gelu", gelu), ("global_avg_pool", globalPooling), ("layer_norm", layerNorm),
        ("layer_norm_2d", layerNorm2D), ("linear", linear), ("linear_1d", linear1D),
        ("log_softmax", logSoftmax), ("loss", loss), ("max_pool2d", maxPooling),
        ("nearest", nearest), ("optim", optimiser), ("relpos_attention", relativePositions),
        ("relu", relu), ("sigmoid", sigmoid), ("softmax", softmax), ("softplus", softplus),
        ("window_attention_block", windowBlock), ("window_partition", windows),
    ]

    static let attention: Check = {
        let (q, k, v) = (try $0.tensor("q"), try $0.tensor("k"), try $0.tensor("v"))
        let scale = Float(try $0.number("scale"))
        try $0.expect("y", Attention.forward(q, k, v, scale: scale))
        let g = Attention.backward(try $0.tensor("dy"), q: q, k: k, v: v, scale: scale)
        try $0.expect("d_q", g.q)
        try $0.expect("d_k", g.k)
        try $0.expect("d_v", g.v)
    }

    static let relativePositions: Check = {
        let (q, k, v) = (try $0.tensor("q"), try $0.tensor("k"), try $0.tensor("v"))
        let (tableH, tableW) = (try $0.tensor("rel_pos_h"), try $0.tensor("rel_pos_w"))
        let (h, w) = (Int(try $0.number("h")), Int(try $0.number("w")))
        let scale = Float(try $0.number("scale"))
        try $0.expect(
            "y",
            RelativePositionAttention.forward(
                q, k, v, tableH: tableH, tableW: tableW, height: h, width: w, scale: scale))
        let g = RelativePositionAttention.backward(
            try $0.tensor("dy"), q: q, k: k, v: v, tableH: tableH, tableW: tableW, height: h,
            width: w, scale: scale)
        try $0.expect("d_q", g.q)
        try $0.expect("d_k", g.k)
        try $0.expect("d_v", g.v)
        try $0.expect("d_rel_pos_h", g.tableH)
        try $0.expect("d_rel_pos_w", g.tableW)
    }

    static let windows: Check = {
        let (x, window) = (try $0.tensor("x"), Int(try $0.number("window")))
        try $0.expect("y", WindowPartition.forward(x, window: window))
        try $0.expect(
            "d_x",
            WindowPartition.backward(try $0.tensor("dy"), gridShape: x.shape, window: window))
    }

    /// A windowed block on a tape, as the encoder composes it.
    static let windowBlock: Check = { one in
        let tape = Tape()
        func leaf(_ name: String) throws -> Variable {
            tape.parameter(name, try one.tensor(name))
        }
        let x = try leaf("x")
        let (heads, window) = (Int(try one.number("heads")), Int(try one.number("window")))
        let channels = x.shape[3]
        let (tokens, size) = (window * window, channels / heads)
        let cut = WindowPartition.apply(x, window: window, on: tape)
        let b = cut.shape[0]
        let qkv = Linear.apply(
            cut, weight: try leaf("qkv__weight"), bias: try leaf("qkv__bias"), on: tape)
        let split = Permutation.apply(
            Reshaping.apply(qkv, to: [b, tokens, 3, heads, size], on: tape),
            order: [2, 0, 3, 1, 4], on: tape)
        let parts = (0..<3).map {
            Reshaping.apply(
                Slicing.apply(split, axis: 0, $0..<$0 + 1, on: tape),
                to: [b, heads, tokens, size], on: tape)
        }
        let mixed = RelativePositionAttention.apply(
            parts[0], parts[1], parts[2], tableH: try leaf("rel_pos_h"),
            tableW: try leaf("rel_pos_w"), height: window, width: window,
            scale: 1 / Float(size).squareRoot(), on: tape)
        let merged = Reshaping.apply(
            Permutation.apply(mixed, order: [0, 2, 1, 3], on: tape),
            to: [b, window, window, channels], on: tape)
        let out = Linear.apply(
            merged, weight: try leaf("proj__weight"), bias: try leaf("proj__bias"), on: tape)
        let y = WindowPartition.join(out, gridShape: x.shape, window: window, on: tape)
        try one.expect("y", y.value)
        tape.backward(from: y, seed: try one.tensor("dy"))
        for name in one.open.sorted() {
            try one.expect(name, tape.gradients[String(name.dropFirst(2))])
        }
    }

    static let batchNorm: Check = {
        let (x, dy) = (try $0.tensor("x"), try $0.tensor("dy"))
        let (weight, bias) = (try $0.tensor("weight"), try $0.tensor("bias"))
        let epsilon = Float(try $0.number("eps"))
        let running = BatchNorm2D.Statistics(
            mean: try $0.tensor("running_mean"), variance: try $0.tensor("running_var"))
        let isTraining = $0.has("running_mean_after")
        let used = isTraining ? BatchNorm2D.Statistics(of: x) : running
        try $0.expect(
            "y",
            BatchNorm2D.forward(
                x, weight: weight, bias: bias, statistics: used, epsilon: epsilon))
        let g = BatchNorm2D.backward(
            dy, x: x, weight: weight, statistics: used, isTraining: isTraining, epsilon: epsilon)
        try $0.expect("d_x", g.input)
        try $0.expect("d_weight", g.weight)
        try $0.expect("d_bias", g.bias)
        if isTraining {
            let after = running.moved(
                towards: used, count: x.count / x.shape[1],
                momentum: Float(try $0.number("momentum")))
            try $0.expect("running_mean_after", after.mean)
            try $0.expect("running_var_after", after.variance)
        }
    }

    static let layerNorm: Check = {
        let (x, weight, bias) = (
            try $0.tensor("x"), try $0.tensor("weight"), try $0.tensor("bias")
        )
        let epsilon = Float(try $0.number("eps"))
        try $0.expect("y", LayerNorm.forward(x, weight: weight, bias: bias, epsilon: epsilon))
        try gradients(
            $0, LayerNorm.backward(try $0.tensor("dy"), x: x, weight: weight, epsilon: epsilon))
    }

    static let layerNorm2D: Check = {
        let (x, weight, bias) = (
            try $0.tensor("x"), try $0.tensor("weight"), try $0.tensor("bias")
        )
        let epsilon = Float(try $0.number("eps"))
        try $0.expect("y", LayerNorm2D.forward(x, weight: weight, bias: bias, epsilon: epsilon))
        try gradients(
            $0, LayerNorm2D.backward(try $0.tensor("dy"), x: x, weight: weight, epsilon: epsilon))
    }

    static let linear: Check = {
        let (x, weight) = (try $0.tensor("x"), try $0.tensor("weight"))
        try $0.expect("y", Linear.forward(x, weight: weight, bias: try $0.tensor("bias")))
        try gradients($0, Linear.backward(try $0.tensor("dy"), x: x, weight: weight))
    }

    static let convolution: Check = {
        let (x, weight) = (try $0.tensor("x"), try $0.tensor("weight"))
        let settings = Convolution2D.Settings(
            stride: Int(try $0.number("stride")), padding: Int(try $0.number("pad")),
            dilation: Int(try $0.number("dil")), groups: Int(try $0.number("groups")))
        let bias = $0.has("bias") ? try $0.tensor("bias") : nil
        try $0.expect("y", Convolution2D.forward(x, weight: weight, bias: bias, settings: settings))
        try gradients(
            $0,
            Convolution2D.backward(try $0.tensor("dy"), x: x, weight: weight, settings: settings))
    }

    static let transposed: Check = {
        let (x, weight) = (try $0.tensor("x"), try $0.tensor("weight"))
        let settings = TransposedConvolution2D.Settings(
            stride: Int(try $0.number("stride")), padding: Int(try $0.number("pad")),
            outputPadding: Int(try $0.number("output_padding")))
        try $0.expect(
            "y",
            TransposedConvolution2D.forward(
                x, weight: weight, bias: try $0.tensor("bias"), settings: settings))
        try gradients(
            $0,
            TransposedConvolution2D.backward(
                try $0.tensor("dy"), x: x, weight: weight, settings: settings))
    }

    private static func gradients(_ one: NNCase, _ found: AffineGradients) throws {
        try one.expect("d_x", found.input)
        try one.expect("d_weight", found.weight)
        if one.has("d_bias") { try one.expect("d_bias", found.bias) }
    }

    static let gelu: Check = {
        let form: GELU.Form = $0.path.hasSuffix("tanh") ? .tanh : .erf
        let x = try $0.tensor("x")
        try $0.expect("y", GELU.forward(x, form: form))
        try $0.expect("d_x", GELU.backward(try $0.tensor("dy"), x: x, form: form))
    }

    static let relu: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", ReLU.forward(x))
        try $0.expect("d_x", ReLU.backward(try $0.tensor("dy"), x: x))
    }

    static let sigmoid: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", Sigmoid.forward(x))
        try $0.expect("d_x", Sigmoid.backward(try $0.tensor("dy"), x: x))
    }

    static let softplus: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", Softplus.forward(x))
        try $0.expect("d_x", Softplus.backward(try $0.tensor("dy"), x: x))
    }

    static let softmax: Check = {
        let y = Softmax.forward(try $0.tensor("x"))
        try $0.expect("y", y)
        try $0.expect("d_x", Softmax.backward(try $0.tensor("dy"), y: y))
    }

    static let logSoftmax: Check = {
        let y = LogSoftmax.forward(try $0.tensor("x"))
        try $0.expect("y", y)
        try $0.expect("d_x", LogSoftmax.backward(try $0.tensor("dy"), y: y))
    }

    static let bilinear: Check = {
        let (x, dy) = (try $0.tensor("x"), try $0.tensor("dy"))
        let mode: BilinearInterpolation.Mode =
            $0.path.hasSuffix("antialias")
            ? .antialiased : $0.path.hasSuffix("True") ? .alignedCorners : .pixelCentres
        try $0.expect(
            "y",
            BilinearInterpolation.forward(x, height: dy.shape[2], width: dy.shape[3], mode: mode))
        try $0.expect("d_x", BilinearInterpolation.backward(dy, inputShape: x.shape, mode: mode))
    }

    static let nearest: Check = {
        let (x, dy) = (try $0.tensor("x"), try $0.tensor("dy"))
        try $0.expect(
            "y", NearestInterpolation.forward(x, height: dy.shape[2], width: dy.shape[3]))
        try $0.expect("d_x", NearestInterpolation.backward(dy, inputShape: x.shape))
    }

    static let linear1D: Check = {
        let (x, dy) = (try $0.tensor("x"), try $0.tensor("dy"))
        try $0.expect("y", LinearInterpolation.forward(x, length: dy.shape[2]))
        try $0.expect("d_x", LinearInterpolation.backward(dy, inputShape: x.shape))
    }

    static let maxPooling: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", MaxPooling2D.forward(x, kernel: 3, stride: 2, padding: 1))
        try $0.expect(
            "d_x",
            MaxPooling2D.backward(try $0.tensor("dy"), x: x, kernel: 3, stride: 2, padding: 1))
    }

    static let averagePooling: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", AveragePooling2D.forward(x, kernel: 2, stride: 2))
        try $0.expect(
            "d_x",
            AveragePooling2D.backward(
                try $0.tensor("dy"), inputShape: x.shape, kernel: 2, stride: 2))
    }

    static let globalPooling: Check = {
        let x = try $0.tensor("x")
        try $0.expect("y", GlobalAveragePooling.forward(x))
        try $0.expect(
            "d_x", GlobalAveragePooling.backward(try $0.tensor("dy"), inputShape: x.shape))
    }

    static let loss: Check = {
        let dy = try $0.tensor("dy").values[0]
        let name = $0.path.split(separator: "/").last ?? ""
        if name == "mse" {
            let (x, target) = (try $0.tensor("x"), try $0.tensor("target"))
            try $0.expect("y", Tensor(MeanSquaredErrorLoss.forward(x, target: target)))
            try $0.expect("d_x", MeanSquaredErrorLoss.backward(dy, x: x, target: target))
            return
        }
        let x = try $0.tensor("logits")
        let (y, d): (Float, Tensor)
        switch name {
        case "cross_entropy":
            let labels = try $0.labels("labels")
            y = CrossEntropyLoss.forward(x, labels: labels)
            d = CrossEntropyLoss.backward(dy, logits: x, labels: labels)
        case "softmax_dice_squared":
            let (labels, s) = (try $0.labels("labels"), Float(try $0.number("smooth")))
            y = SoftmaxDiceLoss.forward(x, labels: labels, smoothing: s)
            d = SoftmaxDiceLoss.backward(dy, logits: x, labels: labels, smoothing: s)
        case "bce_with_logits":
            let target = try $0.tensor("target")
            y = BinaryCrossEntropyLoss.forward(x, target: target)
            d = BinaryCrossEntropyLoss.backward(dy, logits: x, target: target)
        case "sigmoid_dice":
            let (target, s) = (try $0.tensor("target"), Float(try $0.number("eps")))
            y = SigmoidDiceLoss.forward(x, target: target, smoothing: s)
            d = SigmoidDiceLoss.backward(dy, logits: x, target: target, smoothing: s)
        default:
            let target = try $0.tensor("target")
            let (alpha, gamma) = (Float(try $0.number("alpha")), Float(try $0.number("gamma")))
            y = SigmoidFocalLoss.forward(x, target: target, alpha: alpha, gamma: gamma)
            d = SigmoidFocalLoss.backward(
                dy, logits: x, target: target, alpha: alpha, gamma: gamma)
        }
        try $0.expect("y", Tensor(y))
        try $0.expect("d_logits", d)
    }

    static let optimiser: Check = {
        var rule: any Optimiser
        switch $0.path.split(separator: "/").last ?? "" {
        case "sgd": rule = SGD(learningRate: 0.1)
        case "sgd_momentum_wd": rule = SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4)
        case "sgd_nesterov":
            rule = SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true)
        case "adam": rule = Adam()
        case "adam_wd": rule = Adam(decay: .gradient(1e-2))
        case "adamw": rule = Adam(decay: .decoupled(0.1))
        default: rule = Adam(isAMSGrad: true)
        }
        var store = ParameterStore()
        store["p"] = try $0.tensor("p0")
        store.setTrainable(true) { _ in true }
        let gradients = try $0.tensor("grads")
        var after: [Float] = []
        for step in 0..<gradients.shape[0] {
            rule.step(
                &store,
                gradients: ["p": Slicing.forward(gradients, axis: 0, step..<step + 1)])
            after += store["p"]?.values ?? []
        }
        try $0.expect("params_after_each_step", Tensor(after, shape: gradients.shape))
    }
}
