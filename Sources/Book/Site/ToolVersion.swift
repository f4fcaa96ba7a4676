/// The version that `sslbook --version` prints.
public let toolVersion = "0.1.0"
