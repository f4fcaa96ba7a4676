// The kernels under the names of their peers in benchmarks/torch_cases.py.

import Kernels

/// Numbers that stay where they are for a benchmark's whole life.
func numbers(_ count: Int, scale: Float = 1, offset: Float = 0) -> UnsafeMutablePointer<Float> {
  // On a cache line, as tensors are.
  let p = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
    .bindMemory(to: Float.self, capacity: count)
  var state: UInt64 = 88_172_645_463_325_252
  for i in 0..<count {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    p[i] = (Float(state >> 40) / 8_388_608 - 1) * scale + offset
  }
  return p
}

func indices(_ count: Int, below limit: Int) -> UnsafeMutablePointer<Int> {
  let p = UnsafeMutablePointer<Int>.allocate(capacity: max(1, count))
  for i in 0..<count { p[i] = (i &* 2_654_435_761) % limit }
  return p
}

/// The body of a case: `name` is words and sizes, as in "gemm_NT_2048x384x128".
func kernelCase(_ name: String) -> (() -> Void)? {
  let parts = name.split(separator: "_").map(String.init)
  let sizes = (parts.last ?? "").split(separator: "x").compactMap { Int($0) }
  switch (parts[0], sizes.count) {
  case ("gemm", 3): return gemm(parts[1], sizes[0], sizes[1], sizes[2])
  case ("bmm", 4): return batchedGemm(parts[1], sizes)
  case ("map", 1): return elementwise(parts[1], sizes[0])
  case ("gelu", 1): return gelu(isTanh: parts[1] == "tanh", isBackward: parts[2] == "fb", sizes[0])
  case ("softmax", 2): return softmax(isBackward: parts[1] == "bwd", sizes[0], sizes[1])
  case ("xent", 2): return crossEntropy(sizes[0], sizes[1])
  case ("layernorm", 2): return layerNorm(isBackward: parts[1] == "fb", sizes[0], sizes[1])
  case ("adamw", 1): return adamW(sizes[0])
  case ("embedding", 3): return embedding(isBackward: parts[1] == "fb", sizes)
  case ("conv", 4): return convolution(isBackward: parts[1] == "fb", sizes)
  case ("gn", 4), ("bn", 4): return channelNorm(isBatch: parts[0] == "bn", sizes)
  case ("attn", 4):
    return attention(isCausal: parts[1] == "causal", isBackward: parts[2] == "fb", sizes)
  case ("ntxent", 2): return ntXent(sizes[0], sizes[1])
  case ("peak", 1): return { _ = Machine.multiplyInRegisters(rounds: sizes[0]) }
  default: return nil
  }
}

private func gemm(_ form: String, _ m: Int, _ n: Int, _ k: Int) -> () -> Void {
  let (aT, bT) = (form.first == "T", form.last == "T")
  let a = Matrix(numbers(m * k), stride: aT ? m : k, isTransposed: aT)
  let b = Matrix(numbers(k * n), stride: bT ? k : n, isTransposed: bT)
  let c = numbers(m * n)
  return { Product.multiply(a, b, into: c, stride: n, rows: m, columns: n, depth: k) }
}

private func batchedGemm(_ form: String, _ s: [Int]) -> () -> Void {
  let (count, m, n, k, bT) = (s[0], s[1], s[2], s[3], form.last == "T")
  let a = Matrix(numbers(count * m * k), stride: k)
  let b = Matrix(numbers(count * k * n), stride: bT ? k : n, isTransposed: bT)
  let c = numbers(count * m * n)
  return {
    Product.multiplyBatch(
      count, a, step: m * k, b, step: k * n, into: c, stride: n, step: m * n, rows: m,
      columns: n, depth: k)
  }
}

