import CJavaScriptCore

#if canImport(JavaScriptCore)
  import JavaScriptCore
#endif

/// One JavaScript world: evaluate a script, call one of its functions with strings, get a string
/// or an error.
///
/// Scripts have no access to files, network or clock beyond what the language itself offers. A
/// context belongs to one caller at a time; share it through a lock.
public final class JavaScriptContext {
  private let context: JSGlobalContextRef
  private let secondsPerCall: Double?
  private var isTimeOver = false

  /// - Parameter secondsPerCall: CPU time after which a script or call is stopped with an error. What
  ///   it left half done stays so: a caller that goes on had better start a new context.
  public init(secondsPerCall: Double? = nil) {
    _ = Self.engineIsSetUp
    context = JSGlobalContextCreate(nil)
    self.secondsPerCall = secondsPerCall
    guard let secondsPerCall else { return }
    let stop: @convention(c) (JSContextRef?, UnsafeMutableRawPointer?) -> Bool = { _, pointer in
      guard let pointer else { return true }
      Unmanaged<JavaScriptContext>.fromOpaque(pointer).takeUnretainedValue().isTimeOver = true
      return true
    }
    JSContextGroupSetExecutionTimeLimit(
      JSContextGetGroup(context), secondsPerCall, stop, Unmanaged.passUnretained(self).toOpaque())
  }

  /// A book's scripts run for a tenth of a second: the second optimizing compiler costs more than it
  /// gains (10 chapters of `make bench-site`: 0.18 CPU seconds without it, 0.22 with it).
  private static let engineIsSetUp: Bool = {
    #if canImport(JavaScriptCore)
      return true
    #else
      return jsc_options_set_boolean("useDFGJIT", 0) != 0
    #endif
  }()

  deinit {
    JSGlobalContextRelease(context)
  }

  /// Runs a script for what it defines.
  ///
  /// - Parameter name: how errors call the script: `katex.min.js`.
  public func evaluate(_ script: String, name: String) throws(JavaScriptError) {
    _ = try value(of: script, name: name)
  }

  /// The value of a script's last expression, as a string.
  public func string(of script: String, name: String) throws(JavaScriptError) -> String {
    try string(try value(of: script, name: name), name: name)
  }

  /// Calls the global function `function` with strings; its result as a string.
  public func call(_ function: String, _ arguments: [String]) throws(JavaScriptError) -> String {
    var exception: JSValueRef?
    let property = string(function)
    defer { JSStringRelease(property) }
    let value = JSObjectGetProperty(
      context, JSContextGetGlobalObject(context), property, &exception)
    guard exception == nil, let value, JSValueIsObject(context, value),
      let callable = JSValueToObject(context, value, nil), JSObjectIsFunction(context, callable)
    else {
      throw JavaScriptError(script: function, line: 0, message: "\(function) is not a function")
    }
    // The collector looks for values on the stack, not in Swift's arrays: without protection it may take
    // the first argument while the last one is made.
    let values: [JSValueRef?] = arguments.map {
      let argument = string($0)
      defer { JSStringRelease(argument) }
      let value = JSValueMakeString(context, argument)
      JSValueProtect(context, value)
      return value
    }
    defer { for value in values { JSValueUnprotect(context, value) } }
    let result = JSObjectCallAsFunction(
      context, callable, nil, values.count, values, &exception)
    guard exception == nil, let result else { throw error(exception, name: function) }
    return try string(result, name: function)
  }

  private func value(of script: String, name: String) throws(JavaScriptError) -> JSValueRef {
    let source = string(script)
    let url = string(name)
    defer {
      JSStringRelease(source)
      JSStringRelease(url)
    }
    var exception: JSValueRef?
    let value = JSEvaluateScript(context, source, nil, url, 1, &exception)
    guard exception == nil, let value else { throw error(exception, name: name) }
    return value
  }

  /// A JavaScript string with the same characters; a NUL does not end it.
  private func string(_ text: String) -> JSStringRef {
    let units = Array(text.utf16)
    return JSStringCreateWithCharacters(units, units.count)
  }

  private func string(_ value: JSValueRef, name: String) throws(JavaScriptError) -> String {
    var exception: JSValueRef?
    guard let copy = JSValueToStringCopy(context, value, &exception) else {
      throw error(exception, name: name)
    }
    defer { JSStringRelease(copy) }
    let units = UnsafeBufferPointer(
      start: JSStringGetCharactersPtr(copy), count: JSStringGetLength(copy))
    return String(decoding: units, as: UTF16.self)
  }

  private func error(_ exception: JSValueRef?, name: String) -> JavaScriptError {
    if isTimeOver, let secondsPerCall {
      isTimeOver = false
      let message = "the script was stopped after \(secondsPerCall) s"
      return JavaScriptError(script: name, line: 0, message: message, isTimeOut: true)
    }
    guard let exception else {
      return JavaScriptError(script: name, line: 0, message: "the script was stopped")
    }
    let message = (try? string(exception, name: name)) ?? "an error without a message"
    var line = 0
    if let object = JSValueToObject(context, exception, nil) {
      let property = string("line")
      defer { JSStringRelease(property) }
      if let number = JSObjectGetProperty(context, object, property, nil) {
        let value = JSValueToNumber(context, number, nil)
        if value.isFinite, value >= 0, value < 1e9 { line = Int(value) }
      }
    }
    return JavaScriptError(script: name, line: line, message: message)
  }
}
