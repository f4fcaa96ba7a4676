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
    case .progress(let progress): kind("progress", progress.json)
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
      case "progress": Progress(json: json).map { .progress($0) }
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

extension Event.Number {
  fileprivate var json: JSON {
    // A JSON number is a Double to most readers, so an integer travels as text.
    let integer = integer.map { [JSON.Member("integer", .string("\($0)"))] } ?? []
    return .object([.init("value", JSON(value)), .init("spacing", JSON(spacing))] + integer)
  }

  fileprivate init?(json: JSON?) {
    guard let value = json?["value"]?.double, let spacing = json?["spacing"]?.double else {
      return nil
    }
    self.init(value, spacing: spacing, integer: json?["integer"]?.string.flatMap { Int128($0) })
  }
}

extension Event.Measurement {
  fileprivate var json: [JSON.Member] {
    [
      .init("item", JSON(item)), .init("index", JSON(index)), .init("sample", .string(sample)),
      .init("number", number.json),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let item = json["item"]?.int, let index = json["index"]?.int,
      let sample = json["sample"]?.string, let number = Event.Number(json: json["number"])
    else { return nil }
    self.init(item: item, index: index, sample: sample, number: number)
  }
}

extension Event.Claim {
  fileprivate var json: [JSON.Member] {
    let place: [JSON.Member] = [
      .init("line", JSON(line)), .init("column", JSON(column)),
      .init("sentence", .string(sentence)),
    ]
    return switch test {
    case .condition(let held): place + [.init("held", .bool(held))]
    case .comparison(let measured, let stated, let tolerance):
      place + [
        .init("measured", measured.json), .init("stated", stated.json),
        .init("tolerance", JSON(tolerance)),
      ]
    }
  }

  fileprivate init?(json: JSON) {
    guard let line = json["line"]?.int, let column = json["column"]?.int,
      let sentence = json["sentence"]?.string
    else { return nil }
    if let held = json["held"]?.bool {
      self.init(line: line, column: column, sentence: sentence, test: .condition(held))
    } else if let measured = Event.Number(json: json["measured"]),
      let stated = Event.Number(json: json["stated"]), let tolerance = json["tolerance"]?.double
    {
      self.init(
        line: line, column: column, sentence: sentence,
        test: .comparison(measured: measured, stated: stated, tolerance: tolerance))
    } else {
      return nil
    }
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