private func elementwise(_ function: String, _ n: Int) -> (() -> Void)? {
  let (x, positive, y) = (numbers(n, scale: 3), numbers(n, scale: 2, offset: 2.1), numbers(n))
  switch function {
  case "exp": return { Elementwise.exp(x, y, n) }
  case "log": return { Elementwise.log(positive, y, n) }
  case "tanh": return { Elementwise.tanh(x, y, n) }
  case "erf": return { Elementwise.erf(x, y, n) }
  case "sigmoid": return { Elementwise.sigmoid(x, y, n) }
  case "sin": return { Elementwise.sin(x, y, n) }
  case "sqrt": return { Elementwise.squareRoot(positive, y, n) }
  case "add": return { Binary.add(x, .none, positive, .none, y, 1, n) }
  case "sum": return { y[0] = Reduce.sum(x, count: n) }
  default: return nil
  }
}

private func gelu(isTanh: Bool, isBackward: Bool, _ n: Int) -> () -> Void {
  let (x, g, y, d) = (numbers(n, scale: 3), numbers(n), numbers(n), numbers(n))
  let activation = isTanh ? Activation.geluTanh : .geluErf
  if isBackward {
    return {
      Elementwise.activate(activation, x, y, derivative: d, count: n)
      Binary.multiply(g, .none, d, .none, d, 1, n)
    }
  }
  return {
    if isTanh { Elementwise.geluTanh(x, y, n) } else { Elementwise.geluErf(x, y, n) }
  }
}

private func softmax(isBackward: Bool, _ r: Int, _ c: Int) -> () -> Void {
  let (x, g, y) = (numbers(r * c, scale: 2), numbers(r * c), numbers(r * c))
  if isBackward {
    Rows.softmax(x, x, rows: r, columns: c)
    return { Rows.softmaxBackward(g, x, y, rows: r, columns: c) }
  }
  return { Rows.softmax(x, y, rows: r, columns: c) }
}

private func crossEntropy(_ r: Int, _ c: Int) -> () -> Void {
  let (x, dx, losses) = (numbers(r * c, scale: 2), numbers(r * c), numbers(r))
  let targets = indices(r, below: c)
  return {
    CrossEntropy.lossesAndGradient(
      x, targets: targets, scale: 1 / Float(r), losses, dx, rows: r, columns: c)
  }
}

private func layerNorm(isBackward: Bool, _ r: Int, _ c: Int) -> () -> Void {
  let (x, y, g, dx) = (numbers(r * c), numbers(r * c), numbers(r * c), numbers(r * c))
  let (gamma, beta, mean, inverse) = (numbers(c), numbers(c), numbers(r), numbers(r))
  let (dGamma, dBeta) = (numbers(c), numbers(c))
  return {
    Rows.layerNorm(
      x, gamma: gamma, beta: beta, epsilon: 1e-5, y, mean: mean, inverse: inverse, rows: r,
      columns: c)
    if isBackward {
      Rows.layerNormBackward(
        g, x, gamma: gamma, mean: mean, inverse: inverse, dx: dx, dGamma: dGamma, dBeta: dBeta,
        rows: r, columns: c)
    }
  }
}

private func adamW(_ n: Int) -> () -> Void {
  let (p, g, m, v) = (numbers(n), numbers(n), numbers(n), numbers(n, scale: 0.1, offset: 0.2))
  return {
    Update.adamW(
      p, g, first: m, second: v, count: n, step: 10, learningRate: 1e-3, beta1: 0.9,
      beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01)
  }
}

private func embedding(isBackward: Bool, _ s: [Int]) -> () -> Void {
  let (vocabulary, width, count) = (s[0], s[1], s[2])
  let (table, y, gradient) = (
    numbers(vocabulary * width), numbers(count * width), numbers(vocabulary * width)
  )
  let ids = indices(count, below: vocabulary)
  return {
    Gather.rows(table, ids, count: count, columns: width, y)
    if isBackward {
      gradient.update(repeating: 0, count: vocabulary * width)
      Gather.addRows(y, ids, count: count, columns: width, to: gradient)
    }
  }
}

