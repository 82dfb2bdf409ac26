/* What the floors share: a clock, whole files, libdeflate's gzip. No checks: floors run on inputs made by the bench. */
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static inline unsigned char *contents(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(66);
    fseek(file, 0, SEEK_END);
    *count = ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*count);
    if (fread(bytes, 1, *count, file) != *count) exit(74);
    fclose(file);
    return bytes;
}

/* Inflates a single-member gzip file with its CRC checked. */
static inline unsigned char *inflated(const char *path, size_t *count) {
    size_t size;
    unsigned char *input = contents(path, &size);
    uint32_t length;
    memcpy(&length, input + size - 4, 4);
    unsigned char *output = malloc(length + 8);
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (libdeflate_gzip_decompress(inflater, input, size, output, length, count)) exit(65);
    libdeflate_free_decompressor(inflater);
    free(input);
    return output;
}
