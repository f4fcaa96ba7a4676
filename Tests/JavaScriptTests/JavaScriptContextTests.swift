import JavaScript
import Testing

@Suite("JavaScript context") struct JavaScriptContextTests {
  @Test("arguments live until the call, however much is collected while they are made")
  func manyArguments() throws {
    let context = JavaScriptContext()
    try context.evaluate(
      "function ends(...texts) { return texts.map(text => text.slice(-4)).join() }", name: "test")
    let padding = String(repeating: "x", count: 100_000)
    let numbers = (1000..<1600).map(String.init)
    let ends = try context.call("ends", numbers.map { padding + $0 })
    #expect(ends == numbers.joined(separator: ","))
  }

  @Test("a function keeps every character of its arguments")
  func characters() throws {
    let context = JavaScriptContext()
    try context.evaluate("function twice(a, b) { return a + b + a; }", name: "twice.js")
    let text = "né 𝔼 \u{0} \"'\\ 🐢"
    #expect(try context.call("twice", [text, "|"]) == text + "|" + text)
  }

  @Test("the value of a script is its last expression")
  func value() throws {
    #expect(try JavaScriptContext().string(of: "var a = 6; a * 7", name: "answer.js") == "42")
  }

  @Test("an exception carries its sentence, script and line")
  func exception() {
    #expect(
      throws: JavaScriptError(script: "bad.js", line: 3, message: "RangeError: too far")
    ) {
      try JavaScriptContext().evaluate("\n\nthrow new RangeError('too far')", name: "bad.js")
    }
  }

  @Test("a syntax error names its line")
  func syntax() {
    let error = #expect(throws: JavaScriptError.self) {
      try JavaScriptContext().evaluate("var a = 1;\nvar = 2;", name: "bad.js")
    }
    #expect(error?.line == 2)
    #expect(error?.message.hasPrefix("SyntaxError") == true)
  }

  @Test("a function that is not there is an error, not a crash")
  func missingFunction() {
    let error = #expect(throws: JavaScriptError.self) {
      try JavaScriptContext().call("nowhere", [])
    }
    #expect(error?.message == "nowhere is not a function")
  }

  @Test("something thrown that is no error, or cannot be printed, is reported")
  func oddExceptions() {
    let plain = #expect(throws: JavaScriptError.self) {
      try JavaScriptContext().evaluate("throw 'just text'", name: "odd.js")
    }
    #expect(plain?.message == "just text")
    let unprintable = #expect(throws: JavaScriptError.self) {
      try JavaScriptContext().evaluate(
        "throw { toString: function () { throw 1 } }", name: "odd.js")
    }
    #expect(unprintable != nil)
  }

  @Test("contexts share nothing")
  func isolation() throws {
    try JavaScriptContext().evaluate("var shared = 1", name: "one.js")
    #expect(try JavaScriptContext().string(of: "typeof shared", name: "two.js") == "undefined")
  }

  @Test("a script that does not end is stopped, and the context goes on")
  func timeLimit() throws {
    let context = JavaScriptContext(secondsPerCall: 0.2)
    try context.evaluate("function spin() { while (true) {} }", name: "spin.js")
    for _ in 0..<2 {
      let error = #expect(throws: JavaScriptError.self) { try context.call("spin", []) }
      #expect(error?.isTimeOut == true)
      #expect(error?.message == "the script was stopped after 0.2 s")
    }
    #expect(try context.string(of: "6 * 7", name: "answer.js") == "42")
    let plain = #expect(throws: JavaScriptError.self) {
      try context.evaluate("throw 'JavaScript execution terminated.'", name: "lie.js")
    }
    #expect(plain?.isTimeOut == false)
  }
}
