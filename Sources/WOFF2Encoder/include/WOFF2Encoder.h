#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most bytes that a font can take as WOFF2.
size_t woff2_size_limit(const uint8_t *font, size_t count);

/// Writes a TrueType font as WOFF2 and gives its size; 0 when the font cannot be read.
size_t woff2_encode(const uint8_t *font, size_t count, uint8_t *result, size_t capacity);

#ifdef __cplusplus
}
#endif
