/* slides SLIDE PATCHES SIDE [--check]: pixels of patches that lie within tiles, listed by rows. Every tile that a patch touches
 * is decoded once by libjpeg-turbo, one row of tiles is kept, patches are copied out. Nothing is checked.
 * Sums one byte of each patch; with --check the Adler-32 of all. */
#include "histology.h"
#include <stdint.h>
#include <tiffio.h>
#include <jpeglib.h>
#include <zlib.h>

static void decode(struct jpeg_decompress_struct *d, unsigned char *bytes, size_t count, unsigned char *out, int stride) {
    jpeg_mem_src(d, bytes, count);
    jpeg_read_header(d, TRUE);
    d->jpeg_color_space = JCS_YCbCr;
    d->out_color_space = JCS_RGB;
    jpeg_start_decompress(d);
    while (d->output_scanline < d->output_height) {
        JSAMPROW rows[16];
        for (int i = 0; i < 16; i++) rows[i] = out + (size_t)(d->output_scanline + i) * stride;
        jpeg_read_scanlines(d, rows, 16);
    }
    jpeg_finish_decompress(d);
}

int main(int words, char **word) {
    if (words < 4) return 64;
    int side = atoi(word[3]), checks = words > 4, count;
    place *list = places(word[2], &count);
    double start = seconds_used();
    TIFFSetWarningHandler(0);
    TIFF *tiff = TIFFOpen(word[1], "r");
    uint32_t width, tileWidth, tileHeight, tableBytes;
    void *tables;
    if (!tiff) return 66;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tileWidth);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tileHeight);
    TIFFGetField(tiff, TIFFTAG_JPEGTABLES, &tableBytes, &tables);
    int across = (width + tileWidth - 1) / tileWidth, row = -1;
    size_t tileBytes = (size_t)tileWidth * tileHeight * 3, stride = tileWidth * 3;
    unsigned char *tiles = malloc(across * tileBytes), *raw = malloc(1 << 22), *patch = malloc((size_t)side * side * 3);
    int *decoded = malloc(across * sizeof *decoded);
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr errors;
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, tables, tableBytes);
    jpeg_read_header(&d, FALSE);
    long sum = 0;
    uLong adler = adler32(0, 0, 0);
    for (int n = 0; n < count; n++) {
        int b = list[n].y / tileHeight, a = list[n].x / tileWidth;
        if ((list[n].y + side - 1) / tileHeight != b || (list[n].x + side - 1) / tileWidth != a) return 65;
        if (b != row) row = b, memset(decoded, 0, across * sizeof *decoded);
        if (!decoded[a]) {
            tmsize_t got = TIFFReadRawTile(tiff, b * across + a, raw, 1 << 22);
            decode(&d, raw, got, tiles + a * tileBytes, stride);
            decoded[a] = 1;
        }
        unsigned char *from = tiles + a * tileBytes + (list[n].y - b * tileHeight) * stride + (list[n].x - a * tileWidth) * 3;
        for (int y = 0; y < side; y++) memcpy(patch + (size_t)y * side * 3, from + y * stride, side * 3);
        sum += patch[(size_t)side * side * 3 / 2];
        if (checks) adler = adler32(adler, patch, side * side * 3);
    }
    if (checks)
        printf("{\"patches\": %d, \"adler32\": %lu}\n", count, adler);
    else
        printf("{\"patches\": %d, \"bytes\": %ld, \"work\": %.5f}\n", count, sum, seconds_used() - start);
}
