// The encoder of libwoff2enc is C++; this is its C interface, for Swift.
#include "WOFF2Encoder.h"

#include <cstdio>
#include <mutex>
#include <woff2/encode.h>

size_t woff2_size_limit(const uint8_t *font, size_t count) {
  return woff2::MaxWOFF2CompressedSize(font, count);
}

size_t woff2_encode(const uint8_t *font, size_t count, uint8_t *result, size_t capacity) {
  // 4 % more bytes than at level 11, in a twentieth of the time.
  woff2::WOFF2Params parameters;
  parameters.brotli_quality = 6;
  // As the system builds the library, it tells its sizes on the standard error stream.
  // One call at a time: two would put back each other's stream.
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  static FILE *const nowhere = std::fopen("/dev/null", "w");
  FILE *const messages = stderr;
  if (nowhere) stderr = nowhere;
  size_t size = capacity;
  const bool isWritten = woff2::ConvertTTFToWOFF2(font, count, result, &size, parameters);
  stderr = messages;
  return isWritten ? size : 0;
}
