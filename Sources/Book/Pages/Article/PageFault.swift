/// What is wrong with a chapter's page.
package enum PageFault: Fault, Equatable {
  case formula(sentence: String)
  case formulaTooLarge(bytes: Int, limit: Int)
  case formulaTooSlow(seconds: Double)
  case listingWithoutColours(reason: String)
  case drawing(DrawingFault)

  package var message: String {
    switch self {
    case .formula(let sentence): "this formula cannot be set: \(sentence)"
    case .formulaTooLarge(let bytes, let limit):
      "this formula has \(bytes) bytes of TeX, and may have at most \(limit)"
    case .formulaTooSlow(let seconds): "setting this formula takes more than \(seconds) s"
    case .listingWithoutColours(let reason): "this listing has no colours: \(reason)"
    case .drawing(let fault): "the figure of this cell cannot be shown: \(fault.reason)"
    }
  }

  package var hint: String? {
    switch self {
    case .formula: "KaTeX's list of commands: https://katex.org/docs/supported"
    case .formulaTooLarge, .formulaTooSlow: "split it into several formulas"
    case .listingWithoutColours: "name its language 'text' to leave it plain, or shorten it"
    case .drawing: nil
    }
  }
}
