import Notation

/// Each kind of event: how it is written, and right below how it is read.
extension Event {
  package var json: [JSON.Member] {
    switch self {
    case .began(let item): kind("began", .init("item", JSON(item)))
    case .ended(let item, let seconds):
      kind("ended", .init("item", JSON(item)), .init("seconds", JSON(seconds)))
    case .text(let text): kind("text", .init("text", .string(text)))
    case .table(let table): kind("table", table.json)
    case .figure(let figure): kind("figure", figure.json)
    case .value(let item, let text):
      kind("value", .init("item", JSON(item)), .init("text", .string(text)))
    case .measured(let measurement): kind("measured", measurement.json)
    case .claim(let claim): kind("claim", claim.json)
    case .step(let step): kind("step", step.json)
    case .progress(let progress): kind("progress", progress.json)
    case .read(let path): kind("read", .init("path", .string(path)))
    case .stopped(let item, let message):
      kind("stopped", .init("item", JSON(item)), .init("message", .string(message)))
    case .leftProcess(let item): kind("leftProcess", .init("item", JSON(item)))
    case .unknown(let text): kind("unknown", .init("text", .string(text)))
    }
  }

  package init?(json: JSON) {
    let event: Event? =
      switch json["event"]?.string {
      case "began": json["item"]?.int.map { .began(item: $0) }
      case "ended":
        json["item"]?.int.flatMap { item in
          json["seconds"]?.double.map { .ended(item: item, seconds: $0) }
        }
      case "text": json["text"]?.string.map { .text($0) }
      case "table": Table(json: json).map { .table($0) }
      case "figure": Figure(json: json).map { .figure($0) }
      case "value":
        json["item"]?.int.flatMap { item in
          json["text"]?.string.map { .value(item: item, text: $0) }
        }
      case "measured": Measurement(json: json).map { .measured($0) }
      case "claim": Claim(json: json).map { .claim($0) }
      case "step": Step(json: json).map { .step($0) }
      case "progress": Progress(json: json).map { .progress($0) }
      case "read": json["path"]?.string.map { .read(path: $0) }
      case "stopped":
        json["item"]?.int.flatMap { item in
          json["message"]?.string.map { .stopped(item: item, message: $0) }
        }
      case "leftProcess": json["item"]?.int.map { .leftProcess(item: $0) }
      case "unknown": json["text"]?.string.map { .unknown($0) }
      default: nil
      }
    guard let event else { return nil }
    self = event
  }

  private func kind(_ name: String, _ members: JSON.Member...) -> [JSON.Member] {
    kind(name, members)
  }

  private func kind(_ name: String, _ members: [JSON.Member]) -> [JSON.Member] {
    [.init("event", .string(name))] + members
  }
}

extension Event.Table {
  fileprivate var json: [JSON.Member] {
    [
      .init("columns", JSON(columns)), .init("rows", .array(rows.map { JSON($0) })),
      .init("numeric", .array(numeric.map { .bool($0) })),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let columns = json["columns"]?.strings,
      let rows = json["rows"]?.array?.mapAll(\.strings),
      let numeric = json["numeric"]?.array?.mapAll(\.bool)
    else { return nil }
    self.init(columns: columns, rows: rows, numeric: numeric)
  }
}

extension Event.Figure {
  fileprivate var json: [JSON.Member] {
    [
      .init("svg", .string(svg)), .init("unicode", .string(unicode)),
      .init("description", .string(description)),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let svg = json["svg"]?.string, let unicode = json["unicode"]?.string,
      let description = json["description"]?.string
    else { return nil }
    self.init(svg: svg, unicode: unicode, description: description)
  }
}

extension Event.Measurement {
  fileprivate var json: [JSON.Member] {
    [
      .init("item", JSON(item)), .init("index", JSON(index)), .init("sample", .string(sample)),
      .init("value", JSON(value)), .init("spacing", JSON(spacing)),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let item = json["item"]?.int, let index = json["index"]?.int,
      let sample = json["sample"]?.string, let value = json["value"]?.double,
      let spacing = json["spacing"]?.double
    else { return nil }
    self.init(item: item, index: index, sample: sample, value: value, spacing: spacing)
  }
}

extension Event.Claim {
  fileprivate var json: [JSON.Member] {
    (item.map { [.init("item", JSON($0))] } ?? []) + [
      .init("line", JSON(line)), .init("sentence", .string(sentence)),
      .init("relation", .string(relation.rawValue)), .init("held", .bool(held)),
      .init("measured", JSON(measured)), .init("stated", JSON(stated)),
      .init("tolerance", JSON(tolerance)),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let line = json["line"]?.int, let sentence = json["sentence"]?.string,
      let relation = json["relation"]?.string.flatMap(Relation.init(rawValue:)),
      let held = json["held"]?.bool, let measured = json["measured"]?.double,
      let stated = json["stated"]?.double, let tolerance = json["tolerance"]?.double
    else { return nil }
    self.init(
      item: json["item"]?.int, line: line, sentence: sentence, relation: relation, held: held,
      measured: measured, stated: stated, tolerance: tolerance)
  }
}

extension Event.Step {
  fileprivate var json: [JSON.Member] {
    [
      .init("item", JSON(item)), .init("index", JSON(index)), .init("sample", .string(sample)),
      .init("value", JSON(value)), .init("held", .bool(held)),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let item = json["item"]?.int, let index = json["index"]?.int,
      let sample = json["sample"]?.string, let value = json["value"]?.double,
      let held = json["held"]?.bool
    else { return nil }
    self.init(item: item, index: index, sample: sample, value: value, held: held)
  }
}

extension Event.Progress {
  fileprivate var json: [JSON.Member] {
    [
      .init("label", .string(label)), .init("done", JSON(done)), .init("total", JSON(total)),
      .init("loss", loss.map { JSON($0) } ?? .null), .init("seconds", JSON(seconds)),
      .init("secondsLeft", secondsLeft.map { JSON($0) } ?? .null),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let label = json["label"]?.string, let done = json["done"]?.int,
      let total = json["total"]?.int, let seconds = json["seconds"]?.double
    else { return nil }
    self.init(
      label: label, done: done, total: total, loss: json["loss"]?.double, seconds: seconds,
      secondsLeft: json["secondsLeft"]?.double)
  }
}