private func convolution(isBackward: Bool, _ s: [Int]) -> () -> Void {
  let shape = ConvolutionShape(
    batch: s[0], height: s[3], width: s[3], inputs: s[1], outputs: s[2], kernelHeight: 3,
    kernelWidth: 3, stride: 2, padding: 1)
  let images = s[0] * s[3] * s[3] * s[1]
  let out = s[0] * shape.outHeight * shape.outWidth * s[2]
  let (x, w, y) = (numbers(images), numbers(9 * s[1] * s[2]), numbers(out))
  let (g, dx, dw) = (numbers(out), numbers(images), numbers(9 * s[1] * s[2]))
  // The gradient of an image that is data is not wanted.
  let wantsInput = s[1] > 1
  return {
    Convolution.forward(shape, x, weights: w, y)
    if isBackward {
      Convolution.backward(shape, g, x, weights: w, dx: wantsInput ? dx : nil, dWeights: dw)
    }
  }
}

private func channelNorm(isBatch: Bool, _ s: [Int]) -> () -> Void {
  let (images, channels, positions) = (s[0], s[1], s[2] * s[3])
  let n = images * channels * positions
  let (x, y, g, dx) = (numbers(n), numbers(n), numbers(n), numbers(n))
  let (gamma, beta) = (numbers(channels), numbers(channels))
  let (mean, spread) = (numbers(images * 8), numbers(images * 8))
  let (dGamma, dBeta) = (numbers(channels), numbers(channels))
  if isBatch {
    return {
      ChannelNorm.batch(
        x, gamma: gamma, beta: beta, epsilon: 1e-5, isRelu: true, y, mean: mean,
        variance: spread, rows: images * positions, channels: channels)
      ChannelNorm.batchBackward(
        g, x, y, gamma: gamma, epsilon: 1e-5, isRelu: true, mean: mean, variance: spread, dx: dx,
        dGamma: dGamma, dBeta: dBeta, rows: images * positions, channels: channels)
    }
  }
  return {
    ChannelNorm.group(
      x, gamma: gamma, beta: beta, groups: 8, epsilon: 1e-5, isRelu: true, y, mean: mean,
      inverse: spread, images: images, positions: positions, channels: channels)
    ChannelNorm.groupBackward(
      g, x, y, gamma: gamma, groups: 8, isRelu: true, mean: mean, inverse: spread, dx: dx,
      dGamma: dGamma, dBeta: dBeta, images: images, positions: positions, channels: channels)
  }
}

private func attention(isCausal: Bool, isBackward: Bool, _ s: [Int]) -> () -> Void {
  let (batch, heads, tokens, size) = (s[0], s[1], s[2], s[3])
  let width = heads * size
  let qkv = numbers(batch * tokens * 3 * width)
  let dqkv = numbers(batch * tokens * 3 * width)
  let (out, g) = (numbers(batch * tokens * width), numbers(batch * tokens * width))
  let shape = AttentionShape(
    batch: batch, heads: heads, headSize: size, queries: tokens, keys: tokens, isCausal: isCausal,
    scale: 1 / Float(size).squareRoot())
  let kept = numbers(shape.keptCount)
  func part(_ p: UnsafeMutablePointer<Float>, _ i: Int) -> HeadRows {
    HeadRows(p + i * width, stride: 3 * width)
  }
  let (q, k, v) = (part(qkv, 0), part(qkv, 1), part(qkv, 2))
  let (dq, dk, dv) = (part(dqkv, 0), part(dqkv, 1), part(dqkv, 2))
  let (outRows, gRows) = (HeadRows(out, stride: width), HeadRows(g, stride: width))
  return {
    Attention.forward(shape, q: q, k: k, v: v, out: outRows, kept: kept)
    if isBackward {
      Attention.backward(
        shape, q: q, k: k, v: v, out: outRows, g: gRows, kept: kept, dq: dq, dk: dk, dv: dv)
    }
  }
}

private func ntXent(_ n: Int, _ d: Int) -> () -> Void {
  let (z, dz) = (numbers(n * d), numbers(n * d))
  let partners = UnsafeMutablePointer<Int>.allocate(capacity: n)
  for i in 0..<n { partners[i] = i ^ 1 }
  return {
    _ = Contrastive.ntXent(z, partners: partners, temperature: 0.5, dz: dz, count: n, size: d)
  }
}
