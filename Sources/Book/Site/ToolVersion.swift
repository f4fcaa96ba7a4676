import Foundation

/// The version that `sslbook --version` prints.
public let toolVersion = "0.1.0"

/// Which build of the tool runs, so that a page made by another one is made anew. The file's own
/// number, size and time, as reading all of it would cost more than a small book's build; a
/// difference that means nothing costs one rendering.
let toolBuild: String = {
  var information = stat()
  guard let executable = Bundle.main.executablePath, stat(executable, &information) == 0 else {
    return toolVersion
  }
  let time = information.modified
  let number = "\(information.st_ino) \(information.st_size)"
  return "\(toolVersion) \(number) \(time.tv_sec).\(time.tv_nsec)"
}()
