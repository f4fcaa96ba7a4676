/// e^h: among how many equally likely outcomes one would be as unsure as at a cross-entropy of
/// `nats` per token.
///
/// - Source: Jelinek et al. 1977.
public func perplexity(nats: Double) -> Double { exp(nats) }

/// Nats in bits: h / log 2.
public func bits(nats: Double) -> Double { nats / log(2.0) }
