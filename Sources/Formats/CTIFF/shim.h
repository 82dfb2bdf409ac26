// What Swift cannot say to libtiff: functions with `...`, handlers with a va_list, and options in one call.
//
// Every handle gets its own message box (libtiff 4.5 and later); nothing is printed, and the process-wide handlers, which
// may belong to somebody else, are left alone: a handler that returns 1 ends the matter.
#ifndef SAMDATA_CTIFF_SHIM_H
#define SAMDATA_CTIFF_SHIM_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

// The first error and the first warning since the last clearing: the first names the cause, later ones its effects.
typedef struct {
    char error[400];
    char warning[400];
    uint32_t errors;
    // Warnings of decoders that fill in what is lost (JPEG, CCITT fax) and go on as if nothing had happened.
    uint32_t repairs;
} samdata_tiff_messages;

static inline int samdata_tiff_keep_error(TIFF *tiff, void *box, const char *module, const char *format, va_list list) {
    (void)tiff;
    (void)module;
    samdata_tiff_messages *messages = (samdata_tiff_messages *)box;
    if (messages->errors++ == 0) vsnprintf(messages->error, sizeof messages->error, format, list);
    return 1;
}

static inline int samdata_tiff_keep_warning(TIFF *tiff, void *box, const char *module, const char *format, va_list list) {
    (void)tiff;
    samdata_tiff_messages *messages = (samdata_tiff_messages *)box;
    int repaired = module && (strcmp(module, "JPEGLib") == 0 || strncmp(module, "Fax", 3) == 0);
    if (repaired && messages->repairs++ == 0) vsnprintf(messages->warning, sizeof messages->warning, format, list);
    return 1;
}

static inline void samdata_tiff_clear(samdata_tiff_messages *messages) {
    messages->error[0] = messages->warning[0] = 0;
    messages->errors = messages->repairs = 0;
}

// Both return the start of an array inside the struct, which Swift would import as a tuple.
static inline const char *samdata_tiff_error(const samdata_tiff_messages *messages) { return messages->error; }
static inline const char *samdata_tiff_warning(const samdata_tiff_messages *messages) { return messages->warning; }

static inline TIFF *samdata_tiff_open(
    const char *name, const char *mode, void *client, TIFFReadWriteProc read, TIFFReadWriteProc write, TIFFSeekProc seek,
    TIFFCloseProc close, TIFFSizeProc size, TIFFMapFileProc map, TIFFUnmapFileProc unmap, int64_t largest_allocation,
    samdata_tiff_messages *messages) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)largest_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, samdata_tiff_keep_error, messages);
    TIFFOpenOptionsSetWarningHandlerExtR(options, samdata_tiff_keep_warning, messages);
    TIFF *tiff = TIFFClientOpenExt(name, mode, client, read, write, seek, close, size, map, unmap, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

// Tags of one number; 1 when the file or the standard gives a value.
static inline int samdata_tiff_get_uint16(TIFF *tiff, uint32_t tag, uint16_t *value) {
    return TIFFGetFieldDefaulted(tiff, tag, value);
}
static inline int samdata_tiff_get_uint32(TIFF *tiff, uint32_t tag, uint32_t *value) {
    return TIFFGetFieldDefaulted(tiff, tag, value);
}
static inline int samdata_tiff_get_float(TIFF *tiff, uint32_t tag, float *value) {
    return TIFFGetField(tiff, tag, value);
}
// A text that belongs to the handle and lives until its next directory; NULL when absent.
static inline const char *samdata_tiff_get_text(TIFF *tiff, uint32_t tag) {
    char *text = NULL;
    return TIFFGetField(tiff, tag, &text) == 1 ? text : NULL;
}
// How many of the samples are not colours.
static inline uint16_t samdata_tiff_extra_samples(TIFF *tiff) {
    uint16_t count = 0;
    uint16_t *kinds = NULL;
    return TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 1 ? count : 0;
}
// How coarsely colour differences are stored, as the file says; not the default that libtiff would assume.
static inline int samdata_tiff_get_subsampling(TIFF *tiff, uint16_t *across, uint16_t *down) {
    return TIFFGetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, across, down);
}
// Bytes that belong to the handle and live until its next directory; NULL when absent.
static inline const void *samdata_tiff_get_jpeg_tables(TIFF *tiff, uint32_t *count) {
    void *bytes = NULL;
    *count = 0;
    return TIFFGetField(tiff, TIFFTAG_JPEGTABLES, count, &bytes) == 1 ? bytes : NULL;
}
// Three tables of 2^bits entries that belong to the handle.
static inline int samdata_tiff_get_colours(TIFF *tiff, uint16_t **red, uint16_t **green, uint16_t **blue) {
    return TIFFGetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

// Also for tags of 16 bits: both travel as 32 bits through `...`.
static inline int samdata_tiff_set_uint32(TIFF *tiff, uint32_t tag, uint32_t value) {
    return TIFFSetField(tiff, tag, value);
}
static inline int samdata_tiff_set_double(TIFF *tiff, uint32_t tag, double value) {
    return TIFFSetField(tiff, tag, value);
}
static inline int samdata_tiff_set_text(TIFF *tiff, uint32_t tag, const char *text) {
    return TIFFSetField(tiff, tag, text);
}
// Colour differences for every second pixel both ways, from RGB, with one set of tables for all tiles. Call last.
static inline int samdata_tiff_set_jpeg(TIFF *tiff, int quality, int is_colour) {
    if (is_colour && !TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 2, 2)) return 0;
    if (is_colour && !TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB)) return 0;
    return TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, quality)
        && TIFFSetField(tiff, TIFFTAG_JPEGTABLESMODE, JPEGTABLESMODE_QUANT | JPEGTABLESMODE_HUFF);
}
// Samples beyond the first, of no stated meaning; libtiff reads the kinds only up to the count.
static inline int samdata_tiff_set_unspecified_samples(TIFF *tiff, uint16_t count) {
    uint16_t kinds[1024] = {0};
    return count <= 1024 && TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, (int)count, kinds);
}
// YCbCr comes out as RGB; to be asked again after every change of directory.
static inline int samdata_tiff_ask_rgb(TIFF *tiff) {
    return TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

#endif
