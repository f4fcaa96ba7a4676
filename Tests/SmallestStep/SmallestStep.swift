import Networks
import Tensors

// A training step of SimCLR as a page would carry it: what its WebAssembly weighs is what tensors,
// gradients and a loss weigh when nothing else is used.

nonisolated(unsafe) private var random = RandomSource(seed: 1)
nonisolated(unsafe) private var encoder = MLP([64, 256, 128, 64], using: &random)
private let images = Tensor.normal([64, 64], using: &random)

/// One step of gradient descent on 64 images, each seen twice; the loss before it, in nats.
@_expose(wasm, "step") @_cdecl("step")
public func step() -> Float {
  let first = images + Tensor.normal([64, 64], standardDeviation: 0.3, using: &random)
  let second = images + Tensor.normal([64, 64], standardDeviation: 0.3, using: &random)
  let views = Tensor.concatenate([encoder(first), encoder(second)])
  let partners = (0..<128).map { ($0 + 64) % 128 }
  let loss = views.ntXentLoss(partners: partners, temperature: 0.5)
  let gradients = loss.gradients(of: encoder.parameters)
  var optimizer = SGD(learningRate: 0.1)
  optimizer.update(&encoder, gradients)
  return loss.scalar
}

@_cdecl("putchar")
public func putchar(_ byte: Int32) -> Int32 { byte }

@_cdecl("arc4random_buf")
public func seed(_ bytes: UnsafeMutableRawPointer, _ count: Int) {
  bytes.initializeMemory(as: UInt8.self, repeating: 7, count: count)
}
