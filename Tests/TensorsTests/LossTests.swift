import Foundation
import Tensors
import Testing

@Suite("Losses")
struct LossTests {
    @Test("cross entropy of even logits is the logarithm of the number of classes")
    func crossEntropyByHand() {
        let x = Tensor(zeros: [2, 4, 3])
        let loss = CrossEntropyLoss.forward(x, labels: [0, 1, 2, 3, 3, 0])
        #expect(abs(loss - logf(4)) < 1e-6)
        let d = CrossEntropyLoss.backward(6, logits: x, labels: [0, 1, 2, 3, 3, 0])
        // A quarter for wrong classes, a quarter minus one for the right one, times 6 over 6 pixels.
        #expect(d.values.filter { $0 == 0.25 }.count == 18)
        #expect(d.values.filter { $0 == -0.75 }.count == 6)
        #expect(d.values[0] == -0.75 && d.values[3 + 1] == -0.75 && d.values[12 + 3 * 3] == -0.75)
    }

    @Test("an ignored label counts neither in the sum nor in the mean")
    func ignoredLabel() {
        var random = TestValues(1)
        let x = random.tensor([1, 3, 4])
        let part = Tensor((0..<3).flatMap { x.values[$0 * 4..<$0 * 4 + 2] }, shape: [1, 3, 2])
        let all = CrossEntropyLoss.forward(x, labels: [2, 0, 255, 255], ignoring: 255)
        #expect(abs(all - CrossEntropyLoss.forward(part, labels: [2, 0])) < 1e-6)
        let d = CrossEntropyLoss.backward(1, logits: x, labels: [2, 0, 255, 255], ignoring: 255)
        #expect((0..<12).allSatisfy { (d.values[$0] == 0) == ($0 % 4 >= 2) })
        let none = [Int32](repeating: 255, count: 4)
        #expect(CrossEntropyLoss.forward(x, labels: none, ignoring: 255) == 0)
        #expect(
            CrossEntropyLoss.backward(1, logits: x, labels: none, ignoring: 255).values
                .allSatisfy { $0 == 0 })
    }

    @Test("binary cross entropy is finite for any logit and exact where it is large")
    func extremeLogits() {
        let x = Tensor([-1e4, -80, 80, 1e4, 0], shape: [5])
        let t = Tensor([0, 1, 0, 0, 0.5], shape: [5])
        let expected = (0 + 80 + 80 + 1e4 + logf(2)) / 5
        #expect(abs(BinaryCrossEntropyLoss.forward(x, target: t) - expected) < 1e-3)
        let d = BinaryCrossEntropyLoss.backward(5, logits: x, target: t).values
        #expect(d[0] == 0 && d[1] == -1 && d[2] == 1 && d[3] == 1 && d[4] == 0)
        let focal = SigmoidFocalLoss.backward(1, logits: x, target: t, gamma: 0.5)
        #expect(focal.values.allSatisfy { $0.isFinite })
    }

    @Test("Dice is 0 for a perfect and for an empty answer, near 1 for a wrong one")
    func diceByHand() {
        let t = Tensor([1, 1, 0, 0, 0, 0, 0, 0], shape: [2, 4])
        let right = Tensor([50, 50, -50, -50, -50, -50, -50, -50], shape: [2, 4])
        #expect(abs(SigmoidDiceLoss.forward(right, target: t)) < 1e-6)
        let wrong = Tensor([-50, -50, 50, 50, 50, 50, 50, 50], shape: [2, 4])
        // Per sample: 1 - 1 / (2 + 2 + 1) and 1 - 1 / (4 + 1).
        #expect(abs(SigmoidDiceLoss.forward(wrong, target: t) - 0.8) < 1e-6)

        let classes = Tensor([50, -50, -50, 50], shape: [1, 2, 2])
        #expect(abs(SoftmaxDiceLoss.forward(classes, labels: [0, 1])) < 1e-5)
        #expect(abs(SoftmaxDiceLoss.forward(classes, labels: [1, 0]) - 1) < 1e-4)
    }

    @Test("focal loss without gamma is weighted cross entropy, and equals it in the gradient")
    func focalWithoutGamma() {
        var random = TestValues(3)
        let x = random.tensor([3, 7], scale: 4)
        let ones = Tensor([Float](repeating: 1, count: 21), shape: [3, 7])
        let focal = SigmoidFocalLoss.forward(x, target: ones, alpha: 0.25, gamma: 0)
        let plain = BinaryCrossEntropyLoss.forward(x, target: ones)
        #expect(abs(focal - 0.25 * plain) < 1e-6)
        let d = SigmoidFocalLoss.backward(4, logits: x, target: ones, alpha: 0.25, gamma: 0)
        let expected = BinaryCrossEntropyLoss.backward(1, logits: x, target: ones)
        #expect(relativeL2(d.values, expected.values) < 1e-6)
    }

    @Test("losses on variables give the gradients of their backward passes times the upstream one")
    func onVariables() throws {
        var random = TestValues(4)
        let (x, t) = (
            random.tensor([2, 3, 4]), Tensor([Float](repeating: 1, count: 24), shape: [2, 3, 4])
        )
        let labels: [Int32] = [0, 1, 2, 0, 1, 2, 0, 1]
        let cases: [(String, (Variable, Tape?) -> Variable, Tensor)] = [
            (
                "cross entropy", { CrossEntropyLoss.apply($0, labels: labels, on: $1) },
                CrossEntropyLoss.backward(3, logits: x, labels: labels)
            ),
            (
                "Dice", { SoftmaxDiceLoss.apply($0, labels: labels, on: $1) },
                SoftmaxDiceLoss.backward(3, logits: x, labels: labels)
            ),
            (
                "binary", { BinaryCrossEntropyLoss.apply($0, target: t, on: $1) },
                BinaryCrossEntropyLoss.backward(3, logits: x, target: t)
            ),
            (
                "sigmoid Dice", { SigmoidDiceLoss.apply($0, target: t, on: $1) },
                SigmoidDiceLoss.backward(3, logits: x, target: t)
            ),
            (
                "focal", { SigmoidFocalLoss.apply($0, target: t, on: $1) },
                SigmoidFocalLoss.backward(3, logits: x, target: t)
            ),
            (
                "squares", { MeanSquaredErrorLoss.apply($0, target: t, on: $1) },
                MeanSquaredErrorLoss.backward(3, x: x, target: t)
            ),
        ]
        for (name, loss, expected) in cases {
            let tape = Tape()
            let leaf = tape.variable(x)
            let result = loss(leaf, tape)
            #expect(
                result.shape == [] && result.value.values == loss(Variable(x), nil).value.values)
            tape.backward(from: result, seed: Tensor(3))
            #expect(try #require(tape.gradient(of: leaf)).values == expected.values, "\(name)")
        }
    }

    @Test("nothing to compare costs nothing")
    func empty() {
        let none = Tensor(zeros: [0, 3])
        #expect(BinaryCrossEntropyLoss.forward(none, target: none) == 0)
        #expect(MeanSquaredErrorLoss.forward(none, target: none) == 0)
        #expect(SigmoidDiceLoss.forward(none, target: none) == 0)
        #expect(SigmoidFocalLoss.forward(none, target: none) == 0)
        #expect(CrossEntropyLoss.forward(none, labels: []) == 0)
        #expect(SigmoidDiceLoss.backward(1, logits: none, target: none).count == 0)
    }
}
