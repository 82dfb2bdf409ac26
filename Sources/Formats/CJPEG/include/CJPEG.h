// What Swift cannot say to libjpeg: its errors leave by longjmp, which must not cross a Swift frame.
//
// Every call makes and destroys its own library object: no table of one picture can reach another, and calls from several
// threads share nothing. Nothing is printed.
#ifndef SAMDATA_CJPEG_H
#define SAMDATA_CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    SAMDATA_JPEG_OK = 0,
    // The stream contradicts itself, ends early, or its entropy coded data needed repair.
    SAMDATA_JPEG_DAMAGED = 1,
    // No picture starts here.
    SAMDATA_JPEG_NOT_JPEG = 2,
    // A sound stream of a kind this library does not decode.
    SAMDATA_JPEG_UNSUPPORTED = 3,
    // Samples of other than 8 bits.
    SAMDATA_JPEG_PRECISION = 4,
    SAMDATA_JPEG_NO_MEMORY = 5,
    // The picture is not of the size the caller made room for.
    SAMDATA_JPEG_SIZE = 6,
    // More scans than any sound progressive picture has.
    SAMDATA_JPEG_SCANS = 7,
} samdata_jpeg_status;

// What the components of the stream mean.
typedef enum {
    SAMDATA_JPEG_GUESS = 0,  // by markers and component numbers, as libjpeg does
    SAMDATA_JPEG_GREY = 1,
    SAMDATA_JPEG_RGB = 2,
    SAMDATA_JPEG_YCBCR = 3,
    SAMDATA_JPEG_CMYK = 4,
    SAMDATA_JPEG_YCCK = 5,
    SAMDATA_JPEG_OTHER = 6,
} samdata_jpeg_colour;

typedef struct {
    uint32_t width;
    uint32_t height;
    int32_t components;
    int32_t precision;
    samdata_jpeg_colour colour;
    int32_t is_progressive;
    int32_t is_arithmetic;
    // Sampling of the first component relative to the largest of the others.
    int32_t chroma_across;
    int32_t chroma_down;
    // Remarks of the library that do not touch a pixel.
    int32_t warnings;
    // The library's text of the error, or of the first damage.
    char message[200];
} samdata_jpeg_info;

// Reads up to the first scan. `tables` may be NULL; else it is a stream of tables only, read first.
samdata_jpeg_status samdata_jpeg_read_header(
    const uint8_t *tables, size_t tables_size, const uint8_t *stream, size_t stream_size, samdata_jpeg_info *info);

// Decodes to one sample (grey) or three (RGB) per pixel.
//
// The picture must have at least the columns and rows given by `least_*` and at most those of `most_*`; `components` are
// the samples per pixel the memory has room for: a grey picture is spread over three when asked. Rows are `stride` bytes
// apart, at least most_width * components.
samdata_jpeg_status samdata_jpeg_decode(
    const uint8_t *tables, size_t tables_size, const uint8_t *stream, size_t stream_size, samdata_jpeg_colour colour,
    uint32_t least_width, uint32_t least_height, uint32_t most_width, uint32_t most_height, int32_t components,
    uint8_t *pixels, size_t stride, samdata_jpeg_info *info);

// Encodes grey (1) or RGB (3); RGB is stored as YCbCr unless `keep_rgb`. The memory at `*stream` is freed by the caller
// with samdata_jpeg_free, also after an error.
samdata_jpeg_status samdata_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t components, size_t stride, int32_t quality,
    int32_t chroma_across, int32_t chroma_down, int32_t keep_rgb, uint8_t **stream, size_t *stream_size,
    samdata_jpeg_info *info);

void samdata_jpeg_free(uint8_t *stream);

// The first byte of the text inside the struct, which Swift would import as a tuple.
static inline const char *samdata_jpeg_message(const samdata_jpeg_info *info) { return info->message; }

#endif
